"""Background work, by django-tasks: the same functions that the management commands call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django
from django.db import transaction

from anodyne_blocks.catalogue import pictures, refresh, sending, source_checks
from anodyne_blocks.models import get_product_model

if TYPE_CHECKING or django.VERSION >= (6, 0):
    from django.tasks import task as task
    from django.tasks.backends.immediate import ImmediateBackend
else:
    # Django 5.2 has them in a package of their own, which Wagtail brings.
    from django_tasks import task as task
    from django_tasks.backends.immediate import ImmediateBackend

__all__ = [
    "check_sources",
    "import_images",
    "import_placed_images",
    "refresh_products",
    "send_events",
]

# Then a worker is free for other tasks; far below the time that queues allow a task (RQ: 180 s).
REFRESH_SECONDS = 20.0


@task()
def refresh_products(shop: str, ids: list[int] | None = None) -> int:
    """Refresh what is due of a shop; gives the number of products refreshed.

    A task that finds more than one batch enqueues another before it asks the shop, which a free
    worker takes meanwhile: so one task puts every worker to work, and never more than one waits.
    """
    return refresh.refresh_due(
        shop,
        ids,
        budget_seconds=REFRESH_SECONDS,
        hand_on=lambda: enqueue_refresh(shop, ids),
    ).refreshed


@task()
def import_images(ids: list[int]) -> int:
    """Import the pictures of products; gives the number of those that came."""
    return pictures.import_images(ids)


@task()
def import_placed_images() -> int:
    """Import pictures that products on pages still lack; gives the number of those that came."""
    return pictures.import_placed()


@task()
def check_sources() -> int:
    """Check the sources that are due for a while; gives the number of those checked.

    Where more are due, another task goes on.
    """
    checked = source_checks.check_due(budget_seconds=REFRESH_SECONDS).total()
    if checked and has_background() and source_checks.due().exists():
        check_sources.enqueue()
    return checked


@task()
def send_events() -> int:
    """Send what receivers are to be told; gives the number of messages that were taken."""
    return sending.send_due(budget_seconds=REFRESH_SECONDS).sent


def has_background() -> bool:
    """Whether tasks run outside of requests; Django's immediate back end works inside them."""
    return not isinstance(refresh_products.get_backend(), ImmediateBackend)


def enqueue_refresh(shop: str, ids: list[int] | None = None) -> bool:
    """Refresh in the background; False where the site has no background.

    A request must not wait for a shop: then products stay due, and the next run of
    `refresh_products` (cron) takes them.
    """
    if not has_background():
        return False
    refresh_products.enqueue(shop, ids)
    return True


def enqueue_events() -> bool:
    """The same for change events; what could not be sent is sent by the next run of cron."""
    if not has_background():
        return False
    send_events.enqueue()
    return True


def enqueue_images(ids: set[int]) -> bool:
    """The same for pictures that these products still lack."""
    if not has_background():
        return False
    lacking = pictures.without_image(get_product_model().objects.filter(pk__in=ids))
    if waiting := list(lacking.values_list("pk", flat=True)):
        # A queue that is down must not break the save of a page; cron finds what waits.
        transaction.on_commit(lambda: import_images.enqueue(waiting), robust=True)
    return True
