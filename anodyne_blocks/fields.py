"""`ArticleField`: a StreamField that knows its page and fetches all its elements need at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import timezone, translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamBlock, StreamValue
from wagtail.fields import Creator, StreamField

from anodyne_blocks.blocks.base import ElementBlock
from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.fetching import fetch
from anodyne_blocks.texts import Texts

# Whoever holds a block for longer than this gets the prices of now.
_LONGEST_RENDERING = datetime.timedelta(seconds=1)


class ArticleStreamValue(StreamValue):
    """The value of an `ArticleField`: Wagtail's own, with its page.

    Nothing is fetched before the first child is asked for; then everything is, in one pass. Value
    and children render in the language of the page, wherever they are printed.
    """

    class ArticleChild(StreamValue.StreamChild):
        """A block of an article, that knows the article."""

        article: ArticleStreamValue

        def render(self, context: dict[str, Any] | None = None) -> str:
            variables = self.article.with_context(context)
            if isinstance(self.block, ElementBlock):
                # It sees to the language itself.
                variables.setdefault("id", self.id)
                return self.block.render(self.value, context=variables)
            with translation.override(variables[CONTEXT_KEY].language):
                return super().render(variables)

        def render_as_block(self, context: dict[str, Any] | None = None) -> str:
            # Wagtail 7.4 goes past `render`.
            return self.render(context)

        def __str__(self) -> str:
            return self.render()

    page: Any = None
    is_built = False
    # The rich texts of all that was fetched together; set by `fetching.fetch`.
    texts: Texts | None = None
    # The context of a rendering that prints the blocks one by one, until it begins anew.
    _context: ArticleContext | None = None

    def __getitem__(self, i: Any) -> Any:
        self._context = None
        if isinstance(i, slice):
            return super().__getitem__(i)
        if not self.is_built:
            fetch([self])
        child = super().__getitem__(i)
        if child.__class__ is not self.ArticleChild:
            # Wagtail makes its children itself, and asks nobody of which class.
            child.__class__, child.article = self.ArticleChild, self
        elif child.article is not self:
            # It was taken over from another article.
            self[i] = child._as_tuple()
            return self[i]
        return child

    def __iter__(self) -> Iterator[Any]:
        self._context = None
        return iter(self.placed())

    def placed(self) -> list[Any]:
        """All children, for those who look at them while they are printed one by one."""
        if not self.is_built:
            fetch([self])
        children = enumerate(self._bound_blocks)
        return [
            child if getattr(child, "article", None) is self else self[index]
            for index, child in children
        ]

    def build(self) -> None:
        """Make all child values; `fetching.fetch` calls this with its pool in place."""
        self.is_built = True
        for index in range(len(self)):
            self[index]

    def __setitem__(self, i: Any, item: Any) -> None:
        self._context = None
        super().__setitem__(i, item)

    def __delitem__(self, i: Any) -> None:
        self._context = None
        super().__delitem__(i)

    def insert(self, i: int, item: Any) -> None:
        self._context = None
        super().insert(i, item)

    def copy(self) -> ArticleStreamValue:
        """The same blocks, for another page; nothing that was fetched comes along."""
        copied = ArticleStreamValue(self.stream_block, self.get_prep_value(), is_lazy=True)
        copied.raw_text, copied._stream_field = self.raw_text, self._stream_field
        return copied

    def with_context(self, context: dict[str, Any] | None) -> dict[str, Any]:
        """A template's variables with the article context of this value's page among them."""
        variables = dict(context or {})
        given = variables.get(CONTEXT_KEY)
        if self.page is not None and (given is None or given.page is not self.page):
            given = self.context_for(variables.get("request"))
        variables[CONTEXT_KEY] = given or ArticleContext.found_in(variables)
        return variables

    def context_for(self, request: Any) -> ArticleContext:
        """The context of this value's page: the same for each block of a loop in a template."""
        known = self._context
        if (
            known is None
            or known.request is not request
            or timezone.now() - known.now > _LONGEST_RENDERING
        ):
            known = self._context = ArticleContext.for_page(self.page, request)
        return known

    def render_as_block(self, context: dict[str, Any] | None = None) -> str:
        variables = self.with_context(context)
        with translation.override(variables[CONTEXT_KEY].language):
            kind = type(self.stream_block)
            if (
                kind.render is StreamBlock.render
                and kind.render_basic is StreamBlock.render_basic
                and not self.stream_block.get_template(self, context=variables)
            ):
                return self._join(variables)
            return super().render_as_block(variables)

    def _join(self, variables: dict[str, Any]) -> SafeString:
        """What Wagtail's `render_basic` gives, which formats the same markup for each child."""
        between = ""
        html = []
        for child in self:
            before, after, between = _around(child.block_type)
            html.append(before + conditional_escape(child.render(variables)) + after)
        return mark_safe(between.join(html))  # noqa: S308  every child is escaped

    def represented(
        self, context: dict[str, Any], place: Callable[[Any], Any] | None = None
    ) -> list[dict[str, Any]]:
        """What the API shows of it, in the language of the article context in `context`.

        `place` gives what an encoder wants in the place of an element (or None); without it, and
        wherever code of the site has a say on the way, elements are made plain dicts.
        """
        kind = type(self.stream_block)
        with translation.override(context[CONTEXT_KEY].language):
            if place is None or kind.get_api_representation is not _OF_STREAM:
                return self.stream_block.get_api_representation(self, context)
            return [
                {
                    "type": child.block.name,
                    "value": _represented(child, context, place),
                    "id": child.id,
                }
                for child in self
            ]

    def __html__(self) -> str:
        return self.render_as_block()


_OF_STREAM = StreamBlock.get_api_representation
_OF_ELEMENT = ElementBlock.get_api_representation


def _represented(child: Any, context: dict[str, Any], place: Callable[[Any], Any]) -> Any:
    """A block's value with its element in place, or as the site has it."""
    block = child.block
    if getattr(type(block), "get_api_representation", None) is not _OF_ELEMENT:
        return block.get_api_representation(child.value, context)
    shown = block.represented(child.value, context, language_is_active=True)
    shown["resolved"] = place(shown["resolved"])
    return shown


class _Sample(NamedTuple):
    """Stands in for a child, to see what Wagtail puts around it."""

    block_type: str

    def render(self, context: Any = None) -> SafeString:
        return mark_safe("\0")


@lru_cache(maxsize=256)
def _around(block_type: str) -> tuple[str, str, str]:
    """What Wagtail puts before, after and between the blocks of a stream."""
    one, two = (
        StreamBlock().render_basic([_Sample(block_type)] * count).split("\0") for count in (1, 2)
    )
    before, after = one
    return before, after, two[1][len(after) : len(two[1]) - len(before)]


class _PageAwareCreator(Creator):
    """Gives the value its page; a value that belongs to another page is copied."""

    def __get__(self, obj: Any, type: Any = None) -> Any:
        value = super().__get__(obj, type)
        if isinstance(value, ArticleStreamValue) and value.page is not obj:
            # The instance was unpickled or copied past `__set__`.
            self.__set__(obj, value)
            value = super().__get__(obj, type)
        return value

    def __set__(self, obj: Any, value: Any) -> None:
        value = self.field.to_python(value)
        if value.page is not None and value.page is not obj:
            value = value.copy()
        value.page = obj
        obj.__dict__[self.field.name] = value


class ArticleField(StreamField):
    """A StreamField for articles; takes the same arguments, stores the same data.

    It renders in its page's language and market whatever the request's language is, fetches
    products, people, ratings and images with one query each, and is typed in Wagtail's API.
    Changing a StreamField to an ArticleField or back needs no data migration.
    """

    def to_python(self, value: Any) -> ArticleStreamValue:
        plain = super().to_python(value)
        if isinstance(plain, ArticleStreamValue):
            return plain
        if not plain.is_lazy:
            data = list(plain)
        elif plain is value:
            data = plain.get_prep_value()
        else:
            data = list(plain.raw_data)
        result = ArticleStreamValue(
            plain.stream_block, data, is_lazy=plain.is_lazy, raw_text=plain.raw_text
        )
        result._stream_field = self
        return result

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.name, _PageAwareCreator(self))
