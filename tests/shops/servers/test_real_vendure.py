"""The Vendure class against a real Vendure, which sells this project's own products."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Found, Gone, Skipped, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.testing import ShopContract
from anodyne_blocks.shops.vendure import Vendure
from tests.shops.servers.running import SECRET
from tests.shops.servers.vendure_server import VendureServer

pytestmark = pytest.mark.shops

DENMARK = Market("da", ("da",), "DK", "DKK")


@pytest.fixture
def market() -> Market:
    return Market("nl", ("nl",), "NL", "EUR")


@pytest.fixture
def shop(vendure: VendureServer) -> Iterator[Vendure]:
    with Vendure(
        "vendure",
        url=vendure.url,
        url_template="https://shop.atlas-axis.example/{language}/{slug}",
        list_price_field="compareAtPrice",
        rating_field="rating",
        rating_count_field="ratingCount",
        webhook_secret=SECRET,
        allow_private=True,
    ) as shop:
        yield shop


class TestContract(ShopContract):
    unknown_id, words, secrets = "99", "lendensteun", (SECRET,)

    @pytest.fixture(autouse=True)
    def _known(self, vendure: VendureServer) -> None:
        self.known_id = vendure.ids["lumbar-brace"]

    @pytest.fixture
    def broken_shop(self, vendure: VendureServer) -> Iterator[Vendure]:
        with Vendure(
            "vendure", url="http://127.0.0.1:1/shop-api", url_template="x", allow_private=True
        ) as shop:
            yield shop


def test_an_offer_in_the_market_s_language_and_currency(
    shop: Vendure, vendure: VendureServer, market: Market
) -> None:
    key = vendure.ids["lumbar-brace"]
    assert shop.fetch([key], market)[key] == Found(
        ShopOffer(
            external_id=key,
            title="Lendensteun & riem",
            description="Lendensteun & riem, nl",
            url="https://shop.atlas-axis.example/nl/lumbar-brace",
            price=Decimal("53.00"),
            currency="EUR",
            tax_included=True,
            variant=vendure.variants["lumbar-brace"][0],
            sku="lumbar-brace-0",
            is_from=True,
            availability=Stock.IN_STOCK,
            rating=Decimal("4.50"),
            rating_count=12,
        )
    )


def test_prices_without_tax(vendure: VendureServer, market: Market) -> None:
    key = vendure.ids["lumbar-brace"]
    with Vendure(
        "v", url=vendure.url, url_template="", tax_included={"nl": False}, allow_private=True
    ) as shop:
        offer = shop.fetch([key], market)[key].offer
    assert (offer.price, offer.tax_included) == (Decimal("42.40"), False)


def test_a_product_without_a_price_in_the_currency_spoils_no_other(
    shop: Vendure, vendure: VendureServer
) -> None:
    slugs = ["neck-pillow", "lumbar-brace", "standing-mat"]
    ids = [vendure.ids[slug] for slug in slugs]
    answers = shop.fetch([*ids, "99"], DENMARK)
    assert [type(answer) for answer in answers.values()] == [Unknown, Found, Found, Gone]
    assert "a price in DKK" in answers[ids[0]].reason
    assert answers[ids[1]].offer.price == Decimal("399.00")
    entries = {entry.external_id: type(entry) for entry in shop.catalogue(DENMARK)}
    assert [entries[i] for i in ids] == [Skipped, ShopOffer, ShopOffer]


def test_a_currency_that_the_channel_does_not_have(shop: Vendure, vendure: VendureServer) -> None:
    key = vendure.ids["lumbar-brace"]
    answer = shop.fetch([key], Market("sv", ("sv",), "SE", "SEK"))[key]
    reason = "The price is in EUR, but market 'sv' sells in SEK."
    assert answer == Unknown(key, reason, gap=Gap.CURRENCY)


def test_sold_out(shop: Vendure, vendure: VendureServer, market: Market) -> None:
    key = vendure.ids["neck-pillow"]
    assert shop.fetch([key], market)[key].offer.availability == Stock.OUT_OF_STOCK


def test_more_products_than_a_list_may_have(
    shop: Vendure, vendure: VendureServer, market: Market
) -> None:
    ids = [vendure.ids["standing-mat"], *map(str, range(1000, 1150))]
    answers = shop.fetch(ids, market)
    assert isinstance(answers.pop(ids[0]), Found)
    assert {type(answer) for answer in answers.values()} == {Gone}


def test_a_sale_begins_and_the_product_goes(
    shop: Vendure, vendure: VendureServer, market: Market
) -> None:
    vendure.add("warming-balm", {"en": "Warming balm", "stock": 9, "variants": [{"EUR": 1295}]})
    key = vendure.ids["warming-balm"]
    before = shop.fetch([key], market)[key].offer
    assert (before.price, before.list_price) == (Decimal("12.95"), None)
    vendure.set_price("warming-balm", EUR=995, compare_at=1295)
    during = shop.fetch([key], market)[key].offer
    assert (during.price, during.list_price) == (Decimal("9.95"), Decimal("12.95"))
    vendure.delete("warming-balm")
    assert shop.fetch([key], market)[key] == Gone(key)


def test_a_token_that_no_channel_has(vendure: VendureServer, market: Market) -> None:
    options = {"url": vendure.url, "url_template": "", "allow_private": True}
    with Vendure("v", channel_token="misspelt", **options) as shop:
        answer = shop.fetch(["1"], market)["1"]
    assert answer.reason == "The shop knows no channel with the token of market 'nl'."


def test_variants_can_be_chosen_and_one_that_is_deleted_is_gone(
    shop: Vendure, vendure: VendureServer, market: Market
) -> None:
    said = {"en": "Wrist rest", "nl": "Polssteun", "stock": 9}
    vendure.add("wrist-rest", said | {"variants": [{"EUR": 1995}, {"EUR": 2495}]})
    key = vendure.ids["wrist-rest"]
    small, large = vendure.variants["wrist-rest"]
    offers = shop.variants(key, market)
    # The options are not translated.
    assert [(o.external_id, o.title, o.name, o.price) for o in offers] == [
        (f"{key}:{small}", "", "Polssteun – 0", Decimal("19.95")),
        (f"{key}:{large}", "", "Polssteun – 1", Decimal("24.95")),
    ]
    ids = [offer.external_id for offer in offers]
    assert [answer.offer for answer in shop.fetch(ids, market).values()] == offers
    vendure.deliveries.taken.clear()
    vendure.admin("mutation($id: ID!) { deleteProductVariant(id: $id) { result } }", id=large)
    assert vendure.deliveries.wait_for(
        lambda headers, body: shop.verify_webhook(headers, body).external_ids == (key,)
    )
    kept, gone = shop.fetch(ids, market).values()
    assert isinstance(kept, Found) and gone == Gone(ids[1])


def test_what_is_not_translated_has_no_words(
    shop: Vendure, vendure: VendureServer, market: Market
) -> None:
    vendure.add("ice-pack", {"en": "Ice pack", "stock": 9, "variants": [{"EUR": 995}]})
    key = vendure.ids["ice-pack"]
    offer = shop.fetch([key], market)[key].offer
    assert (offer.title, offer.description, offer.name) == ("", "", "Ice pack")


def test_the_documented_script_notifies(shop: Vendure, vendure: VendureServer) -> None:
    key = vendure.ids["standing-mat"]
    vendure.deliveries.taken.clear()
    vendure.set_price("standing-mat", EUR=7950, DKK=59900)
    assert vendure.deliveries.wait_for(
        lambda headers, body: shop.verify_webhook(headers, body).external_ids == (key,)
    )
