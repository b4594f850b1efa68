"""Saleor: the contract, prices to the cent, prior prices, and what is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Found, Gone, ShopError, Skipped, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.saleor import Saleor
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server
from tests.shops.saleor_server import (
    BALM,
    BRACE,
    FIRST,
    PATH,
    PRODUCTS,
    SECOND,
    SOLD,
    answering,
    global_id,
    made,
    product,
    taxed,
    variant,
)

SECRET = "hush-webhook"


@pytest.fixture
def shop(server: Server) -> Iterator[Saleor]:
    answering(server)
    template = "https://shop.atlas-axis.example/{language}/{slug}"
    with made(server, url_template=template, webhook_secret=SECRET) as shop:
        yield shop


def offer(server: Server, shop: Saleor, market: Market, **fields: Any) -> ShopOffer:
    """The offer of the balm with other fields."""
    answering(server, product(7, "warming-balm", "Warmtebalsem", **fields))
    answer = shop.fetch([BALM], market)[BALM]
    assert isinstance(answer, Found), answer
    return answer.offer


class TestContract(ShopContract):
    known_id = BRACE
    words = "rug"
    secrets = (SECRET,)

    @pytest.fixture
    def shop(self, shop: Saleor) -> Saleor:
        return shop

    @pytest.fixture
    def broken_shop(self, server: Server) -> Iterator[Saleor]:
        body = {"errors": [{"message": SECRET, "extensions": {"exception": {"code": "Error"}}}]}
        server.says(PATH, json.dumps(body).encode(), 400)
        with made(server, webhook_secret=SECRET) as shop:
            yield shop


class TestOffers:
    def test_every_field(self, shop: Saleor, market: Market) -> None:
        assert shop.fetch([BRACE], market)[BRACE].offer == ShopOffer(
            external_id=BRACE,
            title="Rugbrace",
            description="About lumbar-brace.",
            url="https://shop.atlas-axis.example/nl/rugbrace",
            price=Decimal("39.75"),
            list_price=Decimal("53.00"),
            shop_prior_price=Decimal("47.70"),
            currency="EUR",
            tax_included=True,
            variant=FIRST,
            sku="AX-1",
            availability=Stock.IN_STOCK,
            rating=Decimal("4.6"),
            image_url="https://cdn.saleor.example/lumbar-brace_1024.webp",
        )

    def test_consumers_see_gross_prices(self, server, shop: Saleor, market: Market) -> None:
        net = {"displayGrossPrices": False}
        found = offer(server, shop, market, pricing=net)
        assert (found.price, found.tax_included) == (Decimal("12.95"), True)
        # Without a tax that Saleor knows, it is the channel's word that counts.
        untaxed = [variant(7, price=taxed(1295, 1295))]
        assert offer(server, shop, market, variants=untaxed, pricing=net).tax_included is False
        assert offer(server, shop, market, variants=untaxed).tax_included is True

    @pytest.mark.parametrize(
        ("currency", "digits", "price"), [("JPY", 0, "1295"), ("KWD", 3, "1.295")]
    )
    def test_decimals_are_the_currency_s_own(
        self, server: Server, shop: Saleor, currency: str, digits: int, price: str
    ) -> None:
        amount = taxed(1295, 1295, currency, digits)
        found = offer(
            server,
            shop,
            Market("m", ("nl",), currency=currency),
            variants=[variant(7, price=amount)],
        )
        assert (found.price, found.list_price) == (Decimal(price), None)

    @pytest.mark.parametrize(
        ("fields", "own", "expected"),
        [
            ({}, {}, "in_stock"),
            ({"quantityAvailable": None}, {}, "in_stock"),
            ({"quantityAvailable": 0}, {}, "out_of_stock"),
            ({"quantityAvailable": 0, "trackInventory": False}, {}, "in_stock"),
            ({"preorder": {"endDate": None}}, {}, "preorder"),
            ({"preorder": {"endDate": None}, "quantityAvailable": 0}, {}, "out_of_stock"),
            ({}, {"isAvailableForPurchase": False}, "out_of_stock"),
            ({}, {"isAvailableForPurchase": None}, "unknown"),
        ],
    )
    def test_availability(self, server, shop: Saleor, market, fields, own, expected) -> None:
        found = offer(server, shop, market, variants=[variant(7, **fields)], **own)
        assert (found.availability, found.available_from) == (expected, None)

    def test_what_is_sold_later_has_its_day(self, server, shop: Saleor, market: Market) -> None:
        day = "2126-03-10T09:00:00+00:00"
        later = {"isAvailableForPurchase": False, "availableForPurchaseAt": day}
        found = offer(server, shop, market, **later)
        assert (found.availability, found.available_from.isoformat()) == (Stock.LATER, day)
        preorder = [variant(7, preorder={"endDate": day.replace("+00:00", "Z")})]
        found = offer(server, shop, market, variants=preorder)
        assert (found.availability, found.available_from.isoformat()) == (Stock.PREORDER, day)

    def test_the_cheapest_that_can_be_bought_is_priced(self, server, shop, market) -> None:
        choice = [
            variant(1, "S", taxed(1000, 826), quantityAvailable=0),
            variant(2, "M", taxed(4400, 3636)),
            variant(3, "L", taxed(5000, 4132)),
            variant(4, "XL", pricing=None),
        ]
        found = offer(server, shop, market, variants=choice)
        assert (found.price, found.availability) == (Decimal(44), Stock.IN_STOCK)
        assert (found.variant, found.sku, found.is_from) == (choice[1]["id"], "AX-2", True)

    def test_names_are_plain_text(self, server, shop: Saleor, market: Market) -> None:
        names = {"name": "Salt &amp; <b>", "slug": None, "description": None}
        assert offer(server, shop, market, translation=names).title == "Salt &amp; <b>"

    def test_an_editor_can_choose_a_variant(self, server, shop: Saleor, market: Market) -> None:
        brace = product(
            1, "knee-brace", "Kniebrace",
            variants=[variant(1, "M"), variant(7, "Blue", translation={"name": "Blauw"})],
        )  # fmt: skip
        answering(server, brace)
        choice = shop.variants(BRACE, market)
        assert [(one.external_id, one.title) for one in choice] == [
            (FIRST, "Kniebrace – M"),
            (SECOND, "Kniebrace – Blauw"),
        ]
        assert shop.fetch([FIRST], market)[FIRST].offer == choice[0]
        with made(server, language="en") as english:
            titles = [(one.title, one.name) for one in english.variants("knee-brace", market)]
        assert titles == [("", "Kniebrace – M"), ("", "Kniebrace – Blauw")]
        answering(server, product(1, "knee-brace", "Kniebrace"))
        assert shop.variants(BRACE, market) == []
        # A variant stands for itself alone.
        assert shop.fetch([SECOND], market) == {SECOND: Gone(SECOND)}
        assert shop.variants(SECOND, market) == []

    @pytest.mark.parametrize(
        ("document", "text"),
        [
            (None, ""),
            ("no JSON", ""),
            ('{"blocks": [{"data": {"text": "Warm &amp; soft."}}]}', "Warm & soft."),
            (
                '{"blocks": [{"data": {"text": "In it:"}}, {"data": {"items": ["oil", "wax"]}}]}',
                "In it: oil wax",
            ),
            (
                '{"blocks": [{"data": {"items": [{"content": "oil", "items": ["wax"]}]}}]}',
                "oil wax",
            ),
            ('{"blocks": [{"data": {"content": [["oil", "wax"]]}}, {"data": {}}]}', "oil wax"),
        ],
    )
    def test_texts_of_the_editor_are_plain(
        self, server: Server, shop: Saleor, market: Market, document, text: str
    ) -> None:
        assert offer(server, shop, market, description=document).description == text

    @pytest.mark.parametrize("rating", [0, 87.5, None])
    def test_a_rating_that_is_not_of_five_is_none(
        self, server: Server, shop: Saleor, market: Market, rating: float | None
    ) -> None:
        assert offer(server, shop, market, rating=rating).rating is None

    def test_a_product_without_a_price_is_no_offer(
        self, server: Server, shop: Saleor, market: Market
    ) -> None:
        answering(server, product(7, "balm", "Balm", variants=[variant(7, pricing=None)]))
        answer = shop.fetch([BALM], market)[BALM]
        assert "no price" in answer.reason and answer.gap is Gap.NO_PRICE
        (entry,) = shop.catalogue(market)
        assert isinstance(entry, Skipped) and entry.external_id == BALM

    @pytest.mark.parametrize("language", ["nl", "NL-be", "nl_BE"])
    def test_own_texts_stand_in_where_they_are_in_the_market_s_language(
        self, server: Server, market: Market, language: str
    ) -> None:
        with made(server, language=language) as shop:
            assert offer(server, shop, market).title == "Warmtebalsem"
            half = {"name": None, "slug": "balsem", "description": None}
            balm = offer(server, shop, market, translation=half)
            assert (balm.title, balm.description) == ("Warmtebalsem", "About warming-balm.")

    def test_a_missing_translation_leaves_no_foreign_word(
        self, server: Server, market: Market
    ) -> None:
        picture = {"url": "https://cdn.saleor.example/b.webp", "alt": "A balm"}
        with made(server, language="en") as shop:
            balm = offer(server, shop, market, thumbnail=picture)
            assert (balm.title, balm.description, balm.image_alt) == ("", "", "")
            assert (balm.name, balm.price) == ("Warmtebalsem", Decimal("12.95"))
            half = {"name": "Zalf", "slug": None, "description": None}
            balm = offer(server, shop, market, translation=half)
            assert (balm.title, balm.name, balm.description) == ("Zalf", "Zalf", "")


class TestAsking:
    def test_channel_language_and_country_follow_the_market(self, server: Server) -> None:
        answering(server)
        market = Market("be", ("nl-be",), country="BE", currency="EUR")
        with made(server, channel={"be": "belgium", "nl": "netherlands"}) as shop:
            shop.fetch([BRACE], market)
        sent = json.loads(server.bodies[0])["variables"]
        assert (sent["channel"], sent["language"]) == ("belgium", "NL_BE")
        assert sent["address"] == {"country": "BE"}

    def test_a_market_without_a_channel_is_not_asked_for(
        self, server: Server, market: Market
    ) -> None:
        with made(server, channel={"da": "denmark"}) as shop:
            assert "no channel for market 'nl'" in shop.fetch([BRACE], market)[BRACE].reason
        assert server.requests == []

    def test_a_channel_that_sells_nothing_withdraws_nothing(
        self, server: Server, shop: Saleor, market: Market
    ) -> None:
        # So Saleor answers when the channel's slug is misspelt, with no error.
        for channel, reason in [(None, "switched off"), ({"slug": "eu"}, "sells nothing")]:
            data = {"p0": None, "open": channel, "sold": {"edges": []}}
            data["products"] = {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
            server.says(PATH, json.dumps({"data": data}).encode())
            found = shop.fetch([BRACE], market)[BRACE].reason
            assert "'eu' of market 'nl'" in found and reason in found
            with pytest.raises(ShopError, match=reason):
                list(shop.catalogue(market))
            with pytest.raises(ShopError, match=reason):
                shop.search("brace", market)

    def test_by_slug_and_by_id(self, server: Server, shop: Saleor, market: Market) -> None:
        answers = shop.fetch(["lumbar-brace", BRACE, "gone-slug"], market)
        assert [type(answer) for answer in answers.values()] == [Found, Found, Gone]
        query = json.loads(server.bodies[0])["query"]
        assert "p0: product(slug: $p0" in query and "p1: product(id: $p1" in query

    def test_an_id_that_saleor_would_refuse_is_asked_for_as_a_slug(
        self, server: Server, shop: Saleor, market: Market
    ) -> None:
        for strange in (global_id("Order", 1), global_id("Product", 10**12), "UHJv"):
            assert shop.fetch([strange], market) == {strange: Gone(strange)}
            assert "p0: product(slug: $p0" in json.loads(server.bodies[-1])["query"]

    def test_page_by_page(self, server: Server, shop: Saleor, market: Market) -> None:
        answering(server, page=1)
        assert [entry.external_id for entry in shop.catalogue(market)] == [BRACE, BALM]
        assert json.loads(server.bodies[1])["variables"]["after"] == "1"

    def test_a_page_that_never_ends(self, server: Server, shop: Saleor, market: Market) -> None:
        info = {"hasNextPage": True, "endCursor": "1"}
        page = {"products": {"edges": [], "pageInfo": info}} | SOLD
        server.says(PATH, json.dumps({"data": page}).encode())
        with pytest.raises(ShopError, match="again and again"):
            list(shop.catalogue(market))

    def test_a_part_that_failed_is_unknown_and_the_rest_counts(
        self, server: Server, shop: Saleor, market: Market
    ) -> None:
        failed = {"message": "?", "path": ["p1"], "extensions": {"exception": {"code": "Bad"}}}
        answering(server, PRODUCTS[0], errors=[failed])
        answers = shop.fetch([BRACE, BALM, "other"], market)
        assert isinstance(answers[BRACE], Found)
        assert answers[BALM] == Unknown(BALM, "The shop answered with an error (Bad).")
        assert answers["other"] == Gone("other")

    def test_too_many_requests(self, server: Server, shop: Saleor, market: Market) -> None:
        server.says(PATH, b"", 429, Retry_After="30")
        assert shop.fetch([BRACE], market)[BRACE].retry_after == 30.0
