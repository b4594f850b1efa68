"""`ArticleField`: a StreamField that knows its page and fetches all its elements need at once."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import StreamValue
from wagtail.fields import Creator, StreamField

from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.fetching import fetch


class ArticleStreamValue(StreamValue):
    """The value of an `ArticleField`: Wagtail's own, with its page.

    Nothing is fetched before the first child is asked for; then everything is, in one pass.
    """

    page: Any = None
    _is_built = False

    def __getitem__(self, i: Any) -> Any:
        if not self._is_built:
            fetch([self])
        return super().__getitem__(i)

    def build(self) -> None:
        """Make all child values; `fetching.fetch` calls this with its pool in place."""
        self._is_built = True
        for index in range(len(self)):
            super().__getitem__(index)

    def render_as_block(self, context: dict[str, Any] | None = None) -> str:
        return super().render_as_block(self._with_article(context))

    def __html__(self) -> str:
        return self.stream_block.render(self, context=self._with_article(None))

    def _with_article(self, context: dict[str, Any] | None) -> dict[str, Any]:
        context = dict(context or {})
        if self.page is not None:
            context[CONTEXT_KEY] = ArticleContext.for_page(self.page, context.get("request"))
        return context


class _PageAwareCreator(Creator):
    """Gives the value its page when it is read."""

    def __get__(self, obj: Any, type: Any = None) -> Any:
        value = super().__get__(obj, type)
        if isinstance(value, ArticleStreamValue):
            value.page = obj
        return value


class ArticleField(StreamField):
    """A StreamField for articles; takes the same arguments, stores the same data.

    It renders in its page's language and market whatever the request's language is, fetches
    products, people, ratings and images with one query each, and is typed in Wagtail's API.
    Changing a StreamField to an ArticleField or back needs no data migration.
    """

    def to_python(self, value: Any) -> ArticleStreamValue:
        plain = super().to_python(value)
        if isinstance(plain, ArticleStreamValue) and plain.page is None:
            return plain
        result = ArticleStreamValue(
            plain.stream_block,
            list(plain.raw_data) if plain.is_lazy else list(plain),
            is_lazy=plain.is_lazy,
            raw_text=plain.raw_text,
        )
        result._stream_field = self
        return result

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.name, _PageAwareCreator(self))
