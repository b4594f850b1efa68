"""The page editor's message about pieces that the page lacks: damaged images, deleted choices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail.blocks import Block
from wagtail.images import get_image_model

from anodyne_blocks.admin.places import Place, places
from anodyne_blocks.admin.telling import warn
from anodyne_blocks.article import damage
from anodyne_blocks.article.fetching import FetchedChooser, images_of
from anodyne_blocks.article.images import image_sizes
from anodyne_blocks.article.walking import raw_children, walk
from anodyne_blocks.blocks.absent import damaged
from anodyne_blocks.models import get_product_model

# Lines of the message, and damaged images that are tried again; a broken import may have thousands.
MOST = 20


def tell(request: HttpRequest, page: Any) -> None:
    """A warning with the place of each piece."""
    found = list(dict.fromkeys([*_damaged_on(page), *_deleted_from(page)]))
    if not found:
        return
    lines = [(place.url, place.name, text) for place, text in found[:MOST]]
    title = gettext("Something that this page shows is missing.")
    warn(request, title, '<a href="{}">{}</a>: {}', lines)


def _damaged_on(page: Any) -> Iterator[tuple[Place, str]]:
    """The images that could not be shown, each tried once more: its file may have come back."""
    found = [
        (place, image, role)
        for place, bound, _stored in places(page)
        for _block, chosen in walk(bound.block, bound.value)
        for image, role in images_of(chosen)
        # Not a sample, which is in no library.
        if getattr(image, "id", None) is not None
    ]
    noted = damage.Noted((image.id, str(image.__dict__["file"] or "")) for _, image, _ in found).ids
    usable: dict[tuple[Any, str], bool] = {}
    for place, image, role in found:
        if image.id not in noted:
            continue
        key = image.id, role
        if key not in usable:
            usable[key] = len(usable) < MOST and _is_usable(*key)
        if not usable[key]:
            yield place, damaged(image)


def _is_usable(image_id: Any, role: str) -> bool:
    damage.forget([image_id])
    image = get_image_model().objects.filter(pk=image_id).first()
    return bool(image_sizes(image, role))


def _deleted_from(page: Any) -> Iterator[tuple[Place, str]]:
    """The choices that are in the database no more. Of products another message tells."""
    chosen = [
        (place, child, key)
        for place, bound, stored in places(page)
        for child, key in _chosen(bound.block, stored)
    ]
    wanted: dict[Any, set[Any]] = {}
    for _place, child, key in chosen:
        wanted.setdefault(child.model_class, set()).add(key)
    there = {model: set(model.objects.in_bulk(keys)) for model, keys in wanted.items()}
    text = gettext("What was chosen for “%(label)s” was deleted.")
    for place, child, key in chosen:
        if key not in there[child.model_class]:
            yield place, text % {"label": child.label}


def _chosen(block: Block, raw: Any) -> Iterator[tuple[FetchedChooser, Any]]:
    if isinstance(block, FetchedChooser):
        if block.model_class is not get_product_model() and block.is_key(raw):
            yield block, block.model_class._meta.pk.to_python(raw)
        return
    for child, value in raw_children(block, raw):
        yield from _chosen(child, value)
