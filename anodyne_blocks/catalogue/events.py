"""Change events: what pages show has changed, written down in the transaction of the change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from django.db import transaction

from anodyne_blocks.catalogue.receivers import has_receivers, receivers
from anodyne_blocks.models import ChangeEvent

# Of one message, so that a receiver can see to it in one go.
MOST_PAGES = 100

Change = Literal["published", "unpublished", "changed"]


def record(
    pages: Mapping[int, Collection[int]],
    change: Change = "changed",
    addresses: Mapping[int, list[str]] | None = None,
) -> None:
    """Tell each receiver of pages, by their ids, with the products on them that changed.

    `addresses` are those of pages that have no such ones when the event is sent. Writes nothing
    where nobody listens.
    """
    if not pages or not has_receivers():
        return
    ids = sorted(pages)
    events = []
    for start in range(0, len(ids), MOST_PAGES):
        some = ids[start : start + MOST_PAGES]
        data = {
            "change": change,
            "pages": some,
            "products": sorted(set().union(*(pages[pk] for pk in some))),
            "addresses": {str(pk): addresses[pk] for pk in some if addresses and pk in addresses},
        }
        events += [ChangeEvent(receiver=receiver.name, data=data) for receiver in receivers()]
    ChangeEvent.objects.bulk_create(events)
    # A queue that is down loses nothing: what is due waits for the next run of cron.
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    # Tasks know the whole catalogue, and this too.
    from anodyne_blocks.tasks import enqueue_events

    enqueue_events()
