"""Cache tags: names under which a content delivery network keeps what shows a page or product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anodyne_blocks import conf

# Headers whose tags are separated by spaces; those of all others by commas.
SPACED = ("surrogate-key", "xkey")
# Servers in front of a site often take no more than 4 KB of headers in all.
MOST_BYTES = 2000
#: What is of many pages (an answer of an API), and what has more tags than fit.
LISTING, MANY = "pages", "many"


def options() -> dict[str, Any]:
    """`CACHE_TAGS` with its defaults: headers ("HEADERS"), and what each tag begins with."""
    return {"HEADERS": [], "PREFIX": "", **conf.get("CACHE_TAGS")}


def tags_of(pages: Iterable[int] = (), products: Iterable[int] = (), *others: str) -> list[str]:
    """The tags of pages and products (ids), and others by their names."""
    named = [f"page-{pk}" for pk in sorted(pages)] + [f"product-{pk}" for pk in sorted(products)]
    prefix = options()["PREFIX"]
    return [prefix + name for name in dict.fromkeys((*others, *named))]


def header_value(header: str, tags: list[str]) -> str:
    """The tags as a header holds them; those that do not fit are replaced by one, `MANY`.

    Every purge names that too.
    """
    separator = " " if header.lower() in SPACED else ","
    value = separator.join(tags)
    if len(value) <= MOST_BYTES:
        return value
    many = tags_of((), (), MANY)[0]
    kept = value[: MOST_BYTES - len(many) - 1].rpartition(separator)[0]
    return separator.join([many, kept])
