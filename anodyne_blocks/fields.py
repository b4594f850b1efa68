"""`ArticleField`: a StreamField that knows its page and fetches all its elements need at once."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from wagtail.blocks import StreamValue
from wagtail.fields import Creator, StreamField

from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.fetching import fetch


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
            with translation.override(variables[CONTEXT_KEY].language):
                return super().render(variables)

        def __str__(self) -> str:
            return self.render()

    page: Any = None
    is_built = False

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            return super().__getitem__(i)
        if not self.is_built:
            fetch([self])
        child = super().__getitem__(i)
        if getattr(child, "article", self) is not self:
            # It was taken over from another article.
            self[i] = child._as_tuple()
            child = super().__getitem__(i)
        # Wagtail makes its children itself, and asks nobody of which class.
        child.__class__, child.article = self.ArticleChild, self
        return child

    def build(self) -> None:
        """Make all child values; `fetching.fetch` calls this with its pool in place."""
        self.is_built = True
        for index in range(len(self)):
            super().__getitem__(index)

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
            given = ArticleContext.for_page(self.page, variables.get("request"))
        variables[CONTEXT_KEY] = given or ArticleContext.found_in(variables)
        return variables

    def render_as_block(self, context: dict[str, Any] | None = None) -> str:
        variables = self.with_context(context)
        with translation.override(variables[CONTEXT_KEY].language):
            return super().render_as_block(variables)

    def __html__(self) -> str:
        return self.render_as_block()


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
