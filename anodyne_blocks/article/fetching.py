"""One pass over stored data gathers every id, fetches all at once, and only then builds values.

`fetch()` walks the raw JSON of any number of bodies and asks each block what it refers to; one
query for each kind of thing answers, one more finds all renditions. The blocks' own
`bulk_to_python` then takes objects from that `Pool` and makes no query.

A site's own chooser joins by mixing in `FetchedChooser` with a `loader`; see "Fetching" in the
reference.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import IntegerField
from django.utils.functional import cached_property
from wagtail.blocks import Block, ChooserBlock, RichTextBlock
from wagtail.images.models import AbstractImage

from anodyne_blocks.article.article import page_language
from anodyne_blocks.article.images import find_sizes
from anodyne_blocks.article.markets import markets_of, site_roots
from anodyne_blocks.article.reviews import text_key
from anodyne_blocks.article.texts import Texts
from anodyne_blocks.article.walking import raw_children, stored_default

# The one context variable, set only while `fetch` builds values: Wagtail's `bulk_to_python` takes
# no argument but the stored values, so a block cannot be handed what was fetched for it.
_pool: ContextVar[Pool | None] = ContextVar("anodyne_blocks_pool", default=None)


@dataclass(frozen=True)
class Scope:
    """For whom things are fetched: languages and market keys (None means all).

    `pages` are the ids of the pages whose texts are shown (`reviews.text_key`).
    """

    languages: frozenset[str] | None = None
    markets: frozenset[str] | None = None
    pages: frozenset[Any] = frozenset()


# Takes ids and a scope; gives {id: instance}. See `images_of` for the images that come along.
Loader = Callable[[set[Any], Scope], dict[Any, Any]]


@dataclass
class Pool:
    """What one pass fetched: {loader: {id: instance}}. Lives until its streams are built.

    The texts live on with the streams: their links are looked up when the first one is shown.
    """

    scope: Scope
    wanted: dict[Loader, set[Any]] = field(default_factory=lambda: defaultdict(set))
    found: dict[Loader, dict[Any, Any]] = field(default_factory=dict)
    given: set[tuple[Loader, Any]] = field(default_factory=set)
    texts: Texts = field(default_factory=Texts)
    # The images of what was fetched, each with its role.
    pictures: list[tuple[Any, str]] = field(default_factory=list)
    # The body whose values are being made.
    body: Any = None
    # What stands for each thing that is chosen, made of what is stored; None: it is fetched.
    stand_in: Callable[[Any], Any] | None = None

    def load(self) -> None:
        """One query for each kind, and one for all renditions."""
        for loader, ids in self.wanted.items():
            self.found[loader] = loader(ids, self.scope)
            for instance in self.found[loader].values():
                self.pictures += images_of(instance)
                for text in texts_of(instance):
                    self.texts.add(text)
        find_sizes(self.pictures)

    def give(self, loader: Loader, pk: Any) -> Any:
        """The instance with an id; a copy for each placement but the first.

        So what is laid on one placement's object shows on no other.
        """
        instance = self.found.get(loader, {}).get(pk)
        if instance is not None:
            if (loader, pk) in self.given:
                return copy.copy(instance)
            self.given.add((loader, pk))
        return instance


class Unfetched(NamedTuple):
    """What stands for a chosen object whose id is all that is needed."""

    pk: Any


class NotFetched(Exception):
    """Somebody asked for more than words: see `build_unread`."""


class Unread:
    """What stands for a chosen object of which nothing is to be read."""

    def __init__(self, _stored: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        raise NotFetched(name)


def images_of(instance: Any) -> Iterable[tuple[Any, str]]:
    """The images of a fetched instance with the role of each: an image itself, or what it says."""
    if isinstance(instance, AbstractImage):
        return ((instance, "figure"),)
    pictures = getattr(instance, "fetched_images", None)
    return pictures() if pictures else ()


def texts_of(instance: Any) -> Iterable[str]:
    """The rich texts of a fetched instance, as they are stored."""
    texts = getattr(instance, "fetched_texts", None)
    return texts() if texts else ()


class Fetched(Block):
    """A block whose values come with everything their elements need; stored is a key.

    Subclasses set `loader`. All blocks of a page share one query for each loader; where the page
    is not known each block definition makes its own, as with Wagtail's choosers.
    """

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        """{key: value} for these keys; unknown keys are left out."""
        raise NotImplementedError

    def is_key(self, raw: Any) -> bool:
        """Whether a stored value may be a key: content that no form checked may be any."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        if (known := _pool.get()) is not None and (stand_in := known.stand_in) is not None:
            return [None if value is None else stand_in(value) for value in values]
        values = [value if self.is_key(value) else None for value in values]
        loader = type(self).loader
        pool = _pool.get() or Pool(Scope())
        # Inside blocks that `fetch` cannot look into there may be others than those it gathered.
        missing = set(values) - pool.wanted.get(loader, set()) - {None}
        if missing:
            extra = Pool(Scope())
            extra.wanted[loader] = missing
            extra.load()
            pool.wanted[loader] |= missing
            pool.found[loader] = pool.found.get(loader, {}) | extra.found[loader]
        return [pool.give(loader, value) for value in values]


class FetchedChooser(Fetched, ChooserBlock):
    """A chooser whose objects come with everything their elements need."""

    @cached_property
    def _key(self) -> Any:
        key = self.model_class._meta.pk
        while key.remote_field:
            key = key.target_field
        return key

    def is_key(self, raw: Any) -> bool:
        """Whether a stored value may be a primary key: content that no form checked may be any."""
        if isinstance(self._key, IntegerField):
            # Not True and 1.0, which are equal to 1; and no more than databases can compare.
            return type(raw) is int and raw.bit_length() < 64
        try:
            return isinstance(raw, Hashable) and self._key.to_python(raw) is not None
        except ValidationError:
            return False


def fetch(bodies: Iterable[Any], scope: Scope | None = None) -> None:
    """Build all child values of these bodies: one query for each kind of reference.

    Bodies that belong to a page are fetched for its language and markets.
    """
    waiting = [(body, body.waiting()) for body in bodies]
    pool = Pool(scope or _scope_of(body for body, _by_type in waiting))
    for body, by_type in waiting:
        for name, items in by_type.items():
            stored = [item["value"] for item in items.values()]
            _gather(body.stream_block.child_blocks[name], stored, pool)
    pool.load()
    _build(waiting, pool)


def _build(waiting: Iterable[tuple[Any, Any]], pool: Pool) -> None:
    with _building(pool):
        for body, by_type in waiting:
            pool.body, body.texts = body, pool.texts
            body.build(by_type)


@contextmanager
def _building(pool: Pool) -> Iterator[None]:
    token = _pool.set(pool)
    try:
        yield
    finally:
        _pool.reset(token)


def without_fetching() -> AbstractContextManager[None]:
    """Values made inside hold no object that is chosen: to be stored again, not shown."""
    return _building(Pool(Scope(), stand_in=Unfetched))


def build_unread(bodies: Iterable[Any]) -> None:
    """Build the child values of these bodies for their words: what they choose takes no query.

    Such bodies are good for nothing else: who reads more of what was chosen gets `NotFetched`.
    """
    waiting = [(body, body.waiting()) for body in bodies if hasattr(body, "waiting")]
    _build(waiting, Pool(Scope(), stand_in=Unread))


def body_being_built() -> Any:
    """The body whose children are being made; None outside of one."""
    pool = _pool.get()
    return pool.body if pool else None


def _gather(block: Block, stored: Iterable[Any], pool: Pool) -> None:
    """Note what values of a block refer to: a page has many of few blocks."""
    if isinstance(block, Fetched):
        pool.wanted[type(block).loader].update(filter(block.is_key, stored))
        return
    if isinstance(block, RichTextBlock):
        for text in stored:
            pool.texts.add(text)
        return
    if (names := getattr(block, "other_children", None)) is not None:
        dicts = [raw for raw in stored if isinstance(raw, dict)]
        for name in names if dicts else ():
            child = block.child_blocks[name]
            values = [raw[name] if name in raw else stored_default(child) for raw in dicts]
            _gather(child, values, pool)
        return
    by_child: dict[str, tuple[Block, list[Any]]] = {}
    for raw in stored:
        for child, value in raw_children(block, raw):
            by_child.setdefault(child.name, (child, []))[1].append(value)
    for child, values in by_child.values():
        _gather(child, values, pool)


def _scope_of(bodies: Iterable[Any]) -> Scope:
    pages = [body.page for body in bodies]
    if any(page is None for page in pages):
        return Scope()
    languages = [page_language(page) for page in pages]
    roots = site_roots()
    markets = (markets_of(*pair, roots) for pair in zip(pages, languages, strict=True))
    return Scope(
        frozenset(languages),
        frozenset(key for keys in markets for key in keys),
        frozenset(map(text_key, pages)) - {None},
    )
