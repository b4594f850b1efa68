"""`ElementBlock`: a StructBlock that resolves to an element and shows it in three ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.rich_text import RichText

from anodyne_blocks import conf
from anodyne_blocks.article import CONTEXT_KEY, ONLY_ELEMENTS, WRITES_ELEMENTS, Article
from anodyne_blocks.article.citations import MARK
from anodyne_blocks.article.fetching import body_being_built
from anodyne_blocks.article.reading_time import strip_html
from anodyne_blocks.article.rendering import html_of_element
from anodyne_blocks.article.stored import Reading, form_state, read
from anodyne_blocks.article.walking import ArticleBlock
from anodyne_blocks.blocks.absent import notes
from anodyne_blocks.blocks.untranslated import UntranslatedBlock, UntranslatedURLBlock
from anodyne_blocks.elements.base import Element, ElementJSON
from anodyne_blocks.sources.characters import storable

_EMPTY = re.compile(r"(\s*<p[^>]*>(\s|<br\s*/?>)*</p>)*\s*")


# Wagtail's own (a subclass may do anything) whose values are the JSON that is stored.
_TEXTS = (blocks.CharBlock, blocks.TextBlock, blocks.URLBlock, blocks.EmailBlock, blocks.RegexBlock)
_UNTRANSLATED = (UntranslatedBlock, UntranslatedURLBlock)
_PLAIN = frozenset({*_TEXTS, *_UNTRANSLATED, blocks.BooleanBlock, blocks.IntegerBlock})


def _is_plain(block: blocks.Block) -> bool:
    if callable(getattr(block.meta, "default", None)):
        # Each value may get another one.
        return False
    if type(block) is blocks.ChoiceBlock:
        # Keys of other types are stored as JSON, and found again by their text.
        choices = block.deconstruct()[2].get("choices")
        return isinstance(choices, (list, tuple)) and all(
            isinstance(choice, tuple) and isinstance(choice[0], str) for choice in choices
        )
    return type(block) in _PLAIN or getattr(block, "is_plain", False)


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
        """The children whose values are made of what is stored: choosers, rich texts, lists."""
        return tuple(name for name, child in self.child_blocks.items() if not _is_plain(child))

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        """The defaults of the plain children, among all in order; None for the others."""
        others = self.other_children
        return {
            name: None if name in others else child.get_default()
            for name, child in self.child_blocks.items()
        }

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.child_blocks)

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        """As Wagtail's, which takes a quarter of a page's time for children that it only copies.

        A child that cannot be read is as one that was not stored. Each value knows the body that it
        belongs to, printed wherever it may be.
        """
        values = self._reading.mended(list(values))
        others = {name: self.child_blocks[name] for name in self.other_children}
        converted = {
            name: iter(read(child, [raw[name] for raw in values if name in raw]))
            for name, child in others.items()
        }
        made, body, defaults = [], body_being_built(), self._defaults
        for raw in values:
            # In the order of the children, whatever the order in which they were stored.
            parts = {**defaults, **raw}
            if len(parts) > len(defaults):
                # A child was stored that the block has no more.
                parts = {name: parts[name] for name in defaults}
            for name, child in others.items():
                parts[name] = next(converted[name]) if name in raw else child.get_default()
            value = self.meta.value_class(self, parts)
            value.body = body
            made.append(value)
        return made

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        """As Wagtail's, which asks each child how it shows what is shown as it is."""
        shown, children = {**value}, self.child_blocks
        for name in self.other_children:
            if name in shown:
                shown[name] = children[name].get_api_representation(shown[name], context=context)
        return shown

    def clean(self, value: Any) -> Any:
        """As Wagtail's; without the characters that some database or format does not hold."""
        for name, part in value.items():
            if isinstance(part, str):
                value[name] = storable(part)
            elif isinstance(part, RichText) and storable(part.source) != part.source:
                value[name] = RichText(storable(part.source))
        return super().clean(value)

    def defer_required_validation(self) -> None:
        """As Wagtail 8.0's: 7.4 forgot for good that a child shared by two blocks is required."""
        super(blocks.BaseStructBlock, self).defer_required_validation()
        for child in self.child_blocks.values():
            if not child.is_deferred_validation:
                child.defer_required_validation()

    def get_form_state(self, value: Any) -> dict[str, Any]:
        """As Wagtail's; a rich text that the editor cannot read is its words."""
        return {name: form_state(self.child_blocks[name], part) for name, part in value.items()}

    def get_form_layout(self) -> Any:
        """Children in order, those named by `Meta.settings` behind the settings button."""
        if self.meta.form_layout:
            return super().get_form_layout()
        settings = [name for name in self.meta.settings if name in self.child_blocks]
        main = [name for name in self.child_blocks if name not in settings]
        return BlockGroup(children=main, settings=settings)

    class Meta:
        settings: tuple[str, ...] = ()


class ElementBlock(ArticleBlock, CompleteBlock):
    """What an editor fills in; `resolve` makes of it what the reader gets.

    Subclasses set `Meta.template` and override `resolve` and `sample`; `Meta.stylesheets` names
    static files that `{% anodyne_css %}` links where the block is used. Instances are shared by all
    threads and keep nothing.
    """

    # Whether the API gives its element with it; else the block around it has it in its own.
    is_resolved_alone = True

    def sample(self) -> dict[str, Any]:
        """Children's values for the preview in the block picker; needs no database."""
        return {}

    def element(self, value: Any, article: Article) -> Element | None:
        """What `resolve` makes of a value in the article's language, once for an article."""
        with article.speaking():
            return article.element(self, value)

    def render(self, value: Any, context: dict[str, Any] | None = None) -> SafeString:
        """The element's template, in the page's language; nothing where there is no element.

        A preview says what lacks.
        """
        article = article_of(value, context)
        with article.speaking():
            element = article.element(self, value)
            lacking = notes(self, value, article)
            if element is None:
                return lacking
            variables = {**(context or {}), CONTEXT_KEY: article, "element": element}
            template = self.get_template(value, context=variables)
            if not template:
                return lacking + self.render_basic(value, context=variables)
            variables = self.get_context(value, parent_context=variables)
            return lacking + html_of_element(template, article, variables)

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        """The children as Wagtail gives them, and `resolved`: the element as JSON, or None.

        `resolved` alone where the context has `ONLY_ELEMENTS`.
        """
        if not self.is_resolved_alone:
            return super().get_api_representation(value, context=context)
        context = context or {}
        given: Article | None = context.get(CONTEXT_KEY)
        if given is not None:
            # Whoever gives one speaks its language.
            element = given.element(self, value)
        else:
            # Of a page that is not known an API's request tells nothing.
            known = getattr(value, "body", None) is not None
            element = self.element(value, article_of(value, context if known else None))
        is_alone = context.get(ONLY_ELEMENTS)
        shown = {} if is_alone else super().get_api_representation(value, context=context)
        as_json = ElementJSON if context.get(WRITES_ELEMENTS) else Element.as_json
        shown["resolved"] = element and as_json(element)
        return shown

    def get_searchable_content(self, value: Any) -> list[str]:
        """The words and the names, without markup; no settings, labels or anchors.

        Of a block that says of neither what they are, all that Wagtail finds.
        """
        if not any(_says(self, name) for name in ("reading_text", "words", "names")):
            return super().get_searchable_content(value)
        texts = map(strip_html, (*self.words(value), *self.names(value)))
        return [text for text in texts if text]

    def get_preview_value(self) -> Any:
        """The sample, as far as this block has its children."""
        sample = self.sample().items()
        return self.normalize({name: part for name, part in sample if name in self.child_blocks})

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """A market is always there in a preview, so that a card can show its price."""
        language = translation.get_language() or "en"
        market = conf.market_to_show(language)
        request = (parent_context or {}).get("request")
        article = Article(language, market, request=request, is_preview=True)
        return {**(parent_context or {}), CONTEXT_KEY: article}

    class Meta:
        stylesheets: tuple[str, ...] = ()
        preview_template = "anodyne_blocks/preview.html"


def _says(block: ArticleBlock, name: str) -> bool:
    return getattr(type(block), name) is not getattr(ArticleBlock, name)


def article_of(value: Any, variables: Any) -> Article:
    """The article among the variables, or that of the body that the value belongs to."""
    body = getattr(value, "body", None)
    if body is not None and CONTEXT_KEY not in (variables or ()):
        variables = body.with_article(variables)
    return Article.found_in(variables)


def html_of(rich_text: RichText | str | None, article: Article) -> str:
    """Rich text as HTML with its links resolved; "" for None and for nothing but empty paragraphs.

    Wagtail's API stores an empty paragraph where an empty text was written. The links of all texts
    that were fetched with the article's page are looked up together. A citation shows the number of
    its source, and nothing where the source is gone.
    """
    source = rich_text.source if isinstance(rich_text, RichText) else rich_text
    if not source or _EMPTY.fullmatch(source):
        return ""
    html = article.texts.html(source)
    return article.citations.printed(html, [rich_text]) if MARK in html else html


def common(article: Article) -> dict[str, Any]:
    """The fields that every element has."""
    return {"language": article.language, "direction": article.direction}


def level_of(stored: Any) -> int:
    """A chosen level of headings; 2 for none, and for what was a choice once."""
    return int(stored) if str(stored) in ("2", "3", "4", "5", "6") else 2


def level_below(value: Any, article: Article) -> int:
    """The level for a heading that stands inside the section in which `value` is placed."""
    return min(article.outline.level_at(value) + 1, 6)
