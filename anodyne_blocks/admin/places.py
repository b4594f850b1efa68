"""Where something stands on a page, and how its editor gets there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from wagtail.blocks import BoundBlock

from anodyne_blocks.article.own_blocks import owner_of
from anodyne_blocks.article.walking import page_streams, walk


class Place(NamedTuple):
    """A block of the page: "3. Image", and where the editor finds it."""

    name: str
    url: str


def places(page: Any) -> Iterator[tuple[Place, BoundBlock, Any]]:
    """(place, block with its value, stored value) of each child of the page's streams."""
    for stream, body in page_streams(page):
        # What is of no known block any more is stored, and no child.
        stored = [item for item in body.raw_data if item["type"] in stream.child_blocks]
        for number, (bound, item) in enumerate(zip(body, stored, strict=False), start=1):
            place = Place(f"{number}. {bound.block.label}", f"#block-{bound.id}-section")
            yield place, bound, item["value"]


def urls_of(page: Any) -> dict[int, str]:
    """{identity of a value: where the editor finds it}; of what stands in several, the first."""
    found: dict[int, str] = {}
    for place, bound, _stored in places(page):
        found.setdefault(id(owner_of(bound)), place.url)
        for _block, value in walk(bound.block, bound.value):
            found.setdefault(id(value), place.url)
    return found
