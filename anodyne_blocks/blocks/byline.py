"""Who wrote the article, when, and how long it takes to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from babel.lists import format_list
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import clock
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import Days, date_of
from anodyne_blocks.article.images import image_element
from anodyne_blocks.article.reading_time import iso_duration
from anodyne_blocks.blocks.base import CompleteBlock, ElementBlock, common
from anodyne_blocks.blocks.choosers import PersonChooserBlock
from anodyne_blocks.blocks.notices import disclosure_of_byline
from anodyne_blocks.blocks.people import ReviewerBlock, credit_of, sample_person
from anodyne_blocks.blocks.untranslated import UntranslatedBlock
from anodyne_blocks.elements import Byline, Credit, Date, Image, ReadingTime, ReviewerBox
from anodyne_blocks.pricing.money import babel_locale
from anodyne_blocks.pricing.units import minutes_text
from anodyne_blocks.words import npgettext, pgettext

# Separates authors while Babel joins them; no name holds it.
_MARK = "\x00"
SAMPLE_MINUTES = 6


class AuthorBlock(CompleteBlock):
    """An author: a person, or the name of an organisation."""

    person = PersonChooserBlock(label=_("Person"), required=False)
    organisation = UntranslatedBlock(label=_("Organisation"), required=False, max_length=150)

    class Meta:
        label = _("Author")
        icon = "user"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        if bool(value.get("person")) == bool(value.get("organisation")):
            message = _("Choose a person, or name an organisation; one of the two.")
            raise StructBlockValidationError(block_errors={"person": ValidationError(message)})
        return value


class BylineBlock(ElementBlock):
    """Authors, dates and reading time on one line."""

    authors = blocks.ListBlock(AuthorBlock(), label=_("Authors"))
    show_updated = blocks.BooleanBlock(
        label=_("Show when the page was updated"), required=False, default=True
    )
    show_reading_time = blocks.BooleanBlock(
        label=_("Show the reading time"), required=False, default=True
    )
    show_portraits = blocks.BooleanBlock(label=_("Show the authors' photos"), required=False)
    published = blocks.DateBlock(
        label=_("Published on"),
        required=False,
        help_text=_("For a text that was first published elsewhere. Empty: as the page was."),
    )
    updated = blocks.DateBlock(
        label=_("Updated on"), required=False, help_text=_("Empty: as the page was.")
    )

    class Meta:
        label = _("Byline")
        icon = "anodyne-byline"
        group = _("Trust")
        description = _("Who wrote the article, when, and how long it takes to read.")
        template = "anodyne_blocks/byline.html"
        settings = ("show_updated", "show_reading_time", "show_portraits", "published", "updated")

    def sample(self) -> dict[str, Any]:
        return {"authors": [{"person": sample_person(), "organisation": ""}]}

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        published, updated = self.set_days(value)
        for name, day in (("published", published), ("updated", updated)):
            if day and day > clock.today():
                errors[name] = ValidationError(_("This day is still to come."))
        if published and updated and updated < published:
            errors["updated"] = ValidationError(_("A text is published before it is updated."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value

    def set_days(self, value: Any) -> Days:
        return value.get("published"), value.get("updated")

    def names(self, value: Any) -> Iterable[str]:
        for author in value["authors"]:
            yield author["person"].name if author.get("person") else author["organisation"] or ""

    def resolve(self, value: Any, article: Article) -> Byline | None:
        credits = tuple(
            credit_of(author["person"].in_language(article.language))
            if author.get("person")
            else Credit(
                key=f"organisation-{author['organisation']}",
                kind="organisation",
                name=author["organisation"],
                url="",
            )
            for author in value["authors"]
            if author.get("person") or author.get("organisation")
        )
        published, updated = page_dates(article)
        names = format_list([_MARK] * len(credits), locale=babel_locale(article.language))
        pattern = pgettext("reader", "By %(authors)s") or "%(authors)s"
        line = pattern % {"authors": names} if credits else ""
        before, *separators = line.split(_MARK)
        updated_label = pgettext("reader", "Updated")
        # Of two days without words nobody knows which is which.
        shows_updated = value.get("show_updated") and updated_label
        reading_time = reading_time_element(article) if value.get("show_reading_time") else None
        box = reviewer_of(article)
        if not credits and published is None and reading_time is None and box is None:
            return None
        return Byline(
            **common(article),
            text=before
            + "".join(
                credit.name + separator
                for credit, separator in zip(credits, separators, strict=True)
            ),
            before=before,
            after=separators[-1] if separators else "",
            authors=credits,
            separators=tuple(separators),
            published=published,
            published_label=pgettext("reader", "Published"),
            updated=updated if shows_updated else None,
            updated_label=updated_label,
            reading_time=reading_time,
            disclosure=disclosure_of_byline(article),
            reviewer=box.person.name if box else "",
            reviewer_label=box.label if box else "",
            reviewer_anchor=box.anchor if box else "",
            portraits=tuple(_portraits(value, article)) if value.get("show_portraits") else (),
        )


def _portraits(value: Any, article: Article) -> Iterator[Image]:
    """Beside their names photos say nothing: they are decorative."""
    loading = article.outline.loading(value)
    people = (author["person"] for author in value["authors"] if author.get("person"))
    for person in people:
        photo = image_element(person.in_language(article.language).picture, "portrait", "", loading)
        if photo is not None:
            yield photo


def reviewer_of(article: Article) -> ReviewerBox | None:
    """The page's first reviewer box that a byline may name: with words, and of today's text."""
    for block, value, _is_inside in article.placements:
        if isinstance(block, ReviewerBlock):
            box = article.element(block, value)
            if isinstance(box, ReviewerBox) and box.label and not box.is_outdated:
                return box
    return None


def page_dates(article: Article) -> tuple[Date | None, Date | None]:
    """When the article was first published, and last updated if that was another day."""
    published, updated = article.days
    if published is None and article.is_preview:
        published = article.now
    if published is None:
        return None, None
    first = date_of(published, article.language)
    if updated is None or clock.day_of(updated) <= clock.day_of(published):
        return first, None
    return first, date_of(updated, article.language)


def reading_time_element(article: Article, minutes: int | None = None) -> ReadingTime | None:
    """`minutes`, or else the reading time of the article; None where there is no page."""
    if not minutes and article.is_preview:
        minutes = SAMPLE_MINUTES
    if not minutes and article.page is None:
        return None
    minutes = minutes or article.minutes
    # The template tag comes here in the language of the request.
    with article.speaking():
        text = npgettext(
            "reader",
            "Reading time: %(minutes)d minute",
            "Reading time: %(minutes)d minutes",
            minutes,
        ) % {"minutes": minutes}
    return ReadingTime(
        **common(article),
        minutes=minutes,
        text=text or minutes_text(minutes, article.language),
        duration=iso_duration(minutes),
    )


class ReadingTimeBlock(ElementBlock):
    """How many minutes the page takes to read."""

    minutes = blocks.IntegerBlock(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_("Empty: worked out from the page's text."),
    )

    class Meta:
        label = _("Reading time")
        icon = "anodyne-reading-time"
        group = _("Trust")
        description = _("How many minutes the page takes to read, worked out from its text.")
        template = "anodyne_blocks/reading_time.html"

    def sample(self) -> dict[str, Any]:
        return {"minutes": SAMPLE_MINUTES}

    def words(self, value: Any) -> Iterable[str]:
        return ()

    def set_minutes(self, value: Any) -> int | None:
        return value.get("minutes")

    def resolve(self, value: Any, article: Article) -> ReadingTime | None:
        return reading_time_element(article, value.get("minutes"))
