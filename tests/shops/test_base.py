"""What holds for every shop: offers are clean, every id is answered, settings are understood."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops import get_shop, shop_aliases
from anodyne_blocks.shops.base import Answer, Found, Gone, InvalidWebhook, Shop, ShopError, Unknown
from anodyne_blocks.shops.dummy import Dummy
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.offer import MAX_MEASURE, MAX_TITLE, MAX_URL, InvalidOffer, ShopOffer
from anodyne_blocks.shops.text import plain_text
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.vendure import Vendure


def offer(**fields: Any) -> ShopOffer:
    start = {"external_id": "a", "title": "A", "price": Decimal("5.00"), "currency": "EUR"}
    return ShopOffer(**(start | fields))


class TestOffer:
    @pytest.mark.parametrize(
        "name", ["price", "list_price", "shop_prior_price", "unit_price", "rating"]
    )
    @pytest.mark.parametrize("amount", [5.0, 5, "5.00", True])
    def test_amounts_are_decimals(self, name: str, amount: object) -> None:
        with pytest.raises(TypeError, match=f"{name} must be a Decimal, not"):
            offer(**{name: amount})

    @pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1e10", "1e999999"])
    def test_amounts_are_possible(self, amount: str) -> None:
        with pytest.raises(InvalidOffer, match="is no amount"):
            offer(price=Decimal(amount))

    @pytest.mark.parametrize("amount", ["12.596638655462185", "0.00001", "9999999999.99996"])
    def test_a_price_is_never_rounded_to_another(self, amount: str) -> None:
        with pytest.raises(InvalidOffer, match="more than four decimals"):
            offer(price=Decimal(amount))
        made = offer(list_price=Decimal(amount))
        assert made.list_price is None and "list price is left out" in made.notes

    @pytest.mark.parametrize("amount", ["19.990000000000002", "19.98999999999999999"])
    def test_the_noise_of_floating_point_is_no_price(self, amount: str) -> None:
        assert offer(price=Decimal(amount)).price == Decimal("19.99")

    def test_what_is_kept_is_what_was_told(self) -> None:
        made = offer(price=Decimal("12.10"), rating=Decimal("4.6667"))
        assert (str(made.price), str(made.rating)) == ("12.10", "4.67")

    def test_nothing_is_free_but_what_the_shop_says_is(self) -> None:
        assert offer(price=Decimal("0.00")).price is None
        assert offer(price=Decimal(0), is_free=True).price == 0

    @pytest.mark.parametrize("currency", ["", "eur", "€", "EURO"])
    def test_a_currency_is_a_code(self, currency: str) -> None:
        with pytest.raises(InvalidOffer, match="ISO 4217"):
            offer(currency=currency)

    def test_a_list_price_is_above_the_price(self) -> None:
        assert offer(list_price=Decimal("5.01")).list_price == Decimal("5.01")
        assert offer(list_price=Decimal("5.00")).list_price is None
        assert offer(list_price=Decimal("4.99")).list_price is None

    @pytest.mark.parametrize(
        "url",
        ["javascript:alert(1)", "/a", "//shop.example/a", "https://", "https://a b", "http://[1"],
    )
    def test_addresses_can_be_followed(self, url: str) -> None:
        with pytest.raises(InvalidOffer, match="no http"):
            offer(url=url)

    def test_a_picture_s_address_is_mended_or_left_out(self) -> None:
        for given, kept in [
            ("https://img.example/a b.png", "https://img.example/a%20b.png"),
            ("//img.example/mat.png", "https://img.example/mat.png"),
            ("/mat.png", ""),
            ("https://img.example/\ud83d.png", ""),
        ]:
            assert offer(image_url=given).image_url == kept

    @pytest.mark.parametrize("key", ["a\x00b", "mat \ud83d"])
    def test_an_id_can_be_stored(self, key: str) -> None:
        with pytest.raises(InvalidOffer, match="no character"):
            offer(external_id=key)

    @pytest.mark.parametrize("rating", ["90", "-1", "NaN"])
    def test_an_impossible_rating_costs_itself(self, rating: str) -> None:
        made = offer(rating=Decimal(rating))
        assert made.rating is None and made.notes.startswith("The rating is left out")

    @pytest.mark.parametrize("count", [-1, 2**31, 10**30, True, "212", Decimal(212), 212.0])
    def test_a_rating_with_an_impossible_count_is_left_out(self, count: Any) -> None:
        made = offer(rating=Decimal("4.5"), rating_count=count)
        assert (made.rating, made.rating_count) == (None, None)

    @pytest.mark.parametrize("count", [None, 0, 212, 2**31 - 1])
    def test_a_rating_s_count_may_be_missing(self, count: int | None) -> None:
        made = offer(rating=Decimal("4.5"), rating_count=count)
        assert (made.rating, made.rating_count) == (Decimal("4.5"), count)

    @pytest.mark.parametrize("measure", ["1 pack of a hundred tablets", "1\x00 m", "1 \ud83d"])
    def test_a_unit_price_for_what_cannot_be_stored_is_left_out(self, measure: str) -> None:
        made = offer(unit_price=Decimal("0.50"), unit_measure=measure)
        assert (made.unit_price, made.unit_measure) == (None, "")
        made = offer(unit_price=Decimal("0.50"), unit_measure="1 lichtgevende meter")
        assert (made.unit_price, made.unit_measure) == (Decimal("0.50"), "1 lichtgevende meter")

    def test_the_longest_texts_are_those_of_the_database(self) -> None:
        for name, most in {"title": MAX_TITLE, "url": MAX_URL, "unit_measure": MAX_MEASURE}.items():
            assert Offer._meta.get_field(name).max_length == most

    def test_a_title_is_text(self) -> None:
        with pytest.raises(InvalidOffer, match="title is empty"):
            offer(title="<br>&nbsp;")

    def test_a_title_may_be_missing_in_the_market_s_language(self) -> None:
        assert offer(title="<b>Mat</b>").name == "Mat"
        made = offer(title="", name="Mat &amp; cover")
        assert (made.title, made.name) == ("", "Mat & cover")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Poster &amp; Frame", "Poster & Frame"),
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("H<sub>2</sub>O and <b>bo</b>ld", "H2O and bold"),
        ("<style>p {color: red}</style>Text<script>if (a < b) alert(1)</script>", "Text"),
        ("for knees < 40 cm & backs", "for knees < 40 cm & backs"),
        ("I &lt;3 mats", "I <3 mats"),
        ("a\u00a0 b\n\tc", "a b c"),
        ("nul\x00byte", "nulbyte"),
        ("half an emoji \ud83d", "half an emoji"),
        ("<![ x", "<![ x"),
        ("<p>One</p><![if x]>two", "One two"),
        ("<b>5</b> &lt; <", "5 < <"),
        ("<!-- a -->b", "b"),
        ("<script>a", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<![", "</", '<a b="', "<script>", "&#", "<?"])
def test_endless_markup_ends(piece: str) -> None:
    for end in ("", ">", '">'):
        assert len(plain_text(piece * 1_000_000 + end, 5000)) <= 5000


def test_a_long_text_ends_before_half_a_tag() -> None:
    assert plain_text("x" * 19_990 + " <a href='https://shop.example/'>") == "x" * 19_990
    assert plain_text("x" * 19_998 + "&amp; <b>") == "x" * 19_998


def test_every_white_space_becomes_a_blank() -> None:
    for code in range(sys.maxunicode + 1):
        if (space := chr(code)).isspace():
            assert plain_text(f"{space}a{space}b") == "a b", code


def test_long_texts_end_at_a_word() -> None:
    assert plain_text("one two, three", 10) == "one two…"
    assert plain_text("x" * 20, 10) == "x" * 9 + "…"
    assert plain_text("one two", 7) == "one two"


class Faulty(Shop):
    """Answers by what the test put in `does`, and remembers its batches."""

    batch_size = 2

    def __init__(self, alias: str, does: Any) -> None:
        super().__init__(alias)
        self.does = does
        self.batches: list[list[str]] = []

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> Mapping[str, Answer]:
        self.batches.append(list(ids))
        return self.does(ids)


class TestFetch:
    def test_batches_and_duplicates(self, market: Market) -> None:
        shop = Faulty("s", lambda ids: {i: Gone(i) for i in ids})
        assert list(shop.fetch(["a", "b", "a", "c"], market)) == ["a", "b", "c"]
        assert shop.batches == [["a", "b"], ["c"]]

    def test_a_left_out_id_is_unknown(self, market: Market) -> None:
        answers = Faulty("s", lambda ids: {"a": Gone("a")}).fetch(["a", "b"], market)
        assert isinstance(answers["b"], Unknown)

    def test_a_refusal_stops_the_rest(self, market: Market) -> None:
        def refuse(ids: Sequence[str]) -> Mapping[str, Answer]:
            if "c" in ids:
                raise ShopError("Too many questions.", 30.0)
            return {i: Gone(i) for i in ids}

        shop = Faulty("s", refuse)
        answers = shop.fetch(["a", "b", "c", "d", "e"], market)
        assert answers["e"] == Unknown("e", "Too many questions.", 30.0)
        assert [type(answer) for answer in answers.values()] == [Gone] * 2 + [Unknown] * 3
        assert shop.batches == [["a", "b"], ["c", "d"]]

    @pytest.mark.parametrize("data", [{}, {"nodes": None}, {"nodes": [1]}, []])
    def test_data_of_another_shape_raise_nothing(self, market: Market, data: Any) -> None:
        shop = Faulty("s", lambda ids: {n["id"]: Gone(n["id"]) for n in data["nodes"]})
        answer = shop.fetch(["a"], market)["a"]
        assert isinstance(answer, Unknown) and "unexpected shape" in answer.reason

    def test_another_currency_is_never_found(self, market: Market) -> None:
        answers = Faulty("s", lambda ids: {"a": Found(offer(currency="SEK"))}).fetch(["a"], market)
        expected = "The price is in SEK, but market 'nl' sells in EUR."
        assert answers == {"a": Unknown("a", expected, gap=Gap.CURRENCY)}


DUMMY = "anodyne_blocks.shops.dummy.Dummy"


class TestSettings:
    def test_shops_are_made_from_the_setting(self, settings) -> None:
        products = {"a": {"title": "A", "price": "1.00"}}
        settings.ANODYNE_BLOCKS = {
            "SHOPS": {
                "one": {"BACKEND": DUMMY, "OPTIONS": {"products": products}},
                "two": {"BACKEND": DUMMY},
            }
        }
        assert shop_aliases() == ["one", "two"]
        with get_shop("one") as shop:
            assert (type(shop), shop.alias, shop.products) == (Dummy, "one", products)
        settings.ANODYNE_BLOCKS = {"SHOPS": {}}
        assert shop_aliases() == []

    @pytest.mark.parametrize(
        ("setting", "text"),
        [
            ({}, "has no shop 'webshop'. It has: other."),
            ({"webshop": {}}, "cannot import ''"),
            ({"webshop": {"BACKEND": "no.such.Shop"}}, "cannot import 'no.such.Shop'"),
            ({"webshop": {"BACKEND": "decimal.Decimal"}}, "is no subclass of"),
            ({"webshop": {"BACKEND": DUMMY, "OPTIONS": {"x": 1}}}, "wrong OPTIONS"),
        ],
    )
    def test_mistakes_are_named(self, settings, setting: dict[str, Any], text: str) -> None:
        settings.ANODYNE_BLOCKS = {"SHOPS": {"other": {}} | setting}
        with pytest.raises(ImproperlyConfigured) as caught:
            get_shop("webshop")
        assert text in str(caught.value)

    def test_options_are_compared_with_the_class(self) -> None:
        assert Dummy.check_options({"products": {}}) == []
        assert Faulty.check_options({"dose": 1}) == [
            ("Option 'dose' is unknown.", "Faulty takes: does."),
            ("Option 'does' is missing.", "Faulty takes: does."),
        ]


class TestWebhooks:
    def signed(self, body: bytes, secret: str = "hush", **changes: str) -> dict[str, str]:
        sent_at = changes.get("sent_at", str(int(time.time())))
        signature = hmac.new(secret.encode(), f"d1.{sent_at}.".encode() + body, hashlib.sha256)
        return {
            "Webhook-Id": changes.get("delivery", "d1"),
            "Webhook-Timestamp": sent_at,
            "Webhook-Signature": "v1,AAAA v1," + base64.b64encode(signature.digest()).decode(),
        }

    @pytest.fixture
    def shop(self) -> Dummy:
        return Dummy("dummy", webhook_secret="hush")

    def test_a_genuine_one_names_products(self, shop: Dummy) -> None:
        body = json.dumps({"ids": ["a", 7]}).encode()
        hint = shop.verify_webhook(self.signed(body), body)
        assert (hint.delivery_id, hint.external_ids, hint.ping) == ("d1", ("a", "7"), False)

    def test_half_a_secret_is_named_before_a_webhook_comes(self) -> None:
        for shop_class in (Medusa, Vendure):
            problems = shop_class.check_options({"webhook_secret": "whsec_abc"})
            assert "The shop's webhook secret is no base64." in [text for text, _ in problems]
        with Dummy("dummy", webhook_secret="whsec_abc") as shop:
            with pytest.raises(InvalidWebhook, match="no base64"):
                shop.verify_webhook({"webhook-id": "1", "webhook-timestamp": "1"}, b"{}")

    def test_others_are_refused(self, shop: Dummy) -> None:
        body = b'{"ids": []}'
        for headers, sent in [
            (self.signed(body), body + b" "),
            (self.signed(body, secret="other"), body),
            (self.signed(body, delivery="d2"), body),
            (self.signed(body, sent_at=str(int(time.time()) - 400)), body),
            (self.signed(body, sent_at=str(int(time.time()) + 400)), body),
            (self.signed(body) | {"Webhook-Signature": "é"}, body),
            (self.signed(b"no json"), b"no json"),
        ]:
            with pytest.raises(InvalidWebhook):
                shop.verify_webhook(headers, sent)

    def test_without_a_secret_nobody_is_believed(self) -> None:
        body = b'{"ids": []}'
        with pytest.raises(InvalidWebhook, match="no webhook secret"):
            Dummy("dummy").verify_webhook(self.signed(body, secret=""), body)
