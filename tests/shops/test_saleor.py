"""Saleor: the contract, prices to the cent, prior prices, and webhooks signed by published keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import jws
from anodyne_blocks.shops.base import (
    Availability,
    Found,
    Gone,
    InvalidWebhook,
    ShopError,
    ShopOffer,
    Skipped,
    Unknown,
)
from anodyne_blocks.shops.saleor import PAGE, Saleor
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server, reply

PATH = "/graphql/"
SECRET = "hush-webhook"


def global_id(kind: str, number: int) -> str:
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


BRACE, BALM = global_id("Product", 1), global_id("Product", 7)


def taxed(gross: int, net: int, currency: str = "EUR", digits: int = 2) -> dict[str, Any]:
    """Both in the smallest unit, as Saleor gives them."""
    return {
        "currency": currency,
        "gross": {"fractionalAmount": gross, "fractionDigits": digits},
        "net": {"fractionalAmount": net, "fractionDigits": digits},
    }


def pricing(start: dict[str, Any] | None, **fields: Any) -> dict[str, Any]:
    """The pricing of a product whose variants all cost the same, unless the fields differ."""
    priced = {"displayGrossPrices": True, "priceRange": start and {"start": start, "stop": start}}
    return priced | {"priceRangeUndiscounted": None, "priceRangePrior": None} | fields


def product(number: int, slug: str, name: str, **fields: Any) -> dict[str, Any]:
    text = {"blocks": [{"type": "paragraph", "data": {"text": f"About <b>{slug}</b>."}}]}
    price = taxed(1295, 1070)
    own = {"price": price, "priceUndiscounted": price, "pricePrior": None}
    return {
        "id": global_id("Product", number),
        "name": name,
        "slug": slug,
        "description": json.dumps(text),
        "rating": None,
        "isAvailable": True,
        "translation": None,
        "thumbnail": {"url": f"https://cdn.saleor.example/{slug}_1024.webp", "alt": ""},
        "pricing": pricing(price),
        "defaultVariant": {"quantityAvailable": 5, "pricing": own},
    } | fields


ON_SALE = {
    "price": taxed(3975, 3285),
    "priceUndiscounted": taxed(5300, 4380),
    "pricePrior": taxed(4770, 3942),
}
PRODUCTS = [
    product(
        1,
        "lumbar-brace",
        "Lumbar support brace",
        translation={"name": "Rugbrace", "slug": "rugbrace", "description": None},
        rating=4.6,
        pricing=pricing(taxed(3975, 3285)),
        defaultVariant={"quantityAvailable": 50, "pricing": ON_SALE},
    ),
    product(7, "warming-balm", "Warmtebalsem"),
]
ANY = {"edges": [{"node": {"id": BRACE}}]}


def canned(asked: dict[str, Any], products: list[dict[str, Any]], page: int) -> dict[str, Any]:
    """What Saleor answers to either query, of a channel that sells these products."""
    if "first" not in asked:
        known = {one[key]: one for one in products for key in ("id", "slug")}
        return {k: known.get(v) for k, v in asked.items() if k[0] == "p"} | {"sold": ANY}
    word = (asked.get("search") or "").lower()
    chosen = [one for one in products if word in str(one["translation"]).lower() or not word]
    start = int(asked.get("after") or 0)
    end = start + min(asked["first"], page)
    info = {"hasNextPage": end < len(chosen), "endCursor": str(end)}
    edges = [{"node": one} for one in chosen[start:end]]
    return {"products": {"edges": edges, "pageInfo": info}}


def answering(server: Server, *products: dict[str, Any], page: int = PAGE, **beside: Any) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = json.loads(server.bodies[-1])["variables"]
        data = canned(asked, list(products) or PRODUCTS, page)
        reply(handler, json.dumps({"data": data} | beside).encode())

    server.answers[PATH] = answer


def made(server: Server, **options: Any) -> Saleor:
    options = {"channel": "eu", "language": "nl", "allow_private": True} | options
    return Saleor("saleor", url=server.url + PATH, **options)


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
            prior_price=Decimal("47.70"),
            currency="EUR",
            tax_included=True,
            availability=Availability.IN_STOCK,
            rating=Decimal("4.6"),
            image_url="https://cdn.saleor.example/lumbar-brace_1024.webp",
        )

    def test_net_prices_where_the_channel_displays_net(
        self, server: Server, shop: Saleor, market: Market
    ) -> None:
        net = pricing(taxed(3975, 3285), displayGrossPrices=False)
        own = {"quantityAvailable": 1, "pricing": ON_SALE}
        found = offer(server, shop, market, pricing=net, defaultVariant=own)
        assert (found.price, found.tax_included) == (Decimal("32.85"), False)
        assert (found.list_price, found.prior_price) == (Decimal("43.80"), Decimal("39.42"))

    @pytest.mark.parametrize(
        ("currency", "digits", "price"), [("JPY", 0, "1295"), ("KWD", 3, "1.295")]
    )
    def test_decimals_are_the_currency_s_own(
        self, server: Server, shop: Saleor, currency: str, digits: int, price: str
    ) -> None:
        amount = taxed(1295, 1295, currency, digits)
        own = {"price": amount, "priceUndiscounted": amount, "pricePrior": None}
        found = offer(
            server,
            shop,
            Market("m", ("nl",), currency=currency),
            pricing=pricing(amount),
            defaultVariant={"quantityAvailable": None, "pricing": own},
        )
        assert (found.price, found.list_price) == (Decimal(price), None)

    def test_the_range_counts_where_no_default_variant_is_sold(
        self, server: Server, shop: Saleor, market: Market
    ) -> None:
        ranges = {
            "priceRangeUndiscounted": {"start": taxed(5300, 4380)},
            "priceRangePrior": {"start": taxed(4770, 3942)},
        }
        for variant in (None, {"quantityAvailable": 0, "pricing": None}):
            found = offer(
                server,
                shop,
                market,
                pricing=pricing(taxed(3975, 3285), **ranges),
                defaultVariant=variant,
            )
            expected = (Decimal("39.75"), Decimal("53.00"), Decimal("47.70"))
            assert (found.price, found.list_price, found.prior_price) == expected

    @pytest.mark.parametrize(
        ("available", "quantity", "stop", "expected"),
        [
            (True, 5, 1295, "in_stock"),
            (True, None, 1295, "in_stock"),
            (True, 0, 1295, "in_stock"),  # another variant at this price
            (True, 0, 1995, "out_of_stock"),  # another variant, but dearer
            (False, 5, 1295, "out_of_stock"),  # not yet for purchase
        ],
    )
    def test_availability_is_that_of_the_price(
        self, server: Server, shop: Saleor, market: Market, available, quantity, stop, expected
    ) -> None:
        own = product(7, "", "")["defaultVariant"] | {"quantityAvailable": quantity}
        spread = {"start": taxed(1295, 1070), "stop": taxed(stop, 1070)}
        found = offer(
            server,
            shop,
            market,
            isAvailable=available,
            defaultVariant=own,
            pricing=pricing(None, priceRange=spread),
        )
        assert found.availability == expected

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
            ('{"blocks": [{"data": {"items": [{"content": "oil"}]}}]}', ""),
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
        answering(server, product(7, "balm", "Balm", pricing=None, defaultVariant=None))
        assert "no price" in shop.fetch([BALM], market)[BALM].reason
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
        server.says(PATH, b'{"data": {"p0": null, "sold": {"edges": []}}}')
        assert "'eu' sells nothing" in shop.fetch([BRACE], market)[BRACE].reason

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
        page = {"products": {"edges": [], "pageInfo": info}}
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
        assert (hint.external_ids, hint.topic) == ((BRACE,), "product_variant_updated")

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
        assert hint.external_ids == (BRACE,)

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
