"""Background work, by django-tasks: the same functions that the management commands call."""

from __future__ import annotations

try:
    from django.tasks import task
except ImportError:
    # Django 5.2 has them in a package of their own, which Wagtail brings.
    from django_tasks import task

from anodyne_blocks.catalogue import refresh


@task()
def refresh_products(shop: str, ids: list[int] | None = None) -> int:
    """Refresh what is due of a shop; gives the number of products refreshed."""
    return refresh.refresh_due(shop, ids).refreshed


def enqueue_refresh(shop: str, ids: list[int] | None = None) -> bool:
    """Refresh in the background; False where the site has no background.

    Django's immediate back end works inside the request, which must not wait for a shop: then
    products stay due, and the next run of `refresh_products` (cron) takes them.
    """
    back_end = refresh_products.get_backend()
    if type(back_end).__name__ == "ImmediateBackend":
        return False
    refresh_products.enqueue(shop, ids)
    return True
