"""Dates as readers of a language write them."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date

from anodyne_blocks import clock
from anodyne_blocks.elements.base import Date
from anodyne_blocks.pricing.money import babel_locale

if TYPE_CHECKING:
    from anodyne_blocks.article.article import Article

# First published, and last updated; moments, or days without one.
Days = tuple[datetime.date | None, datetime.date | None]
# In a pattern of CLDR, whichever comes first, with the words between them ("d 'de' MMMM").
_DAY_AND_MONTH = re.compile("d[^My]*M|M[^dy]*d")


def days_of(article: Article) -> Days:
    """When readers are told that an article was first published and last updated.

    Days that an editor set in a block come before the page's own moments; None where there is none.
    """
    first = getattr(article.page, "first_published_at", None)
    last = getattr(article.page, "last_published_at", None)
    for block, value, _is_inside in article.placements:
        published, updated = block.set_days(value)
        if published or updated:
            # What was first published elsewhere is not updated by coming here.
            came = first is None or last is None or clock.day_of(last) <= clock.day_of(first)
            return published or first, updated or (None if came else last)
    return first, last


def date_of(moment: datetime.date, language: str) -> Date:
    """A day or an aware moment as a `Date`; a moment's day is that of the site's time zone.

    No line breaks between its day and its month: there is a no-break space.
    """
    day, iso = clock.day_of(moment), iso_of(moment)
    locale = babel_locale(language)
    # Where nobody has told Babel the names of the months, they are M01 to M12.
    named = locale.months["format"]["wide"][1] != "M01"
    written = format_date(day, _pattern(locale), locale=locale) if named else day.isoformat()
    return Date(iso=iso, formatted=written)


def iso_of(moment: datetime.date) -> str:
    """A day, or a moment in the site's time zone, as ISO 8601 writes it."""
    if isinstance(moment, datetime.datetime):
        return clock.local(moment).isoformat(timespec="seconds")
    return moment.isoformat()


@lru_cache(maxsize=256)
def _pattern(locale: Locale) -> str:
    """CLDR's pattern of a long date, its day tied to its month."""
    pattern = locale.date_formats["long"].pattern
    found = _DAY_AND_MONTH.search(pattern)
    if found is None:
        return pattern
    return pattern.replace(found[0], found[0].replace(" ", "\N{NO-BREAK SPACE}"))
