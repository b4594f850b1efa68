"""`ElementBlock`: a StructBlock that resolves to an element and shows it in three ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.rich_text import RichText

from anodyne_blocks import conf
from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.elements.base import Element
from anodyne_blocks.fetching import article_being_built
from anodyne_blocks.rendering import html_of_element
from anodyne_blocks.walk import children, definitions, page_streams

if TYPE_CHECKING:
    from anodyne_blocks.outline import Outline

_EMPTY = re.compile(r"(\s*<p[^>]*>(\s|<br\s*/?>)*</p>)*\s*")


# Blocks of Wagtail's own (a subclass may do anything) whose values are the JSON that is stored.
_AS_STORED = frozenset(
    {
        blocks.CharBlock,
        blocks.TextBlock,
        blocks.BooleanBlock,
        blocks.URLBlock,
        blocks.EmailBlock,
        blocks.IntegerBlock,
        blocks.RegexBlock,
    }
)


def _is_as_stored(block: blocks.Block) -> bool:
    if callable(getattr(block.meta, "default", None)):
        # Each value may get another one.
        return False
    if type(block) is blocks.ChoiceBlock:
        # Keys of other types are stored as JSON, and found again by their text.
        choices = block._constructor_kwargs.get("choices")
        return isinstance(choices, (list, tuple)) and all(
            isinstance(choice, tuple) and isinstance(choice[0], str) for choice in choices
        )
    return type(block) in _AS_STORED


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

    @cached_property
    def other_children(self) -> tuple[str, ...]:
        """The children whose values are made of what is stored: choosers, rich texts, lists.

        Those of the rest (texts, choices) are what is stored, and what the API shows.
        """
        return tuple(name for name, child in self.child_blocks.items() if not _is_as_stored(child))

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        """The defaults of the plain children, among all in order; None for the others."""
        others = self.other_children
        return {
            name: None if name in others else child.get_default()
            for name, child in self.child_blocks.items()
        }

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        """As Wagtail's; the values of plain children are only copied."""
        values = list(values)
        others = [(name, self.child_blocks[name]) for name in self.other_children]
        converted = {
            name: iter(child.bulk_to_python([raw[name] for raw in values if name in raw]))
            for name, child in others
        }
        article = article_being_built()
        defaults = self._defaults
        made = []
        for raw in values:
            # In the order of the children, whatever the order in which they were stored.
            parts = {**defaults, **raw}
            for name in raw.keys() - defaults.keys():
                # A child that the block had once.
                del parts[name]
            for name, child in others:
                parts[name] = next(converted[name]) if name in raw else child.get_default()
            value = self._to_struct_value(parts)
            value.article = article
            made.append(value)
        return made

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        """As Wagtail's."""
        shown = dict(value)
        for name in self.other_children:
            if name in shown:
                child = self.child_blocks[name]
                shown[name] = child.get_api_representation(shown[name], context=context)
        return shown

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

    # Whether `resolve` asks which language is active. Not inherited: a subclass has its own ways.
    asks_language = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.asks_language = vars(cls).get("asks_language", True)

    @cached_property
    def children_with_elements(self) -> tuple[str, ...]:
        """The names of the children in which other elements can stand."""
        return tuple(
            name
            for name, child in self.child_blocks.items()
            if any(isinstance(below, ElementBlock) for below in definitions(child))
        )

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
        # To ask is dearer than to resolve most elements.
        if not self.asks_language or translation.get_language() == context.language:
            return self.resolve(value, context)
        with translation.override(context.language):
            return self.resolve(value, context)

    def render(self, value: Any, context: dict[str, Any] | None = None) -> SafeString:
        """The element's template, in the page's language; nothing where there is no element."""
        article = _article_context(value, context)
        element = self.element(value, article)
        if element is None:
            return mark_safe("")
        template = self.get_template(value, context=context)
        if template and type(self).get_context is _GET_CONTEXT:
            html = html_of_element(template, element, article)
            if html is not None:
                return html
        variables = {**(context or {}), CONTEXT_KEY: article, "element": element}
        with translation.override(article.language):
            return super().render(value, context=variables)

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        """The children as Wagtail gives them, and `resolved`: the element as JSON, or None."""
        shown = self.represented(value, context)
        element = shown["resolved"]
        shown["resolved"] = element and element.model_dump(mode="json")
        return shown

    def represented(
        self, value: Any, context: Any, language_is_active: bool = False
    ) -> dict[str, Any]:
        """The same, in which the element is still one."""
        resolve = self.resolve if language_is_active else self.element
        element = resolve(value, ArticleContext.found_in(context))
        shown = super().get_api_representation(value, context=context)
        shown["resolved"] = element
        return shown

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


_GET_CONTEXT = blocks.StructBlock.get_context


def _article_context(value: Any, variables: dict[str, Any] | None) -> ArticleContext:
    """The context among the variables, or that of the article that the value was fetched for."""
    variables = variables or {}
    article = getattr(value, "article", None)
    if CONTEXT_KEY in variables or article is None or article.page is None:
        return ArticleContext.found_in(variables)
    return article.context_for(variables.get("request"))


def html_of(rich_text: RichText | str | None, context: ArticleContext) -> str:
    """Rich text as HTML with its links resolved; "" for None and for nothing but empty paragraphs.

    Wagtail's API stores an empty paragraph where an empty text was written. The links of all texts
    that were fetched with the context's page are looked up together.
    """
    source = rich_text.source if isinstance(rich_text, RichText) else rich_text
    return "" if not source or _EMPTY.fullmatch(source) else context.texts.html(source)


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
