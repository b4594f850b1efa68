"""The library's images that cannot be shown: what is known of them, and how one chooses others."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, models
from django.utils import timezone
from wagtail.admin.widgets import BaseChooser
from wagtail.images import get_image_model_string
from wagtail.images.widgets import AdminImageChooser


class DamagedImage(models.Model):
    """An image of which no size could be made from this file: tried again once it is another."""

    image = models.OneToOneField(
        get_image_model_string(),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="anodyne_damage",
    )
    file = models.CharField(max_length=255)
    reason = models.CharField(max_length=300)
    noted_at = models.DateTimeField(default=timezone.now)

    # It belongs to its image, and is no use of it.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class PictureChooser(AdminImageChooser):
    """Wagtail's, which costs the whole form where the chosen image's file is damaged."""

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().get_value_data_from_instance(instance)
        except DatabaseError:
            raise
        # As for renditions: what a foreign file makes parsers raise is no closed list.
        except Exception:
            data = BaseChooser.get_value_data_from_instance(self, instance)
            lost = instance.get_rendition_model()(image=instance, width=0, height=0)
            # The name that Wagtail gives to what is missing.
            lost.file.name = "not-found"
            data["preview"] = {"url": lost.url, "width": 0, "height": 0}
            data["default_alt_text"] = instance.default_alt_text
        return data
