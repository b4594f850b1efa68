"""API v2's pages with compact, conditional answers, and listings of few queries."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Site

from anodyne_blocks.api.cache_tags import LISTING, note
from anodyne_blocks.api.conditional import conditional
from anodyne_blocks.api.finding import page_at
from anodyne_blocks.api.renderers import PlainJSONRenderer
from anodyne_blocks.article import ONLY_ELEMENTS, WRITES_ELEMENTS
from anodyne_blocks.article.listing import Listing
from anodyne_blocks.fields import knows_page

__all__ = ["ArticlesAPIMixin", "ArticlesAPIViewSet"]

# Kept by anyone, but asked for again each time: a 304 is cheap, a wrong price is not.
CACHE_CONTROL = "public, no-cache"
# Databases fail at an offset of more.
_MOST_DIGITS = 18

if TYPE_CHECKING:
    from wagtail.api.v2.views import PagesAPIViewSet as _Mixed
else:
    _Mixed = object


class ArticlesAPIMixin(_Mixed):
    """Mix into a viewset of pages, before it; answers hold what they hold without it.

    JSON comes without indentation, unless it is asked for (`Accept: application/json; indent=4`).
    An answer's `ETag` is the digest of its bytes. A listing's related rows take one query each.
    With `?show=elements` blocks have their elements alone, and not their stored values.
    """

    cache_control = CACHE_CONTROL
    known_query_parameters: frozenset[str]

    def is_public(self, request: HttpRequest) -> bool:
        """Whether caches may keep the answer: it was asked for without credentials of any kind.

        A session may have passed a page's password, so that it sees what others do not.
        """
        user = getattr(request, "user", None)
        return (
            "Authorization" not in request.headers
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not (user is not None and user.is_authenticated)
        )

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\0" in value for _, values in request.GET.lists() for value in values):
            # PostgreSQL fails where it is asked for one.
            raise BadRequestError("no query parameter holds the character NUL")
        if len(request.GET.get("offset", "")) > _MOST_DIGITS:
            raise BadRequestError("offset is larger than any number of pages")

    def get_renderers(self) -> list[Any]:
        renderers = super().get_renderers()
        return [PlainJSONRenderer() if type(one) is JSONRenderer else one for one in renderers]

    def get_renderer_context(self) -> dict[str, Any]:
        context = super().get_renderer_context()
        context.pop("indent", None)
        return context

    def get_serializer_context(self) -> dict[str, Any]:
        renderer = getattr(self.request, "accepted_renderer", None)
        is_ours = isinstance(renderer, PlainJSONRenderer)
        context = {**super().get_serializer_context(), WRITES_ELEMENTS: is_ours}
        return {**context, ONLY_ELEMENTS: self._shows_only_elements}

    @property
    def _shows_only_elements(self) -> bool:
        return self.request.GET.get("show") == "elements"

    def check_query_parameters(self, queryset: QuerySet[Any]) -> None:
        """As Wagtail's; a page's own field may be called `show`, and filters as before."""
        if self._shows_only_elements:
            self.known_query_parameters = self.known_query_parameters | {"show"}
        super().check_query_parameters(queryset)

    @cached_property
    def _base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset()

    def get_base_queryset(self) -> QuerySet[Any]:
        """As Wagtail's, which asks up to four times in a request, with three queries each."""
        return self._base_queryset.all()

    def find_object(self, queryset: QuerySet[Any], request: HttpRequest) -> Any:
        """As Wagtail's; `html_path` may be a page's whole address, with the language in it."""
        found = super().find_object(queryset, request)
        if found is None and "html_path" in request.GET:
            page = page_at(request, request.GET["html_path"])
            found = queryset.filter(pk=page.pk).first() if page is not None else None
        return found

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's serializer; of a listing with all that its pages show of related rows."""
        if not kwargs.get("many"):
            return super().get_serializer(*args, **kwargs)
        pages = list(args[0])
        serializer = super().get_serializer(pages, **kwargs)
        shown = _fields_shown(serializer.child)
        listing = Listing(pages)
        own = _own_names(serializer.child)
        if own or any(map(knows_page, shown)):
            _ = listing.languages
        if own:
            _ = listing.pictures
        prefetch_related_objects(pages, *sorted(field.name for field in shown if field.is_relation))
        paths = Site.get_site_root_paths()
        for page in pages:
            # Wagtail's own place for them; it reads the cache once a page otherwise.
            page._wagtail_cached_site_root_paths = paths
        return serializer

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200 and response.accepted_renderer.format == "json":
            is_public = self.is_public(request)
            response["Cache-Control"] = self.cache_control if is_public else "private"
            note(request, others=[LISTING])
            response.add_post_render_callback(partial(conditional, request))
        return response


class ArticlesAPIViewSet(ArticlesAPIMixin, PagesAPIViewSet):
    """Wagtail's `PagesAPIViewSet`, fast: register it in its place."""


def _own_names(serializer: Any) -> set[str]:
    """What a serializer shows that the page model makes itself, as a lead image or `json_ld`."""
    model = serializer.Meta.model
    made = PagesAPIViewSet.get_body_fields_names(model) + PagesAPIViewSet.get_meta_fields_names(
        model
    )
    own = set(made) - set(PagesAPIViewSet.body_fields) - set(PagesAPIViewSet.meta_fields)
    stored = {field.name for field in model._meta.get_fields()}
    return own.intersection(serializer.Meta.fields) - stored


def _fields_shown(serializer: Any) -> list[Any]:
    """The fields of the model that a serializer of pages shows."""
    fields = {field.name: field for field in serializer.Meta.model._meta.concrete_fields}
    return [fields[name] for name in serializer.Meta.fields if name in fields]
