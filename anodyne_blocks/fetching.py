"""One pass over stored data gathers every id, fetches all at once, and only then builds values.

`fetch()` walks the raw JSON of any number of StreamField values and asks each block what it refers
to; one query for each kind of thing answers, one more finds all renditions. The blocks' own
`bulk_to_python` then takes objects from that `Pool` and makes no query.

A site's own chooser joins by mixing in `FetchedChooser` with a `loader`; see "Fetching" in the
reference.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from wagtail.blocks import Block, ChooserBlock
from wagtail.images.models import AbstractImage

from anodyne_blocks import conf
from anodyne_blocks.images import prefetch_renditions
from anodyne_blocks.walk import raw_children

# Set only while one call of `fetch` builds values; wagtail's `bulk_to_python` takes no argument.
_pool: ContextVar[Pool | None] = ContextVar("anodyne_blocks_pool", default=None)


@dataclass(frozen=True)
class Scope:
    """For whom things are fetched: languages and market keys. None means all."""

    languages: frozenset[str] | None = None
    markets: frozenset[str] | None = None


# Takes ids and a scope; gives {id: instance}. See `images_of` for the images that come along.
Loader = Callable[[set[Any], Scope], dict[Any, Any]]


@dataclass
class Pool:
    """What one pass fetched: {loader: {id: instance}}. Lives as long as the call of `fetch`."""

    scope: Scope
    wanted: dict[Loader, set[Any]] = field(default_factory=lambda: defaultdict(set))
    found: dict[Loader, dict[Any, Any]] = field(default_factory=dict)

    def load(self) -> None:
        """One query for each kind, and one for all renditions."""
        images: list[tuple[Any, str]] = []
        for loader, ids in self.wanted.items():
            self.found[loader] = loader(ids, self.scope)
            for instance in self.found[loader].values():
                images.extend(images_of(instance))
        prefetch_renditions(images)


def images_of(instance: Any) -> Iterable[tuple[Any, str]]:
    """The images of a fetched instance with the role of each: an image itself, or what it says."""
    if isinstance(instance, AbstractImage):
        return ((instance, "figure"),)
    pictures = getattr(instance, "fetched_images", None)
    return pictures() if pictures else ()


class FetchedChooser(ChooserBlock):
    """A chooser whose objects come with everything their elements need.

    Subclasses set `loader`. In an `ArticleField` all choosers of a page share one query for each
    loader; in a plain StreamField each block definition makes its own, as with Wagtail's choosers.
    """

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        """{id: instance} for these ids; unknown ids are left out."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        values = list(values)
        loader = type(self).loader
        pool = _pool.get() or Pool(Scope())
        found = pool.found.get(loader, {})
        # Inside blocks that `fetch` cannot look into there may be others than those it gathered.
        missing = set(values) - pool.wanted.get(loader, set()) - {None}
        if missing:
            extra = Pool(Scope())
            extra.wanted[loader] = missing
            extra.load()
            found = found | extra.found[loader]
        # A copy each, so that what is laid on one placement's object shows on no other.
        return [copy.copy(found.get(value)) for value in values]


def fetch(streams: Iterable[Any], scope: Scope | None = None) -> None:
    """Build all child values of these `ArticleField` values: one query for each kind of reference.

    Streams that belong to a page (see `ArticleField`) are fetched for its language and market.
    """
    streams = [stream for stream in streams if not stream.is_built]
    pool = Pool(scope or _scope_of(streams))
    for stream in streams:
        # A value that is not lazy has its objects already.
        for item in stream.raw_data if stream.is_lazy else ():
            block = stream.stream_block.child_blocks.get(item["type"])
            if block is not None:
                _gather(block, item["value"], pool)
    pool.load()
    token = _pool.set(pool)
    try:
        for stream in streams:
            stream.build()
    finally:
        _pool.reset(token)


def _gather(block: Block, raw: Any, pool: Pool) -> None:
    if isinstance(block, FetchedChooser):
        if raw is not None:
            pool.wanted[type(block).loader].add(raw)
        return
    for child, value in raw_children(block, raw):
        _gather(child, value, pool)


def _scope_of(streams: list[Any]) -> Scope:
    from anodyne_blocks.context import page_language

    pages = [getattr(stream, "page", None) for stream in streams]
    if any(page is None for page in pages):
        return Scope()
    languages = frozenset(page_language(page) for page in pages)
    markets = (conf.market_for_language(language) for language in languages)
    return Scope(languages, frozenset(market.key for market in markets if market))
