"""The verdict of a test, and the picks that lead to verdicts and comparisons."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anodyne_blocks import clock
from anodyne_blocks.article import Article
from anodyne_blocks.blocks import ProductVerdictBlock
from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.json_ld.pages import comparison, node, nodes, reduced, verdict

BLOCK = ProductVerdictBlock()


def element(product: Any, tester: Any = None, **fields: Any) -> Any:
    value = BLOCK.to_python(verdict(product, tester, **fields))
    return BLOCK.element(value, factories.context_of("nl"))


@pytest.mark.django_db
def test_a_verdict_says_what_was_found_by_whom_and_when() -> None:
    ada = factories.person("Ada Holm", "nl", credentials="MSc")
    found = element(factories.product("nl"), ada)
    assert (found.verdict, found.good, found.bad) == (
        "Zit stevig.",
        ("Licht", "Wasbaar"),
        ("Vrij hard",),
    )
    assert (found.good_label, found.bad_label) == ("Goed", "Minder goed")
    assert found.score.text == "8,5 van de 10"
    day = factories.day("2025-10-25", "nl")
    assert found.tested_text == f"Getest op {day} door Ada Holm, MSc"
    assert found.product.price_text == factories.written("39.75", "nl")


@pytest.mark.django_db
def test_an_old_test_says_so(settings: Any) -> None:
    product = factories.product("nl")
    days = datetime.timedelta(days=100)
    tested = (clock.today() - days).isoformat()
    factories.setting(settings, TEST_MAX_AGE_DAYS=100)
    assert not element(product, tested=tested).is_old
    factories.setting(settings, TEST_MAX_AGE_DAYS=99)
    found = element(product, tested=tested)
    assert found.is_old and found.old_text.startswith("Deze test is oud")
    assert found.tested_text == f"Getest op {factories.day(tested, 'nl')}"


@pytest.mark.django_db
def test_scores_are_on_the_site_s_scale_or_none(settings: Any) -> None:
    product = factories.product("nl")
    factories.setting(settings, SCORE_BEST=5)
    assert element(product, score="4.5").score.text == "4,5 van de 5"
    # It was given on another scale.
    assert element(product, score="8.5").score is None
    with pytest.raises(ValidationError) as raised:
        BLOCK.clean(BLOCK.to_python(verdict(product, score="8.5")))
    assert list(raised.value.block_errors) == ["score"]
    factories.setting(settings, SCORE_BEST=None)
    assert element(product, score="4.5").score is None


@pytest.mark.django_db
def test_a_test_is_not_of_a_day_to_come() -> None:
    tomorrow = (clock.today() + datetime.timedelta(days=1)).isoformat()
    with pytest.raises(ValidationError) as raised:
        BLOCK.clean(BLOCK.to_python(verdict(factories.product("nl"), tested=tomorrow)))
    assert list(raised.value.block_errors) == ["tested"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"availability": "out_of_stock"}, "Uitverkocht"),
        ({"withdrawn_at": timezone.now()}, "Niet meer verkrijgbaar"),
    ],
)
def test_a_verdict_stays_when_the_product_is_gone(fields: Any, says: str) -> None:
    product = factories.product("nl")
    factories.change_offer(product, "nl", **fields)
    found = element(product)
    assert found.verdict and found.product.availability.text == says


@pytest.mark.django_db
def test_a_review_in_the_structured_data_is_what_the_page_shows() -> None:
    ada = factories.person("Ada Holm", "nl")
    page = factories.page(("product_verdict", verdict(reduced(), ada)), language="nl")
    review = node(page, "Product")["review"][0]
    assert review["reviewBody"] == "Zit stevig."
    rating = review["reviewRating"]
    assert (rating["ratingValue"], rating["bestRating"]) == (8.5, 10)
    notes = [step["name"] for step in review["positiveNotes"]["itemListElement"]]
    assert notes == ["Licht", "Wasbaar"]
    assert nodes(page, "Person")[0]["name"] == "Ada Holm"
    assert review["dateCreated"] == "2025-10-25"


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"good": ["Licht"], "bad": []}, {"score": None}])
def test_what_google_does_not_take_is_not_told(fields: Any) -> None:
    ada = factories.person("Ada Holm", "nl")
    page = factories.page(("product_verdict", verdict(reduced(), ada, **fields)), language="nl")
    review = node(page, "Product")["review"][0]
    assert ("positiveNotes" in review) is ("good" not in fields)
    assert ("reviewRating" in review) is ("score" not in fields)


@pytest.mark.django_db
def test_there_is_no_review_without_an_author_or_of_what_is_not_sold() -> None:
    page = factories.page(("product_verdict", verdict(reduced())), language="nl")
    assert nodes(page, "Review") == []
    ada = factories.person("Ada Holm", "nl")
    gone = reduced(withdrawn_at=timezone.now())
    assert (
        nodes(factories.page(("product_verdict", verdict(gone, ada)), language="nl"), "Review")
        == []
    )


@pytest.mark.django_db
def test_the_compared_products_are_a_list() -> None:
    known, unpictured = reduced(), factories.product("nl")
    page = factories.page(("product_comparison", comparison(known, unpictured)), language="nl")
    steps = node(page, "ItemList")["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2]
    (product,) = nodes(page, "Product")
    assert steps[0]["item"]["@id"] == product["@id"] and "item" not in steps[1]
    assert page_json_ld(page)


@pytest.mark.django_db
def test_picks_lead_to_verdicts_and_comparisons_with_their_prices() -> None:
    cushion, mat = factories.product("nl"), factories.product("nl")
    factories.change_offer(mat, "nl", title="Mat", price="10", availability="out_of_stock")
    page = factories.page(
        ("picks", {}),
        ("product_comparison", comparison(cushion, mat)),
        ("product_verdict", verdict(mat)),
        ("product_verdict", verdict(cushion, title="Het kussen")),
        language="nl",
    )
    picks, table, first, second = factories.elements(page)
    assert [pick.anchor for pick in picks.picks] == [table.anchor, first.anchor, second.anchor]
    assert len({pick.anchor for pick in picks.picks}) == 3
    assert [pick.text for pick in picks.picks] == ["Naast elkaar", "Mat", "Het kussen"]
    assert [one.is_choice for one in picks.picks[0].products] == [True, False]
    (shown,) = picks.picks[1].products
    assert shown.price_text == factories.written("10", "nl")
    assert shown.availability_text == "Uitverkocht"
    html = factories.render("{% include_block page.body %}", page=page)
    for pick in picks.picks:
        assert f'href="#{pick.anchor}"' in html and f'id="{pick.anchor}"' in html


@pytest.mark.django_db
def test_without_a_verdict_or_comparison_there_are_no_picks() -> None:
    page = factories.page(("picks", {}), ("heading", {"text": "Zitten"}), language="nl")
    assert factories.elements(page, Article.for_page(page))[0] is None
