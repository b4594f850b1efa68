"""The site's time: `settings.TIME_ZONE`, whichever zone is active.

Wagtail's admin activates the editor's own, but a day belongs to the site: what is "today", and on
which day something was published, reviewed or confirmed, is the same for all who read it.
"""

from __future__ import annotations

import datetime

from django.utils import timezone


def local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())


def day_of(moment: datetime.date) -> datetime.date:
    """The day of a moment; a day is its own."""
    return local(moment).date() if isinstance(moment, datetime.datetime) else moment


def today() -> datetime.date:
    return day_of(timezone.now())


def aware(moment: datetime.datetime) -> datetime.datetime:
    """A moment that was written without a zone, as one of the site's; another as it is."""
    if timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment, timezone.get_default_timezone())


def written(moment: datetime.datetime | None) -> str:
    """A moment for a terminal: "2026-11-03 08:00:00+01:00"; "" for none."""
    return local(moment).isoformat(" ", "seconds") if moment is not None else ""
