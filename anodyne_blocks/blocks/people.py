"""Who wrote and who checked the article, when, and how long it takes to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import clock, conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.article.images import PreviewImage, image_element
from anodyne_blocks.article.reviews import Box, records_of, standing
from anodyne_blocks.article.walking import Reviewed
from anodyne_blocks.blocks.base import ElementBlock, common, html_of
from anodyne_blocks.blocks.choosers import PersonChooserBlock
from anodyne_blocks.blocks.untranslated import is_hidden, marked
from anodyne_blocks.elements import (
    Credit,
    Link,
    ReviewerBox,
)
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
