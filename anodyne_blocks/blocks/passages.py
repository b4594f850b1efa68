"""What stands beside the running text: key points, steps and quotes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from anodyne_blocks.article import Article
from anodyne_blocks.article.citations import keys_in
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.article.images import image_element
from anodyne_blocks.article.reading_time import iso_duration
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.base import CompleteBlock, ElementBlock, common, html_of, level_below
from anodyne_blocks.blocks.choosers import FigureChooserBlock
from anodyne_blocks.blocks.faq import ANSWER_FEATURES
from anodyne_blocks.elements import KeyPoint, KeyPoints, Quote, Step, Steps
from anodyne_blocks.pricing.units import duration_text
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

# The part of the stylesheet with the look of what stands beside the text.
STYLESHEET = "anodyne_blocks/passages.css"
LINE_FEATURES = ["bold", "italic", "link", "cite"]
# The anchors of what has no heading.
_POINTS, _STEPS = "key-points", "steps"


class KeyPointsBlock(ElementBlock):
    """What a reader takes home, in three to seven lines."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=150,
        help_text=_("Empty: “In short” in the page's language."),
    )
    points = blocks.ListBlock(
        blocks.RichTextBlock(label=_("Key point"), features=LINE_FEATURES),
        label=_("Key points"),
        min_num=3,
        max_num=7,
    )

    class Meta:
        label = _("Key points")
        icon = "anodyne-key-points"
        group = _("Article")
        description = _("Three to seven lines to remember, under a heading.")
        label_format = "{heading}"
        template = "anodyne_blocks/key_points.html"
        stylesheets = (STYLESHEET,)
        settings = ("heading",)

    def sample(self) -> dict[str, Any]:
        points = (
            gettext("Moving helps; lying in bed does not."),
            gettext("There is no single right way to sit"),
            gettext("Standing up is an exercise, too."),
        )
        return {"points": [RichText(f"<p>{point}</p>") for point in points]}

    def outline(self, value: Any, outline: Outline) -> None:
        # A summary is no section: the table of contents leaves it out.
        if _written(value["points"]):
            outline.anchor(value, value.get("heading") or _POINTS)

    def resolve(self, value: Any, article: Article) -> KeyPoints | None:
        points = [html_of(point, article) for point in _written(value["points"])]
        shown = tuple(KeyPoint(html=html) for html in points if html)
        if not shown:
            return None
        return KeyPoints(
            **common(article),
            anchor=article.outline.anchor(value, value.get("heading") or _POINTS),
            heading=value.get("heading") or pgettext("reader", "In short"),
            heading_level=level_below(value, article),
            points=shown,
        )

    def reading_text(self, value: Any) -> Iterable[str]:
        yield value.get("heading") or ""
        yield from (point.source for point in _written(value["points"]))


class StepBlock(CompleteBlock):
    """One step, with a picture and the time that it takes where these help."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=150)
    text = blocks.RichTextBlock(label=_("Text"), features=ANSWER_FEATURES)
    image = FigureChooserBlock(label=_("Image"), required=False)
    alt_text = blocks.CharBlock(
        label=_("Alternative text"),
        required=False,
        max_length=300,
        help_text=_("Empty: the image tells nothing that the text does not."),
    )
    minutes = blocks.IntegerBlock(label=_("Minutes"), required=False, min_value=1, max_value=10_000)
    seconds = blocks.IntegerBlock(label=_("Seconds"), required=False, min_value=1, max_value=59)

    class Meta:
        label = _("Step")
        icon = "list-ol"
        label_format = "{title}"
        settings = ("minutes", "seconds")


class StepsBlock(ElementBlock):
    """Numbered steps: an exercise, a repair."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=200)
    introduction = blocks.RichTextBlock(
        label=_("Introduction"), required=False, features=ANSWER_FEATURES
    )
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1, max_num=30)
    anchor = anchor_block()

    class Meta:
        label = _("Steps")
        icon = "anodyne-steps"
        group = _("Article")
        description = _("Numbered steps of an exercise or a repair, with pictures and durations.")
        label_format = "{heading}"
        template = "anodyne_blocks/steps.html"
        stylesheets = (STYLESHEET,)
        settings = ("anchor",)

    def sample(self) -> dict[str, Any]:
        empty = self.child_blocks["steps"].child_block.get_default()
        steps = (
            (gettext("<p>Lie on your back, knees bent.</p>"), None),
            (gettext("<p>Press the small of your back into the floor. Let go.</p>"), 30),
        )
        return {
            "heading": gettext("A first exercise"),
            "steps": [
                {**empty, "text": RichText(text), "seconds": seconds} for text, seconds in steps
            ],
        }

    def outline(self, value: Any, outline: Outline) -> None:
        if not _told(value):
            return
        if value.get("heading"):
            outline.part(value, value["heading"], value.get("anchor") or "")
        else:
            outline.anchor(value, value.get("anchor") or _STEPS)

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        return anchored(value, place, value.get("heading")) if _told(value) else ()

    def resolve(self, value: Any, article: Article) -> Steps | None:
        loading = article.outline.loading(value)
        steps = tuple(
            Step(
                title=step.get("title") or "",
                html=html_of(step["text"], article),
                image=image_element(
                    step.get("image"), "figure", step.get("alt_text") or "", loading
                ),
                duration=iso_duration(*_time(step)) if any(_time(step)) else "",
                duration_text=duration_text(*_time(step), article.language),
            )
            for step in _told(value)
        )
        if not steps:
            return None
        heading, level = value.get("heading") or "", level_below(value, article)
        return Steps(
            **common(article),
            anchor=article.outline.anchor(value, value.get("anchor") or heading or _STEPS),
            heading=heading,
            heading_level=level,
            title_level=min(level + 1, 6) if heading else level,
            introduction=html_of(value.get("introduction"), article),
            steps=steps,
        )

    def shown_texts(self, value: Any) -> Iterable[RichText]:
        told = _told(value)
        texts = [value.get("introduction"), *(step["text"] for step in told)] if told else []
        return [text for text in texts if text]

    def reading_text(self, value: Any) -> Iterable[str]:
        yield value.get("heading") or ""
        yield value["introduction"].source if value.get("introduction") else ""
        for step in _told(value):
            yield step.get("title") or ""
            yield step["text"].source if step["text"] else ""

    def words(self, value: Any) -> Iterable[str]:
        yield from self.reading_text(value)
        yield from (step.get("alt_text") or "" for step in _told(value))

    def reading_images(self, value: Any) -> int:
        return sum(1 for step in _told(value) if step.get("image") and step.get("alt_text"))


class QuoteBlock(ElementBlock):
    """What somebody has said or written, and where it is from."""

    text = blocks.RichTextBlock(label=_("Quote"), features=["bold", "italic"])
    attribution = blocks.RichTextBlock(
        label=_("Source"),
        required=False,
        features=["italic", "link", "cite"],
        help_text=_("Who said it, and where; cite one of the page's sources if it is there."),
    )

    class Meta:
        label = _("Quote")
        icon = "anodyne-quote"
        group = _("Text")
        description = _("What somebody has said or written, and where it is from.")
        label_format = "{text}"
        template = "anodyne_blocks/quote.html"
        stylesheets = (STYLESHEET,)

    def sample(self) -> dict[str, Any]:
        return {
            "text": RichText(
                gettext(
                    "<p>The best posture is the <b>next</b> one. Whoever stands up every half hour"
                    " gives the back what it asks for: change.</p>"
                )
            ),
            "attribution": RichText("<p>Nora Lind</p>"),
        }

    def resolve(self, value: Any, article: Article) -> Quote | None:
        html = html_of(value["text"], article)
        if not html:
            return None
        attribution = value.get("attribution")
        keys = keys_in(attribution.source) if attribution else ()
        return Quote(
            **common(article),
            html=html,
            attribution=html_of(attribution, article),
            sources=article.citations.anchors_of(keys),
        )

    def reading_text(self, value: Any) -> Iterable[str]:
        return [text.source for text in (value["text"], value.get("attribution")) if text]


def _written(points: Iterable[Any]) -> list[Any]:
    """The lines that hold something; a draft may have others."""
    return [point for point in points if point]


def _told(value: Any) -> list[Any]:
    """The steps that say or show something; a draft may hold others."""
    said = ("title", "text", "image")
    return [step for step in value["steps"] if any(map(step.get, said))]


def _time(step: Any) -> tuple[int, int]:
    """The minutes and seconds that a step takes."""
    return step.get("minutes") or 0, step.get("seconds") or 0
