"""What the bodies of articles depend on, read without building them.

A body is made of stored blocks, the rows that they refer to, the pages that its texts link to, the
page's own row, its language and market, the settings and the time. Equal facts make equal bodies.
A block that a site wrote may depend on anything else, and says so in `api_facts`; see "Answers that
did not change" in the how-to on headless front ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import babel
import django
import wagtail
from django.conf import settings
from django.utils import timezone, translation
from wagtail.blocks import Block
from wagtail.models import Site

import anodyne_blocks
from anodyne_blocks import conf
from anodyne_blocks.api.block_facts import is_plain_chooser, says_its_facts, unknown_blocks
from anodyne_blocks.api.rows import Facts
from anodyne_blocks.blocks.sale import sale_of
from anodyne_blocks.context import ArticleContext
from anodyne_blocks.fetching import Pool
from anodyne_blocks.images import Sizes
from anodyne_blocks.models import Product
from anodyne_blocks.walk import page_streams, raw_children, stored_blocks


def facts_of(contexts: list[ArticleContext], pool: Pool) -> bytes | None:
    """The facts of the articles with these contexts, which refer to what is in the pool.

    None where not all is known: a block of the site does not say what it depends on, or a page has
    unsaved changes. Where a picture lacks sizes, its body depends on a file too.
    """
    if not all(_is_known(context.page) for context in contexts):
        return None
    sizes = {(str(image.id), role): _text(sizes_of(image, role)) for image, role in pool.pictures}
    readers = {context.language: context for context in contexts}
    rows, sales = Facts(), []
    for context in contexts:
        rows.add(context.page)
    for row in _fetched(pool):
        if isinstance(row, Product):
            said = (sale_of(row, context).fingerprint for context in readers.values())
            sales.append((row.image_id, *said))
        else:
            rows.add(row)
    links = [_html(rows.texts, language, pool) for language in readers]
    own = [fact for context in contexts for fact in _own_facts(context)]
    seen = [_surroundings(contexts[0]), *readers, sorted(sizes.items()), sales, links, own]
    # In separate lines: no repr holds a line's end.
    return "\n".join([repr(seen), *rows.facts]).encode()


def _surroundings(context: ArticleContext) -> tuple[Any, ...]:
    """What changes with a deployment, at midnight, with the sites, and with who asks where.

    The options of shops, which hold secrets, say nothing of an answer.
    """
    setting = getattr(settings, conf.SETTING_NAME, {})
    return (
        (anodyne_blocks.__version__, wagtail.VERSION, django.VERSION, babel.__version__),
        (settings.MEDIA_URL, settings.STATIC_URL),
        sorted((key, value) for key, value in setting.items() if key != "SHOPS"),
        (timezone.get_current_timezone_name(), context.today),
        Site.get_site_root_paths(),
        context.request.build_absolute_uri("/") if context.request else "",
    )


def _fetched(pool: Pool) -> Iterator[Any]:
    """All that was fetched, in an order that neither hashes nor databases change."""
    return (found[pk] for found in pool.found.values() for pk in sorted(found, key=str))


def sizes_of(image: Any, role: str) -> Any:
    """What was found of a picture's sizes; None where some are still to be made."""
    return (getattr(image, "found_sizes", None) or {}).get(role)


@lru_cache(maxsize=4096)
def _text(sizes: Sizes | None) -> str:
    return repr(sizes)


def _is_known(page: Any) -> bool:
    """Whether all of a page is as stored, and its blocks depend on nothing but `facts_of` reads."""
    streams = [value for _block, value in page_streams(page)]
    return all(value.is_lazy or not value for value in streams) and not unknown_blocks(type(page))


def _html(texts: list[str], language: str, pool: Pool) -> list[str]:
    """Texts with links as HTML; the pool looks all links up together, and keeps them."""
    with translation.override(language):
        return [pool.texts.html(text) for text in texts]


def _own_facts(context: ArticleContext) -> Iterator[Any]:
    """What the blocks of a page say of themselves, and which things that Wagtail looks up exist."""
    if not says_its_facts(type(context.page)):
        return
    chosen: dict[Any, set[Any]] = defaultdict(set)
    for stream_block, value in page_streams(context.page):
        for block, raw in _stored(stream_block, stored_blocks(value)):
            if hasattr(block, "api_facts"):
                yield block.api_facts(raw, context)
            elif is_plain_chooser(block) and raw is not None:
                chosen[block.model_class].add(raw)
    for model, ids in chosen.items():
        found = model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)
        yield model._meta.label, sorted(map(str, found))


def _stored(block: Block, raw: Any) -> Iterator[tuple[Block, Any]]:
    """Each block below and including `block`, with its value as it is stored."""
    yield block, raw
    for child, value in raw_children(block, raw):
        yield from _stored(child, value)
