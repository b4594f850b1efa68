"""The running text of an article: heading, paragraph, image, standfirst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks.article import Article
from anodyne_blocks.article.headings import (
    Anchored,
    anchored_in,
    headings_in,
    with_anchors,
    with_stored,
)
from anodyne_blocks.article.images import PreviewImage, image_element
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.base import ElementBlock, common, html_of, level_of
from anodyne_blocks.blocks.choosers import FigureChooserBlock
from anodyne_blocks.elements import Figure, Heading, Paragraph, Standfirst

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

RICH_TEXT = "h3 h4 bold italic ol ul link document-link superscript cite".split()


class HeadingBlock(ElementBlock):
    """A heading with an anchor; the table of contents and the elements' own levels follow it."""

    text = blocks.CharBlock(label=_("Heading"), max_length=200)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[("2", _("Section")), ("3", _("Subsection")), ("4", _("Part of a subsection"))],
        default="2",
    )
    anchor = anchor_block()

    class Meta:
        label = _("Heading")
        icon = "anodyne-heading"
        group = _("Text")
        description = _("Opens a section. Links and the table of contents lead to it.")
        label_format = "{text}"
        template = "anodyne_blocks/heading.html"
        settings = ("anchor",)

    def sample(self) -> dict[str, Any]:
        return {"text": gettext("There is no single right way to sit")}

    def outline(self, value: Any, outline: Outline) -> None:
        if value["text"]:
            outline.section(
                value, value["text"], level_of(value.get("level")), value.get("anchor") or ""
            )

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        return anchored(value, place, value["text"]) if value["text"] else ()

    def resolve(self, value: Any, article: Article) -> Heading | None:
        if not value["text"]:
            return None
        return Heading(
            **common(article),
            level=level_of(value.get("level")),
            text=value["text"],
            anchor=article.outline.anchor(value, value.get("anchor") or value["text"]),
        )

    def reading_text(self, value: Any) -> Iterable[str]:
        return (value["text"] or "",)


class ParagraphBlock(ElementBlock):
    """Running text."""

    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT)

    class Meta:
        label = _("Text")
        icon = "anodyne-paragraph"
        group = _("Text")
        description = _("Running text with links and lists.")
        label_format = "{text}"
        template = "anodyne_blocks/paragraph.html"

    def sample(self) -> dict[str, Any]:
        return {
            "text": gettext(
                "<p>The best posture is the <b>next</b> one. Whoever stands up every half hour"
                " gives the back what it asks for: change.</p>"
            )
        }

    def outline(self, value: Any, outline: Outline) -> None:
        for heading in headings_in(value["text"].source) if value["text"] else ():
            outline.own_section(value, heading.text, max(heading.level, 2))

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        return anchored_in(value["text"].source, value, place) if value["text"] else ()

    def keep(self, value: Any, anchors: Sequence[str]) -> None:
        if anchors:
            value["text"].source = with_stored(value["text"].source, anchors)

    def resolve(self, value: Any, article: Article) -> Paragraph | None:
        html = html_of(value["text"], article)
        if headings := article.outline.own_headings(value):
            html = with_anchors(html, headings)
        return Paragraph(**common(article), html=html) if html else None

    def reading_text(self, value: Any) -> Iterable[str]:
        return (value["text"].source,) if value["text"] else ()


class ImageBlock(ElementBlock):
    """An image with alternative text, caption and credit."""

    image = FigureChooserBlock(label=_("Image"))
    alt_text = blocks.CharBlock(
        label=_("Alternative text"),
        required=False,
        max_length=300,
        help_text=_("What the image shows, for readers who do not see it."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)
    decorative = blocks.BooleanBlock(
        label=_("Decorative"),
        required=False,
        help_text=_("The image tells nothing that the text does not; screen readers skip it."),
    )
    credit = blocks.CharBlock(label=_("Credit"), required=False, max_length=150)

    class Meta:
        label = _("Image")
        icon = "anodyne-image"
        group = _("Text")
        description = _("An image in sizes for every screen, with a caption.")
        label_format = "{alt_text}"
        template = "anodyne_blocks/figure.html"
        settings = ("decorative", "credit")

    def sample(self) -> dict[str, Any]:
        return {
            "image": PreviewImage("anodyne_blocks/preview-figure.svg", 1200, 800),
            "alt_text": gettext("A figure gets up from a desk."),
            "caption": gettext("Standing up is an exercise, too."),
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if not self.is_deferred_validation and not (
            value.get("alt_text") or value.get("decorative")
        ):
            message = _("Say what the image shows, or mark it as decorative in the settings.")
            raise StructBlockValidationError(block_errors={"alt_text": ValidationError(message)})
        return value

    def resolve(self, value: Any, article: Article) -> Figure | None:
        alt = "" if value.get("decorative") else value.get("alt_text") or ""
        image = image_element(value["image"], "figure", alt, article.outline.loading(value))
        if image is None:
            return None
        return Figure(
            **common(article),
            image=image,
            caption=value.get("caption") or "",
            credit=value.get("credit") or "",
        )

    def words(self, value: Any) -> Iterable[str]:
        return (value.get("alt_text") or "", value.get("caption") or "")

    def reading_images(self, value: Any) -> int:
        return 1 if value["image"] and not value.get("decorative") else 0


class StandfirstBlock(ElementBlock):
    """The sentences between headline and text; a page shows the first one only."""

    text = blocks.TextBlock(label=_("Standfirst"), max_length=600, rows=3)

    class Meta:
        label = _("Standfirst")
        icon = "anodyne-standfirst"
        group = _("Text")
        description = _("Two or three sentences that lead into the article. Once on a page.")
        label_format = "{text}"
        template = "anodyne_blocks/standfirst.html"

    def sample(self) -> dict[str, Any]:
        return {
            "text": gettext(
                "Sitting is not the enemy; sitting still is. What helps on a long day at the desk,"
                " and what the research really says."
            )
        }

    def outline(self, value: Any, outline: Outline) -> None:
        if value["text"]:
            outline.note_first("standfirst", value)

    def resolve(self, value: Any, article: Article) -> Standfirst | None:
        if not value["text"] or not article.outline.is_first("standfirst", value):
            return None
        return Standfirst(**common(article), text=value["text"])

    def reading_text(self, value: Any) -> Iterable[str]:
        return (value["text"] or "",)
