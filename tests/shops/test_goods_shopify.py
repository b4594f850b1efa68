"""Shopify: one history is of one thing, and a bad datum costs itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Found, Gone, ShopError, Unknown
from anodyne_blocks.shops.shopify import Shopify
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server, reply
from tests.shops.mutations import check_shop
from tests.shops.test_shopify import BALM, BRACE, PATH, answering, canned, changed, listed

Node = dict[str, Any]

SMALL, LARGE = changed(BALM)["variants"]["nodes"]


def balm(*variants: Node, **fields: Any) -> Node:
    return changed(BALM, variants=listed(*variants), **fields)


def at(variant: Node, amount: str, **fields: Any) -> Node:
    return variant | {"price": {"amount": amount, "currencyCode": "EUR"}} | fields


def renumbered(variant: Node, number: int, **fields: Any) -> Node:
    return variant | {"id": f"gid://shopify/ProductVariant/{number}"} | fields


@pytest.fixture
def shop(server: Server) -> Iterator[Shopify]:
    with Shopify("shopify", url=server.url, public_token="hush", allow_private=True) as shop:
        yield shop


@pytest.fixture
def turn(server: Server, shop: Shopify, market: Market) -> Callable[..., tuple[Any, Gap | None]]:
    """The offer of a second answer after a first, and the gap between them."""

    def answered(first: Node, second: Node, external_id: str = BALM) -> tuple[Any, Gap | None]:
        answering(server, first)
        before = shop.fetch([external_id], market)[external_id].offer
        known = {external_id: Known(before.goods, before.name, before.price)}
        answering(server, second)
        answer = shop.fetch([external_id], market, known)[external_id]
        entry = next(shop.catalogue(market, lambda ids: known))
        if not isinstance(answer, Found):
            return answer, None
        if external_id == BALM:
            assert answer.offer == entry
        same = answer.offer.price == before.price
        return answer.offer, answer.offer.goods.gap_after(before.goods, same_price=same)

    return answered


@pytest.mark.parametrize(
    ("second", "number", "price", "gap"),
    [
        pytest.param(balm(at(SMALL, "11.95"), LARGE), "9171", "11.95", None, id="reduced"),
        pytest.param(
            balm(at(SMALL, "6.00", condition={"value": "used"}), LARGE),
            "9171", "6.00", Gap.CONDITION, id="used",
        ),
    ],
)  # fmt: skip
def test_a_card_keeps_to_what_it_priced(
    turn: Callable[..., Any], second: Node, number: str, price: str, gap: Gap | None
) -> None:
    offer, found = turn(balm(SMALL, LARGE), second)
    assert (offer.variant, offer.price, found) == (number, Decimal(price), gap)


def test_a_handle_that_names_another_product_is_of_other_goods(turn: Callable[..., Any]) -> None:
    other = balm(renumbered(at(SMALL, "6.00"), 9999)) | {"id": "gid://shopify/Product/9998"}
    offer, gap = turn(balm(SMALL, LARGE), other, "warming-balm")
    assert (offer.price, gap) == (Decimal("6.00"), Gap.VARIANT)


def test_a_variant_s_own_id_stands_for_no_other(
    server: Server, shop: Shopify, market: Market
) -> None:
    answering(server, balm(SMALL, LARGE))
    known = {f"{BALM}:9173": Known(Goods(variant="9173"), "Warmtebalsem – 10 ml", Decimal(5))}
    assert shop.fetch([f"{BALM}:9173"], market, known) == {f"{BALM}:9173": Gone(f"{BALM}:9173")}


def test_the_variants_can_be_chosen(server: Server, shop: Shopify, market: Market) -> None:
    nodes = balm(SMALL, LARGE | {"availableForSale": False})
    answering(server, nodes)
    offers = shop.variants(BALM, market)
    said = [(o.external_id, o.title, o.price, o.availability.value, o.is_from) for o in offers]
    assert said == [
        (f"{BALM}:9171", "Warmtebalsem – 75 ml", Decimal("12.95"), "in_stock", False),
        (f"{BALM}:9172", "Warmtebalsem – 150 ml", Decimal("19.95"), "out_of_stock", False),
    ]
    assert shop.variants("warming-balm", market) == offers
    answering(server, nodes, {**LARGE, "handle": "", "product": nodes, "image": None})
    answer = shop.fetch([offers[1].external_id], market)[offers[1].external_id]
    assert answer.offer.goods == offers[1].goods
    answering(server, changed(BRACE))
    assert shop.variants(BRACE, market) == shop.variants("no-such-product", market) == []


def test_a_variant_beyond_the_first_page_is_found(
    server: Server, shop: Shopify, market: Market
) -> None:
    first = balm(SMALL)
    first["variants"]["pageInfo"] = {"hasNextPage": True, "endCursor": "1"}

    def data(variables: dict[str, Any]) -> dict[str, Any]:
        if "id" in variables:
            assert variables["after"] == "1"
            return {"product": {"variants": listed(LARGE)}}
        return canned(variables, [first])

    says(server, data)
    large = {BALM: Known(Goods(variant="9172"))}
    assert shop.fetch([BALM], market, large)[BALM].offer.price == Decimal("19.95")
    assert shop.fetch([BALM], market)[BALM].offer.is_from
    assert len(shop.variants(BALM, market)) == 2
    # A shop that never ends is not followed for ever.
    says(server, lambda v: {"product": first} if "id" in v else canned(v, [first]))
    assert "again and again" in shop.fetch([BALM], market)[BALM].reason


def test_a_channel_that_publishes_nothing_says_so(
    server: Server, shop: Shopify, market: Market
) -> None:
    says(server, lambda variables: canned(variables, []))
    answer = shop.fetch([BALM], market)[BALM]
    assert isinstance(answer, Unknown) and "nothing for market 'nl'" in answer.reason
    with pytest.raises(ShopError, match="nothing for market 'nl'"):
        list(shop.catalogue(market))


def test_an_address_of_the_shop_is_found(server: Server, shop: Shopify, market: Market) -> None:
    nodes = balm(SMALL, LARGE)
    answering(server, nodes, {**LARGE, "handle": "", "product": nodes, "image": None})
    address = "https://shop.atlas-axis.example/nl/products/warming-balm"
    assert [o.external_id for o in shop.search(address, market)] == [BALM]
    found = shop.search(f"{address}?utm_source=mail&variant=9172", market)
    assert [(o.external_id, o.price) for o in found] == [(f"{BALM}:9172", Decimal("19.95"))]
    # Gone is gone, and another shop's product of that name is another.
    assert shop.search(f"{address}?variant=9179", market) == []
    for other in ("https://other.example/products/warming-balm", "https://[", f"{address}s"):
        assert shop.search(other, market) == []


def says(server: Server, data: Callable[[dict[str, Any]], Any]) -> None:
    """Answer whatever `data` gives for a query's variables."""

    def answer(handler: Any) -> None:
        variables = json.loads(server.bodies[-1])["variables"]
        reply(handler, json.dumps({"data": data(variables)}).encode())

    server.answers[PATH] = answer


@pytest.mark.once
@pytest.mark.parametrize("known", [True, False])
def test_a_bad_datum_costs_itself(
    server: Server, shop: Shopify, market: Market, known: bool
) -> None:
    nodes = [balm(SMALL, LARGE), changed(BRACE)]
    ids = [f"gid://shopify/Product/{i}" for i in (BALM, BRACE)]
    asked = canned({"ids": ids, "language": "NL"}, nodes)
    page = canned({"first": 50, "language": "NL"}, nodes)

    def say(answer: Any) -> None:
        says(server, lambda variables: answer)

    gone = r"nodes\.\d = None"
    tried = check_shop(shop, market, say, asked, page, "products.nodes", known=known, gone=gone)
    assert tried > (1500 if known else 700)
