"""Bodies of articles in one answer: noted first, built together, and only if they are sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from anodyne_blocks.api.conditional import answered, etag_of
from anodyne_blocks.api.versions import facts_of, sizes_of
from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.fetching import Pool, build, gather
from anodyne_blocks.fields import ArticleStreamValue
from anodyne_blocks.walk import page_streams

# Gives what an encoder wants in the place of an element, or of None.
Place = Callable[[Any], Any]


@dataclass(eq=False)
class Body:
    """The place of one article's body in an answer.

    `items` is empty until `Bodies.fill`; `marker` can stand for it in text.
    """

    value: ArticleStreamValue
    context: dict[str, Any]
    items: list[Any] = field(default_factory=list)
    marker: str = field(default_factory=lambda: uuid.uuid4().hex)

    def represented(self, place: Place | None = None) -> list[Any]:
        """The items, made if they are not yet."""
        if not self.items:
            self.items.extend(self.value.represented(self.context, place))
        return self.items


class Bodies:
    """The bodies of one answer. All are of the same moment, and fetched in one pass."""

    def __init__(self, request: Any) -> None:
        self.request, self.now = request, timezone.now()
        self.bodies: list[Body] = []
        self._loaded: Pool | None = None
        self._lacking: list[_Lacking] = []

    def add(self, value: ArticleStreamValue, context: dict[str, Any]) -> Body:
        """Note a body that is to be represented in a serializer's context."""
        article = replace(ArticleContext.for_page(value.page, self.request), now=self.now)
        body = Body(value, {**context, CONTEXT_KEY: article})
        self.bodies.append(body)
        return body

    def answer(
        self,
        request: HttpRequest,
        response: HttpResponse,
        rest: list[bytes],
        cache_control: str,
        place: Place | None = None,
    ) -> HttpResponse:
        """The response with its bodies and an ETag, or 304 or 412 without building one.

        `rest` is all of the answer but its bodies. `place` is for `fill`.
        """
        # Another field of the page may have built its article: then it is its own best fact.
        built = [body for body in self.bodies if any(s.is_built for s in _articles(body))]
        facts = [repr(body.represented()).encode() for body in built]
        contexts = [body.context[CONTEXT_KEY] for body in self.bodies if body not in built]
        if contexts:
            facts.append(facts_of(contexts, self._fetched()))
        response["Cache-Control"] = cache_control
        if None not in facts:
            response = answered(request, response, etag_of([*rest, *facts]))
        if response.status_code == 200:
            self.fill(place)
            if any(sizes.are_wanted for sizes in self._lacking):
                # A picture was made just now, or could not be: the next answer is another.
                del response["ETag"]
        return response

    def fill(self, place: Place | None = None) -> None:
        """Build and represent all bodies; see `ArticleStreamValue.represented`."""
        if not self.bodies:
            return
        build(self._unbuilt(), self._fetched())
        for body in self.bodies:
            body.represented(place)

    def _unbuilt(self) -> Iterator[ArticleStreamValue]:
        """The articles of all pages that are still to be built, each once."""
        streams = {id(stream): stream for body in self.bodies for stream in _articles(body)}
        return (stream for stream in streams.values() if not stream.is_built)

    def _fetched(self) -> Pool:
        """What the articles refer to, fetched once."""
        if self._loaded is None:
            self._loaded = gather(list(self._unbuilt()))
            for image, role in self._loaded.pictures:
                if sizes_of(image, role) is None:
                    image.found_sizes = _Lacking(getattr(image, "found_sizes", None) or {})
                    self._lacking.append(image.found_sizes)
        return self._loaded


def _articles(body: Body) -> list[ArticleStreamValue]:
    """The articles of a body's page, those too that are not asked for: the outline is of all."""
    streams = (value for _block, value in page_streams(body.value.page))
    return [value for value in streams if isinstance(value, ArticleStreamValue)]


class _Lacking(dict[str, Any]):
    """The sizes of an image by role, which tells whether a role that it lacks was asked for."""

    are_wanted = False

    def __contains__(self, role: object) -> bool:
        is_there = super().__contains__(role)
        self.are_wanted |= not is_there
        return is_there
