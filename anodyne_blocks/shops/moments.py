"""Dates and times that a shop writes as text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from anodyne_blocks.shops.offer import InvalidOffer

_DATE_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:(?:T|\s+)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)


def moment(name: str, text: str, is_end: bool = False) -> datetime:
    """An ISO 8601 date or time, UTC where it has no zone; the end of a date is the next midnight.

    `InvalidOffer` says what is wrong with `name`.
    """
    match = _DATE_TIME.fullmatch(text.strip()) if len(text) < 64 else None
    if not match:
        raise InvalidOffer(f"{name}: {text[:40]!r} is no ISO 8601 date")
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        given = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=_zone(zone),
        )  # fmt: skip
        # What cannot be said in UTC cannot be compared.
        return (given + timedelta(days=is_end and hour is None)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise InvalidOffer(f"{name}: {text[:40]!r} is no possible date") from None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return timezone.utc
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
