"""Dates as readers of a language write them."""

from __future__ import annotations

import datetime

from babel.dates import format_date

from anodyne_blocks import clock
from anodyne_blocks.elements.base import Date
from anodyne_blocks.pricing.money import babel_locale


def date_of(moment: datetime.date | datetime.datetime, language: str) -> Date:
    """A day or an aware moment as a `Date`; a moment's day is that of the site's time zone."""
    if isinstance(moment, datetime.datetime):
        local = clock.local(moment)
        day, iso = local.date(), local.isoformat(timespec="seconds")
    else:
        day, iso = moment, moment.isoformat()
    locale = babel_locale(language)
    # Where nobody has told Babel the names of the months, they are M01 to M12.
    named = locale.months["format"]["wide"][1] != "M01"
    written = format_date(day, "long", locale=locale) if named else day.isoformat()
    return Date(iso=iso, formatted=written)
