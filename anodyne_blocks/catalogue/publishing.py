"""Pages that come, go and move: receivers of change events are told, and cache tags purged.

Of the addresses themselves Wagtail's own front-end cache purges what is published and unpublished.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    pre_page_move,
)

from anodyne_blocks.catalogue.addresses import addresses, addresses_of
from anodyne_blocks.catalogue.events import Change, record
from anodyne_blocks.catalogue.purging import has_caches, is_heard, purge_tags
from anodyne_blocks.catalogue.receivers import has_receivers
from anodyne_blocks.catalogue.tags import LISTING, tags_of
from anodyne_blocks.conf import page_model


def _published(sender: Any, instance: Any, **kwargs: Any) -> None:
    _tell([instance.pk], "published")


def _unpublished(sender: Any, instance: Any, **kwargs: Any) -> None:
    # Of a page that is being deleted nobody knows its address afterwards.
    _tell([instance.pk], "unpublished", addresses_of([instance]) if has_receivers() else {})


def _goes(sender: Any, instance: Any, **kwargs: Any) -> None:
    if is_heard() and not _stays(kwargs):
        # The addresses of before, while they are known.
        below = _live_below(instance)
        _tell(below, "unpublished", addresses(below) if has_receivers() else {})


def _came(sender: Any, instance: Any, **kwargs: Any) -> None:
    if is_heard() and not _stays(kwargs):
        _tell(_live_below(instance), "published")


def _shut_or_opened(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A view restriction came or went: other readers may see what is below."""
    if is_heard():
        _tell(_live_below(instance.page), "published")


def _stays(given: dict[str, Any]) -> bool:
    """Whether a move is one among the pages of the same parent."""
    return given["url_path_before"] == given["url_path_after"]


def _renamed(sender: Any, instance: Any, instance_before: Any, **kwargs: Any) -> None:
    """All addresses below begin with another word now."""
    if not is_heard():
        return
    below = _live_below(instance)
    old, new = instance_before.full_url, instance.full_url
    gone = {}
    if old and new and has_receivers():
        gone = {
            pk: [old + url.removeprefix(new) for url in urls if url.startswith(new)]
            for pk, urls in addresses(below).items()
        }
    _tell(below, "published", gone)


def _live_below(page: Any) -> list[int]:
    """The ids of a page and all below it, of those that are live."""
    found = page_model().objects.descendant_of(page, inclusive=True).filter(live=True)
    return list(found.values_list("pk", flat=True))


def _tell(pages: list[int], change: Change, gone: dict[int, list[str]] | None = None) -> None:
    record(dict.fromkeys(pages, ()), change, gone)
    if pages and has_caches():
        transaction.on_commit(lambda: purge_tags(tags_of(pages, (), LISTING)), robust=True)


def connect() -> None:
    """Listen; called when the app registry is ready."""
    for signal, handler in (
        (page_published, _published),
        (page_unpublished, _unpublished),
        (page_slug_changed, _renamed),
        (pre_page_move, _goes),
        (post_page_move, _came),
    ):
        signal.connect(handler, dispatch_uid=f"anodyne_blocks{handler.__name__}_page")
    for signal in (post_save, post_delete):
        signal.connect(
            _shut_or_opened, PageViewRestriction, dispatch_uid="anodyne_blocks_restriction"
        )
