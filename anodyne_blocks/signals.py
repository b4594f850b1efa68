"""What happens when a page is published."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.signals import page_published

from anodyne_blocks.blocks.base import ElementBlock
from anodyne_blocks.walk import page_blocks


def _make_images(sender: Any, instance: Any, **kwargs: Any) -> None:
    from anodyne_blocks.tasks import make_images

    if any(isinstance(block, ElementBlock) for block in page_blocks(type(instance))):
        transaction.on_commit(lambda: make_images.enqueue(instance.pk))


def connect() -> None:
    """Listen; called when the app registry is ready."""
    page_published.connect(_make_images, dispatch_uid="anodyne_blocks_make_images")
