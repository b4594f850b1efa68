"""Shopify: the contract, its traps, and every query against Shopify's own schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Goods, Stock
from anodyne_blocks.shops.base import Found, Gone, ShopError, Skipped, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.shopify import Shopify
from anodyne_blocks.shops.testing import ShopContract
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server, reply

PATH = "/api/2026-04/graphql.json"
TOKEN = "hush-storefront"
SECRET = "hush-webhook"

# What the schema's server answers about the whole catalogue; a test holds the two together.
RECORDED = Path(__file__).with_name("answers") / "shopify.json"
NODES: list[dict[str, Any]] = json.loads(RECORDED.read_text())["data"]["products"]["nodes"]
BRACE, BALM, SLEEVE, MAT, TAPE = (node["id"].rpartition("/")[2] for node in NODES)
# What the shop answers in when it is asked for a language; in any other it has only English.
SPOKEN = {"NL": "NL", "DA": "DA", "PT_BR": "PT_PT"}


def canned(variables: dict[str, Any], nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The recorded answer to whichever of the three queries has these variables."""
    spoken = {"localization": {"language": {"isoCode": SPOKEN.get(variables["language"], "EN")}}}
    if "text" in variables:
        word = variables["text"].lower()
        found = [node for node in nodes if word in node["title"].lower()]
        return {"search": {"nodes": found[: variables["first"]]}} | spoken
    if "first" in variables:
        info = {"hasNextPage": False, "endCursor": None}
        return {"products": {"nodes": nodes, "pageInfo": info}} | spoken
    known = {node[key]: node for node in nodes for key in ("id", "handle")}
    handles = {k: known.get(v) for k, v in variables.items() if k[0] == "h"}
    sold = {"sold": {"nodes": [{"id": node["id"]} for node in nodes[:1]]}}
    return {"nodes": [known.get(i) for i in variables["ids"]]} | handles | sold | spoken


def answering(server: Server, *nodes: dict[str, Any], **beside: Any) -> None:
    """Answer with these nodes (by default the recorded ones), and with `beside` the data."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = canned(json.loads(server.bodies[-1])["variables"], list(nodes) or NODES)
        reply(handler, json.dumps({"data": data} | beside).encode())

    server.answers[PATH] = answer


def changed(number: str, **fields: Any) -> dict[str, Any]:
    """The recorded product `number` with other fields."""
    return next(node for node in NODES if node["id"].endswith(number)) | fields


def listed(*variants: dict[str, Any]) -> dict[str, Any]:
    """All variants of a product."""
    return {"nodes": list(variants), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def error(code: str, *path: str | int) -> dict[str, Any]:
    return {"message": f"no {TOKEN}", "path": list(path), "extensions": {"code": code}}


@pytest.fixture
def shop(server: Server) -> Iterator[Shopify]:
    answering(server)
    options = {"public_token": TOKEN, "webhook_secret": SECRET, "allow_private": True}
    with Shopify("shopify", url=server.url, **options) as shop:
        yield shop


def offer(shop: Shopify, market: Market, external_id: str) -> ShopOffer:
    answer = shop.fetch([external_id], market)[external_id]
    assert isinstance(answer, Found), answer
    return answer.offer


class TestContract(ShopContract):
    known_id = BRACE
    words = "rug"
    secrets = (TOKEN, SECRET)

    @pytest.fixture
    def shop(self, shop: Shopify) -> Shopify:
        return shop

    @pytest.fixture
    def broken_shop(self, server: Server) -> Iterator[Shopify]:
        body = {"errors": [error("INTERNAL_SERVER_ERROR")], "data": None}
        server.says(PATH, json.dumps(body).encode())
        with Shopify("s", url=server.url, private_token=TOKEN, allow_private=True) as shop:
            yield shop


class TestOffers:
    def test_every_field(self, shop: Shopify, market: Market) -> None:
        assert offer(shop, market, BRACE) == ShopOffer(
            external_id=BRACE,
            title="Rugbrace",
            description="About the lumbar-brace. Warm & soft.",
            url="https://shop.atlas-axis.example/products/lumbar-brace",
            price=Decimal("39.75"),
            list_price=Decimal("53.0"),
            currency="EUR",
            variant="9101",
            sku="AA-9101",
            gtin="8712345678906",
            brand="Atlas &amp; Axis",
            availability=Stock.IN_STOCK,
            rating=Decimal("4.6"),
            rating_count=212,
            image_url="https://cdn.shopify.com/s/files/1/lumbar-brace.jpg?width=1600",
        )

    def test_the_unit_price_is_the_shop_s(self, shop: Shopify, market: Market) -> None:
        balm = offer(shop, market, BALM)
        assert (balm.unit_price, balm.unit_measure) == (Decimal("17.27"), "100 ml")

    @pytest.mark.parametrize(("unit", "expected"), [("M2", "1 sqm"), ("ITEM", "1 ct"), (None, "")])
    def test_units_have_the_codes_of_the_feed(
        self, server: Server, shop: Shopify, market: Market, unit: str | None, expected: str
    ) -> None:
        variant = changed(BALM)["variants"]["nodes"][0]
        variant = variant | {"unitPriceMeasurement": {"referenceValue": 1, "referenceUnit": unit}}
        answering(server, changed(BALM, variants=listed(variant)))
        assert offer(shop, market, BALM).unit_measure == expected

    def test_an_unset_compare_at_price_is_no_list_price(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        (variant,) = changed(BRACE)["variants"]["nodes"]
        unset = {"amount": "0.0", "currencyCode": "EUR"}
        answering(server, changed(BRACE, variants=listed(variant | {"compareAtPrice": unset})))
        assert offer(shop, market, BRACE).list_price is None

    @pytest.mark.parametrize(
        ("number", "expected"), [(SLEEVE, "in_stock"), (MAT, "backorder"), (TAPE, "out_of_stock")]
    )
    def test_availability(self, shop: Shopify, market: Market, number: str, expected: str) -> None:
        assert offer(shop, market, number).availability == expected

    def test_another_size_in_stock_does_not_lend_its_stock_to_the_price(
        self, shop: Shopify, market: Market
    ) -> None:
        # Nor does its price take over: that would look like a rise, and later like a reduction.
        small = Known(Goods(variant="9191"), "Gebreide kniebrace", Decimal("24.5"))
        answer = shop.fetch([SLEEVE], market, {SLEEVE: small})[SLEEVE]
        assert (answer.offer.variant, answer.offer.availability) == ("9191", Stock.OUT_OF_STOCK)
        assert offer(shop, market, SLEEVE).variant == "9192"

    def test_the_lowest_of_several_prices_is_a_price_from(
        self, shop: Shopify, market: Market
    ) -> None:
        assert offer(shop, market, BALM).is_from
        assert not offer(shop, market, SLEEVE).is_from
        large = Known(Goods(variant="9172"))
        assert not shop.fetch([BALM], market, {BALM: large})[BALM].offer.is_from

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"requiresSellingPlan": True}, "by subscription only"),
            ({"quantityRule": {"minimum": 6}}, "sold by 6 at least"),
        ],
    )
    def test_a_price_that_is_a_part_of_what_one_owes_is_none(
        self, server: Server, shop: Shopify, market: Market, changes: dict[str, Any], reason: str
    ) -> None:
        brace = changed(BRACE)
        variant = brace["variants"]["nodes"][0] | changes
        answering(server, brace | changes | {"variants": listed(variant)})
        assert reason in shop.fetch([BRACE], market)[BRACE].reason
        (skipped,) = shop.catalogue(market)
        assert reason in skipped.reason

    def test_used_goods_say_so(self, server: Server, shop: Shopify, market: Market) -> None:
        assert offer(shop, market, MAT).condition == "refurbished"
        assert offer(shop, market, BRACE).condition == ""
        used = changed(BALM)["variants"]["nodes"][0] | {"condition": {"value": "used"}}
        answering(server, changed(BALM, variants=listed(used)))
        assert offer(shop, market, BALM).condition == "used"

    def test_a_barcode_of_the_shop_s_own_is_no_gtin(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        own = changed(BRACE)["variants"]["nodes"][0] | {"barcode": "SHELF-7"}
        answering(server, changed(BRACE, variants=listed(own)))
        found = offer(shop, market, BRACE)
        assert (found.gtin, found.notes) == ("", "The gtin is left out: 'SHELF-7' is no GTIN.")

    def test_texts_are_plain(self, server: Server, shop: Shopify, market: Market) -> None:
        brace = changed(BRACE, title="Brace < 5 cm &amp; <soft>", description="a <b> c")
        answering(server, brace)
        found = offer(shop, market, BRACE)
        assert (found.title, found.description) == ("Brace < 5 cm &amp; <soft>", "a <b> c")

    @pytest.mark.parametrize(
        ("rating", "count", "expected"),
        [
            ({"value": "9.0", "scale_min": "0", "scale_max": "10"}, "3", (Decimal("4.5"), 3)),
            ({"value": "4.0", "scale_min": "1", "scale_max": "5"}, None, (Decimal(4), None)),
            ({"value": "0.0", "scale_min": "1", "scale_max": "5"}, "0", (None, None)),
            ({"value": "6.0", "scale_min": "1", "scale_max": "5"}, "9", (None, None)),
            ({"value": "4.0", "scale_min": "0", "scale_max": "0"}, "9", (None, None)),
            (["?"], "9", (None, None)),
        ],
    )
    def test_ratings_are_of_five_or_none(
        self, server: Server, shop: Shopify, market: Market, rating, count, expected
    ) -> None:
        counted = {"value": count} if count else None
        rated = changed(BRACE, rating={"value": json.dumps(rating)}, ratingCount=counted)
        answering(server, rated)
        found = offer(shop, market, BRACE)
        assert (found.rating, found.rating_count) == expected

    def test_an_address_for_shops_without_an_online_store(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        assert offer(shop, market, MAT).url == ""
        template = "https://atlas-axis.example/{language}/{handle}"
        options = {"public_token": TOKEN, "url_template": template, "allow_private": True}
        with Shopify("s", url=server.url, tax_included={"nl": True}, **options) as other:
            found = offer(other, market, MAT)
        assert found.url == "https://atlas-axis.example/nl/standing-mat"
        assert found.tax_included is True

    def test_a_variant_by_its_own_id(self, server: Server, shop: Shopify, market: Market) -> None:
        gid = "gid://shopify/ProductVariant/9172"
        balm = changed(BALM)
        picture = {"url": "https://cdn.shopify.com/150.jpg", "altText": "A tin"}
        large = balm["variants"]["nodes"][1] | {"image": picture}
        answering(server, large | {"product": balm, "handle": ""})
        for own in (gid, f"{BALM}:9172"):
            found = offer(shop, market, own)
            assert (found.external_id, found.title) == (own, "Warmtebalsem – 150 ml")
            assert (found.price, found.image_alt) == (Decimal("19.95"), "A tin")
            assert found.url.endswith("/products/warming-balm?variant=9172")
        assert shop.fetch(["8101:9172"], market)["8101:9172"] == Gone("8101:9172")


class TestIds:
    def test_number_global_id_and_handle_are_the_same_product(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        ids = [BRACE, f"gid://shopify/Product/{BRACE}", "lumbar-brace"]
        answers = shop.fetch(ids, market)
        assert [answer.external_id for answer in answers.values()] == ids
        assert {answer.offer.title for answer in answers.values()} == {"Rugbrace"}
        assert len(server.requests) == 1

    def test_what_shopify_would_refuse_is_not_sent_as_an_id(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        # One malformed global id fails the whole query, with all the good ids in it.
        strange = ["gid://shopify/Product/x", "gid://shopify/Order/1", "9" * 20]
        answers = shop.fetch([*strange, BRACE], market)
        assert [type(answer) for answer in answers.values()] == [Gone, Gone, Gone, Found]
        sent = json.loads(server.bodies[0])["variables"]
        assert sent["ids"] == [f"gid://shopify/Product/{BRACE}"]


class TestMarkets:
    @pytest.mark.parametrize(
        ("locale", "code"),
        [("nl", "NL"), ("nl-be", "NL"), ("pt-br", "PT_BR"), ("zh-hans", "ZH_CN"), ("ar", "AR")],
    )
    def test_country_and_language_are_asked_for(
        self, server: Server, shop: Shopify, locale: str, code: str
    ) -> None:
        shop.fetch([BRACE], Market("m", (locale,), country="BE", currency="EUR"))
        sent = json.loads(server.bodies[0])["variables"]
        assert (sent["country"], sent["language"]) == ("BE", code)

    def test_without_a_country_the_shop_s_own_is_meant(self, server: Server, shop: Shopify) -> None:
        shop.fetch([BRACE], Market("m", ("nl",)))
        assert "country" not in json.loads(server.bodies[0])["variables"]

    def test_a_country_without_a_market_falls_back_to_a_wrong_currency(self, shop: Shopify) -> None:
        # Shopify then answers in the shop's own currency, and says nothing.
        danish = Market("da", ("da",), country="DK", currency="DKK")
        assert isinstance(shop.fetch([BRACE], danish)[BRACE], Unknown)
        assert shop.search("rug", danish) == []
        assert all(isinstance(entry, Skipped) for entry in shop.catalogue(danish))

    @pytest.mark.parametrize("locale", ["nl", "nl-be", "da", "pt-br", "en-gb"])
    def test_a_language_that_the_shop_publishes(self, shop: Shopify, locale: str) -> None:
        made = offer(shop, Market("m", (locale,), currency="EUR"), BRACE)
        assert made.title == made.name == "Rugbrace" and made.description

    def test_a_language_that_it_does_not_publish_has_prices_and_no_foreign_word(
        self, server: Server, shop: Shopify, caplog: pytest.LogCaptureFixture
    ) -> None:
        picture = {"url": "https://cdn.shopify.com/a.jpg", "altText": "A brace"}
        answering(server, changed(BRACE, featuredImage=picture))
        swedish = Market("sv", ("sv",), currency="EUR")
        made = offer(shop, swedish, BRACE)
        assert (made.title, made.description, made.image_alt) == ("", "", "")
        assert (made.name, made.price) == ("Rugbrace", Decimal("39.75"))
        assert caplog.messages == []
        assert [*shop.search("rug", swedish), *shop.catalogue(swedish)] == [made, made]
        assert "does not publish the language of market 'sv'" in caplog.text


class TestTroubles:
    def test_throttled_with_status_200(self, server: Server, shop: Shopify, market: Market) -> None:
        server.says(PATH, json.dumps({"errors": [error("THROTTLED")]}).encode())
        answer = shop.fetch([BRACE], market)[BRACE]
        assert answer == Unknown(BRACE, "The shop asks for fewer requests (THROTTLED).")
        with pytest.raises(ShopError, match="fewer requests"):
            list(shop.catalogue(market))

    def test_throttled_says_how_long_when_the_answer_tells(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        bucket = {"maximumAvailable": 1000.0, "currentlyAvailable": 20, "restoreRate": 50.0}
        cost = {"requestedQueryCost": 120, "throttleStatus": bucket}
        body = {"errors": [error("THROTTLED")], "extensions": {"cost": cost}}
        server.says(PATH, json.dumps(body).encode())
        assert shop.fetch([BRACE], market)[BRACE].retry_after == 2.0

    @pytest.mark.parametrize("status", [429, 430])
    def test_throttled_by_status_is_tried_again(
        self, server: Server, shop: Shopify, market: Market, status: int
    ) -> None:
        known = server.answers[PATH]
        # 430 comes without Retry-After.
        server.says_in_turn(PATH, lambda handler: reply(handler, status=status), known)
        assert isinstance(shop.fetch([BRACE], market)[BRACE], Found)

    def test_a_long_wait_is_handed_on(self, server: Server, shop: Shopify, market: Market) -> None:
        server.says(PATH, b"", 429, Retry_After="120")
        assert shop.fetch([BRACE], market)[BRACE].retry_after == 120.0

    def test_a_part_that_failed_is_unknown_and_the_rest_counts(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        missing = "gid://shopify/Product/1"
        answering(server, changed(BRACE), errors=[error("INTERNAL_SERVER_ERROR", "nodes", 1)])
        answers = shop.fetch([BRACE, missing, "2"], market)
        assert isinstance(answers[BRACE], Found)
        assert isinstance(answers[missing], Unknown), "null beside an error is not gone"
        assert "INTERNAL_SERVER_ERROR" in answers[missing].reason
        assert TOKEN not in answers[missing].reason
        assert answers["2"] == Gone("2")

    def test_an_error_without_a_path_means_all(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        answering(server, errors=[{"message": "?"}])
        assert isinstance(shop.fetch([BRACE], market)[BRACE], Unknown)

    @pytest.mark.parametrize(
        "body", [b"[]", b"{}", b'{"data": []}', b'{"data": {}}', b'{"errors": "Not found"}', b"?"]
    )
    def test_other_answers_than_expected(
        self, server: Server, shop: Shopify, market: Market, body: bytes
    ) -> None:
        server.says(PATH, body)
        assert isinstance(shop.fetch([BRACE], market)[BRACE], Unknown)
        for question in (lambda: shop.search("rug", market), lambda: list(shop.catalogue(market))):
            with pytest.raises(ShopError):
                question()

    def test_a_refused_token_reaches_no_text(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        server.says(PATH, b'{"errors": "[API] Invalid API key hush-storefront"}', 401)
        answer = shop.fetch([BRACE], market)[BRACE]
        assert answer == Unknown(BRACE, f"{server.url} answered 401.")

    def test_a_product_without_variants_in_the_market(
        self, server: Server, shop: Shopify, market: Market
    ) -> None:
        answering(server, changed(BRACE, variants=listed()))
        assert "no variant" in shop.fetch([BRACE], market)[BRACE].reason
