"""How the magazine's own fields reach the APIs."""

from __future__ import annotations

from rest_framework.fields import Field

from anodyne_blocks.elements import Image


class ImageField(Field):
    """An image in its named sizes; the annotation is what API v3 documents."""

    def to_representation(self, image: Image) -> Image:
        return image.model_dump(mode="json")
