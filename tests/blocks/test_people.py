"""Reviewer, byline and reading time: names, roles and dates in the page's language."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from anodyne_blocks.article import date_of
from anodyne_blocks.blocks import AuthorBlock, BylineBlock, ReadingTimeBlock, ReviewerBlock
from tests import factories
from tests.json_ld.pages import node

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def reviewer(person: Any, language: str = "en", **fields: Any) -> Any:
    block = ReviewerBlock()
    value = block.to_python({"person": person.pk, "reviewed": "2025-10-25", **fields})
    return block.element(value, factories.context_of(language))


def byline(*authors: Any, language: str = "en", page: Any = None, **fields: Any) -> Any:
    """The byline of people and of organisations' names."""
    stored = [
        {"organisation": author} if isinstance(author, str) else {"person": author.pk}
        for author in authors
    ]
    block = BylineBlock()
    value = block.to_python({"authors": stored, **fields})
    return block.element(value, factories.context_of(language, page))


class TestReviewer:
    def test_shows_the_person_in_the_language_of_the_page(self) -> None:
        ada = factories.person(job_title="Physiotherapist", credentials="MSc")
        factories.translation(ada, "da", job_title="Fysioterapeut", bio="<p>Behandler.</p>")
        danish = reviewer(ada, "da")
        assert (danish.job_title, danish.bio) == ("Fysioterapeut", "<p>Behandler.</p>")
        assert danish.name_line == "Ada Holm, MSc"
        assert reviewer(ada, "en").job_title == "Physiotherapist"

    def test_falls_back_to_the_person_that_was_chosen(self, settings: Any) -> None:
        factories.setting(settings, UNTRANSLATED_TEXTS="mark")
        ada = factories.person(job_title="Physiotherapist")
        factories.translation(ada, "da", job_title="Fysioterapeut")
        assert reviewer(ada, "sv").job_title == "Physiotherapist"

    def test_counts_the_years_of_experience_from_the_day_of_reading(self) -> None:
        ada = factories.person(working_since=2013)
        block = ReviewerBlock()
        value = block.to_python({"person": ada.pk, "reviewed": "2025-10-25"})
        now = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
        element = block.element(value, factories.context_of("en", now=now))
        assert element.experience == "13 years of experience"
        assert element.role == "13 years of experience"

    def test_somebody_who_began_this_year_has_no_years_to_show(self) -> None:
        ada = factories.person(working_since=timezone.localdate().year)
        assert reviewer(ada).experience == ""

    def test_writes_dates_as_the_language_does(self) -> None:
        element = reviewer(factories.person(), "da", next_review="2026-10-25")
        assert element.reviewed.formatted == factories.day("2025-10-25", "da")
        assert element.reviewed.iso == "2025-10-25"
        assert factories.day("2026-10-25", "da") in element.next_review_text

    @pytest.mark.parametrize(
        ("language", "tied"),
        [
            ("nl", "25_oktober"),
            ("da", "25._oktober"),
            ("en", "October_25"),
            ("es", "25_de_octubre"),
        ],
    )
    def test_no_line_ends_between_a_day_and_its_month(self, language: str, tied: str) -> None:
        written = date_of(datetime.date(2025, 10, 25), language).formatted
        assert tied.replace("_", "\N{NO-BREAK SPACE}") in written
        assert written.count(" ") == (2 if language == "es" else 1)

    def test_links_to_a_published_profile_page_only(self) -> None:
        profile = factories.page(title="Ada", slug="ada")
        ada = factories.person(profile_page=profile)
        assert reviewer(ada).person.url == profile.url
        profile.unpublish()
        assert reviewer(ada).person.url == ""

    def test_links_to_a_profile_elsewhere(self) -> None:
        ada = factories.person(profile_url="https://ada.example/")
        assert reviewer(ada).person.url == "https://ada.example/"

    def test_shows_links_that_prove_who_it_is(self) -> None:
        register = {"text": "Register", "url": "https://register.example/ada"}
        ada = factories.person(links=[{"type": "link", "value": register}], licence_number="0F3K2")
        element = reviewer(ada)
        assert [(link.text, link.url, link.rel) for link in element.links] == [
            ("Register", "https://register.example/ada", "me")
        ]
        assert "0F3K2" in element.licence

    def test_a_photo_whose_file_is_gone_is_left_out(self) -> None:
        photo = factories.image()
        photo.file.storage.delete(photo.file.name)
        element = reviewer(factories.person(photo=photo))
        assert element.photo is None
        assert element.name_line == "Ada Holm"

    def test_a_photo_has_the_name_as_its_alternative_text(self) -> None:
        element = reviewer(factories.person(photo=factories.image()))
        assert element.photo.alt == "Ada Holm"
        assert [size.width for size in element.photo.sizes] == [96, 192, 384]

    def test_a_deleted_person_leaves_no_box(self) -> None:
        ada = factories.person()
        block = ReviewerBlock()
        stored = {"person": ada.pk, "reviewed": "2025-10-25"}
        ada.delete()
        assert block.element(block.to_python(stored), factories.context_of("en")) is None

    def test_a_draft_without_person_and_date_shows_nothing(self) -> None:
        block = ReviewerBlock()
        value = block.to_python({"person": None, "reviewed": None})
        block.defer_required_validation()
        try:
            value = block.clean(value)
        finally:
            block.restore_deferred_validation()
        assert block.element(value, factories.context_of("en")) is None

    @pytest.mark.parametrize(
        ("reviewed", "next_review", "field"),
        [
            (timezone.localdate() + DAY, None, "reviewed"),
            (timezone.localdate() - DAY, timezone.localdate() - DAY, "next_review"),
            (timezone.localdate() - DAY, timezone.localdate() - 2 * DAY, "next_review"),
        ],
    )
    def test_impossible_dates_are_refused(
        self, reviewed: datetime.date, next_review: datetime.date | None, field: str
    ) -> None:
        block = ReviewerBlock()
        value = block.normalize(
            {"person": factories.person(), "reviewed": reviewed, "next_review": next_review}
        )
        with pytest.raises(ValidationError) as refused:
            block.clean(value)
        assert list(refused.value.block_errors) == [field]

    def test_a_review_of_today_is_welcome(self) -> None:
        block = ReviewerBlock()
        value = block.normalize({"person": factories.person(), "reviewed": timezone.localdate()})
        assert block.clean(value)["reviewed"] == timezone.localdate()


class TestByline:
    @pytest.mark.parametrize(
        ("language", "names", "last"),
        [
            ("en", 1, ""),
            ("en", 2, "and"),
            ("en", 3, "and"),
            ("da", 2, "og"),
            ("da", 3, "og"),
            ("ar", 2, "و"),
            ("ar", 3, "و"),
        ],
    )
    def test_joins_authors_as_the_language_does(self, language: str, names: int, last: str) -> None:
        authors = [factories.person(), factories.person("Bo Lund"), "The Magazine"][:names]
        element = byline(*authors, language=language)
        separators = [separator for _author, separator in element.parts]
        assert last in "".join(separators[-2:])
        assert all(separators[:-1]), "no name touches the next"
        assert element.before + "".join(f"{a.name}{s}" for a, s in element.parts) == element.text
        assert len(element.authors) == names

    def test_leads_to_the_reviewer_at_the_end(self) -> None:
        ada, bo = factories.person("Ada Holm"), factories.person("Bo Lund")
        boxes = [("reviewer", {"person": p.pk, "reviewed": "2025-10-25"}) for p in (ada, bo)]
        page = factories.page(("byline", {"authors": []}), *boxes)
        line, first, second = factories.elements(page)
        assert (line.reviewer, line.reviewer_label) == ("Ada Holm", first.label)
        assert line.reviewer_anchor == first.anchor != second.anchor
        html = factories.render("{% include_block page.body %}", page=page)
        assert html.index('href="#reviewed-by"') < html.index('id="reviewed-by"')

    def test_shows_photos_of_those_who_have_one_where_it_is_asked_to(self) -> None:
        ada, bo = factories.person("Ada Holm", photo=factories.image()), factories.person("Bo Lund")
        danish = factories.translation(ada, "da", photo=factories.image())
        assert byline(ada, bo).portraits == ()
        (photo,) = byline(bo, ada, "The Magazine", show_portraits=True).portraits
        assert photo.alt == "" and photo.url == reviewer(ada).photo.url
        (photo,) = byline(ada, language="da", show_portraits=True).portraits
        assert photo.url == reviewer(danish, "da").photo.url
        stored = {"authors": [{"person": ada.pk}, {"person": bo.pk}], "show_portraits": True}
        html = factories.render("{{ page.body }}", page=factories.page(("byline", stored)))
        assert html.count('class="anodyne-byline__portrait"') == html.count('alt=""') == 1

    def test_tells_people_from_organisations(self) -> None:
        ada = factories.person(profile_url="https://ada.example/")
        first, second = byline(ada, "The Magazine").authors
        assert (first.kind, first.url) == ("person", "https://ada.example/")
        assert (second.kind, second.url) == ("organisation", "")

    def test_a_name_with_a_percent_sign_is_a_name(self) -> None:
        assert byline("100% Back %(authors)s").authors[0].name == "100% Back %(authors)s"
        assert byline("100% Back %s").text == "By 100% Back %s"

    def test_an_author_is_one_of_the_two(self) -> None:
        block = AuthorBlock()
        both = {"person": factories.person(), "organisation": "The Magazine"}
        for wrong in (both, {"person": None, "organisation": ""}):
            with pytest.raises(ValidationError) as refused:
                block.clean(block.normalize(wrong))
            assert list(refused.value.block_errors) == ["person"]

    def test_without_authors_the_dates_still_show(self) -> None:
        ada = factories.person()
        block = BylineBlock()
        stored = {"authors": [{"person": ada.pk}]}
        ada.delete()
        page = factories.page()
        page.first_published_at = datetime.datetime(2025, 10, 25, 9, tzinfo=datetime.timezone.utc)
        element = block.element(block.to_python(stored), factories.context_of("en", page))
        assert (element.text, element.before, element.authors) == ("", "", ())
        assert element.published.formatted == factories.day("2025-10-25", "en")

    def test_with_nothing_to_say_nothing_shows(self) -> None:
        page = factories.page()
        page.first_published_at = None
        assert byline(page=page, show_reading_time=False) is None

    def test_updated_shows_only_when_that_was_on_another_day(self) -> None:
        page = factories.page()
        page.first_published_at = datetime.datetime(2025, 10, 25, 9, tzinfo=datetime.timezone.utc)
        page.last_published_at = page.first_published_at + datetime.timedelta(hours=3)
        assert byline("A", page=page).updated is None
        page.last_published_at += DAY
        assert byline("A", page=page).updated.formatted == factories.day("2025-10-26", "en")
        assert byline("A", page=page, show_updated=False).updated is None

    def test_an_editor_sets_the_days_of_a_text_that_was_first_published_elsewhere(self) -> None:
        page = factories.page(("byline", {"authors": [], "published": "2019-05-03"}))
        page.first_published_at = datetime.datetime(2025, 10, 25, 9, tzinfo=datetime.timezone.utc)
        page.last_published_at = page.first_published_at
        (element,) = factories.elements(page)
        assert (element.published.iso, element.updated) == ("2019-05-03", None)
        article = node(page, "Article")
        assert article["datePublished"] == "2019-05-03" and "dateModified" not in article
        # Published again here, another day: that is an update.
        page.last_published_at += DAY
        (element,) = factories.elements(page)
        assert element.updated.formatted == factories.day("2025-10-26", "en")
        page.body[0].value["updated"] = datetime.date(2024, 2, 29)
        (element,) = factories.elements(page)
        assert (element.published.iso, element.updated.iso) == ("2019-05-03", "2024-02-29")
        assert node(page, "Article")["dateModified"] == "2024-02-29"

    def test_days_that_cannot_be_are_refused(self) -> None:
        block = BylineBlock()
        stored = {"authors": [{"organisation": "The Clinic"}]}
        tomorrow = (timezone.localdate() + DAY).isoformat()
        for days, field in (
            ({"published": tomorrow}, "published"),
            ({"updated": tomorrow}, "updated"),
            ({"published": "2019-05-03", "updated": "2019-05-02"}, "updated"),
        ):
            with pytest.raises(ValidationError) as refused:
                block.clean(block.to_python({**stored, **days}))
            assert list(refused.value.block_errors) == [field]
        right = {"published": "2019-05-03", "updated": timezone.localdate().isoformat()}
        block.clean(block.to_python({**stored, **right}))

    def test_the_day_is_that_of_the_sites_time_zone(self, settings: Any) -> None:
        page = factories.page()
        page.first_published_at = datetime.datetime(
            2025, 10, 25, 23, 30, tzinfo=datetime.timezone.utc
        )
        page.last_published_at = page.first_published_at + datetime.timedelta(hours=1)
        settings.TIME_ZONE = "Europe/Copenhagen"
        with timezone.override("America/New_York"):
            element = byline("A", page=page)
        assert element.published.formatted == factories.day("2025-10-26", "en")
        assert element.updated is None

    def test_a_page_that_was_never_published_has_no_dates(self) -> None:
        page = factories.page(live=False)
        page.first_published_at = page.last_published_at = None
        element = byline("A", page=page)
        assert (element.published, element.updated) == (None, None)
        assert element.text == "By A"

    def test_reading_time_is_that_of_the_page(self) -> None:
        page = factories.page(("paragraph", {"text": f"<p>{'word ' * 1000}</p>"}))
        assert byline("A", page=page).reading_time.minutes == 5
        assert byline("A", page=page, show_reading_time=False).reading_time is None

    def test_without_a_page_no_reading_time_is_made_up(self) -> None:
        assert byline("A").reading_time is None


class TestReadingTime:
    def test_says_the_minutes_of_its_page(self) -> None:
        page = factories.page(
            ("reading_time", {}), ("paragraph", {"text": f"<p>{'word ' * 1000}</p>"})
        )
        element = factories.elements(page)[0]
        assert (element.minutes, element.duration) == (5, "PT5M")
        assert element.text == "Reading time: 5 minutes"

    def test_an_editor_knows_better(self) -> None:
        page = factories.page(("reading_time", {"minutes": 12}))
        assert factories.elements(page)[0].minutes == 12

    def test_one_minute_is_no_plural(self) -> None:
        page = factories.page(("reading_time", {"minutes": 1}))
        assert factories.elements(page)[0].text == "Reading time: 1 minute"

    def test_without_a_page_nothing_is_made_up(self) -> None:
        block = ReadingTimeBlock()
        context = factories.context_of("en")
        assert block.element(block.to_python({}), context) is None
        assert block.element(block.to_python({"minutes": 3}), context).minutes == 3

    def test_is_in_the_language_of_the_page(self) -> None:
        page = factories.page(("reading_time", {"minutes": 6}), language="nl")
        with translation.override("da"):
            assert factories.elements(page)[0].text == "Leestijd: 6 minuten"
