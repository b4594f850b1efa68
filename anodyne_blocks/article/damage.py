"""Images of the library whose files are gone or damaged: noted once, not tried each time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, router, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)


def is_noted(image: Any) -> bool:
    """Whether no size can be made of an image's present file, as far as is known."""
    try:
        return bool(image.anodyne_damage.file == (image.file.name or ""))
    except ObjectDoesNotExist:
        return False


class Noted:
    """Which of some images, given as (image id, name of its file), cannot be shown."""

    def __init__(self, files: Iterable[tuple[Any, str]]) -> None:
        self.files = set(files)

    @cached_property
    def ids(self) -> set[Any]:
        """Their ids: one query, when one of the images is to be shown."""
        from anodyne_blocks.models import DamagedImage

        rows = DamagedImage.objects.filter(pk__in={pk for pk, _file in self.files})
        return {pk for pk, file in rows.values_list("pk", "file") if (pk, file) in self.files}


def note(image: Any, error: Exception) -> None:
    """Remember that an image has no usable file, and say so in the log."""
    from anodyne_blocks.models import DamagedImage

    reason = repr(error)[:300]
    logger.warning("Image %s (%s) has no usable file: %s", image.pk, image.title, reason)
    if image.pk is None:
        return
    said = {"file": image.file.name or "", "reason": reason, "noted_at": timezone.now()}
    try:
        with transaction.atomic(using=router.db_for_write(DamagedImage)):
            row, _made = DamagedImage.objects.update_or_create(image_id=image.pk, defaults=said)
    except DatabaseError:
        # One that can only be read costs no page, either: it is tried again.
        return
    row.image = image


def forget(image_ids: Iterable[Any]) -> None:
    """Have these images tried again."""
    from anodyne_blocks.models import DamagedImage

    DamagedImage.objects.filter(pk__in=list(image_ids)).delete()
