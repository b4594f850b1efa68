"""Who wrote and who checked the article, when, and how long it takes to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from babel.lists import format_list
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import clock, conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.article.images import PreviewImage, image_element
from anodyne_blocks.article.reading_time import iso_duration
from anodyne_blocks.article.reviews import Box, records_of, standing
from anodyne_blocks.article.walking import Reviewed
from anodyne_blocks.blocks.base import CompleteBlock, ElementBlock, common, html_of
from anodyne_blocks.blocks.choosers import PersonChooserBlock
from anodyne_blocks.blocks.notices import disclosure_of_byline
from anodyne_blocks.blocks.untranslated import UntranslatedBlock, is_hidden, marked
from anodyne_blocks.elements import Byline, Credit, Link, ReadingTime, ReviewerBox
from anodyne_blocks.pricing.money import babel_locale
from anodyne_blocks.pricing.units import minutes_text
from anodyne_blocks.words import npgettext, pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

# Separates authors while Babel joins them; no name holds it.
_MARK = "\x00"
SAMPLE_MINUTES = 6


def credit_of(person: Any) -> Credit:
    """A person as a name that takes credit, linked to the profile where there is one."""
    page = person.profile_page
    url = (page.url if page is not None and page.live else None) or person.profile_url
    return Credit(
        key=f"person-{person.pk}",
        kind="person",
        name=person.name,
        url=url or "",
        same_as=tuple(link.value["url"] for link in person.links),
    )


def name_line(name: str, credentials: str) -> str:
    """A name with its credentials, joined as the language joins them."""
    if not credentials:
        return name
    pattern = pgettext("reader", "%(name)s, %(credentials)s") or "%(name)s, %(credentials)s"
    return pattern % {"name": name, "credentials": credentials}


def own_words(person: Any, article: Article) -> dict[str, Any]:
    """The fields of a reviewer box that hold the person's own words.

    Of what nobody has translated they may be left out: links are then named by their sites.
    """
    language = person.other_language(article.language)
    words = {
        "credentials": person.credentials,
        "job_title": person.job_title,
        "organisation": person.organisation,
        "bio": html_of(person.bio, article),
    }
    named = not is_hidden(language)
    words = words if named else dict.fromkeys(words, "")
    links = tuple(
        Link(
            text=link.value["text"] if named else _site_of(link.value["url"]),
            url=link.value["url"],
            rel="me",
        )
        for link in person.links
    )
    return {
        **words,
        "links": links,
        "position": " · ".join(filter(None, (words["job_title"], words["organisation"]))),
        "other_language": marked(language, **words, links=links) if named else None,
    }


def _site_of(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")


def sample_person() -> Any:
    """Somebody for previews, who is in no database."""
    from anodyne_blocks.models import get_person_model

    person = get_person_model()(
        name="Nora Lind",
        credentials="MSc",
        job_title=gettext("physiotherapist"),
        working_since=clock.today().year - 12,
        bio=gettext("<p>Works with people whose backs have hurt for years.</p>"),
    )
    person.sample_photo = PreviewImage("anodyne_blocks/preview-portrait.svg", 400, 400)
    person.fetched_translations = {}
    return person


class ReviewerBlock(ElementBlock):
    """“Reviewed by”: who checked the article for accuracy, and when."""

    person = PersonChooserBlock(label=_("Reviewer"))
    reviewed = blocks.DateBlock(label=_("Reviewed on"))
    next_review = blocks.DateBlock(label=_("Next review due"), required=False)
    scope = blocks.CharBlock(
        label=_("What was checked"),
        required=False,
        max_length=300,
        help_text=_("One sentence, for example: the medical facts and the sources."),
    )

    class Meta:
        label = _("Reviewer")
        icon = "anodyne-reviewer"
        group = _("Trust")
        description = _("Who checked the article for accuracy, with photo, role and date.")
        template = "anodyne_blocks/reviewer.html"

    def sample(self) -> dict[str, Any]:
        return {
            "person": sample_person(),
            "reviewed": clock.today(),
            "scope": gettext("The medical facts and the sources were checked."),
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        reviewed, next_review = value["reviewed"], value.get("next_review")
        if reviewed and reviewed > clock.today():
            errors["reviewed"] = ValidationError(_("A review cannot be of a day to come."))
        if reviewed and next_review and next_review <= reviewed:
            errors["next_review"] = ValidationError(_("The next review comes after this one."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value

    def names(self, value: Any) -> Iterable[str]:
        return (value["person"].name,) if value["person"] is not None else ()

    def outline(self, value: Any, outline: Outline) -> None:
        outline.anchor(value, "reviewed-by")

    def review(self, value: Any) -> Reviewed | None:
        if value["person"] is None or value["reviewed"] is None:
            return None
        return Reviewed(value["person"], value["reviewed"], value.get("next_review"))

    def resolve(self, value: Any, article: Article) -> ReviewerBox | None:
        said = self.review(value)
        if said is None:
            return None
        records = records_of(said.person, article.page)
        box = Box(said, standing(records, said.reviewed, lambda: article.digest))
        is_outdated = box.standing.is_outdated
        label = pgettext("reader", "Reviewed by")
        scope = value.get("scope") or pgettext("reader", "This article was checked for accuracy.")
        if is_outdated:
            scope = pgettext("reader", "Reviewed before the latest changes.")
            if not scope or conf.get("OUTDATED_REVIEW") == "hide":
                return None
        if not (label or scope):
            # A name alone does not say what it is there for.
            return None
        person = value["person"].in_language(article.language)
        own = own_words(person, article)
        years = person.years_of_experience(article.today)
        experience = (
            npgettext(
                "reader", "%(years)d year of experience", "%(years)d years of experience", years
            )
            % {"years": years}
            if years
            else ""
        )
        reviewed = date_of(box.standing.day, article.language)
        following = pgettext("reader", "Next review due %(date)s")
        next_review = date_of(box.due, article.language) if box.due and following else None
        return ReviewerBox(
            **common(article),
            anchor=article.outline.anchor(value, "reviewed-by"),
            label=label,
            **own,
            person=credit_of(person),
            name_line=name_line(person.name, own["credentials"]),
            role=" · ".join(part for part in (own["position"], experience) if part),
            experience=experience,
            licence=(
                pgettext("reader", "Licence number: %(number)s") % {"number": person.licence_number}
                if person.licence_number
                else ""
            ),
            photo=image_element(
                person.picture, "portrait", person.name, article.outline.loading(value)
            ),
            links_label=(
                pgettext("reader", "More about %(name)s") % {"name": person.name} or person.name
            ),
            scope=scope,
            is_outdated=is_outdated,
            reviewed=reviewed,
            reviewed_text=(
                pgettext("reader", "Reviewed %(date)s") % {"date": reviewed.formatted}
                or reviewed.formatted
            ),
            next_review=next_review,
            next_review_text=following % {"date": next_review.formatted} if next_review else "",
        )


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

    class Meta:
        label = _("Byline")
        icon = "anodyne-byline"
        group = _("Trust")
        description = _("Who wrote the article, when, and how long it takes to read.")
        template = "anodyne_blocks/byline.html"
        settings = ("show_updated", "show_reading_time")

    def sample(self) -> dict[str, Any]:
        return {"authors": [{"person": sample_person(), "organisation": ""}]}

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
        )


def reviewer_of(article: Article) -> ReviewerBox | None:
    """The page's first reviewer box that a byline may name: with words, and of today's text."""
    for block, value, _is_inside in article.placements:
        if isinstance(block, ReviewerBlock):
            box = article.element(block, value)
            if isinstance(box, ReviewerBox) and box.label and not box.is_outdated:
                return box
    return None


def page_dates(article: Article) -> tuple[Any, Any]:
    """When the page was first published, and last updated if that was another day; else None."""
    first = article.now if article.is_preview else getattr(article.page, "first_published_at", None)
    last = getattr(article.page, "last_published_at", None)
    if first is None:
        return None, None
    published = date_of(first, article.language)
    if last is None or clock.day_of(last) <= clock.day_of(first):
        return published, None
    return published, date_of(last, article.language)


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
