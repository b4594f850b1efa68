"""Saleor: the contract, prices to the cent, prior prices, and webhooks signed by published keys."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops import jws
from anodyne_blocks.shops.base import Found, Gone, InvalidWebhook, ShopError, Skipped, Unknown
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


EVENT = {
    "issuedAt": "2026-03-10T12:00:00Z",
    "productVariant": {"id": global_id("ProductVariant", 4), "product": {"id": BRACE}},
}
BODY = json.dumps(EVENT).encode()


class TestHmac:
    def signed(self, body: bytes) -> dict[str, str]:
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return {"Saleor-Signature": digest, "Saleor-Event": "product_variant_updated"}

    def test_the_product_of_a_variant_is_named(self, shop: Saleor) -> None:
        hint = shop.verify_webhook(self.signed(BODY), BODY)
        expected = (global_id("ProductVariant", 4), BRACE)
        assert (hint.external_ids, hint.topic) == (expected, "product_variant_updated")

    def test_the_product_of_a_translation_is_named(self, shop: Saleor) -> None:
        content = {"productId": BRACE, "productVariantId": FIRST, "categoryId": "Q2F0ZWdvcnk6MQ=="}
        event = {"issuedAt": "…", "translation": {"translatableContent": content}}
        body = json.dumps(event).encode()
        assert shop.verify_webhook(self.signed(body), body).external_ids == (BRACE, FIRST)

    def test_slugs_are_named_too(self, shop: Saleor) -> None:
        body = json.dumps([{"issued_at": "…", "id": BRACE, "slug": "lumbar-brace"}]).encode()
        hint = shop.verify_webhook(self.signed(body), body)
        assert hint.external_ids == (BRACE, "lumbar-brace")

    def test_two_changes_are_two_deliveries(self, shop: Saleor) -> None:
        later = json.dumps(EVENT | {"issuedAt": "2026-03-10T12:00:01Z"}).encode()
        hints = [shop.verify_webhook(self.signed(body), body) for body in (BODY, BODY, later)]
        assert len({hint.delivery_id for hint in hints}) == 2

    def test_an_event_without_a_time_is_refused(self, shop: Saleor) -> None:
        body = json.dumps({"product": {"id": BRACE}}).encode()
        with pytest.raises(InvalidWebhook, match="issuedAt"):
            shop.verify_webhook(self.signed(body), body)

    @pytest.mark.parametrize("body", [b"?", b"[" * 100_000, b"1"])
    def test_a_signed_body_that_is_no_event_is_refused(self, shop: Saleor, body: bytes) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body), body)

    def test_a_changed_body_is_refused(self, shop: Saleor) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(BODY), BODY + b" ")


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jws_of(body: bytes, key: Any = KEY, kid: str = "one", algorithm: str = "RS256") -> str:
    """As Saleor signs: the payload detached and not encoded."""
    headers = {"kid": kid, "crit": ["b64"]}
    return jwt.PyJWS().encode(body, key, algorithm, headers, is_payload_detached=True)


class TestJws:
    @pytest.fixture
    def shop(self, server: Server) -> Iterator[Saleor]:
        cache.clear()
        published = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        keys = {"keys": [published | {"kid": "one", "use": "sig", "alg": "RS256"}]}
        server.says("/jwks.json", json.dumps(keys).encode())
        with made(server, jwks_url=f"{server.url}/jwks.json") as shop:
            yield shop
        cache.clear()

    def test_a_good_signature(self, shop: Saleor) -> None:
        hint = shop.verify_webhook({"saleor-signature": jws_of(BODY)}, BODY)
        assert BRACE in hint.external_ids

    def test_keys_are_fetched_once(self, server: Server, shop: Saleor) -> None:
        for _ in range(3):
            shop.verify_webhook({"Saleor-Signature": jws_of(BODY)}, BODY)
        assert [path for _, path, _ in server.requests] == ["/jwks.json"]

    @pytest.mark.parametrize(
        "signature",
        [
            jws_of(BODY + b" "),
            jws_of(BODY, OTHER_KEY),
            jws_of(BODY, kid="two"),
            # The public key as if it were a shared secret, and no signature at all.
            jws_of(BODY, "a secret of more than thirty-two bytes", algorithm="HS256"),
            jws_of(BODY, None, algorithm="none"),
            jws_of(BODY).rpartition(".")[0] + ".",
            "a..b",
            "",
            "é",
        ],
        ids=(  # Signatures differ in each process.
            "other body", "other key", "other name of a key", "shared secret", "unsigned",
            "no signature", "dots", "empty", "not ASCII",
        ),
    )  # fmt: skip
    def test_a_bad_signature(self, shop: Saleor, signature: str) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook({"Saleor-Signature": signature}, BODY)

    def test_a_flood_of_unknown_keys_asks_the_shop_once(self, server: Server, shop: Saleor) -> None:
        for number in range(5):
            with pytest.raises(InvalidWebhook, match="does not publish"):
                shop.verify_webhook({"Saleor-Signature": jws_of(BODY, kid=f"no {number}")}, BODY)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("answer", [b"?", b"[]", b'{"keys": [7]}'])
    def test_no_keys(self, server: Server, shop: Saleor, answer: bytes) -> None:
        server.says("/jwks.json", answer)
        with pytest.raises(InvalidWebhook, match="cannot be fetched"):
            shop.verify_webhook({"Saleor-Signature": jws_of(BODY)}, BODY)

    def test_without_the_package_nothing_is_believed(
        self, shop: Saleor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        signature = jws_of(BODY)
        monkeypatch.setitem(sys.modules, "jwt", None)
        with pytest.raises(InvalidWebhook, match="PyJWT is not installed"):
            shop.verify_webhook({"Saleor-Signature": signature}, BODY)

    def test_without_any_option_nothing_is_believed(self, server: Server) -> None:
        with made(server) as shop, pytest.raises(InvalidWebhook):
            shop.verify_webhook({"Saleor-Signature": jws_of(BODY)}, BODY)


class TestOptions:
    def test_good_ones(self) -> None:
        options = {"url": "https://a.example/graphql/", "channel": "eu", "language": "en"}
        jwks_url = "https://a.example/.well-known/jwks.json"
        assert Saleor.check_options(options) == []
        assert Saleor.check_options(options | {"jwks_url": jwks_url}) == []

    def test_published_keys_need_a_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jws, "find_spec", lambda name: None)
        options = {"url": "https://a.example/graphql/", "channel": "eu", "language": "en"}
        ((message, hint),) = Saleor.check_options(options | {"jwks_url": "https://a.example/k"})
        assert "PyJWT" in message and 'pip install "anodyne-blocks[saleor]"' in hint

    def test_bad_ones(self) -> None:
        options = {"url": "a.example", "channel": "eu", "url_template": "https://a.example/{sku}"}
        messages = [message for message, _ in Saleor.check_options(options)]
        assert messages == [
            "Option 'language' is missing.",
            "url is no http(s) address.",
            "url_template has an unknown placeholder.",
        ]
