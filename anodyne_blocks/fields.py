"""`ArticleField`: a StreamField that knows its page and fetches all its elements need at once.

So do the plain StreamFields of translatable models that hold elements, once `adopt` has seen them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from wagtail.blocks import Block, StreamValue
from wagtail.fields import Creator, StreamField
from wagtail.models import TranslatableMixin

from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.article.citations import with_own_citations
from anodyne_blocks.article.fetching import fetch
from anodyne_blocks.article.listing import together
from anodyne_blocks.article.own_blocks import OwnBlock, marked
from anodyne_blocks.article.reviews import refuse_regulated
from anodyne_blocks.article.stored import items, read
from anodyne_blocks.article.texts import Texts
from anodyne_blocks.article.walking import (
    ArticleBlock,
    holds_elements,
    loaded_streams,
    placements_in,
    stream_fields,
)

__all__ = ["ArticleField"]


class ArticleChild(StreamValue.StreamChild):
    """A block of an article's body, that knows the body."""

    def __init__(self, body: ArticleStreamValue, block: Block, value: Any, id: Any) -> None:
        super().__init__(block, value, id=id)
        self.body = body

    def render(self, context: dict[str, Any] | None = None) -> str:
        variables = self.body.with_article(context)
        if isinstance(self.block, ArticleBlock):
            # It sees to the language itself.
            html: str = super().render(variables)
            return html
        article = variables[CONTEXT_KEY]
        with article.speaking():
            html = super().render(variables)
            own = [
                (block, owner)
                for block, owner, _is_inside in placements_in(self.block, self.value, child=self)
                if isinstance(block, OwnBlock) and block.said
            ]
            html = marked(html, own, article.outline) if own else html
            return with_own_citations(html, self.block, self.value, article)

    def render_as_block(self, context: dict[str, Any] | None = None) -> str:
        # Wagtail 7.4 goes past `render`.
        return self.render(context)

    def __str__(self) -> str:
        return self.render()

    # Without it Jinja2 escapes the HTML of a block that is printed by `{{ block }}`.
    __html__ = __str__


class ArticleStreamValue(StreamValue):
    """The value of a field that knows its page: Wagtail's own, with the page.

    Nothing is fetched before the first child is asked for; then everything is, in one pass. Value
    and children render in the language of the page, wherever they are printed.
    """

    page: Any = None
    # What is shown of the page at present; see "Resolved once" in the design.
    article: Article | None = None
    # The rich texts of all that was fetched together; set by `fetching.fetch`.
    texts: Texts | None = None

    def _construct_stream_child(self, item: Any) -> ArticleChild:
        """As Wagtail's; a child that was taken over from another body becomes one of this."""
        child = super()._construct_stream_child(item)
        is_own = isinstance(child, ArticleChild) and child.body is self
        return child if is_own else ArticleChild(self, child.block, child.value, child.id)

    def _prefetch_blocks(self, type_name: str) -> None:
        """The children of all types, not of one."""
        fetch(together(self))

    def waiting(self) -> dict[str, dict[int, dict[str, Any]]]:
        """{type: {index: stored block}} of the children that are still to be made."""
        by_type: dict[str, dict[int, dict[str, Any]]] = {}
        both = zip(self._bound_blocks, self.raw_data[:], strict=True)
        for index, (child, stored) in enumerate(both):
            if child is None:
                by_type.setdefault(stored["type"], {})[index] = stored
        return by_type

    def build(self, waiting: dict[str, dict[int, dict[str, Any]]]) -> None:
        """Make the children of stored blocks; `fetch` calls this with its pool in place."""
        for name, of_type in waiting.items():
            block = self.stream_block.child_blocks[name]
            values = read(block, [stored["value"] for stored in of_type.values()])
            for (index, stored), value in zip(of_type.items(), values, strict=True):
                child = ArticleChild(self, block, value, stored.get("id"))
                self._bound_blocks[index] = child

    def built(self) -> list[ArticleChild]:
        """All children, to be looked at and not to be printed."""
        if None in self._bound_blocks:
            fetch(together(self))
        children: list[ArticleChild] = self._bound_blocks
        return children

    def __iter__(self) -> Iterator[Any]:
        """The children; printed one by one in a loop, they are of one article."""
        if None in self._bound_blocks:
            fetch(together(self))
        is_shown = self.article is not None or len(self) == 0
        with nullcontext() if is_shown else self._showing(Article.for_page(self.page)):
            yield from self._bound_blocks

    def __setitem__(self, i: Any, item: Any) -> None:
        self.article = self.texts = None
        super().__setitem__(i, item)

    def __delitem__(self, i: Any) -> None:
        self.article = self.texts = None
        super().__delitem__(i)

    def insert(self, i: int, item: Any) -> None:
        self.article = self.texts = None
        super().insert(i, item)

    def copy(self) -> ArticleStreamValue:
        """The same blocks, for another page; nothing that was fetched comes along."""
        copied = ArticleStreamValue(self.stream_block, self.get_prep_value(), is_lazy=True)
        copied.raw_text, copied._stream_field = self.raw_text, self._stream_field
        return copied

    @contextmanager
    def _showing(self, article: Article) -> Iterator[None]:
        """Leave an article on the bodies of its page; without a request, for a while."""
        bodies = [self, *loaded_streams(self.page)]
        for body in bodies:
            body.article = article
        try:
            yield
        finally:
            for body in bodies:
                if body.article is article and article.request is None:
                    body.article = None

    def with_article(self, context: dict[str, Any] | None) -> dict[str, Any]:
        """A template's variables with the article of this body's page among them."""
        variables = dict(context or {})
        given = variables.get(CONTEXT_KEY)
        if self.page is None:
            variables[CONTEXT_KEY] = Article.found_in(variables)
        elif given is None or given.page is not self.page:
            variables[CONTEXT_KEY] = Article.for_page(self.page, variables.get("request"))
        return variables

    def render_as_block(self, context: dict[str, Any] | None = None) -> str:
        variables = self.with_article(context)
        article = variables[CONTEXT_KEY]
        with article.speaking(), self._showing(article):
            html: str = super().render_as_block(variables)
            return html

    def __html__(self) -> str:
        return self.render_as_block()

    def represented(self, context: Any) -> list[dict[str, Any]]:
        """What an API shows of it, as its serializer's context says."""
        article = Article.for_page(self.page, context.get("request"))
        with article.speaking(), self._showing(article):
            items: list[dict[str, Any]] = self.stream_block.get_api_representation(
                self, {**context, CONTEXT_KEY: article}
            )
            return items


class _PageAwareCreator(Creator):
    """Gives the value its page; a value that belongs to another page is copied."""

    def __get__(self, obj: Any, type: Any = None) -> Any:
        value = super().__get__(obj, type)
        if isinstance(value, StreamValue) and getattr(value, "page", None) is not obj:
            # The instance was unpickled or copied past `__set__`.
            self.__set__(obj, value)
            value = super().__get__(obj, type)
        return value

    def __set__(self, obj: Any, value: Any) -> None:
        value = _knowing(self.field.to_python(value))
        if value.page is not None and value.page is not obj:
            value = value.copy()
        value.page = obj
        obj.__dict__[self.field.name] = value


def _knowing(plain: StreamValue) -> ArticleStreamValue:
    """A field's value as one that can know its page."""
    if isinstance(plain, ArticleStreamValue):
        return plain
    if not plain.is_lazy:
        data = list(plain)
    elif any(child is not None for child in plain._bound_blocks):
        # Children that were made may have been changed.
        data = plain.get_prep_value()
    else:
        data = [item for item in plain.raw_data[:] if "value" in item]
    value = ArticleStreamValue(
        plain.stream_block, data, is_lazy=plain.is_lazy, raw_text=plain.raw_text
    )
    value._stream_field = plain._stream_field
    return value


class ArticleField(StreamField):
    """A StreamField for articles; takes the same arguments, stores the same data.

    It renders in its page's language and market whatever the request's language is, fetches
    products, people, ratings and images with one query each, and is typed in Wagtail's API.
    Changing a StreamField to an ArticleField or back needs no data migration.
    """

    default_validators = [refuse_regulated]

    def to_python(self, value: Any) -> ArticleStreamValue:
        if isinstance(value, str):
            # As revisions hold it; a text that is no JSON is Wagtail's to keep.
            with suppress(ValueError):
                value = items(json.loads(value))
        return _knowing(super().to_python(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> ArticleStreamValue:
        stored = self.json_field.from_db_value(value, expression, connection)
        return self.to_python(items(stored))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """As a StreamField: a site's migrations need Wagtail alone."""
        name, _path, arguments, options = super().deconstruct()
        return name, "wagtail.fields.StreamField", arguments, options

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.name, _PageAwareCreator(self))


def knows_page(field: Any) -> bool:
    """Whether the values of a model's field know the page that they are on."""
    return isinstance(getattr(field.model, field.name, None), _PageAwareCreator)


def adopt(models: Iterable[type]) -> None:
    """Let the plain StreamFields that hold elements know their pages, as an `ArticleField` does.

    Wagtail's own descriptor is replaced; where a site has put another one, or makes values of its
    own, nothing is touched, and `checks.fields` tells.
    """
    for model in models:
        for field in stream_fields(model):
            if field.model is model and _is_wagtails(field) and holds_elements(field.stream_block):
                setattr(model, field.name, _PageAwareCreator(field))
                field.validators.append(refuse_regulated)


def _is_wagtails(field: StreamField) -> bool:
    """Whether a field of a page or other translatable model works as Wagtail made it."""
    return (
        issubclass(field.model, TranslatableMixin)
        and type(getattr(field.model, field.name, None)) is Creator
        and type(field.to_python([])) is StreamValue
    )
