"""Background work, by django-tasks: the same functions that the management commands call."""

from __future__ import annotations

try:
    from django.tasks import task
except ImportError:
    # Django 5.2 has them in a package of their own, which Wagtail brings.
    from django_tasks import task

from wagtail.models import Page

from anodyne_blocks.blocks.base import page_elements
from anodyne_blocks.catalogue import refresh
from anodyne_blocks.context import ArticleContext


@task()
def make_images(page_id: int) -> int:
    """Make all image sizes that a page shows, so that its first reader need not wait for them.

    Gives the number of the page's elements; resolving these makes what is missing.
    """
    page = Page.objects.get(pk=page_id).specific
    return sum(1 for _ in page_elements(ArticleContext.for_page(page)))


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
