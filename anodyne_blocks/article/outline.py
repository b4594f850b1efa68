"""The outline of a page: its headings, the anchors to them, and the levels between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.text import slugify

from anodyne_blocks.article.headings import Part
from anodyne_blocks.article.own_blocks import value_of
from anodyne_blocks.article.walking import Placed
from anodyne_blocks.elements.base import Loading

# Where a block stands alone, it is taken to be inside a section of an article.
DEFAULT_LEVEL = 2
# Readers may see so many elements of a page without scrolling.
FIRST_SCREEN = 3


@dataclass(frozen=True)
class OutlineEntry:
    """A heading: level 2 to 6, its text and its anchor."""

    level: int
    text: str
    anchor: str


@lru_cache(maxsize=4096)
def slug_of(text: str) -> str:
    """Words as they stand in an anchor."""
    return slugify(text, allow_unicode=True)


class Anchors:
    """The anchors of a page, each given once; linear in their number, also for equal words."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}
        self._next_of: dict[str, int] = {}

    def __contains__(self, anchor: str) -> bool:
        return anchor in self._taken

    def take(self, stem: str) -> str:
        """`stem`, with the first free number behind it where it is taken."""
        anchor, number = stem, self._next.get(stem, 2)
        while anchor in self._taken:
            anchor, number = f"{stem}-{number}", number + 1
        self._taken.add(anchor)
        self._next[stem] = number
        return anchor

    def number(self, stem: str, number: int) -> str:
        """`stem` with `number` behind it, or the first free one after that."""
        if f"{stem}-{number}" in self._taken:
            number = max(number, self._next_of.get(stem, number))
            while f"{stem}-{number}" in self._taken:
                number += 1
            self._next_of[stem] = number
        anchor = f"{stem}-{number}"
        self._taken.add(anchor)
        return anchor

    def reserve(self, anchors: Iterable[str]) -> None:
        """Give these to nobody."""
        self._taken.update(anchors)


@dataclass
class Outline:
    """Made once for an article from its blocks; values are known by identity.

    A value that was not met on the way (a block rendered on its own) gets sensible defaults.
    """

    entries: list[OutlineEntry] = field(default_factory=list)
    # Of each of the entries, the value that it is of.
    owners: list[Any] = field(default_factory=list)
    _level: int = 1
    _levels: dict[int, int] = field(default_factory=dict)
    _anchors: dict[Any, str] = field(default_factory=dict)
    _given: Anchors = field(default_factory=Anchors)
    _first: dict[str, list[int]] = field(default_factory=dict)
    _on_top: set[int] = field(default_factory=set)
    _own: dict[int, list[OutlineEntry]] = field(default_factory=dict)
    # Held, because Python gives the identity of a value that is gone to another one.
    _held: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, placed: Sequence[Placed]) -> Outline:
        """The outline of a page with these blocks."""
        return cls.with_lasting(placed, ())

    @classmethod
    def with_lasting(
        cls,
        placed: Sequence[Placed],
        lasting: Iterable[tuple[Any, str]],
        gone: Iterable[str] = (),
    ) -> Outline:
        """The same; the (owner, anchor) of `lasting` come before all others.

        Those of `gone` are given to nothing but where they are stored.
        """
        outline = cls()
        stored = [
            (part.owner, part.stored)
            for block, value, _is_inside in placed
            for part in block.anchored(value, "")
            if part.stored
        ]
        copies = []
        for owner, anchor in (*lasting, *stored):
            if slug_of(anchor) in outline._given:
                copies.append((owner, anchor))
            else:
                outline.anchor(owner, anchor)
        outline._given.reserve(gone)
        # Numbered last: a number may be the anchor of another.
        for owner, anchor in copies:
            outline.anchor(owner, anchor)
        outline._on_top = {id(value) for _block, value, _is_inside in placed[:FIRST_SCREEN]}
        for block, value, _is_inside in placed:
            outline._levels[id(value)] = outline._level
            block.outline(value, outline)
            outline.owners += [value] * (len(outline.entries) - len(outline.owners))
        return outline

    def section(self, value: Any, text: str, level: int, anchor: str = "") -> None:
        """Note a heading that opens a section at `level` and belongs to `value`."""
        self._level = level
        self.entries.append(OutlineEntry(level, text, self.anchor(value, anchor or text)))

    def part(self, value: Any, text: str, anchor: str = "") -> None:
        """Note the heading of a part of a section; what follows is in the section, not in it."""
        level = min(self._level + 1, 6)
        self.entries.append(OutlineEntry(level, text, self.anchor(value, anchor or text)))

    def own_section(self, owner: Any, text: str, level: int) -> None:
        """Note a heading of a site's own block, which may have several."""
        self._level = level
        known = self._own.setdefault(id(owner), [])
        entry = OutlineEntry(level, text, self.anchor(Part(owner, len(known)), text))
        self.entries.append(entry)
        known.append(entry)

    def owner(self, variable: Any) -> Any:
        """What stands for a site's own block of which a template has the child or the value."""
        return variable if id(variable) in self._levels else value_of(variable)

    def own_headings(self, owner: Any) -> list[OutlineEntry]:
        """The headings of a site's own block."""
        return self._own.get(id(owner), [])

    def anchor(self, value: Any, wanted: str) -> str:
        """The anchor of a value, unique on the page: `wanted` as a slug, numbered if taken."""
        key = _key(value)
        known = self._anchors.get(key)
        if known is None:
            known = self._anchors[key] = self._given.take(slug_of(wanted) or "section")
            self._held.append(value)
        return known

    def numbered(self, value: Any, stem: str, number: int) -> str:
        """The anchor of an item: its number behind its list's anchor, or the next free one."""
        known = self._anchors.get(id(value))
        if known is None:
            known = self._anchors[id(value)] = self._given.number(stem, number)
            self._held.append(value)
        return known

    def level_at(self, value: Any) -> int:
        """The level of the last heading before a value: 1 where there is only the page's title."""
        return self._levels.get(id(value), DEFAULT_LEVEL)

    def loading(self, value: Any) -> Loading:
        """How the images of a value load: "eager" on the first screen, else "lazy"."""
        return "eager" if id(value) in self._on_top else "lazy"

    def note_first(self, kind: str, value: Any, most: int = 1) -> None:
        """Note `value` as one of the page's first of a kind that shows so often, if it is."""
        first = self._first.setdefault(kind, [])
        if len(first) < most:
            first.append(id(value))

    def place(self, kind: str, value: Any) -> int:
        """Which of the page's first of a kind `value` is, from 1; 1 where the page knows it not."""
        first = self._first.get(kind, [])
        return first.index(id(value)) + 1 if id(value) in first else 1

    def has(self, kind: str) -> bool:
        """Whether the page has one of a kind that was noted."""
        return bool(self._first.get(kind))

    def is_first(self, kind: str, value: Any) -> bool:
        """Whether `value` is among the page's first of a kind, or the page does not know it."""
        return id(value) in self._first.get(kind, (id(value),))


def _key(value: Any) -> Any:
    """What stands for a value: its identity, of a part that of its owner."""
    return (id(value.owner), value.number) if type(value) is Part else id(value)
