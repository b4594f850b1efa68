"""Anchors that last: what a live page's anchors mean is kept, in the blocks themselves.

Before a page is published its anchors follow the words. When it is, each is stored with what it is
of: in a block's child `anchor`, or in the rich text whose heading has it. That is known again by
its place: the id that Wagtail gave to it, or to what it stands in; and where it has another one
(cut and pasted, written by a program) by its words. So a reworded, moved or duplicated block takes
no other one's address.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from wagtail.blocks import Block, BoundBlock, ListBlock, StreamBlock, StreamValue

from anodyne_blocks.article.article import page_language
from anodyne_blocks.article.fetching import without_fetching
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.article.outline import Outline, slug_of
from anodyne_blocks.article.own_blocks import owner_of, said_of
from anodyne_blocks.article.walking import (
    ArticleBlock,
    Placed,
    children,
    definitions,
    placements_in,
    stored_in,
    stream_fields,
)

# The methods of a block by which it has a say in a page's anchors.
_SAY = ("outline", "anchored")
# An anchor made of what an editor wrote is of bearable length.
LONGEST = 60


def has_anchors(block: Block) -> bool:
    """Whether a block or one inside it has a say in a page's anchors."""
    return any(
        any(getattr(type(below), name) is not getattr(ArticleBlock, name) for name in _SAY)
        if isinstance(below, ArticleBlock)
        else "heading" in said_of(below, in_stream=True)
        for below in definitions(block)
    )


def keep_anchors(page: Any, before: Any = None) -> None:
    """Store the anchors of a page that is about to be live; `before` is it as it is stored now."""
    if not stored_in(page, has_anchors):
        return
    # What has no heading is named in the page's language.
    with translation.override(page_language(page)), without_fetching():
        bodies = [_Body(page, each) for each in stream_fields(page)]
        _keep(bodies, _published(before) if before is not None else [])
    for body in bodies:
        body.write()


@dataclass
class _Holder:
    """A block's value, what keeps its anchor in it, and the child of a stream that it is in."""

    placed: Placed
    parts: list[Anchored]
    child: BoundBlock


class _Body:
    """The children of a page's StreamField that have a say, made anew from what is stored."""

    def __init__(self, page: Any, stream_field: Any) -> None:
        self.page, self.field = page, stream_field
        block = stream_field.stream_block
        self.items = getattr(page, stream_field.name).get_prep_value()
        wanted = {name for name, child in block.child_blocks.items() if has_anchors(child)}
        self.indexes = [i for i, item in enumerate(self.items) if item["type"] in wanted]
        self.children = list(
            StreamValue(block, [self.items[i] for i in self.indexes], is_lazy=True)
        )
        self.placed: list[Placed] = []
        self.holders: list[_Holder] = []
        self.changed: set[int] = set()
        for child in self.children:
            self._find(child)

    def _find(self, child: BoundBlock) -> None:
        places = {id(owner_of(child)): child.id or ""}
        _note_places(child.block, child.value, child.id or "", places)
        placed = placements_in(child.block, child.value, child=child)
        self.placed += placed
        for one in placed:
            parts = list(one.block.anchored(one.value, places.get(id(one.value), "")))
            if parts:
                self.holders.append(_Holder(one, parts, child))

    def store(self, anchors: Iterator[str]) -> None:
        """Store the next anchors, one for each part of each holder."""
        for holder in self.holders:
            own = [next(anchors) for _part in holder.parts]
            holder.placed.block.keep(holder.placed.value, own)
            if own != [part.stored for part in holder.parts]:
                self.changed.add(id(holder.child))

    def write(self) -> None:
        """Put into the page what has changed; all else stays as it is stored."""
        items = list(self.items)
        for index, child in zip(self.indexes, self.children, strict=True):
            if id(child) in self.changed:
                items[index] = {**items[index], "value": child.block.get_prep_value(child.value)}
        if self.changed:
            setattr(self.page, self.field.name, self.field.to_python(items))


def _keep(bodies: Sequence[_Body], published: Sequence[Anchored]) -> None:
    parts = _parts(bodies)
    kept = _known_again(parts, published)
    taken = set(kept.values())
    for index, part in enumerate(parts):
        if index in kept:
            continue
        if slug_of(part.stored) in taken:
            # A copy of another block: it has the anchor of its own words.
            kept[index] = ""
        if not kept.get(index, part.stored) and published and part.later:
            kept[index] = slug_of(part.later)[:LONGEST].rstrip("-")
    lasting = [(parts[index].owner, anchor) for index, anchor in kept.items() if anchor in taken]
    _store(bodies, (kept.get(index, part.stored) for index, part in enumerate(parts)))
    gone = [part.stored for part in published if part.stored not in taken]
    outline = Outline.with_lasting(_placed(bodies), lasting, gone)
    _store(bodies, (outline.anchor(part.owner, "") for part in parts))


def _known_again(parts: Sequence[Anchored], published: Sequence[Anchored]) -> dict[int, str]:
    """{index: anchor} of the parts that were published; `stored` of `published` is how."""
    places = {part.place for part in _with_own_place(parts)}
    by_place = {part.place: part.stored for part in _with_own_place(published)}
    kept = {}
    for index, part in enumerate(parts):
        anchor = by_place.get(part.place, "") if part.place in places else ""
        # Another anchor was typed by an editor, who wants it.
        if anchor and part.stored in ("", anchor):
            kept[index] = anchor
    in_use = {slug_of(part.stored) for part in parts} | set(kept.values())
    gone: dict[str, deque[str]] = defaultdict(deque)
    for part in published:
        if (
            part.words
            and part.stored not in in_use
            and not (part.place in places and part.place in by_place)
        ):
            gone[part.words].append(part.stored)
    for index, part in enumerate(parts):
        if index not in kept and not part.stored and gone.get(part.words):
            kept[index] = gone[part.words].popleft()
    return kept


def _with_own_place(parts: Iterable[Anchored]) -> list[Anchored]:
    """Those that have a place for themselves: what several have tells none of them."""
    parts = list(parts)
    count = Counter(part.place for part in parts)
    return [part for part in parts if part.place and count[part.place] == 1]


def _published(before: Any) -> list[Anchored]:
    """What a stored page has published, with its anchors.

    One that never was public is a copy, if it has any: a translation has the anchors of its
    original, and another copy those whose words it keeps.
    """
    with translation.override(page_language(before)):
        bodies = [_Body(before, each) for each in stream_fields(before)]
        parts = _parts(bodies)
        if before.live or getattr(before, "first_published_at", None):
            outline = Outline.of(_placed(bodies))
            return [part._replace(stored=outline.anchor(part.owner, "")) for part in parts]
    copied = [part for part in parts if part.stored]
    if copied and not _is_translation(before):
        copied = [part._replace(place="") for part in copied]
    return copied


def _is_translation(page: Any) -> bool:
    key = getattr(page, "translation_key", None)
    others = type(page)._base_manager.filter(translation_key=key).exclude(pk=page.pk)
    return key is not None and others.exists()


def _parts(bodies: Iterable[_Body]) -> list[Anchored]:
    return [part for body in bodies for holder in body.holders for part in holder.parts]


def _placed(bodies: Iterable[_Body]) -> list[Placed]:
    return [placed for body in bodies for placed in body.placed]


def _store(bodies: Iterable[_Body], anchors: Iterator[str]) -> None:
    for body in bodies:
        body.store(anchors)


def _note_places(block: Block, value: Any, place: str, places: dict[int, str]) -> None:
    """Note where what may hold anchors stands, by its identity."""
    places[id(value)] = place
    if isinstance(block, StreamBlock):
        for bound in value or ():
            places[id(owner_of(bound))] = bound.id or ""
            _note_places(bound.block, bound.value, bound.id or "", places)
    elif isinstance(block, ListBlock):
        for bound in getattr(value, "bound_blocks", ()):
            _note_places(block.child_block, bound.value, bound.id or "", places)
    else:
        for child, child_value in children(block, value):
            _note_places(child, child_value, place and f"{place}/{child.name}", places)
