"""Images in their named sizes: from Wagtail's renditions to the `Image` of an element."""

from __future__ import annotations

import copy
import logging
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.images.utils import to_svg_safe_spec

from anodyne_blocks import conf
from anodyne_blocks.elements.base import Image, ImageSize

logger = logging.getLogger(__name__)


@lru_cache(maxsize=128)
def _filter(spec: str) -> Filter:
    return Filter(spec=spec)


def image_element(image: Any, role: str, alt: str) -> Image | None:
    """An image in all sizes of its role, smallest first.

    None where there is no image or its file is gone: a page never fails for a picture.
    """
    if image is None:
        return None
    if isinstance(image, PreviewImage):
        return image.element(alt)
    specs = _specs(image, role)
    filters = [_filter(spec) for spec in specs.values()]
    try:
        found = image.find_existing_renditions(*filters)
        if len(found) < len(filters):
            found = {_filter(k): v for k, v in image.get_renditions(*filters).items()}
    except (SourceImageIOError, OSError, InvalidFilterSpecError) as error:
        logger.warning("Image %s has no usable file: %s", image.pk, error)
        return None
    sizes = [
        ImageSize(name=name, url=rendition.url, width=rendition.width, height=rendition.height)
        for name, spec in specs.items()
        if (rendition := found.get(_filter(spec))) is not None
    ]
    return _image(sizes, alt)


def _specs(image: Any, role: str) -> dict[str, str]:
    """The filter specs of a role; for a drawing those that leave it one."""
    specs = conf.image_sizes(role)
    if image.is_svg():
        return {name: to_svg_safe_spec(spec) for name, spec in specs.items()}
    return specs


def _image(sizes: list[ImageSize], alt: str) -> Image | None:
    if not sizes:
        return None
    sizes.sort(key=lambda size: size.width)
    middle = sizes[len(sizes) // 2]
    # A small original gives the same width twice; srcset may name each width once.
    by_width = {size.width: size.url for size in sizes}
    return Image(
        alt=alt,
        url=middle.url,
        width=middle.width,
        height=middle.height,
        srcset=", ".join(f"{url} {width}w" for width, url in by_width.items()),
        sizes=tuple(sizes),
    )


def prefetch_renditions(images: Iterable[tuple[Any, str]]) -> None:
    """Lay the renditions that roles need beside each (image, role): one query for all."""
    by_image: dict[Any, list[Any]] = defaultdict(list)
    specs: set[str] = set()
    for image, role in images:
        if image is not None:
            by_image[image.pk].append(image)
            specs.update(_specs(image, role).values())
    if not by_image:
        return
    renditions: dict[Any, list[Any]] = defaultdict(list)
    model = get_image_model().get_rendition_model()
    for rendition in model.objects.filter(image_id__in=by_image, filter_spec__in=specs):
        renditions[rendition.image_id].append(rendition)
    for pk, instances in by_image.items():
        for image in instances:
            # Copies: Wagtail sets rendition.image, and with it the alt text, on each.
            image.prefetched_renditions = [copy.copy(rendition) for rendition in renditions[pk]]


class PreviewImage:
    """Stands in for an image in block previews, which work on an empty database."""

    def __init__(self, path: str, width: int, height: int) -> None:
        self.path, self.width, self.height = path, width, height

    def element(self, alt: str) -> Image | None:
        """The packaged drawing as an element's image."""
        from django.templatetags.static import static

        size = ImageSize(name="medium", url=static(self.path), width=self.width, height=self.height)
        return _image([size], alt)
