"""Product feeds as text: a row for each product, columns between tabs, their names in the first.

Cells may be quoted as in spreadsheets, and then hold tabs, line breaks and doubled quotation marks.
Source: support.google.com/merchants, 14998273 and 160567.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.merchant_feed.offer import PROBLEM
from anodyne_blocks.shops.merchant_feed.values import complete_links
from anodyne_blocks.shops.merchant_feed.xml import MAX_FIELDS, MAX_ITEM, MAX_TEXT

_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"(?:\t|\Z)').match
# The end of a quoted cell that an earlier line has begun.
_CLOSED = re.compile(r'[^"]*(?:""[^"]*)*"(?:\t|\Z)').match
# A cell with a mark that neither ends it nor is one of a pair.
_ODD = re.compile(r'"[^"]*(?:""[^"]*)*"(?!")').match
# "Image link", "g:image_link", "image link [image_link]", "installment(months:amount)".
_NAME = re.compile(r"(?:g:)?([a-z0-9_]+)(?:\(([a-z0-9_:]+)\))?").fullmatch
_BRACKETS = re.compile(r"\[([^\[\]]+)\]$").search


def read_rows(pieces: Iterable[bytes], address: str = "") -> Iterator[dict[str, str]]:
    """Each row as {field name: text}; why a row cannot be read stands under `PROBLEM`.

    `pieces` are UTF-8. A part of a column "field(part:part)" is "field.part". Links may be relative
    to `address`. `ShopError` for what is no text feed, after the rows before that place.
    """
    lines = _lines(pieces)
    names: list[str] | None = None
    for number, line in lines:
        if names is None:
            names = [_clean_name(cell) for cell in _cells(line)]
            if "id" not in names:
                raise ShopError(
                    'The feed is neither XML nor a text feed: no column of its first line is "id".'
                    " Columns are separated by tabs."
                )
            if len(names) > MAX_FIELDS:
                raise ShopError(f"The feed has more than {MAX_FIELDS} columns.")
            continue
        yield from _rows(number, line, lines, names, address)


def _rows(
    number: int,
    line: str,
    lines: Iterator[tuple[int, str]],
    names: list[str],
    address: str,
) -> Iterator[dict[str, str]]:
    """The row that begins in `line`, and those after it that an open quotation mark has hidden."""
    is_open, held, size = _is_open(line, False), [line], len(line)
    while is_open:
        following = next(lines, None)
        # A line that has every column is a row of its own.
        is_row = following is not None and following[1].count("\t") >= max(len(names) - 1, 1)
        if following is None or is_row:
            problem = f"line {number} begins a quotation that does not end"
            yield _item(names, _cells(line, quoted=False), address) | {PROBLEM: problem}
            if following is None:
                return
            number, line = following
            is_open, held, size = _is_open(line, False), [line], len(line)
            continue
        held.append(following[1])
        # An empty line takes room, too.
        size += len(following[1]) + 64
        if size > MAX_ITEM:
            raise ShopError(f"The feed's row in line {number} has more than four mebibytes.")
        is_open = _is_open(following[1], True)
    cells = _cells("\n".join(held))
    item = _item(names, cells, address)
    if any(cells[len(names) :]):
        item[PROBLEM] = f"line {number} has {len(cells)} columns, the first line {len(names)}"
    yield item


def _lines(pieces: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers from 1."""
    rest, number = b"", 0
    for piece in _and_end(pieces):
        *whole, rest = (rest + piece).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        if len(rest) > MAX_ITEM:
            raise ShopError("The feed holds a line of more than four mebibytes.")
        for line in whole:
            number += 1
            try:
                text = line.decode()
            except UnicodeDecodeError:
                raise ShopError(
                    f"The feed is no UTF-8 in line {number}. Export it as UTF-8, or let the server"
                    " name its encoding."
                ) from None
            if text.strip():
                yield number, text


def _and_end(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield from pieces
    yield b"\n"


def _cells(row: str, quoted: bool = True) -> list[str]:
    if '"' not in row or not quoted:
        return row.split("\t")
    cells, place = [], 0
    while place <= len(row):
        # A quotation mark in the middle of a cell is one of inches.
        if row.startswith('"', place) and (match := _QUOTED(row, place)):
            cells.append(match[1].replace('""', '"'))
            end = match.end()
            is_last = not match[0].endswith("\t")
        else:
            tab = row.find("\t", place)
            is_last = tab < 0
            end = len(row) if is_last else tab + 1
            cells.append(row[place : end if is_last else tab])
        if is_last:
            break
        place = end
    return cells


def _is_open(line: str, is_open: bool) -> bool:
    """Whether a quoted cell goes on after this line; `is_open`: whether one goes on before it."""
    if '"' not in line:
        return is_open
    place = 0
    if is_open:
        if not (match := _CLOSED(line)):
            return True
        place = match.end()
        if not match[0].endswith("\t"):
            return False
    while place < len(line):
        if line.startswith('"', place):
            if match := _QUOTED(line, place):
                place = match.end()
                continue
            # Then it is text; without such a mark it goes on in the next line.
            if not _ODD(line, place):
                return True
        tab = line.find("\t", place)
        if tab < 0:
            return False
        place = tab + 1
    return False


def _item(names: list[str], cells: list[str], address: str) -> dict[str, str]:
    item: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        text = cell[:MAX_TEXT].strip()
        field, _, parts = name.partition("(")
        if not text or not field:
            continue
        if parts:
            subs = parts.split(":")
            for sub, part in zip(subs, text.split(":", len(subs) - 1), strict=False):
                if part := part.strip(' "'):
                    item.setdefault(f"{field}.{sub}", part)
        else:
            item.setdefault(field, text)
    complete_links(item, address)
    return item


def _clean_name(cell: str) -> str:
    """A column's field, "field(part:part" where it has parts; "" for what is none of Google's."""
    name = cell.strip().lower()
    if brackets := _BRACKETS(name):
        name = brackets[1]
    match = _NAME(re.sub(r"[\s-]+", "_", name))
    if not match:
        return ""
    return f"{match[1]}({match[2]}" if match[2] else match[1]
