"""Which live pages list which sources: noted when a page is published."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.blocks import Block

from anodyne_blocks.article.citations import listed_on
from anodyne_blocks.article.walking import ArticleBlock, block_definitions, definitions, stored_in
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import SourceCheck, SourceUse
from anodyne_blocks.models.sources import digest_of, fetched
from anodyne_blocks.sources.standing import references

FORGOTTEN = datetime.timedelta(days=30)


def lists_sources(block: Block) -> bool:
    """Whether a block is a list of sources."""
    return (
        isinstance(block, ArticleBlock)
        and type(block).listed_sources is not ArticleBlock.listed_sources
    )


def sources_on(page: Any) -> dict[str, str]:
    """{reference: title} of the sources that a page lists, as it is in memory."""
    if not stored_in(page, lambda block: any(map(lists_sources, definitions(block)))):
        return {}
    return {name: source["title"] for source in listed_on(page) for name in references(source)}


def faults_on(page: Any) -> list[SourceCheck]:
    """Those of a page's sources that are dead, moved or retracted, in the order of the lists."""
    places = {name: place for place, name in enumerate(sources_on(page))}
    found = [check for check in fetched(places) if check.status in SourceCheck.FAULTS]
    return sorted(found, key=lambda check: places[check.reference])


@transaction.atomic
def note(page: Any) -> None:
    """Keep what a live page lists now. An alias shows what its original does."""
    if not page.live or page.alias_of_id:
        return
    titles = sources_on(page)
    known = {check.reference for check in fetched(titles)}
    SourceCheck.objects.bulk_create(
        (
            SourceCheck(digest=digest_of(name), reference=name, title=title[:400])
            for name, title in titles.items()
            if name not in known
        ),
        ignore_conflicts=True,
    )
    uses = SourceUse.objects.filter(page=page.pk)
    wanted = {check.pk for check in fetched(titles)}
    noted = set(uses.values_list("source", flat=True))
    SourceUse.objects.bulk_create(
        (SourceUse(page_id=page.pk, source_id=pk) for pk in wanted - noted), ignore_conflicts=True
    )
    if noted - wanted:
        uses.exclude(source__in=wanted).delete()


def note_all() -> None:
    """Note all live pages, also those from before the package did; forget what none lists."""
    for model in apps.get_models():
        if issubclass(model, page_model()) and any(map(lists_sources, block_definitions(model))):
            pages = model._default_manager.filter(live=True, alias_of=None)
            for page in pages.iterator(chunk_size=100):
                note(page)
    # Long ago: a page that is being published may just be taking one up again.
    SourceCheck.objects.filter(uses=None, due_at__lt=timezone.now() - FORGOTTEN).delete()


def listed(pages: QuerySet[Any] | None = None) -> QuerySet[SourceCheck]:
    """The sources that live pages list; of `pages`, if these are given."""
    uses = SourceUse.objects.filter(source=OuterRef("pk"), page__live=True)
    if pages is not None:
        uses = uses.filter(page__in=pages.order_by().values("pk"))
    return SourceCheck.objects.filter(Exists(uses))
