"""`ElementBlock`: a StructBlock that resolves to an element and shows it in three ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.rich_text import RichText, expand_db_html

from anodyne_blocks import conf
from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.elements.base import Element
from anodyne_blocks.rendering import html_of_element
from anodyne_blocks.walk import children, page_streams

if TYPE_CHECKING:
    from anodyne_blocks.outline import Outline

_EMPTY = re.compile(r"(\s*<p[^>]*>(\s|<br\s*/?>)*</p>)*\s*")


class CompleteBlock(blocks.StructBlock):
    """A StructBlock whose values always have all children, and that can be subclassed freely.

    A subclass may leave children out (`caption = None`) or add some; the form follows. The Meta
    option `settings` names the children shown behind the settings button.
    """

    def normalize(self, value: Any) -> Any:
        """A dict becomes a value in which each child that it does not name has its default."""
        if isinstance(value, self.meta.value_class):
            return value
        return super().normalize(
            {
                name: value[name] if name in value else child.get_default()
                for name, child in self.child_blocks.items()
            }
            | dict(value)
        )

    def get_form_layout(self) -> Any:
        """Children in order, those named by `Meta.settings` behind the settings button."""
        if self.meta.form_layout:
            return super().get_form_layout()
        settings = [name for name in self.meta.settings if name in self.child_blocks]
        main = [name for name in self.child_blocks if name not in settings]
        return BlockGroup(children=main, settings=settings)

    class Meta:
        settings: tuple[str, ...] = ()


class ElementBlock(CompleteBlock):
    """What an editor fills in; `resolve` makes of it what the reader gets.

    Subclasses set `Meta.template` and override `resolve` and `sample`. Instances are shared by all
    threads and keep nothing.
    """

    def resolve(self, value: Any, context: ArticleContext) -> Element | None:
        """The element for a stored value, or None where nothing is to be shown.

        Called with the context's language active.
        """
        raise NotImplementedError

    def sample(self) -> dict[str, Any]:
        """Children's values for the preview in the block picker; needs no database."""
        return {}

    def lasting_anchors(self, value: Any) -> Iterable[tuple[Any, str]]:
        """(owner, anchor) of the stored anchors, which come before those made from words."""
        return ()

    def outline(self, value: Any, outline: Outline) -> None:
        """Note this block's headings and anchors in the page's outline, if it shows something."""

    def reading_text(self, value: Any) -> Iterable[str]:
        """The texts (plain or HTML) that a reader of the article reads; none by default."""
        return ()

    def reading_images(self, value: Any) -> int:
        """The number of images that are content."""
        return 0

    def element(self, value: Any, context: ArticleContext) -> Element | None:
        """`resolve` in the context's language."""
        with translation.override(context.language):
            return self.resolve(value, context)

    def render(self, value: Any, context: dict[str, Any] | None = None) -> SafeString:
        """The element's template, in the page's language; nothing where there is no element."""
        article = ArticleContext.found_in(context)
        with translation.override(article.language):
            element = self.resolve(value, article)
            if element is None:
                return mark_safe("")
            variables = {**(context or {}), CONTEXT_KEY: article, "element": element}
            template = self.get_template(value, context=variables)
            html = html_of_element(template, element)
            return super().render(value, context=variables) if html is None else html

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        """The children as Wagtail gives them, and `resolved`: the element as JSON, or None."""
        element = self.element(value, ArticleContext.found_in(context))
        children = super().get_api_representation(value, context=context)
        return {**children, "resolved": element and element.model_dump(mode="json")}

    def get_preview_value(self) -> Any:
        """The sample, as far as this block has its children."""
        sample = self.sample().items()
        return self.normalize({name: part for name, part in sample if name in self.child_blocks})

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """A market is always there in a preview, so that a card can show its price."""
        language = translation.get_language() or "en"
        market = conf.market_for_language(language) or next(iter(conf.markets().values()))
        request = (parent_context or {}).get("request")
        context = ArticleContext(language, market, request=request, is_preview=True)
        return {**(parent_context or {}), CONTEXT_KEY: context}

    class Meta:
        preview_template = "anodyne_blocks/preview.html"


def html_of(rich_text: RichText | str | None) -> str:
    """Rich text as HTML with its links resolved; "" for None and for nothing but empty paragraphs.

    Wagtail's API stores an empty paragraph where an empty text was written.
    """
    source = rich_text.source if isinstance(rich_text, RichText) else rich_text
    return "" if not source or _EMPTY.fullmatch(source) else expand_db_html(source)


def common(context: ArticleContext) -> dict[str, Any]:
    """The fields that every element has."""
    return {"language": context.language, "direction": context.direction}


def level_below(value: Any, context: ArticleContext) -> int:
    """The level for a heading that stands inside the section in which `value` is placed."""
    return min(context.outline.level_at(value) + 1, 6)


def page_elements(context: ArticleContext) -> Iterator[Element]:
    """All elements of the context's page, in reading order; those inside others are theirs."""
    for block, value in page_streams(context.page):
        yield from _elements(block, value, context)


def _elements(block: blocks.Block, value: Any, context: ArticleContext) -> Iterator[Element]:
    if isinstance(block, ElementBlock):
        element = block.element(value, context)
        if element is not None:
            yield element
        return
    for child, child_value in children(block, value):
        yield from _elements(child, child_value, context)
