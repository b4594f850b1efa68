"""The products endpoint: fresh prices of what public pages show, to whoever built a page before."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from anodyne_blocks.api.products import FreshProduct
from anodyne_blocks.elements import ProductCard
from anodyne_blocks.models import Product
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

ADDRESS = "/anodyne/products/"


def card(product: Any, **said: Any) -> tuple[str, Any]:
    return "product_card", {"product": product.pk, **said}


def reduced(*, image: Any = None) -> Any:
    """A product whose Dutch reduction is proven."""
    made = factories.product("da", image=image)
    factories.offer(made, "nl", **factories.reduction("nl"))
    return made


def ask(client: Client, *products: Any, **parameters: Any) -> Any:
    ids = ",".join(str(product.pk) for product in products)
    response = client.get(ADDRESS, {"ids": ids, "market": "nl", **parameters})
    assert response.status_code == 200, response.content
    return response.json()


def message(client: Client, query: str) -> str:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 400
    return response.json()["message"]


class TestAnswer:
    def test_has_price_reduction_and_badge_in_the_markets_language(self, client: Client) -> None:
        product = reduced()
        factories.page(card(product), language="nl")
        (fresh,) = ask(client, product)["products"]
        assert fresh["price"] == {
            "amount": "39.75",
            "currency": "EUR",
            "formatted": factories.written("39.75", "nl"),
        }
        assert fresh["reduction"]["prior"]["amount"] == "53.00"
        assert fresh["reduction"]["percent"] == 25
        assert fresh["badge"]["text"] == factories.off(25, "nl")
        assert fresh["availability"]["text"] == "Op voorraad"
        assert fresh["offer"]["title"] == "Lendenkussen"

    def test_is_what_the_card_of_a_page_says(self, client: Client) -> None:
        product = reduced(image=factories.image())
        page = factories.page(card(product, title="Ons kussen", relationship="ad"), language="nl")
        (shown,) = factories.elements(page)
        (fresh,) = ask(client, product)["products"]
        same = set(FreshProduct.model_fields) & set(ProductCard.model_fields)
        said = shown.model_dump(mode="json")
        assert {name: fresh[name] for name in same} == {name: said[name] for name in same}
        assert {"price", "reduction", "stale", "buyable", "unit_price", "tax_note"} <= same
        # What the placement says in its own words is not overwritten when a client merges the two.
        assert not {"title", "text", "link", "button", "disclosure", "badges"} & fresh.keys()

    def test_tells_nothing_of_how_the_shop_is_reached(self, client: Client) -> None:
        product = factories.from_shop("nl", refresh_error="token shpat_1 refused")
        factories.page(card(product), language="nl")
        answer = ask(client, product)
        assert set(answer) == {"contract", "products", "gone"}
        assert set(answer["products"][0]) == set(FreshProduct.model_fields)
        text = json.dumps(answer)
        assert not any(word in text for word in (product.shop, product.external_id, "shpat_1"))

    def test_goes_by_language_as_well(self, client: Client) -> None:
        product = factories.product("nl", "da")
        factories.page(card(product), language="nl")
        (fresh,) = ask(client, product, market="", language="da")["products"]
        assert (fresh["language"], fresh["market"]) == ("da", "da")
        assert fresh["price"]["formatted"] == factories.written("39.75", "da")

    def test_is_of_several_markets_at_once(self, client: Client) -> None:
        product = factories.product("nl", "da")
        factories.page(card(product), language="nl")
        answer = ask(client, product, market="da,nl")
        assert [one["market"] for one in answer["products"]] == ["da", "nl"]
        for one in answer["products"]:
            assert one["language"] == one["market"]
            assert one == ask(client, product, market=one["market"])["products"][0]
        hidden = factories.product("nl")
        assert ask(client, hidden, market="nl,da")["gone"] == [
            *gone(hidden.pk),
            *gone(hidden.pk, market="da"),
        ]

    def test_keeps_the_order_and_lists_each_once(self, client: Client) -> None:
        first, second = factories.product("nl"), factories.product("nl")
        factories.page(card(first), card(second), language="nl")
        answer = client.get(
            ADDRESS, {"ids": f"{second.pk}, {first.pk},{second.pk}", "market": "nl"}
        ).json()
        assert [fresh["product"] for fresh in answer["products"]] == [second.pk, first.pk]

    def test_a_stale_price_announces_nothing(self, client: Client) -> None:
        product = factories.from_shop()
        checked = timezone.now() - datetime.timedelta(days=9)
        factories.offer(product, "nl", checked_at=checked, **factories.reduction("nl"))
        factories.page(card(product), language="nl")
        (fresh,) = ask(client, product)["products"]
        assert fresh["stale"] and fresh["stale_text"]
        assert fresh["reduction"] is None and fresh["badge"] is None

    def test_a_withdrawn_product_has_no_price_and_nothing_to_buy(self, client: Client) -> None:
        product = factories.product("nl", status=Product.Status.WITHDRAWN)
        factories.page(card(product), language="nl")
        (fresh,) = ask(client, product)["products"]
        assert fresh["price"] is None and not fresh["buyable"] and fresh["offer"]["url"] == ""
        assert fresh["availability"]["state"] == "withdrawn"

    @pytest.mark.parametrize("market", ["nl", "da", "ar"])
    def test_whatever_language_the_request_prefers(self, client: Client, market: str) -> None:
        product = factories.product(market)
        factories.page(card(product), language=market)
        query = {"ids": product.pk, "market": market}
        texts = [
            client.get(ADDRESS, query, headers={"accept-language": language}).content
            for language in ("en", "sv")
        ]
        assert texts[0] == texts[1]


def gone(*ids: int, market: str = "nl") -> list[dict[str, Any]]:
    return [{"product": pk, "market": market, "language": market} for pk in ids]


class TestGone:
    def unknown(self, client: Client, product: Any, **parameters: Any) -> bool:
        answer = ask(client, product, **parameters)
        return answer["products"] == [] and answer["gone"] == gone(product.pk)

    def test_are_listed_beside_those_that_are_found(self, client: Client) -> None:
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        query = {"ids": f"999999,{product.pk},{10**17}", "market": "nl"}
        answer = client.get(ADDRESS, query).json()
        assert answer["gone"] == gone(999999, 10**17)
        assert len(answer["products"]) == 1

    def test_is_what_no_page_shows(self, client: Client) -> None:
        assert self.unknown(client, factories.product("nl"))

    def test_is_what_only_an_unpublished_page_shows(self, client: Client) -> None:
        product = factories.product("nl")
        page = factories.page(card(product), language="nl")
        assert not self.unknown(client, product)
        page.unpublish()
        assert self.unknown(client, product)

    def test_is_what_only_a_draft_of_a_live_page_shows(self, client: Client) -> None:
        published, drafted = factories.product("nl"), factories.product("nl")
        page = factories.page(card(published), language="nl")
        page.body = [("product_card", {"product": drafted})]
        page.save_revision()
        assert self.unknown(client, drafted)
        assert not self.unknown(client, published)

    @pytest.mark.parametrize("where", ["page", "parent"])
    def test_is_what_only_a_restricted_page_shows(self, client: Client, where: str) -> None:
        product = factories.product("nl")
        page = factories.page(card(product), language="nl")
        PageViewRestriction.objects.create(
            page=page.get_parent() if where == "parent" else page, restriction_type="login"
        )
        assert self.unknown(client, product)
        factories.page(card(product), language="da")
        assert not self.unknown(client, product)

    def test_a_restriction_elsewhere_hides_nothing(self, client: Client) -> None:
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        other = factories.page(card(product), language="nl")
        PageViewRestriction.objects.create(page=other, restriction_type="login")
        assert not self.unknown(client, product)

    def test_is_what_only_a_page_outside_every_site_shows(self, client: Client) -> None:
        product = factories.product("nl")
        page = factories.page(card(product), language="nl")
        assert not self.unknown(client, product)
        page.move(page.get_root(), pos="last-child")
        assert self.unknown(client, product)

    def test_a_deleted_product_is(self, client: Client) -> None:
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        pk = product.pk
        product.delete()
        answer = client.get(ADDRESS, {"ids": pk, "market": "nl"}).json()
        assert (answer["products"], answer["gone"]) == ([], gone(pk))

    def test_what_the_market_does_not_sell_has_neither_words_nor_price(
        self, client: Client
    ) -> None:
        """A card with a title of its own stays, as on the server; another goes."""
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        (fresh,) = ask(client, product, market="sv")["products"]
        assert fresh["offer"] == {"title": "", "text": "", "url": ""}
        assert fresh["price"] is fresh["availability"] is None and not fresh["buyable"]

    def test_is_what_is_hidden_after_its_withdrawal(self, client: Client, settings: Any) -> None:
        settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "WITHDRAWN_PRODUCT": "hide"}
        product = factories.product("nl", status=Product.Status.WITHDRAWN)
        factories.page(card(product), language="nl")
        assert self.unknown(client, product)


class TestRequest:
    @pytest.mark.parametrize(
        ("query", "hint"),
        [
            ("market=nl", "ids=1,2"),
            ("ids=&market=nl", "ids=1,2"),
            ("ids=1,&market=nl", "ids=1,2"),
            ("ids=-1&market=nl", "ids=1,2"),
            ("ids=1.5&market=nl", "ids=1,2"),
            ("ids=١&market=nl", "ids=1,2"),
            (f"ids={10**30}&market=nl", "ids=1,2"),
            ("ids=1&ids=2&market=nl", "once"),
            ("ids=1", "market=… (nl, da"),
            ("ids=1&market=xx", "Known: nl, da"),
            ("ids=1&language=xx", "Known: ar, cs, da"),
            ("ids=1&language=fr", "Nothing is sold"),
            ("ids=1&market=nl&language=da", "sells in nl"),
            ("ids=1&markets=nl", "Known: ids, market, language"),
            ("ids=1&market=nl,xx", "Known: nl, da"),
            ("ids=1&market=nl,da&language=nl", "one market"),
        ],
    )
    def test_that_cannot_be_answered_is_told_what_to_do(
        self, client: Client, query: str, hint: str
    ) -> None:
        assert hint in message(client, query)

    def test_takes_a_hundred_ids_and_no_more(self, client: Client) -> None:
        hundred = ",".join(str(number) for number in range(1, 101))
        assert len(client.get(f"{ADDRESS}?ids={hundred}&market=nl").json()["gone"]) == 100
        assert "at most 100" in message(client, f"ids={hundred},101&market=nl")

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_only_reads(self, method: str) -> None:
        client = Client(enforce_csrf_checks=True)
        assert getattr(client, method)(f"{ADDRESS}?ids=1&market=nl").status_code == 405

    def test_a_market_may_share_its_language(self, client: Client, settings: Any) -> None:
        markets = {
            **settings.ANODYNE_BLOCKS["MARKETS"],
            "ie": {"LOCALES": ["en"], "COUNTRY": "IE", "CURRENCY": "EUR"},
        }
        settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "MARKETS": markets}
        product = factories.product("en")
        factories.page(card(product), language="en")
        (irish,) = ask(client, product, market="ie", language="en")["products"]
        (british,) = ask(client, product, market="en", language="en")["products"]
        assert irish["price"] is None and british["price"]["currency"] == "GBP"


class TestCaching:
    def get(self, client: Client, product: Any, **headers: str) -> Any:
        return client.get(ADDRESS, {"ids": product.pk, "market": "nl"}, headers=headers)

    def test_an_unchanged_answer_is_not_sent_again(self, client: Client) -> None:
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        first = self.get(client, product)
        again = self.get(client, product, **{"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert first["Cache-Control"] == again["Cache-Control"] == "public, max-age=60"
        assert "Cookie" not in first.get("Vary", "")

    def test_a_changed_price_is(self, client: Client) -> None:
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        first = self.get(client, product)
        product.offers.update(price="41.00")
        again = self.get(client, product, **{"if-none-match": first["ETag"]})
        assert again.status_code == 200
        assert again.json()["products"][0]["price"]["amount"] == "41.00"

    def test_holds_no_longer_than_what_it_says(self, client: Client) -> None:
        product = factories.product("da")
        over = timezone.now() + datetime.timedelta(seconds=20)
        factories.offer(product, "nl", **factories.reduction("nl", announce_until=over))
        factories.page(card(product), language="nl")
        answer = self.get(client, product)
        assert answer.json()["products"][0]["reduction"]
        assert 0 <= int(answer["Cache-Control"].rpartition("=")[2]) <= 20

    def test_head_has_the_headers_alone(self, client: Client) -> None:
        product = factories.product("nl")
        factories.page(card(product), language="nl")
        first = self.get(client, product)
        head = client.head(ADDRESS, {"ids": product.pk, "market": "nl"})
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])


class TestOtherOrigins:
    """`PRICES_FOR_ORIGINS`; a browser reads it in tests/e2e/test_fresh_prices.py."""

    @pytest.mark.parametrize(
        ("allowed", "header"),
        [
            ([], None),
            (["*"], "*"),
            (["https://front.example"], "https://front.example"),
            (["https://other.example"], None),
        ],
    )
    @pytest.mark.parametrize("query", ["ids=1&market=nl", "ids=1"])
    def test_may_read_where_the_site_says_so(
        self, client: Client, settings: Any, allowed: list[str], header: str | None, query: str
    ) -> None:
        factories.setting(settings, PRICES_FOR_ORIGINS=allowed)
        answer = client.get(f"{ADDRESS}?{query}", headers={"origin": "https://front.example"})
        assert answer.get("Access-Control-Allow-Origin") == header
        assert ("Origin" in answer.get("Vary", "")) is (bool(allowed) and allowed != ["*"])


@pytest.mark.parametrize("number", [1, 100])
def test_three_queries_whatever_the_number(client: Client, number: int) -> None:
    picture = factories.image(width=24, height=18)
    products = [reduced(image=picture) for _ in range(number)]
    for some in (products[:50], products[50:]):
        factories.page(*(card(product) for product in some), language="nl")
    ask(client, products[0])
    with CaptureQueriesContext(connection) as captured:
        answer = ask(client, *products)
    assert len(answer["products"]) == number
    assert len(captured) == 3
