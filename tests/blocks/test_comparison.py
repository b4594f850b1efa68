"""The comparison: values by criterion, best and equal ones, and products in every state."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from anodyne_blocks.blocks import ProductComparisonBlock
from anodyne_blocks.blocks.criteria import written
from tests import factories

BLOCK = ProductComparisonBlock()
CRITERIA = [
    {"name": "Gewicht", "kind": "number", "unit": "kg", "better": "less", "key": "weight"},
    {"name": "Wasbaar", "kind": "yes_no", "better": "more", "key": "washable"},
    {"name": "Comfort", "kind": "stars", "better": "more", "key": "comfort"},
    {"name": "Materiaal", "kind": "text", "key": "material"},
]


def compared(product: Any, values: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    pairs = (values or {}).items()
    written_values = [{"criterion": key, "value": value} for key, value in pairs]
    return {"product": product.pk, "values": written_values, **fields}


def element(*products: dict[str, Any], criteria: Any = CRITERIA, **fields: Any) -> Any:
    value = BLOCK.to_python({"criteria": criteria, "products": list(products), **fields})
    return BLOCK.element(value, factories.context_of("nl"))


def two() -> tuple[Any, Any]:
    return factories.product("nl"), factories.product("nl")


def row(table: Any, label: str) -> list[tuple[str, bool]]:
    (found,) = [row for row in table.rows if row.label == label]
    return [(factories.plain(value.text), value.is_best) for value in found.values]


def cleaned(value: dict[str, Any], publish: bool = True) -> Any:
    native = BLOCK.to_python(value)
    return BLOCK.clean(native) if publish else BLOCK.clean_deferred(native)


def refused(value: dict[str, Any]) -> Any:
    with pytest.raises(ValidationError) as raised:
        cleaned(value)
    return raised.value


@pytest.mark.django_db
def test_values_are_written_in_the_page_s_language_and_the_best_are_marked() -> None:
    first, second = two()
    table = element(
        compared(first, {"weight": "1.2", "washable": "yes", "comfort": "3.5", "material": "kurk"}),
        compared(second, {"weight": "0.9", "washable": "no", "comfort": "4.5"}),
    )
    assert row(table, "Gewicht") == [("1,2 kg", False), ("0,9 kg", True)]
    assert row(table, "Wasbaar") == [("Ja", True), ("Nee", False)]
    assert row(table, "Comfort") == [("3,5 van de 5", False), ("4,5 van de 5", True)]
    assert row(table, "Materiaal") == [("kurk", False), ("", False)]
    assert [card.product for card in table.products] == [first.pk, second.pk]


@pytest.mark.django_db
def test_values_follow_their_product_and_criterion_wherever_these_are_moved() -> None:
    first, second = two()
    light, heavy = compared(first, {"weight": "1"}), compared(second, {"weight": "2"})
    assert row(element(light, heavy), "Gewicht") == [("1 kg", True), ("2 kg", False)]
    moved = element(heavy, light, criteria=[*reversed(CRITERIA)])
    assert row(moved, "Gewicht") == [("2 kg", False), ("1 kg", True)]


@pytest.mark.django_db
def test_equal_rows_can_be_folded_and_none_of_them_is_best() -> None:
    first, second = two()
    same = {"weight": "1", "material": "kurk"}
    table = element(compared(first, same), compared(second, same | {"weight": "1.0"}))
    assert row(table, "Gewicht") == [("1 kg", False), ("1 kg", False)]
    equal = {row.label for row in table.rows if row.is_equal}
    # Prices are never folded away.
    assert equal == {"Gewicht", "Materiaal", "Beschikbaarheid"}
    assert table.fold_label == "Verberg rijen waarin alles gelijk is"


@pytest.mark.django_db
def test_what_offers_say_are_rows_by_themselves() -> None:
    first, second = factories.product(), factories.product("nl")
    facts = {"unit_price": "7.95", "unit_measure": "100 ml", "rating": "4.6", "rating_count": 212}
    factories.offer(first, "nl", condition="used", **facts, **factories.reduction("nl"))
    table = element(compared(first), compared(second), criteria=[])
    assert [row.kind for row in table.rows] == [
        "price",
        "unit_price",
        "availability",
        "condition",
        "rating",
    ]
    assert row(table, "Prijs")[1][0] == factories.plain(factories.written("39.75", "nl"))
    assert row(table, "Staat") == [("Gebruikt", False), ("", False)]
    # As on the card: the reduction with its sentence.
    assert table.products[0].reduction == factories.card(first).reduction
    assert table.products[0].badges[0].kind == "reduction"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "price", "says", "buyable"),
    [
        ({"availability": "out_of_stock"}, True, "Uitverkocht", False),
        ({"withdrawn_at": timezone.now()}, False, "Niet meer verkrijgbaar", False),
        ({"condition": "used"}, True, "Gebruikt", True),
    ],
)
def test_each_state_is_said(fields: Any, price: bool, says: str, buyable: bool) -> None:
    first, second = two()
    factories.change_offer(first, "nl", **fields)
    table = element(compared(first, is_choice=True), compared(second), criteria=[])
    assert bool(table.products[0].price) is price
    assert says in [value.text for row in table.rows for value in row.values]
    assert table.products[0].buyable is buyable
    # Nobody is sent to what the shop has withdrawn.
    assert (table.choice is None) is ("withdrawn_at" in fields)


@pytest.mark.django_db
def test_new_goods_are_called_new_beside_used_ones_only() -> None:
    products = [factories.product("en") for _ in range(4)]
    for product in products[:3]:
        factories.change_offer(product, "en", condition="new")
    factories.change_offer(products[2], "en", withdrawn_at=timezone.now())

    def said() -> list[list[str]]:
        value = BLOCK.to_python({"products": [compared(product) for product in products]})
        rows = BLOCK.element(value, factories.context_of("en")).rows
        return [[one.text for one in row.values] for row in rows if row.kind == "condition"]

    assert said() == []
    factories.change_offer(products[0], "en", condition="used")
    # Of goods that are gone, or of which the shop is silent, nothing is said.
    assert said() == [["Used", "New", "", ""]]


def columns(html: str) -> list[list[Any]]:
    """The cells of each product, from its picture to its button."""
    rows = BeautifulSoup(html, "html.parser").select("tr")
    return list(zip(*(row.find_all(["td", "th"])[1:] for row in rows), strict=True))


@pytest.mark.django_db
def test_each_state_is_shown_in_its_column() -> None:
    """Sold out, withdrawn, stale, used, and not in this market, side by side."""
    sold_out, withdrawn, used = (factories.product("nl") for _ in range(3))
    stale, elsewhere = factories.from_shop("nl"), factories.product("da")
    long_ago = timezone.now() - datetime.timedelta(days=30)
    factories.change_offer(sold_out, "nl", availability="out_of_stock")
    factories.change_offer(withdrawn, "nl", withdrawn_at=timezone.now())
    factories.change_offer(used, "nl", condition="used")
    factories.change_offer(stale, "nl", checked_at=long_ago, **factories.reduction("nl"))
    products = [sold_out, withdrawn, used, stale, elsewhere]
    value = BLOCK.to_python({"products": [compared(product) for product in products]})
    html = BLOCK.render(value, {"article_context": factories.context_of("nl")})
    found = columns(html)
    assert [cells[1]["data-anodyne-item"] for cells in found] == [
        str(product.pk) for product in products[:4]
    ]
    # Sold out and withdrawn are greyed from the picture down, by their state.
    states = [[cells[place].get("data-state") for place in (0, 1, 2, -1)] for cells in found]
    assert states[:2] == [["out_of_stock"] * 4, ["withdrawn"] * 4]
    assert states[2:] == [["in_stock"] * 4] * 2
    prices = [cells[2].select_one(".anodyne-product-card__price") for cells in found]
    buttons = [cells[-1].select_one(".anodyne-product-card__button") for cells in found]
    assert [bool(price) for price in prices] == [True, False, True, True]
    assert [bool(button) for button in buttons] == [True, False, True, True]
    # What there is none of is said, not left empty; nobody is led to what is gone.
    assert found[1][2].get_text(strip=True) == "Niet bekend"
    assert found[1][1].find("a") is None
    day = factories.day(long_ago.date().isoformat(), "nl")
    assert factories.plain(day) in factories.plain(found[3][2].get_text()) and "<s " not in html
    assert "Gebruikt" in [cell.get_text(strip=True) for cell in found[2]]


@pytest.mark.django_db
@pytest.mark.parametrize("left", [0, 1])
def test_of_fewer_than_two_products_a_card_or_nothing_is_left(left: int) -> None:
    """One that this market does not sell has no name there."""
    products = [factories.product("nl" if number < left else "da") for number in (0, 1)]
    value = BLOCK.to_python({"products": [compared(product) for product in products]})
    context = factories.context_of("nl")
    found = BLOCK.element(value, context)
    html = BLOCK.render(value, {"article_context": context})
    if left:
        assert (found.type, found.layout, found.product) == ("product_card", "wide", products[0].pk)
        assert html.strip().startswith('<article class="anodyne-product-card"')
    else:
        assert found is None and html == ""


@pytest.mark.django_db
def test_withdrawn_products_are_left_out_where_the_site_hides_them(settings: Any) -> None:
    factories.setting(settings, WITHDRAWN_PRODUCT="hide")
    products = [factories.product("nl") for _ in range(3)]
    factories.change_offer(products[0], "nl", withdrawn_at=timezone.now())
    table = element(*map(compared, products), criteria=[])
    assert [card.product for card in table.products] == [products[1].pk, products[2].pk]


@pytest.mark.django_db
def test_saving_gives_keys_and_a_place_for_each_value() -> None:
    first, second = two()
    criteria = [{"name": "Gewicht", "kind": "number"}, {"name": "Gewicht", "kind": "text"}]
    given = compared(first, {"Gewicht": "1,5"})
    value = cleaned({"criteria": criteria, "products": [given, compared(second)]})
    assert [criterion["key"] for criterion in value["criteria"]] == ["gewicht", "gewicht-2"]
    stored = [
        [(item["criterion"], item["value"]) for item in product["values"]]
        for product in value["products"]
    ]
    assert stored[1] == [("gewicht", ""), ("gewicht-2", "")]
    assert sorted(stored[0])[0][0] == "gewicht"
    # A new name changes no key, so no value is lost.
    value["criteria"][0]["name"] = "Massa"
    again = BLOCK.clean(value)
    assert again["criteria"][0]["key"] == "gewicht"


@pytest.mark.django_db
def test_a_draft_may_lack_products_and_still_gets_its_places() -> None:
    value = cleaned({"criteria": CRITERIA, "products": [{"product": None}]}, publish=False)
    assert len(value["products"][0]["values"]) == len(CRITERIA)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "child"),
    [
        ({"weight": "heavy"}, "value"),
        ({"washable": "perhaps"}, "value"),
        ({"comfort": "6"}, "value"),
        ({"height": "4"}, "criterion"),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(values: dict[str, str], child: str) -> None:
    first, second = two()
    products = [compared(first, {"material": "kurk"} | values), compared(second)]
    error = refused({"criteria": CRITERIA, "products": products})
    inner = error.block_errors["products"].block_errors[0].block_errors["values"]
    assert list(inner.block_errors[1].block_errors) == [child]


@pytest.mark.django_db
def test_there_is_one_choice_and_no_claim_in_a_badge() -> None:
    first, second = two()
    both = [compared(first, is_choice=True), compared(second, is_choice=True)]
    errors = refused({"products": both}).block_errors["products"].block_errors
    assert list(errors) == [1] and "is_choice" in errors[1].block_errors
    claims = [compared(first, badge="-20 %"), compared(second)]
    errors = refused({"products": claims}).block_errors["products"].block_errors
    assert list(errors) == [0]


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("number", " 1,5 ", "1.5"),
        ("number", "1200", "1200"),
        ("number", "0.125", "0.125"),
        ("number", "−3", "-3"),
        ("stars", "4,5", "4.5"),
        ("yes_no", "JA", "yes"),
        ("yes_no", "✗", "no"),
        ("text", " kurk ", "kurk"),
        ("number", "", ""),
    ],
)
def test_what_editors_type_is_stored_in_one_way(kind: str, typed: str, stored: str) -> None:
    with translation.override("nl"):
        assert written(kind, typed) == stored


@pytest.mark.parametrize("typed", ["1.200", "12,500", "1.2.3", "1 kg", "1e5", "NaN"])
def test_a_number_that_can_be_read_in_two_ways_or_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        written("number", typed)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 6])
def test_a_comparison_costs_no_query_more_than_cards(count: int) -> None:
    products = [factories.product("nl", image=factories.image(width=9, height=9)) for _ in range(6)]
    value = {"criteria": CRITERIA, "products": [compared(one) for one in products[:count]]}
    cards = [("product_card", {"product": one.pk}) for one in products[:count]]
    pages = [
        factories.page(*blocks, language="nl")
        for blocks in (cards, [("product_comparison", value), ("picks", {})])
    ]
    needed = []
    for page in pages:
        factories.elements(factories.again(page))
        with CaptureQueriesContext(connection) as captured:
            shown = factories.again(page)
            factories.render("{% include_block page.body %}", page=shown)
        needed.append(len(captured))
    assert needed[0] == needed[1]


def test_the_table_is_one_to_programs_too() -> None:
    """Caption, scope and a name for each value; the preview needs no database."""
    with translation.override("en"):
        value = BLOCK.get_preview_value()
        context = BLOCK.get_preview_context(value)
        soup = BeautifulSoup(BLOCK.render(value, context), "html.parser")
    assert soup.caption and soup.caption.get_text(strip=True)
    heads = [head.get_text(" ", strip=True) for head in soup.select("thead th[scope=col]")]
    assert len(heads) == 2
    for line in soup.select("tbody tr"):
        assert line.find("th", scope="row").get_text(strip=True)
        assert [cell["data-product"] for cell in line("td")] == [
            head.removesuffix(" Our choice") for head in heads
        ]


@pytest.mark.django_db
def test_what_no_form_has_checked_breaks_no_page() -> None:
    first, second = two()
    odd = [
        compared(first, {"weight": "heavy", "washable": "perhaps", "comfort": "9"}),
        compared(second, {"": "lost", "weight": "2"}),
    ]
    table = element(*odd, criteria=[*CRITERIA, {"name": ""}, "no criterion"])
    assert row(table, "Gewicht") == [("", False), ("2 kg", False)]
