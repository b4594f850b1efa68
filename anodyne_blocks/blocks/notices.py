"""Boxes that tell a reader to take care, and what the article's placements are paid for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as in_admin_language
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import RichText

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.blocks.base import ElementBlock, common, html_of, level_below
from anodyne_blocks.blocks.choosers import NoticeChooserBlock
from anodyne_blocks.blocks.faq import ANSWER_FEATURES
from anodyne_blocks.blocks.passages import STYLESHEET
from anodyne_blocks.blocks.untranslated import is_hidden, marked
from anodyne_blocks.elements import Disclosure, Notice
from anodyne_blocks.elements.passages import NoticeKind, Relationship
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

_KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)


class NoticeBlock(ElementBlock):
    """A box beside the text: written here, or a notice that many pages share."""

    notice = NoticeChooserBlock(
        label=_("Shared notice"),
        required=False,
        help_text=_("It is changed in one place, for all pages that show it."),
    )
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[
            ("information", in_admin_language("reader", "Good to know")),
            ("caution", in_admin_language("reader", "Caution")),
            ("doctor", in_admin_language("reader", "See a doctor")),
            ("disclosure", in_admin_language("reader", "Disclosure")),
        ],
        default="information",
    )
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    text = blocks.RichTextBlock(label=_("Text"), required=False, features=ANSWER_FEATURES)

    class Meta:
        label = _("Notice")
        icon = "anodyne-notice"
        group = _("Article")
        description = _("A box that informs, warns, or says when to see a doctor.")
        label_format = "{heading}"
        template = "anodyne_blocks/notice.html"
        stylesheets = (STYLESHEET,)

    def sample(self) -> dict[str, Any]:
        return {
            "kind": "doctor",
            "heading": gettext("When should I see a doctor?"),
            "text": RichText(gettext("<p>When a leg goes numb or weak, or after a bad fall.</p>")),
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        is_written = bool(value.get("text") or value.get("heading"))
        if is_written == bool(value.get("notice")):
            message = _("Write a notice, or choose a shared one; one of the two.")
            name = "notice" if "notice" in value else "text"
            raise StructBlockValidationError(block_errors={name: ValidationError(message)})
        return value

    def outline(self, value: Any, outline: Outline) -> None:
        # No section of the article, and so in no table of contents.
        outline.anchor(value, value.get("heading") or "notice")

    def resolve(self, value: Any, article: Article) -> Notice | None:
        said, other = value, ""
        if value.get("notice") is not None:
            shared = value["notice"].in_language(article.language)
            said, other = vars(shared), shared.other_language(article.language)
        html, heading = html_of(said.get("text"), article), said.get("heading") or ""
        if is_hidden(other) or not (html or heading):
            return None
        kind: NoticeKind = next(
            (known for known in _KINDS if known == said.get("kind")), "information"
        )
        return Notice(
            **common(article),
            anchor=article.outline.anchor(value, value.get("heading") or "notice"),
            kind=kind,
            label=_label(kind),
            heading=heading,
            heading_level=level_below(value, article),
            html=html,
            other_language=marked(other, heading=heading, html=html),
        )

    def shown_texts(self, value: Any) -> Iterable[RichText]:
        return (value["text"],) if value.get("text") and not value.get("notice") else ()

    def reading_text(self, value: Any) -> Iterable[str]:
        """Nothing of a shared notice: it is no part of the article, and no review is of it."""
        if not value.get("notice"):
            yield value.get("heading") or ""
            yield value["text"].source if value.get("text") else ""

    def names(self, value: Any) -> Iterable[str]:
        shared = value.get("notice")
        return (shared.heading, shared.text) if shared is not None else ()


def _label(kind: NoticeKind) -> str:
    """What readers are told of a kind; no kind is told by its colour alone."""
    labels: dict[NoticeKind, str] = {
        "information": pgettext("reader", "Good to know"),
        "caution": pgettext("reader", "Caution"),
        "doctor": pgettext("reader", "See a doctor"),
        "disclosure": pgettext("reader", "Disclosure"),
    }
    return labels[kind]


class DisclosureBlock(ElementBlock):
    """What the article's placements are paid for; it shows where there are such."""

    text = blocks.TextBlock(
        label=_("Own text"),
        required=False,
        max_length=600,
        rows=2,
        help_text=_("Empty: a sentence in the page's language for what the page has."),
    )

    class Meta:
        label = in_admin_language("reader", "Disclosure")
        icon = "anodyne-disclosure"
        group = _("Trust")
        description = _(
            "Says once that the article has advertisements or affiliate links, if it has."
        )
        template = "anodyne_blocks/disclosure.html"
        stylesheets = (STYLESHEET,)
        settings = ("text",)

    def words(self, value: Any) -> Iterable[str]:
        return ()

    def outline(self, value: Any, outline: Outline) -> None:
        outline.note_first("disclosure", value)

    def resolve(self, value: Any, article: Article) -> Disclosure | None:
        if not article.outline.is_first("disclosure", value):
            return None
        found: tuple[Relationship, ...] = article.relationships
        if article.is_preview:
            found = ("affiliate",)
        text = value.get("text") or disclosure_text(found)
        if not found or not text:
            return None
        kind = found[0] if len(found) == 1 else "both"
        return Disclosure(**common(article), kind=kind, text=text)


def disclosure_of_byline(article: Article) -> str:
    """What the byline says in the place of a disclosure that nobody has put on the page."""
    if conf.get("ARTICLE_DISCLOSURE") != "byline" or article.outline.has("disclosure"):
        return ""
    return disclosure_text(article.relationships)


def disclosure_text(relationships: tuple[Relationship, ...]) -> str:
    """The sentence for what an article has; "" for nothing, and without the words for all of it."""
    if set(relationships) == {"ad", "affiliate"}:
        return pgettext(
            "reader",
            "This article contains advertisements and affiliate links. If you buy through such a"
            " link, we may earn a commission.",
        )
    if "affiliate" in relationships:
        return pgettext(
            "reader",
            "This article contains affiliate links. If you buy through one, we may earn a"
            " commission.",
        )
    if "ad" in relationships:
        return pgettext("reader", "This article contains advertisements.")
    return ""
