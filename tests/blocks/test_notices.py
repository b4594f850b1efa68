"""Notices that are written or shared, and what an article says of its paid placements."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from anodyne_blocks.article import Article
from anodyne_blocks.blocks import NoticeBlock
from anodyne_blocks.words import pgettext
from tests import factories

pytestmark = pytest.mark.django_db

WRITTEN = {"kind": "caution", "heading": "Take care", "text": "<p>Not on broken skin.</p>"}


def element(page: Any) -> Any:
    (found,) = [found for found in factories.elements(page) if found is not None]
    return found


def word(text: str, language: str) -> str:
    with override(language):
        return pgettext("reader", text)


def test_a_notice_is_written_or_shared_and_not_both() -> None:
    block, shared = NoticeBlock(), factories.notice()
    block.clean(block.to_python(WRITTEN))
    block.clean(block.to_python({"notice": shared.pk}))
    for wrong in ({}, {**WRITTEN, "notice": shared.pk}):
        with pytest.raises(ValidationError) as raised:
            block.clean(block.to_python(wrong))
        assert "notice" in raised.value.block_errors


def test_a_kind_is_said_in_words() -> None:
    notice = element(factories.page(("notice", WRITTEN), language="nl"))
    assert (notice.kind, notice.heading, notice.label) == (
        "caution",
        "Take care",
        word("Caution", "nl"),
    )
    odd = element(factories.page(("notice", {**WRITTEN, "kind": "panic"})))
    assert odd.kind == "information"


def test_a_shared_notice_is_in_the_pages_language_and_changed_in_one_place() -> None:
    shared = factories.notice(kind="doctor")
    dutch = factories.translation(shared, "nl", heading="Vooraf", text="<p>Vraag het.</p>")
    english = factories.page(("notice", {"notice": shared.pk}))
    page = factories.page(("notice", {"notice": shared.pk}), language="nl")
    assert element(english).heading == "Before you try"
    assert (element(page).kind, element(page).html) == ("doctor", "<p>Vraag het.</p>")
    dutch.text = "<p>Vraag het een arts.</p>"
    dutch.save()
    assert element(factories.again(page)).html == "<p>Vraag het een arts.</p>"
    shared.delete()
    dutch.delete()
    assert factories.elements(factories.again(page)) == [None]


def test_a_notice_keeps_its_versions() -> None:
    shared = factories.notice()
    shared.save_revision()
    shared.text = "<p>Ask a doctor.</p>"
    shared.save()
    shared.save_revision()
    texts = [revision.as_object().text for revision in shared.revisions.order_by("pk")]
    assert texts == ["<p>Ask somebody who knows.</p>", "<p>Ask a doctor.</p>"]


def test_no_review_is_of_a_shared_notice() -> None:
    shared = factories.notice()
    review = {"person": factories.person().pk, "reviewed": "2025-10-25"}
    page = factories.page(
        ("paragraph", {"text": "<p>Move.</p>"}),
        ("notice", {"notice": shared.pk}),
        ("reviewer", review),
    )
    digest = Article.for_page(page).digest
    shared.text = "<p>Other words.</p>"
    shared.save()
    assert Article.for_page(factories.again(page)).digest == digest
    page.body[1].value["notice"] = None
    page.body[1].value["heading"] = "Words of the article"
    assert Article.for_page(page).digest != digest


# What the article's placements are paid for


def placed(*relationships: str, **fields: Any) -> list[tuple[str, Any]]:
    """A card, or a grid of two, for each of these relationships."""
    product = factories.product("nl", **fields).pk
    cards = [{"product": product, "relationship": relationship} for relationship in relationships]
    return [*(("product_card", card) for card in cards[:1]), ("product_grid", {"cards": cards[1:]})]


def disclosed(*blocks: tuple[str, Any], language: str = "nl") -> Any:
    page = factories.page(("disclosure", {}), *blocks, ("disclosure", {}), language=language)
    first, *_others, second = factories.elements(page)
    assert second is None
    return first


def test_an_article_says_once_what_it_is_paid_for() -> None:
    assert disclosed(*placed("", "")) is None
    assert disclosed(*placed("ad")).kind == "ad"
    assert disclosed(*placed("", "", "affiliate")).kind == "affiliate"
    both = disclosed(*placed("ad", "affiliate"))
    assert both.kind == "both"
    assert "advertenties en partnerlinks" in both.text


def test_what_is_not_shown_needs_no_word(settings: Any) -> None:
    """A product that this market does not sell, and one that is hidden."""
    assert disclosed(*placed("ad"), language="da") is None
    factories.setting(settings, WITHDRAWN_PRODUCT="hide")
    gone = placed("ad", status="withdrawn")
    assert disclosed(*gone) is None


def test_the_byline_says_it_where_the_site_wants_that(settings: Any) -> None:
    author = {"authors": [{"person": None, "organisation": "Atlas"}]}
    plain = factories.page(("byline", author), *placed("affiliate"), language="nl")
    assert factories.elements(plain)[0].disclosure == ""
    factories.setting(settings, ARTICLE_DISCLOSURE="byline")
    assert "partnerlinks" in factories.elements(factories.again(plain))[0].disclosure
    own = factories.page(
        ("byline", author), *placed("affiliate"), ("disclosure", {}), language="nl"
    )
    assert factories.elements(own)[0].disclosure == ""
