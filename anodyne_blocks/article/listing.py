"""Pages that one answer shows: what they need is fetched for all of them when one asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects
from wagtail.images.models import AbstractImage
from wagtail.models import Site, TranslatableMixin

from anodyne_blocks import conf
from anodyne_blocks.article.article import find_languages
from anodyne_blocks.article.images import find_sizes
from anodyne_blocks.article.reviews import original
from anodyne_blocks.article.walking import loaded_streams

# Where a page has it; none of those that are shown alone.
_PLACE = "anodyne_listing"


class Listing:
    """The pages of one answer, each of which knows it from here on."""

    def __init__(self, pages: Iterable[Any]) -> None:
        self.pages = list(pages)
        for page in self.pages:
            setattr(page, _PLACE, self)

    @cached_property
    def languages(self) -> None:
        """Finds the languages of all pages."""
        find_languages([page for page in self.pages if isinstance(page, TranslatableMixin)])

    @cached_property
    def pictures(self) -> None:
        """Fetches the images in the pages' own fields, in the sizes of all roles."""
        found = []
        model: Any
        for model, pages in groupby(sorted(self.pages, key=_name_of), type):
            fields = [
                field.name
                for field in model._meta.concrete_fields
                if field.is_relation and issubclass(field.related_model, AbstractImage)
            ]
            own = list(pages)
            if fields:
                prefetch_related_objects(own, *fields)
            found += [getattr(page, name) for page in own for name in fields]
        find_sizes((image, role) for image in found for role in conf.IMAGE_SIZES)

    @cached_property
    def ancestors(self) -> dict[str, Any]:
        """{path: page} of all above the pages, the root among them."""
        shown = {*self.pages, *map(original, self.pages)}
        paths = {path for page in shown for path in _paths_above(page)}
        above = conf.page_model().objects.filter(path__in=paths).select_related("locale")
        roots = Site.get_site_root_paths()
        for page in (found := {page.path: page for page in above}).values():
            # Wagtail's own place for them; it reads the cache once a page otherwise.
            page._wagtail_cached_site_root_paths = roots
        return found

    @cached_property
    def above(self) -> dict[str, Any]:
        """The same as pages of their types: one query for each type."""
        found = dict(self.ancestors)
        by_model: dict[Any, list[Any]] = {}
        for page in found.values():
            by_model.setdefault(page.specific_class or type(page), []).append(page.pk)
        for model, keys in by_model.items():
            if model is not conf.page_model():
                pages = model._default_manager.in_bulk(keys).values()
                found.update((page.path, page) for page in pages)
        return found

    @cached_property
    def public_ancestors(self) -> dict[str, Any]:
        """Those of them that anybody may see."""
        pages = conf.page_model().objects.filter(path__in=list(self.ancestors))
        seen = pages.live().public().values_list("path", flat=True)
        return {path: self.above[path] for path in seen}


def listing_of(page: Any) -> Listing | None:
    """The listing that a page came with, if it did."""
    return getattr(page, _PLACE, None)


def ancestors_of(page: Any) -> list[Any]:
    """The pages above a page, from the root: one query, for all of a listing together.

    Of an alias those above the page whose text it shows.
    """
    listing, page = listing_of(page), original(page)
    if listing is None:
        return list(page.get_ancestors().select_related("locale"))
    return [found for path in _paths_above(page) if (found := listing.ancestors.get(path))]


def together(body: Any) -> list[Any]:
    """A body, and those of the pages that came with its page."""
    listing = listing_of(body.page)
    if listing is None:
        return [body]
    _ = listing.languages
    others = (value for page in listing.pages for value in loaded_streams(page))
    return [body, *(other for other in others if other is not body and hasattr(other, "waiting"))]


def public_ancestors_of(page: Any, listing: Listing) -> list[Any]:
    """Those of the pages above that anybody may see, from the top."""
    return [found for path in _paths_above(page) if (found := listing.public_ancestors.get(path))]


def parent_of(page: Any, listing: Listing) -> Any:
    """The page above, as a page of its type; None above the root."""
    above = _paths_above(page)
    return listing.above.get(above[-1]) if above else None


def _paths_above(page: Any) -> list[str]:
    return [page.path[:end] for end in range(page.steplen, len(page.path), page.steplen)]


def _name_of(page: Any) -> str:
    return str(type(page)._meta.label)
