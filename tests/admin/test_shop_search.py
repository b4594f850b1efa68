"""The chooser asks a shop live."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from anodyne_blocks import conf
from anodyne_blocks.admin import shop_asking
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.shops import Found, Shop, ShopOffer
from anodyne_blocks.shops.http import HttpClient
from tests import factories
from tests.admin.shop_tabs import BRACE, CHOOSE, DUMMY, ask, choose, html, tabs, text
from tests.shops.conftest import Server, reply


class Broken(Shop):
    """A shop whose answers have another shape than it expects."""

    def search(self, text: str, market: Any, limit: int = 20) -> list[ShopOffer]:
        raise KeyError("products")


class Failing(Shop):
    """A shop whose program has a mistake."""

    def search(self, text: str, market: Any, limit: int = 20) -> list[ShopOffer]:
        raise RuntimeError("a secret of the program")

    def fetch_batch(self, ids: Any, market: Any, known: Any) -> dict[str, Any]:
        raise RuntimeError("a secret of the program")


class Euros(Shop):
    """A shop that has one currency only."""

    def search(self, text: str, market: Any, limit: int = 20) -> list[ShopOffer]:
        return [ShopOffer(external_id="1", title="Rug", price=Decimal(9), currency="EUR")]

    def fetch_batch(self, ids: Any, market: Any, known: Any) -> dict[str, Any]:
        return {i: Found(offer) for i in ids for offer in self.search("", market)}


class Remote(Shop):
    """Asks {url}/{market}/search or {url}/{market}/fetch, and sells one product."""

    def __init__(self, alias: str, *, url: str) -> None:
        super().__init__(alias)
        self.url = url
        self.client = HttpClient(allow_private=True)

    def close(self) -> None:
        self.client.close()

    def search(self, text: str, market: Any, limit: int = 20) -> list[ShopOffer]:
        price = Decimal(self.client.get_json(f"{self.url}/{market.key}/search"))
        return [ShopOffer(external_id="1", title="Rug", price=price, currency=market.currency)]

    def fetch_batch(self, ids: Any, market: Any, known: Any) -> dict[str, Any]:
        price = Decimal(self.client.get_json(f"{self.url}/{market.key}/fetch"))
        made = ShopOffer(external_id="1", title="Rug", price=price, currency=market.currency)
        return {"1": Found(made)}


class Together(Remote):
    """Answers about a market when it is asked about all others, too."""

    meeting: Barrier

    def fetch_batch(self, ids: Any, market: Any, known: Any) -> dict[str, Any]:
        self.meeting.wait(10)
        return super().fetch_batch(ids, market, known)


def test_there_is_a_tab_for_each_shop_that_can_be_searched_and_for_an_address(admin, shops):
    shops(
        webshop=(DUMMY, {}),
        pages=("anodyne_blocks.shops.product_page.ProductPage", {}),
        mute=("anodyne_blocks.shops.base.Shop", {}),
        gone=("nowhere.Shop", {}),
    )
    assert list(tabs(html(admin.get(CHOOSE)))) == [
        "Catalogue",
        "Shop: webshop",
        "Address",
        "Create",
    ]


def test_a_shop_is_searched_live_and_shows_every_market(admin, shops):
    shops(webshop=(DUMMY, {"products": BRACE}))
    panel = ask(admin, "shop-1", q="rugband", market="nl")
    shown = text(panel)
    assert "Rugband" in shown and "webshop" in shown
    euros, kroner = factories.written("39.75", "nl"), factories.written("299", "da")
    assert factories.plain(f"nl {euros} · in stock da {kroner} · in stock") in shown
    assert panel.select_one("td img")["src"] == "https://shop.example/brace.jpg"
    assert not Product.objects.exists()


def test_what_is_chosen_comes_into_the_catalogue_with_all_its_offers(admin, shops):
    shops(webshop=(DUMMY, {"products": BRACE}))
    answer = choose(admin, ask(admin, "shop-1", q="rugband", market="nl")).json()
    product = Product.objects.get()
    assert answer["step"] == "chosen"
    assert answer["result"]["id"] == str(product.pk) and answer["result"]["string"] == "Rugband"
    prices = {offer.market: offer.price for offer in Offer.objects.all()}
    assert prices == {"nl": Decimal("39.75"), "da": Decimal(299)}
    assert PriceChange.objects.count() == 2


def test_a_known_product_is_chosen_and_brought_up_to_date(admin, shops):
    picture = factories.image()
    known = Product.objects.create(shop="webshop", external_id="brace", name="Brace", image=picture)
    shops(webshop=(DUMMY, {"products": BRACE}))
    panel = ask(admin, "shop-1", q="rugband", market="nl")
    assert "in the catalogue" in text(panel)
    assert panel.select_one("td img")["src"].startswith("/media/")
    assert choose(admin, panel).json()["result"]["id"] == str(known.pk)
    assert known.offers.count() == 2 and Product.objects.count() == 1


def test_a_variant_can_be_chosen_by_itself(admin, shops):
    sizes = {
        "brace-m": {"title": {"nl": "Rugband – M"}, "price": {"nl": "39.75"}, "variant": "m"},
        "brace-l": {"title": {"nl": "Rugband – L"}, "price": {"nl": "45.00"}, "variant": "l"},
    }
    lowest = BRACE["brace"] | {"is_from": True}
    options = {"products": {"brace": lowest, **sizes}, "choices": {"brace": list(sizes)}}
    shops(webshop=(DUMMY, options))
    found = ask(admin, "shop-1", q="rygbælte", market="da")
    assert "nl from € 39,75" in text(found)
    form = found.select_one("form:has([name=variants])")
    data = {field["name"]: field["value"] for field in form.select("input[name]")}
    panel = html(admin.post(form["action"], data)).select_one("#tab-shop-1")
    assert "Rugband – M" in text(panel) and "Rugband – L" in text(panel)
    second = panel.select("form:has([name=take])")[1]
    data = {field["name"]: field["value"] for field in second.select("input[name]")}
    assert admin.post(second["action"], data).json()["step"] == "chosen"
    assert Product.objects.get().external_id == "brace-l"
    assert Offer.objects.get().variant == "l"


def test_choosing_among_several_gives_a_list(admin, shops):
    shops(webshop=(DUMMY, {"products": BRACE}))
    panel = ask(admin, "shop-1", "?multiple=1", q="rugband", market="nl")
    assert [one["string"] for one in choose(admin, panel).json()["result"]] == ["Rugband"]


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        ((DUMMY, {"error": "shop.example answered 503."}), "shop.example answered 503."),
        ((DUMMY, {}), "The shop finds nothing."),
        ((DUMMY, {"no_such": 1}), "The settings of this shop are wrong"),
        ((f"{__name__}.Broken", {}), "unexpected shape"),
    ],
)
def test_a_shop_in_trouble_is_a_message_in_the_modal(admin, shops, shop, words):
    shops(webshop=shop)
    panel = ask(admin, "shop-1", q="rugband", market="nl")
    assert words in text(panel.select_one("[role=alert]"))


def test_a_product_that_is_gone_by_then_is_a_message(admin, shops):
    shops(webshop=(DUMMY, {"products": BRACE}))
    panel = ask(admin, "shop-1", q="rugband", market="nl")
    for options, words in (
        ({}, "does not sell this product"),
        ({"error": "shop.example answered 503."}, "answered 503"),
        ({"no_such": 1}, "Wrong settings"),
    ):
        shops(webshop=(DUMMY, options))
        page = html(choose(admin, panel))
        assert words in text(page.select_one("#tab-shop-1 [role=alert]"))
    assert not Product.objects.exists()


@pytest.fixture
def slow(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A shop that answers about all markets but the Swedish, about which it never does."""
    for key in conf.markets():
        server.says(f"/{key}/search", b'"39.75"')
        server.says(f"/{key}/fetch", b'"39.75"')
    server.answers["/sv/search"] = server.answers["/sv/fetch"] = lambda handler: (
        server.over.wait() and reply(handler, b'"39.75"')
    )
    monkeypatch.setattr(shop_asking, "SECONDS", 1.0)
    return server


def test_markets_are_asked_at_once(admin, shops, slow, monkeypatch):
    slow.says("/sv/fetch", b'"39.75"')
    monkeypatch.setattr(shop_asking, "SECONDS", 20.0)
    monkeypatch.setattr(Together, "meeting", Barrier(len(conf.markets()) - 1), raising=False)
    shops(webshop=(f"{__name__}.Together", {"url": slow.url}))
    panel = ask(admin, "shop-1", q="rug", market="nl")
    assert [line.b.string for line in panel.select("td li")] == list(conf.markets())
    assert not panel.select("[role=alert]")


def test_a_market_that_is_slow_holds_up_no_other(admin, shops, slow):
    shops(webshop=(f"{__name__}.Remote", {"url": slow.url}))
    panel = ask(admin, "shop-1", q="rug", market="nl")
    assert not slow.over.is_set()
    answered = [key for key in conf.markets() if key != "sv"]
    assert [line.b.string for line in panel.select("td li")] == answered
    alert = text(panel.select_one("[role=alert]"))
    assert alert == "sv: The shop did not answer: It took longer than 1 seconds."
    assert choose(admin, panel).json()["step"] == "chosen"
    assert {offer.market for offer in Offer.objects.all()} == set(answered)


def test_a_search_ends_when_the_shop_never_answers(admin, shops, slow):
    shops(webshop=(f"{__name__}.Remote", {"url": slow.url}))
    panel = ask(admin, "shop-1", q="rug", market="sv")
    assert text(panel.select_one("[role=alert]")) == "It took longer than 1 seconds."
    assert not panel.select("td")


def test_markets_that_refuse_for_one_reason_are_named_together(admin, shops, slow):
    for key in ("da", "sv"):
        slow.says(f"/{key}/fetch", b"{}", 404)
    shops(webshop=(f"{__name__}.Remote", {"url": slow.url}))
    alert = ask(admin, "shop-1", q="rug", market="nl").select_one("[role=alert]")
    reason = f"{slow.url} answered 404."
    assert text(alert) == f"da, sv: The shop did not answer: {reason}"


@pytest.mark.parametrize(
    ("tab", "fields"),
    [
        ("shop-1", {"q": " ", "market": "nl"}),
        ("shop-1", {"q": "rug", "market": "no such market"}),
        ("address", {"url": ""}),
    ],
)
def test_a_form_without_words_asks_nobody_and_says_so(admin, shops, tab, fields):
    shops(webshop=(DUMMY, {"error": "must not be asked"}))
    panel = ask(admin, tab, **fields)
    assert "must not be asked" not in text(panel)
    assert len(panel.select(".error-message")) == 1
    # The modal's script sends no form that a browser finds incomplete.
    assert not panel.select("input[required]")
    # A form that nobody sent complains of nothing.
    assert not html(admin.get(CHOOSE)).select(".error-message")


def test_the_focus_goes_to_what_was_found_or_back_to_the_field(admin, shops):
    shops(webshop=(DUMMY, {"products": BRACE}))
    for words, target in (
        ("rugband", "#tab-shop-1-found"),
        ("", "#tab-shop-1 input:not([type=hidden])"),
    ):
        panel = ask(admin, "shop-1", q=words, market="nl")
        (mover,) = panel.select("[data-w-focus-target-value]")
        assert mover["data-w-focus-target-value"] == target
    assert not html(admin.get(CHOOSE)).select("[data-w-focus-target-value]")


def only_add(editor: Client) -> Client:
    """The editor, who may from now on add products and not change any."""
    permissions = Permission.objects.filter(codename__in=["access_admin", "add_product"])
    Group.objects.get(name="Editors of elements").permissions.set(permissions)
    return editor


def test_who_may_not_change_products_chooses_a_known_one_as_it_is(editor, shops):
    known = factories.product("nl", name="Brace", shop="webshop", external_id="brace")
    shops(webshop=(DUMMY, {"products": BRACE}))
    panel = ask(only_add(editor), "shop-1", q="rugband", market="nl")
    assert choose(editor, panel).json()["result"]["id"] == str(known.pk)
    assert known.offers.count() == 1 and not PriceChange.objects.exists()
    # A new one comes in as ever.
    Product.objects.all().delete()
    assert choose(editor, panel).json()["result"]["string"] == "Rugband"


def test_who_may_not_change_products_reads_no_reasons(editor, shops, slow):
    only_add(editor)
    slow.says("/da/fetch", b"{}", 404)
    slow.says("/de/search", b"{}", 404)
    shops(webshop=(f"{__name__}.Remote", {"url": slow.url}))
    panel = ask(editor, "shop-1", q="rug", market="nl")
    assert text(panel.select_one("[role=alert]")) == "da, sv: The shop did not answer."
    alert = ask(editor, "shop-1", q="rug", market="de").select_one("[role=alert]")
    assert text(alert) == "The shop did not answer."
    shops(webshop=(DUMMY, {"error": "shop.example answered 503."}))
    alert = html(choose(editor, panel)).select_one("#tab-shop-1 [role=alert]")
    assert text(alert) == "The shop did not answer."


def test_a_shops_program_that_fails_is_logged(admin, shops, caplog):
    shops(webshop=(f"{__name__}.Failing", {}))
    panel = ask(admin, "shop-1", q="rug", market="nl")
    alert = "The shop's program failed; see the site's log."
    assert text(panel.select_one("[role=alert]")) == alert
    (record,) = [record for record in caplog.records if "webshop" in record.getMessage()]
    assert isinstance(record.exc_info[1], RuntimeError)
    answer = admin.post(CHOOSE, {"tab": "shop-1", "take": "1"})
    assert text(html(answer).select_one("#tab-shop-1 [role=alert]")) == alert


def test_a_market_with_prices_in_another_currency_is_no_failure(admin, shops):
    shops(webshop=(f"{__name__}.Euros", {}))
    panel = ask(admin, "shop-1", q="rug", market="nl")
    assert not panel.select("[role=alert]")
    assert text(panel.select_one(".help-info")) == (
        "No offer in da, sv, en, ar: the shop's prices are in another currency there."
    )


def test_reasons_of_shops_are_marked_as_english(admin, shops):
    shops(webshop=(DUMMY, {"error": "<b>503</b>"}))
    alert = ask(admin, "shop-1", q="rug", market="nl").select_one("[role=alert]")
    assert alert.select_one("bdi[lang=en]").get_text() == "<b>503</b>"


def test_who_may_not_add_products_searches_the_catalogue_only(editor, shops):
    group = Group.objects.get(name="Editors of elements")
    group.permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "change_product"])
    )
    shops(webshop=(DUMMY, {"products": BRACE}))
    assert list(tabs(html(editor.get(CHOOSE)))) == ["Catalogue", "Address"]
    for data in (
        {"tab": "shop-1", "shop-1-q": "rugband", "shop-1-market": "nl"},
        {"tab": "shop-1", "take": "brace"},
        {"tab": "address", "take": "brace", "shop": "webshop"},
    ):
        assert editor.post(CHOOSE, data).status_code in (302, 403)
    assert not Product.objects.exists()
