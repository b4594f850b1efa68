"""Images in their named sizes: from Wagtail's renditions to the `Image` of an element."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError
from django.db.models.fields.files import FieldFile
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractRendition, Filter
from wagtail.images.utils import to_svg_safe_spec

from anodyne_blocks import conf
from anodyne_blocks.article import damage
from anodyne_blocks.elements.base import Image, ImageSize, Loading

# (name, url, width, height) of each size of a role.
Sizes = tuple[tuple[str, str, int, int], ...]


class ImageRow:
    """The columns of an image that choose its renditions, read without making the image.

    `values` are in the order of `image_columns(role)`.
    """

    id: Any
    found_sizes: dict[str, Sizes] | None = None
    found_damage: damage.Noted | None = None

    def __init__(self, columns: Iterable[str], values: Iterable[Any]) -> None:
        self.__dict__.update(zip(columns, values, strict=True))

    def loaded(self) -> Any:
        """The image itself, or None where it is gone."""
        return get_image_model().objects.filter(pk=self.id).first()


class PreviewImage:
    """Stands in for an image in block previews, which work on an empty database."""

    def __init__(self, path: str, width: int, height: int) -> None:
        self.path, self.width, self.height = path, width, height

    @property
    def found_sizes(self) -> dict[str, Sizes]:
        """The packaged drawing, as the one size of every role."""
        from django.templatetags.static import static

        sizes = (("medium", static(self.path), self.width, self.height),)
        return dict.fromkeys(conf.IMAGE_SIZES, sizes)


def image_element(image: Any, role: str, alt: str, loading: Loading = "lazy") -> Image | None:
    """An image in all sizes of its role, smallest first.

    None where there is no image, or its file is gone or damaged: a page never fails for a picture.
    """
    sizes = image_sizes(image, role)
    return image_of(sizes, alt, loading) if sizes else None


def thumbnail(image: Any, spec: str) -> Any:
    """A rendition for the admin; None where the image's file is gone or damaged."""
    made = getattr(image, "prefetched_renditions", None) or ()
    try:
        if all(known.filter_spec != spec for known in made) and damage.is_noted(image):
            return None
        return image.get_rendition(_filter(spec))
    except DatabaseError:
        raise
    except Exception as error:
        damage.note(image, error)
        return None


def image_sizes(image: Any, role: str) -> Sizes:
    """The sizes of an image (an instance, row or sample) in a role; () where there are none."""
    if image is None:
        return ()
    found = getattr(image, "found_sizes", None)
    if found is not None and role in found:
        return found[role]
    made: Sizes = ()
    noted = getattr(image, "found_damage", None)
    if noted is None or image.id not in noted.ids:
        instance = image.loaded() if isinstance(image, ImageRow) else image
        made = _made_sizes(instance, role) if instance is not None else ()
    _lay(image, role, made)
    return made


@lru_cache(maxsize=2048)
def image_of(sizes: Sizes, alt: str, loading: Loading = "lazy") -> Image:
    """The `Image` of some sizes: one value for equal ones."""
    ordered = tuple(
        ImageSize(name=name, url=url, width=width, height=height)
        for name, url, width, height in sorted(sizes, key=lambda size: size[2])
    )
    middle = ordered[len(ordered) // 2]
    # A small original gives the same width twice; srcset may name each width once.
    by_width = {size.width: size.url for size in ordered}
    return Image(
        alt=alt,
        url=middle.url,
        width=middle.width,
        height=middle.height,
        srcset=", ".join(f"{url} {width}w" for width, url in by_width.items()),
        sizes=ordered,
        loading=loading,
    )


def _made_sizes(image: Any, role: str) -> Sizes:
    """The sizes of an image for which nothing was found in advance; those that lack are made."""
    try:
        needed = [
            (name, _filter(drawing if image.is_svg() else spec))
            for name, spec, drawing, _columns in _role(role)
        ]
        filters = {filter_ for _name, filter_ in needed}
        known = list(getattr(image, "prefetched_renditions", None) or ())
        lacking = {filter_.spec for filter_ in filters} - {one.filter_spec for one in known}
        if lacking:
            # Wagtail takes these for all there are, and would make again what another role lacks;
            # without them it would ask the site's cache first, and write to it.
            known += image.renditions.filter(filter_spec__in=lacking)
        image.prefetched_renditions = known
        made = {rendition.filter_spec for rendition in known}
        if any(filter_.spec not in made for filter_ in filters) and damage.is_noted(image):
            return ()
        renditions = image.get_renditions(*filters)
        found = ((name, renditions.get(filter_.spec)) for name, filter_ in needed)
        return tuple((name, size.url, size.width, size.height) for name, size in found if size)
    except DatabaseError:
        raise
    # What Pillow, its plug-ins and the parsers of drawings raise for a damaged or foreign file is
    # no closed list, and none of it may cost the page.
    except Exception as error:
        damage.note(image, error)
        return ()


def find_sizes(images: Iterable[tuple[Any, str]]) -> None:
    """Lay the sizes that roles need on each (image or row, role): one query for all.

    Wagtail's cache of renditions is neither read nor written. An image of which one rendition
    lacks gets no sizes here; `image_sizes` then makes it, unless it is known to be damaged.
    """
    wanted = [(image, role, _names(image, role)) for image, role in images if image is not None]
    specs = {spec for _image, _role, names in wanted for _name, spec, _key in names}
    if not specs:
        return
    ids = {image.id for image, _role, _names in wanted}
    rows = _renditions(ids, specs)
    lacking = []
    for image, role, names in wanted:
        try:
            sizes = tuple([(name, *rows[image.id, spec, key]) for name, spec, key in names])
        except KeyError:
            lacking.append((image, str(image.__dict__["file"] or "")))
            continue
        _lay(image, role, sizes)
    noted = damage.Noted((image.id, file) for image, file in lacking)
    for image, _file in lacking:
        image.found_damage = noted


def _lay(image: Any, role: str, sizes: Sizes) -> None:
    # Another dict: a copy of the image keeps what it had.
    image.found_sizes = {**(getattr(image, "found_sizes", None) or {}), role: sizes}


def image_columns(role: str) -> tuple[str, ...] | None:
    """The columns of the image model on which the renditions of a role depend.

    None where a site's own image operation depends on more than columns.
    """
    columns = {"id": None, "file": None}
    concrete = {field.attname for field in get_image_model()._meta.concrete_fields}
    for _name, _spec, _drawing, varying in _role(role):
        columns.update(dict.fromkeys(varying))
    return tuple(columns) if columns.keys() <= concrete else None


@lru_cache(maxsize=256)
def _filter(spec: str) -> Filter:
    return Filter(spec=spec)


class _Size(NamedTuple):
    """A named size: its spec, the one for a drawing, and the columns that change its renditions."""

    name: str
    spec: str
    drawing: str
    columns: tuple[str, ...]


@conf.remembered(maxsize=16)
def _role(role: str) -> tuple[_Size, ...]:
    return tuple(
        _Size(name, spec, to_svg_safe_spec(spec), _columns(spec))
        for name, spec in conf.image_sizes(role).items()
    )


def _columns(spec: str) -> tuple[str, ...]:
    try:
        operations = _filter(spec).operations
    except InvalidFilterSpecError:
        # A system check tells; the image is left out where it is needed.
        return ()
    return tuple(name for operation in operations for name in getattr(operation, "vary_fields", ()))


_Names = tuple[tuple[str, str, str], ...]


def _names(image: Any, role: str) -> _Names:
    """(name, spec, key of the focal point) of each size of an image."""
    # The stored name, before Django makes a file object of it.
    is_drawing = str(image.__dict__["file"]).lower().endswith(".svg")
    return _names_of_all(role, is_drawing) or tuple(
        (
            name,
            drawing if is_drawing else spec,
            _filter(spec).get_cache_key(image) if varying else "",
        )
        for name, spec, drawing, varying in _role(role)
    )


@conf.remembered(maxsize=32)
def _names_of_all(role: str, is_drawing: bool) -> _Names | None:
    """The same, where it is the same for all images: no size depends on a focal point."""
    if any(size.columns for size in _role(role)):
        return None
    return tuple((size.name, size.drawing if is_drawing else size.spec, "") for size in _role(role))


def _renditions(ids: set[Any], specs: set[str]) -> dict[tuple[Any, str, str], tuple[Any, ...]]:
    """{(image id, spec, key of the focal point): (url, width, height)} of what is there."""
    model = get_image_model().get_rendition_model()
    file = model._meta.get_field("file")
    if model.url is not AbstractRendition.url or file.attr_class.url is not FieldFile.url:
        # A site's own renditions know their address themselves.
        return {
            (made.image_id, made.filter_spec, made.focal_point_key): (
                made.url,
                made.width,
                made.height,
            )
            for made in model.objects.filter(
                image_id__in=ids, filter_spec__in=specs
            ).select_related("image")
        }
    url_of = _address(file.storage)
    columns = ("image_id", "filter_spec", "focal_point_key", "file", "width", "height")
    # By the image's key: where a relation is asked for, Django takes each id for an image first.
    found = model.objects.filter(image__pk__in=ids, filter_spec__in=specs).order_by()
    return {
        (pk, spec, key): (url_of(name), width, height)
        for pk, spec, key, name, width, height in found.values_list(*columns)
    }


def _address(storage: Any) -> Any:
    """What gives the address of a file by name; that of a file on disk is made once."""
    # Not type(): the default storage is a proxy.
    if storage.__class__.url is not FileSystemStorage.url:
        return storage.url
    return partial(_on_disk, storage.base_url)


@lru_cache(maxsize=8192)
def _on_disk(base_url: str, name: str) -> str:
    return FileSystemStorage(base_url=base_url).url(name)
