"""What happens when a page is published or saved."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.signals import page_published

from anodyne_blocks.blocks.base import ElementBlock, page_elements
from anodyne_blocks.context import ArticleContext
from anodyne_blocks.pages import page_model
from anodyne_blocks.tasks import enqueue_images, task
from anodyne_blocks.walk import page_blocks, walk_page


@task()
def make_images(page_id: int) -> int:
    """Make all image sizes that a page shows, so that its first reader need not wait for them.

    Gives the number of the page's elements; resolving these makes what is missing.
    """
    page = page_model().objects.filter(pk=page_id).first()
    if page is None:
        return 0
    return sum(1 for _ in page_elements(ArticleContext.for_page(page.specific)))


def _on_publish(sender: Any, instance: Any, **kwargs: Any) -> None:
    if any(isinstance(block, ElementBlock) for block in page_blocks(type(instance))):
        transaction.on_commit(lambda: make_images.enqueue(instance.pk))


def fetch_pictures(page: Any) -> None:
    """Have the pictures imported that the products on a page still lack; never in a request."""
    from anodyne_blocks.models import Product

    products = {value.pk for _, value in walk_page(page) if isinstance(value, Product)}
    if products:
        enqueue_images(products)


def _fetch_pictures(sender: Any, instance: Any, **kwargs: Any) -> None:
    fetch_pictures(instance)


def connect() -> None:
    """Listen; called when the app registry is ready."""
    page_published.connect(_fetch_pictures, dispatch_uid="anodyne_blocks_fetch_pictures")
    page_published.connect(_on_publish, dispatch_uid="anodyne_blocks_make_images")
