"""Images of products that were fetched together: the first that is asked for brings all."""

from __future__ import annotations

import copy
from typing import Any

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor


class Peers:
    """The images of products that one query fetched; loaded when a theme asks for one."""

    def __init__(self) -> None:
        self.image_ids: set[Any] = set()
        self._images: dict[Any, Any] | None = None

    def image(self, pk: Any, model: Any) -> Any:
        """An image of its own for each product, or None where it is gone."""
        if self._images is None:
            self._images = model._base_manager.in_bulk(self.image_ids)
        # A copy each: what is laid on one product's image shows on no other.
        return copy.copy(self._images.get(pk))


# Django's class takes type arguments in its stubs alone.
class PeerImage(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """The accessor of a product's image."""

    def get_object(self, instance: Any) -> Any:
        peers: Peers | None = instance.fetched_peers
        if peers is not None and instance.image_id in peers.image_ids:
            image = peers.image(instance.image_id, self.field.remote_field.model)
            if image is not None:
                return image
        return super().get_object(instance)


class PeerImageKey(models.ForeignKey):  # type: ignore[type-arg]
    """Brings the images of its peers along; to migrations it is a foreign key of Django's."""

    forward_related_accessor_class = PeerImage

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
