"""Dates as product pages write them: ISO 8601, and the other forms that are met."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from anodyne_blocks.shops.moments import moment
from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.product_page.values import text

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_CLOCK = r"(?:[T ,]+\d{1,2}:\d\d(?::\d\d)?.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([./-])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}").fullmatch
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}){_CLOCK}").fullmatch
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([A-Za-z]{3,9})[\s.,-]+(\d{4})\b"
).search
_MONTH_DAY = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b").search


def moments(value: Any, is_end: bool = False) -> list[datetime]:
    """What a date may mean (aware), nothing where it cannot be read: "3/4/2027" is two days.

    The end of a day without a time is the next midnight. A time without a zone is UTC; beside a
    date that is not ISO 8601 it counts for nothing.
    """
    said = text(value)[:80]
    try:
        return [moment("date", said, is_end)]
    except InvalidOffer:
        pass
    if re.fullmatch(r"\d{10}|\d{13}", said):
        return [datetime.fromtimestamp(int(said[:10]), timezone.utc)]
    return _days(_meanings(said), is_end)


def until(value: Any, now: datetime) -> tuple[bool, datetime | None]:
    """Whether a date is past by all that it may mean, and otherwise when it is, if clear."""
    found = moments(value, is_end=True)
    if not found or min(found) <= now < max(found):
        return False, None
    return max(found) <= now, min(found)


def _meanings(said: str) -> list[tuple[int, int, int]]:
    """(year, month, day) of each meaning."""
    if found := _YEAR_FIRST(said):
        return [(int(found[1]), int(found[3]), int(found[4]))]
    if found := _YEAR_LAST(said):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        # Nobody writes the month first with points.
        return [(year, second, first)] + ([(year, first, second)] if found[2] != "." else [])
    if found := _DAY_MONTH(said):
        return [(int(found[3]), _month(found[2]), int(found[1]))]
    if found := _MONTH_DAY(said):
        return [(int(found[3]), _month(found[1]), int(found[2]))]
    return []


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _days(meanings: Iterable[tuple[int, int, int]], is_end: bool) -> list[datetime]:
    found = []
    for year, month, day in dict.fromkeys(meanings):
        try:
            day_begins = datetime(year, month, day, tzinfo=timezone.utc)
            found.append(day_begins + timedelta(days=is_end))
        except (ValueError, OverflowError):
            continue
    return found
