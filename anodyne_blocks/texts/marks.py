"""The marks in a text that cite the sources listed at its end: "[3]", "[1, 4]"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from anodyne_blocks.texts.draft import Piece, Questions, Quote, Text

_NUMBERS = r"\[\d{1,3}(?:\s?[,;]\s?\d{1,3}){0,9}\]"
# Nothing in a link is a mark, and no text that was read has a link like ours.
_MARK = re.compile(rf"<a\b.*?</a>|<sup>(?:{_NUMBERS})+</sup>|{_NUMBERS}", re.DOTALL)
_CITED = re.compile(r'<a href="#source-(\d+)">(.*?)</a>')


def with_citations(pieces: Iterable[Piece], places: Mapping[int, int]) -> list[Piece]:
    """The pieces, each mark `[3]` now `<a href="#source-2">[3]</a>`, by {mark: place in the list}.

    A mark of which one number is not in `places` stays what it is.
    """

    def cited(found: re.Match[str]) -> str:
        is_link = found[0].startswith("<a")
        numbers = [] if is_link else [int(number) for number in re.findall(r"\d+", found[0])]
        if is_link or not all(number in places for number in numbers):
            return found[0]
        return "".join(f'<a href="#source-{places[number]}">[{number}]</a>' for number in numbers)

    return [_changed(piece, lambda html: _MARK.sub(cited, html)) for piece in pieces]


def cited_in(pieces: Iterable[Piece]) -> set[int]:
    """The places of the sources that pieces cite."""
    found: set[int] = set()

    def note(html: str) -> str:
        found.update(int(place) for place, _mark in _CITED.findall(html))
        return html

    for piece in pieces:
        _changed(piece, note)
    return found


def without_marks(html: str, link: Callable[[int], str]) -> str:
    """HTML with `link(place)` for each citation; where that is "", the mark as it was read."""
    return _CITED.sub(lambda found: link(int(found[1])) or found[2], html)


def _changed(piece: Piece, change: Callable[[str], str]) -> Piece:
    if isinstance(piece, (Text, Quote)):
        return replace(piece, html=change(piece.html))
    if isinstance(piece, Questions):
        items = tuple((question, change(answer)) for question, answer in piece.items)
        return replace(piece, introduction=change(piece.introduction), items=items)
    return piece
