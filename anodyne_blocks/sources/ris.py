"""RIS, which PubMed, Zotero and EndNote export: a tag and a value on each line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anodyne_blocks.sources.fields import Fields, people, source_fields

LINE = re.compile(r"^([A-Z][A-Z0-9])  ?- ?(.*)$")
KINDS = {"JOUR": "article", "BOOK": "book", "CHAP": "book", "RPRT": "report", "ELEC": "website"}


def read_ris(text: str) -> Iterator[tuple[str, Fields]]:
    """(what it begins with, fields) of each record."""
    record: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        tag, value = match[1], match[2].strip()
        if tag == "TY" and record:
            yield _read(record)
            record = {}
        if tag == "ER":
            if record:
                yield _read(record)
            record = {}
        elif value:
            record.setdefault(tag, []).append(value)
    if record:
        yield _read(record)


def _read(record: dict[str, list[str]]) -> tuple[str, Fields]:
    def first(*tags: str) -> str:
        return next((record[tag][0] for tag in tags if tag in record), "")

    # "Foster, Nadine E." is a person, "World Health Organization" is not.
    names = [name.partition(",") for tag in ("AU", "A1") for name in record.get(tag, ())]
    fields = source_fields(
        {
            "kind": KINDS.get(first("TY"), ""),
            "authors": people((family, given) for family, _comma, given in names),
            "title": first("TI", "T1", "CT"),
            "container": first("JO", "T2", "JF", "JA", "BT", "PB"),
            "year": first("PY", "Y1", "DA"),
            "url": first("UR", "L1"),
            "doi": first("DO"),
            "pubmed_id": first("AN") if first("DB").lower().startswith("pubmed") else "",
        }
    )
    return first("TI", "T1") or first("TY"), fields
