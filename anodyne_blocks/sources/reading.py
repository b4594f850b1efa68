"""What was pasted, as sources: lines, BibTeX, RIS or CSL-JSON, told apart by their looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from anodyne_blocks.sources.bibtex import ENTRY, read_bibtex
from anodyne_blocks.sources.csl_json import read_csl_json
from anodyne_blocks.sources.fields import Fields
from anodyne_blocks.sources.identifiers import identities
from anodyne_blocks.sources.lines import read_lines
from anodyne_blocks.sources.ris import read_ris

# Characters that are read at once, and sources of them.
LONGEST = 200_000
MOST = 500
_RIS = re.compile(r"^TY  ?- ", re.MULTILINE)
_SHOWN = 300


class TooLong(ValueError):
    """More than `LONGEST` characters."""


@dataclass(frozen=True)
class Row:
    """One source that was read: the beginning of what was pasted, and the fields understood.

    `same_as` is the number of an earlier source that is the same one, None for a new one.
    """

    pasted: str
    fields: Fields
    same_as: int | None = None


def read(text: str, listed: list[Fields] | None = None) -> list[Row]:
    """The sources in `text`; those of `listed`, and of the text itself, are found again.

    Takes time and memory in the length of the text. `TooLong` above `LONGEST` characters,
    `ValueError` for JSON that is none.
    """
    if len(text) > LONGEST:
        raise TooLong
    known: dict[str, int] = {}
    for number, fields in enumerate(listed or (), start=1):
        for identity in identities(fields):
            known.setdefault(identity, number)
    rows, number = [], len(listed or ())
    for pasted, fields in islice(_records(text.lstrip("\ufeff").strip()), MOST):
        named = identities(fields)
        same = min((known[identity] for identity in named if identity in known), default=None)
        if same is None:
            number += 1
            for identity in named:
                known[identity] = number
        rows.append(Row(" ".join(pasted.split())[:_SHOWN], fields, same))
    return rows


def _records(text: str) -> Iterator[tuple[str, Fields]]:
    if text.startswith(("[{", "{", "[\n", "[ ", "[\r")):
        return read_csl_json(text)
    if _RIS.search(text):
        return read_ris(text)
    if ENTRY.search(text):
        return read_bibtex(text)
    return read_lines(text)
