"""An image that knows its photographer."""

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """Wagtail's, with a field more."""

    photographer = models.CharField(max_length=100, blank=True)
    admin_form_fields = (*Image.admin_form_fields, "photographer")


class Rendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
