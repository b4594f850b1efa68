"""Dates as readers of a language write them."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from anodyne_blocks import clock
from anodyne_blocks.elements.base import Date
from anodyne_blocks.pricing.money import babel_locale

# In a pattern of CLDR, whichever comes first, with the words between them ("d 'de' MMMM").
_DAY_AND_MONTH = re.compile("d[^My]*M|M[^dy]*d")


def date_of(moment: datetime.date | datetime.datetime, language: str) -> Date:
    """A day or an aware moment as a `Date`; a moment's day is that of the site's time zone.

    No line breaks between its day and its month: there is a no-break space.
    """
    if isinstance(moment, datetime.datetime):
        local = clock.local(moment)
        day, iso = local.date(), local.isoformat(timespec="seconds")
    else:
        day, iso = moment, moment.isoformat()
    locale = babel_locale(language)
    # Where nobody has told Babel the names of the months, they are M01 to M12.
    named = locale.months["format"]["wide"][1] != "M01"
    written = format_date(day, _pattern(locale), locale=locale) if named else day.isoformat()
    return Date(iso=iso, formatted=written)


@lru_cache(maxsize=256)
def _pattern(locale: Locale) -> str:
    """CLDR's pattern of a long date, its day tied to its month."""
    pattern = locale.date_formats["long"].pattern
    found = _DAY_AND_MONTH.search(pattern)
    if found is None:
        return pattern
    return pattern.replace(found[0], found[0].replace(" ", "\N{NO-BREAK SPACE}"))
