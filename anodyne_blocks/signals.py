"""What happens when a page is published or saved."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_save, pre_save
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.signals import page_published

from anodyne_blocks.article import Article, damage, reviews
from anodyne_blocks.article.anchors import has_anchors, keep_anchors
from anodyne_blocks.article.fetching import images_of
from anodyne_blocks.article.images import image_sizes
from anodyne_blocks.article.walking import (
    ArticleBlock,
    block_definitions,
    stream_fields,
    walk_page,
)
from anodyne_blocks.catalogue import edits, publishing, source_uses
from anodyne_blocks.conf import (
    PERSON_MODEL,
    PRODUCT_MODEL,
    SHOP_RATING_MODEL,
    page_model,
    stored_model,
)
from anodyne_blocks.sources.characters import storable
from anodyne_blocks.tasks import enqueue_images, task


@task()
def make_images(page_id: int) -> int:
    """Make all image sizes that a page shows, so that its first reader need not wait for them.

    Gives the number of the page's elements; resolving these makes what is missing.
    """
    page = page_model().objects.filter(pk=page_id).first()
    if page is None:
        return 0
    return len(Article.for_page(page.specific).elements())


@task()
def make_sizes(model: str, pk: int) -> int:
    """The same for the pictures of a product or person; gives the number of pictures."""
    instance = apps.get_model(model).objects.filter(pk=pk).first()
    pictures = [pair for pair in images_of(instance) if pair[0] is not None]
    for image, role in pictures:
        image_sizes(image, role)
    return len(pictures)


def _on_publish(sender: Any, instance: Any, **kwargs: Any) -> None:
    fetch_pictures(instance)
    if any(isinstance(block, ArticleBlock) for block in block_definitions(type(instance))):
        # A queue that is down must not break what was published.
        transaction.on_commit(lambda: make_images.enqueue(instance.pk), robust=True)


def _on_save(sender: Any, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """A product's or person's picture may be another one: nobody shall wait for its sizes."""
    pictures = (
        field
        for field in sender._meta.fields
        if field.related_model and issubclass(field.related_model, AbstractImage)
    )
    if not kwargs["raw"] and any(
        getattr(instance, field.attname) and (update_fields is None or field.name in update_fields)
        for field in pictures
    ):
        label, pk = sender._meta.label, instance.pk
        transaction.on_commit(lambda: make_sizes.enqueue(label, pk), robust=True)


def _try_again(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """A saved image may have another file, even of the same name."""
    if not created:
        damage.forget([instance.pk])


def _clean_texts(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Whoever saves it, it holds what every database and every format of export can hold."""
    for field in sender._meta.concrete_fields:
        text = instance.__dict__.get(field.attname)
        if isinstance(text, str):
            instance.__dict__[field.attname] = storable(text)


def fetch_pictures(page: Any) -> None:
    """Have the pictures imported that the products on a page still lack; never in a request."""
    from anodyne_blocks.models import AbstractProduct

    products = {value.pk for _, value in walk_page(page) if isinstance(value, AbstractProduct)}
    if products:
        enqueue_images(products)


def _record_reviews(sender: Any, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """What a page is published with is what its reviewer box may claim from now on."""
    if kwargs["raw"] or not (instance.live or kwargs["created"]):
        return
    if _writes_bodies(sender, update_fields):
        reviews.record(instance)


def _note_sources(sender: Any, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """What is published lists sources, which are checked from now on."""
    if not kwargs["raw"] and _writes_bodies(sender, update_fields):
        source_uses.note(instance)


def _keep_anchors(sender: Any, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """What is about to be published keeps the anchors that were, and from now on its new ones."""
    if kwargs["raw"] or not instance.live or not _writes_bodies(sender, update_fields):
        return
    before = None if instance._state.adding else sender._base_manager.filter(pk=instance.pk).first()
    keep_anchors(instance, before)


def _writes_bodies(model: Any, update_fields: Any) -> bool:
    """Whether a page's text is stored. Saving a draft writes other columns, with it in memory."""
    bodies = {field.name for field in stream_fields(model)}
    return update_fields is None or bool(bodies & set(update_fields))


def connect() -> None:
    """Listen; called when the app registry is ready."""
    page_published.connect(_on_publish, dispatch_uid="anodyne_blocks_make_images")
    stored = {stored_model(setting) for setting in (PERSON_MODEL, PRODUCT_MODEL, SHOP_RATING_MODEL)}
    for model in stored | set(apps.get_app_config("anodyne_blocks").get_models()):
        pre_save.connect(_clean_texts, model, dispatch_uid="anodyne_blocks_texts")
    for setting in (PERSON_MODEL, PRODUCT_MODEL):
        uid = f"anodyne_blocks_sizes_{setting}"
        post_save.connect(_on_save, stored_model(setting), dispatch_uid=uid)
    post_save.connect(_try_again, get_image_model(), dispatch_uid="anodyne_blocks_damage")
    pages = (model for model in apps.get_models() if issubclass(model, page_model()))
    for model in pages:
        if any(map(reviews.tells_of_reviews, block_definitions(model))):
            post_save.connect(_record_reviews, model, dispatch_uid="anodyne_blocks_reviews")
        if any(map(source_uses.lists_sources, block_definitions(model))):
            post_save.connect(_note_sources, model, dispatch_uid="anodyne_blocks_sources")
        if any(map(has_anchors, block_definitions(model))):
            pre_save.connect(_keep_anchors, model, dispatch_uid="anodyne_blocks_anchors")
    edits.connect()
    publishing.connect()
