"""What people edit and delete by hand: the pages that show it are purged and told of.

Forms, bulk actions and scripts all save and delete with Django's signals. What shops say is written
in bulk, without any: `store` and `judging` purge for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal
from django.utils import timezone
from wagtail.images import get_image_model

from anodyne_blocks.catalogue.purging import (
    displayed,
    is_heard,
    purge_changed,
    purge_found,
    purge_pages,
    purge_products,
)
from anodyne_blocks.catalogue.usage import (
    pages_showing,
    pages_showing_image,
    pages_showing_version,
)
from anodyne_blocks.models import (
    AbstractPerson,
    AbstractProduct,
    AbstractShopRating,
    Notice,
    Offer,
    get_person_model,
    get_product_model,
    get_shop_rating_model,
)

# What pages show of a product besides its offers.
_SHOWN = ("name", "image_id", "status")


def _before_save(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A form saves a product with all its offers: only what differs is purged."""
    instance.before_save = sender.objects.filter(pk=instance.pk).first()


def _product_saved(sender: Any, instance: AbstractProduct, **kwargs: Any) -> None:
    stored = instance.__dict__.pop("before_save", None)
    # One that is new stands on no page.
    if stored and any(getattr(stored, name) != getattr(instance, name) for name in _SHOWN):
        purge_products([instance.pk])


def _offer_saved(sender: Any, instance: Offer, **kwargs: Any) -> None:
    stored = instance.__dict__.pop("before_save", None)
    now = timezone.now()
    purge_changed([instance], displayed([stored] if stored else [], now), now)


def _offer_deleted(sender: Any, instance: Offer, **kwargs: Any) -> None:
    purge_pages({(instance.product_id, instance.market)})


def _version_saved(
    sender: Any, instance: AbstractPerson | AbstractShopRating | Notice, **kwargs: Any
) -> None:
    purge_found(pages_showing_version(instance))


def _image_saved(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    if not created:
        purge_found(pages_showing_image(instance.pk))


def _rendition_saved(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    if not created:
        purge_found(pages_showing_image(instance.image_id))


def _rendition_deleted(sender: Any, instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """The next one has another address."""
    _purge_image(instance.image_id, origin)


# Before a deletion: afterwards the reference index knows the pages no more.


def _product_goes(sender: Any, instance: AbstractProduct, **kwargs: Any) -> None:
    purge_found(set().union(*pages_showing([instance.pk]).values()))


def _version_goes(
    sender: Any, instance: AbstractPerson | AbstractShopRating | Notice, **kwargs: Any
) -> None:
    purge_found(pages_showing_version(instance, or_chosen=True))


def _image_goes(sender: Any, instance: Any, origin: Any = None, **kwargs: Any) -> None:
    _purge_image(instance.pk, origin)


def _purge_image(image: Any, origin: Any) -> None:
    """Purge once what one deletion (its origin is an instance or queryset) takes from an image."""
    seen = getattr(origin, "__dict__", {}).setdefault("purged_images", set())
    if image not in seen:
        seen.add(image)
        purge_found(pages_showing_image(image))


def _listen(signal: Signal, handler: Callable[..., None], *senders: Any) -> None:
    def handle(sender: Any, **kwargs: Any) -> None:
        # A site without a front-end cache, and without anybody who is told, pays nothing.
        if is_heard():
            handler(sender, **kwargs)

    for sender in senders:
        label = f"anodyne_blocks{handler.__name__}_{sender._meta.label}"
        signal.connect(handle, sender, weak=False, dispatch_uid=label)


def connect() -> None:
    """Listen; called when the app registry is ready."""
    image = get_image_model()
    rendition = image.get_rendition_model()
    product = get_product_model()
    versions = (get_person_model(), get_shop_rating_model(), Notice)
    _listen(pre_save, _before_save, product, Offer)
    _listen(post_save, _product_saved, product)
    _listen(post_save, _offer_saved, Offer)
    _listen(post_save, _version_saved, *versions)
    _listen(post_save, _image_saved, image)
    _listen(post_save, _rendition_saved, rendition)
    _listen(pre_delete, _product_goes, product)
    _listen(pre_delete, _version_goes, *versions)
    _listen(pre_delete, _image_goes, image)
    _listen(post_delete, _offer_deleted, Offer)
    _listen(post_delete, _rendition_deleted, rendition)
