"""Frequently asked questions, as native disclosures with lasting anchors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from anodyne_blocks.article import Article
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.article.outline import slug_of
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.base import (
    CompleteBlock,
    ElementBlock,
    common,
    html_of,
    level_below,
    level_of,
)
from anodyne_blocks.blocks.untranslated import UntranslatedBlock
from anodyne_blocks.elements import FAQ, FAQItem
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

ANSWER_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link", "cite"]
MAX_ANCHOR = 60


class QuestionBlock(CompleteBlock):
    """A question, its answer, and the anchor that stays when the question is reworded or moved."""

    question = blocks.CharBlock(label=_("Question"), max_length=250)
    answer = blocks.RichTextBlock(label=_("Answer"), features=ANSWER_FEATURES)
    anchor = UntranslatedBlock(
        label=_("Anchor"),
        required=False,
        max_length=250,
        help_text=_(
            "For links to this answer. Empty: made from the question when you publish; it then"
            " stays, so that links keep working."
        ),
    )

    class Meta:
        label = _("Question")
        icon = "help"
        label_format = "{question}"
        settings = ("anchor",)


class FAQBlock(ElementBlock):
    """Questions and answers that open without JavaScript."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=200)
    introduction = blocks.RichTextBlock(
        label=_("Introduction"), required=False, features=ANSWER_FEATURES
    )
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)
    anchor = anchor_block()
    heading_level = blocks.ChoiceBlock(
        label=_("Level of the heading"),
        choices=[("2", "2"), ("3", "3"), ("4", "4")],
        required=False,
        help_text=_("Empty: a section of the page."),
    )
    one_at_a_time = blocks.BooleanBlock(
        label=_("One open at a time"),
        required=False,
        help_text=_("Readers then cannot compare two answers."),
    )
    is_faq_page = blocks.BooleanBlock(
        label=_("Tell search engines that these are this page's questions and answers"),
        required=False,
        default=True,
    )

    class Meta:
        label = _("Questions and answers")
        icon = "anodyne-faq"
        group = _("Article")
        description = _("Questions that open to show their answers; each can be linked to.")
        help_text = _("A list of questions and answers, pasted into a question, becomes items.")
        label_format = "{heading}"
        template = "anodyne_blocks/faq.html"
        settings = ("anchor", "heading_level", "one_at_a_time", "is_faq_page")

    def sample(self) -> dict[str, Any]:
        return {
            "heading": gettext("Questions that readers ask"),
            "questions": [
                {
                    "question": gettext("Should I rest when my back hurts?"),
                    "answer": RichText(
                        gettext(
                            "<p>No longer than you must. Gentle movement helps most people.</p>"
                        )
                    ),
                    "anchor": "",
                },
                {
                    "question": gettext("When should I see a doctor?"),
                    "answer": RichText(
                        gettext("<p>When a leg goes numb or weak, or after a bad fall.</p>")
                    ),
                    "anchor": "",
                },
            ],
        }

    def clean(self, value: Any) -> Any:
        """Makes anchors of what was typed as such; others are made when the page is published."""
        value = super().clean(value)
        for item in value["questions"]:
            if "anchor" in item:
                item["anchor"] = slug_of(item["anchor"] or "")
        return value

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        items = [
            Anchored(item.value, item.id or "", item.value["question"], item.value["anchor"] or "")
            for item in getattr(value["questions"], "bound_blocks", ())
            if item.value["question"] and "anchor" in item.value
        ]
        own = anchored(value, place, value.get("heading")) if _asked(value) else ()
        return [*own, *items]

    def outline(self, value: Any, outline: Outline) -> None:
        asked = _asked(value)
        if not asked:
            return
        if value.get("heading"):
            level = level_of(value.get("heading_level"))
            outline.section(value, value["heading"], level, value.get("anchor") or "")
        else:
            outline.anchor(value, value.get("anchor") or "faq")
        for item in asked:
            outline.anchor(item, item.get("anchor") or _stem(item))

    def resolve(self, value: Any, article: Article) -> FAQ | None:
        items = tuple(
            FAQItem(
                anchor=article.outline.anchor(item, item.get("anchor") or _stem(item)),
                question=item["question"],
                answer=html_of(item["answer"], article),
            )
            for item in _asked(value)
        )
        if not items:
            return None
        heading = value.get("heading") or ""
        level = level_of(value.get("heading_level"))
        anchor = article.outline.anchor(value, value.get("anchor") or heading or "faq")
        return FAQ(
            **common(article),
            anchor=anchor,
            heading=heading,
            heading_level=level,
            question_level=level + 1 if heading else level_below(value, article),
            introduction=html_of(value.get("introduction"), article),
            items=items,
            group=anchor if value.get("one_at_a_time") else "",
            is_faq_page=bool(value.get("is_faq_page")),
            link_label=pgettext("reader", "Link to this answer"),
        )

    def shown_texts(self, value: Any) -> Iterable[RichText]:
        asked = _asked(value)
        texts = [value.get("introduction"), *(item["answer"] for item in asked)] if asked else []
        return [text for text in texts if text]

    def reading_text(self, value: Any) -> Iterable[str]:
        yield value.get("heading") or ""
        yield value["introduction"].source if value.get("introduction") else ""
        for item in _asked(value):
            yield item["question"]
            yield item["answer"].source if item["answer"] else ""


def _asked(value: Any) -> list[Any]:
    """The items that have a question; a draft may hold others."""
    return [item for item in value["questions"] if item["question"]]


def _stem(item: Any) -> str:
    """An anchor of bearable length, made from the question."""
    slug = slugify(item["question"] or "", allow_unicode=True)
    return slug[:MAX_ANCHOR].rstrip("-")
