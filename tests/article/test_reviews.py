"""What a reviewer box claims: it is of the text that was reviewed, in every output."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ReferenceIndex

from anodyne_blocks.article import reviews
from anodyne_blocks.article.fetching import fetch
from anodyne_blocks.json_ld import page_json_ld
from anodyne_blocks.models import Review
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

DAY = "2025-10-25"
NOTICE = "Reviewed before the latest changes."


@pytest.fixture
def ada() -> Any:
    return factories.person()


def body(ada: Any, text: str = "Rest is <b>bad</b>.", **box: Any) -> list[tuple[str, Any]]:
    return [
        ("paragraph", {"text": f"<p>{text}</p>"}),
        ("reviewer", {"person": ada.pk, "reviewed": DAY, **box}),
    ]


@pytest.fixture
def page(ada: Any) -> Any:
    return factories.page(*body(ada))


def stored(blocks: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": kind, "value": value} for kind, value in blocks]


def publish(page: Any, blocks: list[tuple[str, Any]]) -> Any:
    """Publish other blocks, as an editor does."""
    page = factories.again(page)
    page.body = stored(blocks)
    page.save_revision().publish()
    return factories.again(page)


def claims(page: Any) -> tuple[bool, bool, bool]:
    """Whether HTML, API and JSON-LD claim that the text was reviewed; each of a new request."""
    fresh = [factories.again(page) for _ in range(3)]
    html = factories.render("{% include_block page.body %}", page=fresh[0])
    assert (NOTICE in html) is not ("This article was checked for accuracy." in html)
    api = fresh[1].body.represented({})[-1]["value"]["resolved"]
    assert (api["scope"] == NOTICE) is api["is_outdated"]
    node = page_json_ld(fresh[2])["@graph"][0]
    assert ("reviewedBy" in node) is ("lastReviewed" in node)
    return NOTICE not in html, not api["is_outdated"], "reviewedBy" in node


ALL, NONE = (True,) * 3, (False,) * 3


def test_a_changed_word_ends_the_claim_and_the_old_words_bring_it_back(page, ada) -> None:
    assert claims(page) == ALL
    page = publish(page, body(ada, "Rest is good."))
    assert claims(page) == NONE
    assert claims(publish(page, body(ada))) == ALL


def test_a_reverted_revision_claims_what_it_did(page, ada) -> None:
    first = factories.again(page).save_revision()
    first.publish()
    publish(page, body(ada, "Rest is good."))
    first.as_object().save_revision().publish()
    assert claims(page) == ALL


@pytest.mark.parametrize(
    "blocks",
    [
        lambda ada: [("heading", {"text": "New"}), *body(ada)],
        lambda ada: [*body(ada)[:1], *body(ada)[:1], *body(ada)[1:]],
        lambda ada: body(ada)[1:],
        lambda ada: [("sources", {"sources": [{"title": "Back pain"}]}), *body(ada)],
        lambda ada: [
            ("faq", {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
            *body(ada),
        ],
    ],
    ids=["heading", "twice", "less", "source", "question"],
)
def test_words_of_every_kind_of_text_count(page, ada, blocks) -> None:
    assert claims(publish(page, blocks(ada))) == NONE


def test_prices_products_and_layout_do_not(page, ada) -> None:
    product = factories.product("en")
    card = ("product_card", {"product": product.pk})
    text, box = body(ada, "Rest <i>is</i>  bad.")
    page = publish(page, [card, text, ("product_grid", {"cards": [{"product": product.pk}]}), box])
    assert claims(page) == ALL
    factories.change_offer(product, "en", price=3, title="Another")
    assert claims(page) == ALL


def test_a_new_day_in_the_box_is_of_the_new_text(page, ada) -> None:
    assert claims(publish(page, body(ada, "New.", reviewed="2025-11-20"))) == ALL
    assert claims(publish(page, body(ada, "Newer.", reviewed="2025-11-20"))) == NONE
    assert [str(record.reviewed) for record in Review.objects.all()] == ["2025-11-20", DAY]


def test_before_the_first_publication_the_text_may_change(ada) -> None:
    page = factories.page(*body(ada, "Rest is go"), live=False)
    page.save_revision()
    assert Review.objects.count() == 0
    assert claims(publish(page, body(ada))) == ALL
    assert claims(publish(page, body(ada, "More"))) == NONE


def test_a_draft_shows_what_publishing_it_would(page, ada) -> None:
    page = factories.again(page)
    page.body = stored(body(ada, "Rest is good."))
    page.save_revision()
    assert claims(page) == ALL, "readers still have the reviewed text"
    draft = page.get_latest_revision_as_object()
    assert NOTICE in factories.render("{% include_block page.body %}", page=draft)


def test_a_copy_claims_nothing_of_words_written_later(page, ada) -> None:
    for live in (True, False):
        copy = page.copy(update_attrs={"slug": f"copy-{live}"}, keep_live=live)
        copy = ArticlePage.objects.get(pk=copy.pk)
        assert claims(copy) == ALL
        assert claims(publish(copy, body(ada, "Rest is good."))) == NONE
    assert claims(page) == ALL


def test_a_translation_is_reviewed_as_it_was_first_published(page, ada) -> None:
    dutch = page.copy_for_translation(factories.locale("nl"), copy_parents=True)
    dutch = publish(ArticlePage.objects.get(pk=dutch.pk), body(ada, "Rust is slecht."))
    assert "reviewedBy" in page_json_ld(dutch)["@graph"][0]
    dutch = publish(dutch, body(ada, "Rust is goed."))
    assert "reviewedBy" not in page_json_ld(factories.again(dutch))["@graph"][0]


def test_an_alias_claims_what_its_original_does(page, ada) -> None:
    alias = page.create_alias(update_slug="alias")
    assert claims(ArticlePage.objects.get(pk=alias.pk)) == ALL
    publish(page, body(ada, "Rest is good."))
    alias = ArticlePage.objects.get(pk=alias.pk)
    assert claims(alias) == NONE
    reviews.confirm(factories.again(page), reviews.boxes_on(factories.again(page))[0].said, None)
    assert claims(alias) == ALL
    assert set(Review.objects.values_list("page", flat=True)) == {page.pk}


def test_a_page_of_which_nothing_is_recorded_claims_what_it_always_did(page) -> None:
    Review.objects.all().delete()
    assert claims(page) == ALL


def test_what_another_version_of_the_package_recorded_is_believed(page) -> None:
    Review.objects.update(digest="0:abc")
    assert claims(page) == ALL


def test_a_confirmation_brings_the_claim_back_with_its_day(page, ada) -> None:
    page = publish(page, body(ada, "Rest is good.", next_review="2025-11-01"))
    (box,) = reviews.boxes_on(page)
    reviews.confirm(page, box.said, None)
    assert claims(page) == ALL
    today = timezone.localdate()
    element = factories.elements(factories.again(page))[-1]
    assert element.reviewed.iso == today.isoformat()
    assert element.next_review is None, "it was done"
    assert page_json_ld(factories.again(page))["@graph"][0]["lastReviewed"] == today.isoformat()
    assert claims(publish(page, body(ada, "Rest is best."))) == NONE
    assert factories.elements(factories.again(page))[-1].reviewed.iso == today.isoformat()


def test_any_translation_of_the_person_is_the_person(page, ada) -> None:
    danish = factories.translation(ada, "da")
    assert claims(publish(page, body(danish, "Rest is good."))) == NONE


def test_another_persons_claim_is_of_another_text(page, ada) -> None:
    bo = factories.person("Bo Lund")
    byline = ("byline", {"authors": []})
    page = publish(page, [byline, *body(ada, "Rest is good."), *body(bo)[1:]])
    line, _text, first, second = factories.elements(page)
    assert (first.is_outdated, second.is_outdated) == (True, False)
    assert line.reviewer == "Bo Lund"
    (node,) = [n for n in page_json_ld(factories.again(page))["@graph"] if "reviewedBy" in n]
    assert [ref["@id"].rpartition("#")[2] for ref in node["reviewedBy"]] == [f"/person-{bo.pk}"]


def test_the_box_disappears_where_the_setting_says_so(page, ada, settings) -> None:
    factories.setting(settings, OUTDATED_REVIEW="hide")
    page = publish(page, body(ada, "Rest is good."))
    assert factories.elements(page)[-1] is None


def test_the_review_of_a_page_costs_no_query(page, ada) -> None:
    def queries() -> int:
        fresh = factories.again(page)
        with CaptureQueriesContext(connection) as found:
            factories.elements(fresh)
        return len(found)

    right = queries()
    publish(page, body(ada, "Rest is good."))
    assert claims(page) == NONE
    outdated = queries()
    Review.objects.all().delete()
    assert right == outdated == queries()


def test_a_record_stays_when_its_person_is_deleted(page, ada) -> None:
    ada.delete()
    (record,) = Review.objects.all()
    assert (record.person, record.name, str(record)) == (None, "Ada Holm", f"Ada Holm, {DAY}")


def test_records_are_no_use_of_a_person(page, ada) -> None:
    uses = ReferenceIndex.get_references_to(ada).values_list("base_content_type__model", flat=True)
    assert set(uses) == {"page"}


def test_pages_of_a_listing_keep_their_reviews_apart(page, ada) -> None:
    other = publish(factories.page(*body(ada)), body(ada, "Rest is good."))
    pages = list(ArticlePage.objects.filter(pk__in=[page.pk, other.pk]).order_by("pk"))
    fetch([one.body for one in pages])
    assert [factories.elements(one)[-1].is_outdated for one in pages] == [False, True]


def test_days_are_of_the_record_not_of_the_clock(page) -> None:
    (record,) = Review.objects.all()
    assert record.day == datetime.date.fromisoformat(DAY)
    assert record.recorded_at.date() == timezone.now().date()
