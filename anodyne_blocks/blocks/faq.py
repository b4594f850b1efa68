"""Frequently asked questions, as native disclosures with lasting anchors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from anodyne_blocks.blocks.base import ElementBlock, common, html_of, level_below
from anodyne_blocks.context import ArticleContext
from anodyne_blocks.elements import FAQ, FAQItem

if TYPE_CHECKING:
    from anodyne_blocks.outline import Outline

ANSWER_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
MAX_ANCHOR = 60


class QuestionBlock(blocks.StructBlock):
    """A question, its answer, and the anchor that stays when the question is reworded or moved."""

    question = blocks.CharBlock(label=_("Question"), max_length=250)
    answer = blocks.RichTextBlock(label=_("Answer"), features=ANSWER_FEATURES)
    anchor = blocks.CharBlock(
        label=_("Anchor"),
        required=False,
        max_length=80,
        help_text=_(
            "For links to this answer. Empty: made from the question when you save; it then stays,"
            " so that links keep working."
        ),
    )

    class Meta:
        label = _("Question")
        icon = "help"
        label_format = "{question}"
        form_layout = blocks.BlockGroup(children=["question", "answer"], settings=["anchor"])


class FAQBlock(ElementBlock):
    """Questions and answers that open without JavaScript."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=200)
    introduction = blocks.RichTextBlock(
        label=_("Introduction"), required=False, features=ANSWER_FEATURES
    )
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)
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
        label_format = "{heading}"
        template = "anodyne_blocks/faq.html"
        settings = ("heading_level", "one_at_a_time", "is_faq_page")

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
        """Gives each question an anchor of its own, which then lasts.

        A copy of a question gets a number behind its anchor; a draft's unfinished question waits.
        """
        value = super().clean(value)
        taken: set[str] = set()
        for item in value["questions"]:
            stem = slugify(item["anchor"] or item["question"] or "", allow_unicode=True)
            stem = stem[:MAX_ANCHOR].rstrip("-")
            anchor, number = stem, 2
            while anchor in taken:
                anchor, number = f"{stem}-{number}", number + 1
            if anchor:
                taken.add(anchor)
            item["anchor"] = anchor
        return value

    def outline(self, value: Any, outline: Outline) -> None:
        if value["heading"]:
            outline.section(value, value["heading"], int(value["heading_level"] or 2))
        for item in value["questions"]:
            outline.anchor(item, item["anchor"] or (item["question"] or "")[:MAX_ANCHOR])

    def resolve(self, value: Any, context: ArticleContext) -> FAQ | None:
        items = tuple(
            FAQItem(
                anchor=context.outline.anchor(
                    item, item["anchor"] or (item["question"] or "")[:MAX_ANCHOR]
                ),
                question=item["question"],
                answer=html_of(item["answer"]),
            )
            for item in value["questions"]
            if item["question"]
        )
        if not items:
            return None
        heading = value["heading"] or ""
        level = int(value["heading_level"] or 2)
        anchor = context.outline.anchor(value, heading or "faq")
        return FAQ(
            **common(context),
            anchor=anchor,
            heading=heading,
            heading_level=level,
            question_level=level + 1 if heading else level_below(value, context),
            introduction=html_of(value["introduction"]),
            items=items,
            group=anchor if value["one_at_a_time"] else "",
            is_faq_page=bool(value["is_faq_page"]),
            link_label=pgettext("reader", "Link to this answer"),
        )

    def reading_text(self, value: Any) -> Iterable[str]:
        yield value["heading"] or ""
        yield value["introduction"].source if value["introduction"] else ""
        for item in value["questions"]:
            yield item["question"] or ""
            yield item["answer"].source if item["answer"] else ""
