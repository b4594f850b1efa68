"""Every back end in two markets, one of which fails: who is told what, and what a reader sees.

A mat costs 80 euro in the Netherlands and in Germany. Then something is wrong in Germany alone, or
with the shop.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
from anodyne_blocks.models import Offer, Product
from anodyne_blocks.shops.base import Shop
from tests import factories
from tests.shops import shopware_server
from tests.shops.conftest import END, RSS, Server, reply
from tests.shops.stalls import STALLS, AtShopware, AtVendure, Size

pytestmark = pytest.mark.django_db

SOLD = (Size(42, 80),)
NO_PAGES = {"edges": [], "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


@dataclass(frozen=True)
class Abroad:
    """How a shop sells in Germany, and what it answers when it does not.

    `options` name both markets, `misspelt` a channel or region for Germany that there is not; None
    where no option names one. `asks` is whether the last request is for Germany, `empty` and
    `unknown` are answers there: of a catalogue without products, of a channel that there is not.
    Without `empty` the stand-in of the shop has no products for that request.
    `closed` and `sells_nothing` are the reasons that everybody reads.
    """

    asks: Callable[[Server], bool]
    sells_nothing: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    misspelt: dict[str, Any] | None = None
    closed: str = ""
    empty: bytes | None = None
    unknown: bytes | None = None


def asks_with(name: str, value: str) -> Callable[[Server], bool]:
    """Whether a variable of a GraphQL query has this value."""
    return lambda server: json.loads(server.bodies[-1])["variables"].get(name) == value


def at(words: str) -> Callable[[Server], bool]:
    """Whether the address holds these words."""
    return lambda server: words in server.requests[-1][1]


def data(**parts: Any) -> bytes:
    return json.dumps({"data": parts}).encode()


NOT_IN_SALEOR = {"p0": None, "products": NO_PAGES, "sold": {"edges": []}}
KEY = shopware_server.KEY
ABROAD: dict[str, Abroad] = {
    "Shopify": Abroad(
        asks_with("country", "DE"),
        "The token's sales channel publishes nothing for market 'de': publish products to it, and"
        " look at the market in Shopify.",
        empty=data(
            nodes=[None],
            sold=NO_PAGES,
            products=NO_PAGES,
            localization={"language": {"isoCode": "DE"}},
        ),
    ),
    "Vendure": Abroad(
        at("languageCode=de"),
        "The shop's channel sells nothing in market 'de': look at the channel.",
        {"channel_token": {"nl": "default", "de": "default"}},
        {"channel_token": {"nl": "default", "de": "misspelt"}},
        "The shop knows no channel with the token of market 'de'.",
    ),
    "Medusa": Abroad(
        # The question whether anything is sold at all names no region.
        lambda server: "region_id=reg_eu" not in server.requests[-1][1],
        "The publishable_key's sales channel sells nothing for market 'de': look at the channel in"
        " Medusa.",
        {"regions": {"nl": "reg_eu", "de": "reg_fi"}},
        {"regions": {"nl": "reg_eu", "de": "reg_misspelt"}},
        "The shop does not know the region of market 'de': see option regions.",
    ),
    "Saleor": Abroad(
        asks_with("language", "DE"),
        "Channel 'germany' of market 'de' sells nothing: is it spelt so?",
        {"channel": {"nl": "eu", "de": "germany"}},
        {"channel": {"nl": "eu", "de": "misspelt"}},
        "Channel 'misspelt' of market 'de' does not exist, or is switched off: is it spelt so?",
        data(open={"slug": "germany"}, **NOT_IN_SALEOR),
        data(open=None, **NOT_IN_SALEOR),
    ),
    "Shopware": Abroad(
        lambda server: server.requests[-1][2].get("sw-language-id") == shopware_server.uuid(0xB3),
        "The sales channel lists no product for market 'de'.",
        {"access_key": {"nl": KEY, "de": KEY}},
        {"access_key": {"nl": KEY, "de": "misspelt"}},
        "The shop refuses the access_key of market 'de'.",
    ),
    # One catalogue at one price for all markets.
    "WooCommerce": Abroad(lambda server: True, "The shop lists no product for market 'de'."),
    "feed": Abroad(
        at("?de"),
        "The feed of market 'de' holds no products: no item of RSS, no entry of Atom and no row of"
        " text. Look at what exports it.",
        {"location": "{url}/feed.xml?{{market}}"},
        {"location": "{url}/{{country}}/feed.xml"},
        "{url} answered 404.",
        (RSS + END).encode(),
    ),
    # An address is one page for all markets, and there is no list of them.
    "page": Abroad(at("/mat")),
}


class Trial:
    """One shop in both markets, on a page in each: what all say after something went wrong."""

    def __init__(self, server: Server, settings: Any, name: str) -> None:
        self.server, self.settings = server, settings
        self.stall, self.abroad = STALLS[name](server), ABROAD[name]
        if isinstance(self.stall, AtVendure):
            self.stall.fake.token = "default"
        elif isinstance(self.stall, AtShopware):
            self.stall.store.countries["DE"] = shopware_server.uuid(0xC3)
        self.stall.sell(SOLD, True)
        server.says("/DE/feed.xml", status=404)
        server.answers["/NL/feed.xml"] = lambda handler: server.answers["/feed.xml"](handler)
        self.use(self.abroad.options)
        self.product = Product.objects.create(
            shop="webshop", external_id=self.stall.external_id(42), name="Mat"
        )
        card = ("product_card", {"product": self.product.pk, "title": "Mat"})
        self.pages = {key: factories.page(card, language=key) for key in ("nl", "de")}
        refresh_due()
        assert {o.market: o.price for o in Offer.objects.all()} == {"nl": 80, "de": 80}
        self.before = timezone.now() - timedelta(minutes=5)
        Offer.objects.update(checked_at=self.before)
        mark_due("webshop")

    def use(self, options: dict[str, Any]) -> None:
        """The shop with these options beside the usual, in the two markets."""
        url, backend = self.server.url, self.stall.backend
        given = {k: v.format(url=url) if isinstance(v, str) else v for k, v in options.items()}
        shop = {
            "BACKEND": f"{backend.__module__}.{backend.__qualname__}",
            "OPTIONS": self.stall.options(True) | {"allow_private": True} | given,
        }
        markets = {key: conf.get("MARKETS")[key] for key in ("nl", "de")}
        factories.setting(self.settings, SHOPS={"webshop": shop}, MARKETS=markets)

    def sell_in_crowns(self) -> str:
        """Germany's market is in a currency that the shop does not sell in; the reason."""
        markets = conf.get("MARKETS")
        german = markets["de"] | {"CURRENCY": "SEK"}
        factories.setting(self.settings, MARKETS=markets | {"de": german})
        return "The price is in EUR, but market 'de' sells in SEK."

    def misspell(self) -> str:
        """Germany's channel or region has a name that the shop does not know; the reason."""
        self.use(self.abroad.misspelt or {})
        if self.abroad.unknown:
            self._answer_germany(self.abroad.unknown)
        return self.abroad.closed.format(url=self.server.url)

    def be_down(self) -> str:
        for path in list(self.server.answers):
            self.server.says(path, status=503)
        return f"{self.server.url} answered 503."

    def sell_nothing(self) -> str:
        self._answer_germany(self.abroad.empty)
        return self.abroad.sells_nothing

    def _answer_germany(self, body: bytes | None) -> None:
        """Answer what is asked for Germany so; None: without products."""
        stand_ins = [getattr(self.stall, name, None) for name in ("fake", "store", "woo")]
        (fake,) = [one for one in stand_ins if one is not None] or [None]

        def answer(handler: BaseHTTPRequestHandler, usual: Callable[..., None]) -> None:
            if not self.abroad.asks(self.server):
                usual(handler)
            elif body is not None:
                reply(handler, body)
            else:
                sold, fake.products = fake.products, type(fake.products)()
                usual(handler)
                fake.products = sold

        for path, usual in self.server.answers.items():
            self.server.answers[path] = lambda handler, usual=usual: answer(handler, usual)

    def run(self, command: str) -> tuple[int, str]:
        """The exit code and what was printed."""
        out, code = StringIO(), 0
        try:
            call_command(command, stdout=out, stderr=out)
        except CommandError as error:
            code = error.returncode
        return code, out.getvalue()

    def card(self, market: str) -> tuple[str, bool]:
        """The price that a reader sees, and whether the card says that it is stale."""
        (card,) = factories.elements(factories.again(self.pages[market]))
        return factories.plain(card.price.formatted) if card.price else "", bool(card.stale)


def text_of(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def check_told(trial: Trial, reason: str, soup: Any, markets: tuple[str, ...]) -> None:
    """Whoever runs the shop reads the reason for these markets, and of no other."""
    code, said = trial.run("refresh_products")
    assert code == 1
    for market in ("nl", "de"):
        told = f"webshop · {market}: 1 prices not confirmed: {reason}"
        assert (told in said) is (market in markets), said
    if trial.stall.backend.catalogue is not Shop.catalogue:
        code, said = trial.run("import_products")
        assert (code, reason in said) == (1, True), said
    (row,) = soup(reverse("anodyne_blocks_attention")).select("table.listing tbody tr")
    assert f"{', '.join(markets)} The shop confirms no price: {reason}" in text_of(row)
    view = soup(reverse("wagtailsnippets_anodyne_blocks_product:inspect", args=[trial.product.pk]))
    assert reason in text_of(view)
    offers = {offer.market: offer for offer in Offer.objects.all()}
    assert all(offer.withdrawn_at is None for offer in offers.values())
    for market, offer in offers.items():
        assert (offer.checked_at > trial.before) is (market not in markets)
    trial.product.refresh_from_db()
    assert bool(trial.product.refresh_failures) is (len(markets) == 2)


@pytest.mark.parametrize("shop", STALLS)
def test_another_currency_shows_no_price_at_once(server, settings, soup, shop) -> None:
    trial = Trial(server, settings, shop)
    check_told(trial, trial.sell_in_crowns(), soup, ("de",))
    assert trial.card("nl") == (factories.plain(written("nl")), False)
    assert trial.card("de") == ("", True)


@pytest.mark.parametrize("shop", [name for name, one in ABROAD.items() if one.misspelt])
def test_a_channel_or_region_that_there_is_not(server, settings, soup, shop) -> None:
    trial = Trial(server, settings, shop)
    check_told(trial, trial.misspell(), soup, ("de",))
    check_prices_stay(trial)


@pytest.mark.parametrize("shop", [name for name, one in ABROAD.items() if one.sells_nothing])
def test_a_market_in_which_nothing_is_sold(server, settings, soup, shop) -> None:
    trial = Trial(server, settings, shop)
    reason = trial.sell_nothing()
    if shop == "WooCommerce":
        code, said = trial.run("refresh_products")
        assert code == 1 and reason in said and reason.replace("'de'", "'nl'") in said
    else:
        check_told(trial, reason, soup, ("de",))
    check_prices_stay(trial)


@pytest.mark.once
@pytest.mark.parametrize("shop", STALLS)
def test_a_shop_that_is_down(server, settings, soup, shop) -> None:
    trial = Trial(server, settings, shop)
    check_told(trial, trial.be_down(), soup, ("nl", "de"))
    assert "webshop is paused until" in trial.run("refresh_products")[1]
    check_prices_stay(trial)


def check_prices_stay(trial: Trial) -> None:
    """As long as the site's hours allow it."""
    for market in ("nl", "de"):
        assert trial.card(market) == (factories.plain(written(market)), False)


def written(market: str) -> str:
    return factories.written("80", market)
