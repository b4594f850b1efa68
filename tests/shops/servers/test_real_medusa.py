"""The Medusa class against a real Medusa, which sells this project's own products."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found, Gone, Unknown
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.servers.medusa_server import MedusaServer
from tests.shops.servers.running import SECRET

pytestmark = pytest.mark.shops

DENMARK = Market("da", ("da",), "DK", "DKK")
PAGE = "https://shop.atlas-axis.example/{language}/{handle}"


@pytest.fixture
def market() -> Market:
    return Market("nl", ("en",), "NL", "EUR")


def medusa_shop(medusa: MedusaServer, **options: Any) -> Medusa:
    given = {"url": medusa.url, "publishable_key": medusa.key, "url_template": PAGE}
    given |= {"language": "en"} | options
    return Medusa("medusa", allow_private=True, **given)


@pytest.fixture
def shop(medusa: MedusaServer) -> Iterator[Medusa]:
    with medusa_shop(medusa) as shop:
        yield shop


class TestContract(ShopContract):
    unknown_id, words = "prod_no_such_product", "lumbar support"

    @pytest.fixture(autouse=True)
    def _known(self, medusa: MedusaServer) -> None:
        self.known_id = medusa.ids["lumbar-brace"]
        self.secrets = (medusa.key,)

    @pytest.fixture
    def broken_shop(self, medusa: MedusaServer) -> Iterator[Medusa]:
        with medusa_shop(medusa, url="http://127.0.0.1:1") as shop:
            yield shop


def test_an_offer_in_the_market_s_region(
    shop: Medusa, medusa: MedusaServer, market: Market
) -> None:
    key = medusa.ids["lumbar-brace"]
    expected = ShopOffer(
        external_id=key,
        title="Lumbar support brace",
        description="Lumbar support brace, described",
        url="https://shop.atlas-axis.example/en/lumbar-brace",
        price=Decimal("53"),
        currency="EUR",
        tax_included=True,
        variant=medusa.variants("lumbar-brace")[0],
        sku="lumbar-brace-0",
        is_from=True,
        availability=Stock.IN_STOCK,
        image_url="https://shop.atlas-axis.example/lumbar-brace.png",
    )
    assert shop.fetch([key], market)[key] == Found(expected)


def test_prices_with_tax_where_the_shop_keeps_them_without(medusa: MedusaServer) -> None:
    key = medusa.ids["lumbar-brace"]
    for wish, price, included in [(None, "399.00", True), ({"da": False}, "319.2", False)]:
        with medusa_shop(medusa, tax_included=wish) as shop:
            offer = shop.fetch([key], DENMARK)[key].offer
        assert (str(offer.price), offer.tax_included) == (price, included)


def test_availability(shop: Medusa, medusa: MedusaServer, market: Market) -> None:
    ids = [medusa.ids[handle] for handle in ("neck-pillow", "standing-mat")]
    found = [answer.offer.availability for answer in shop.fetch(ids, market).values()]
    assert found == [Stock.OUT_OF_STOCK, Stock.IN_STOCK]


def test_a_product_without_a_price_in_the_region(shop: Medusa, medusa: MedusaServer) -> None:
    ids = [medusa.ids["neck-pillow"], medusa.ids["lumbar-brace"]]
    missing, there = shop.fetch(ids, DENMARK).values()
    assert isinstance(missing, Unknown) and "no variant has a price" in missing.reason
    assert isinstance(there, Found)


def test_no_region_for_the_market(shop: Medusa, medusa: MedusaServer) -> None:
    answer = shop.fetch(["x"], Market("en", ("en",), "GB", "GBP"))["x"]
    assert answer.reason == "The shop has no region with GB and GBP for market 'en'."


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"publishable_key": "pk_wrong"}, "The shop refuses the publishable_key."),
        ({"regions": {"nl": "reg_wrong"}}, "The shop does not know the region of market 'nl'"),
    ],
)
def test_wrong_options_are_named(
    medusa: MedusaServer, market: Market, options: dict[str, Any], reason: str
) -> None:
    with medusa_shop(medusa, **options) as shop:
        assert reason in shop.fetch(["x"], market)["x"].reason


def test_a_sale_begins_and_the_product_goes(
    shop: Medusa, medusa: MedusaServer, market: Market
) -> None:
    key = medusa.ids["massage-balls"]
    before = shop.fetch([key], market)[key].offer
    assert (before.price, before.list_price) == (Decimal("14.95"), None)
    medusa.start_sale("massage-balls", eur=9.95)
    during = shop.fetch([key], market)[key].offer
    assert (during.price, during.list_price) == (Decimal("9.95"), Decimal("14.95"))
    medusa.delete("massage-balls")
    assert shop.fetch([key], market)[key] == Gone(key)


def test_variants_can_be_chosen_and_one_that_is_deleted_is_gone(
    medusa: MedusaServer, market: Market
) -> None:
    key = medusa.ids["lumbar-brace"]
    small, large = medusa.variants("lumbar-brace")
    with medusa_shop(medusa, webhook_secret=SECRET) as shop:
        offers = shop.variants(key, market)
        assert [(o.title, o.variant, str(o.price)) for o in offers] == [
            ("Lumbar support brace – 0", small, "53"),
            ("Lumbar support brace – 1", large, "57.5"),
        ]
        ids = [offer.external_id for offer in offers]
        assert [a.offer for a in shop.fetch(ids, market).values()] == offers
        medusa.deliveries.taken.clear()
        medusa.admin("DELETE", f"products/{key}/variants/{large}")
        assert medusa.deliveries.wait_for(
            lambda headers, body: shop.verify_webhook(headers, body).external_ids == (key,)
        )
        kept, gone = shop.fetch(ids, market).values()
        assert isinstance(kept, Found) and gone == Gone(ids[1])
        assert not shop.fetch([key], market)[key].offer.is_from


def test_a_translation_is_told_of_and_shown_where_the_shop_has_the_locale(
    medusa: MedusaServer,
) -> None:
    key = medusa.ids["standing-mat"]
    options = {"locale": "{language}-{country}", "webhook_secret": SECRET}
    with medusa_shop(medusa, **options) as shop:
        medusa.deliveries.taken.clear()
        said = {"reference": "product", "reference_id": key, "locale_code": "nl-NL"}
        said |= {"translations": {"title": "Balansmat"}}
        medusa.admin("POST", "translations/batch", {"create": [said]})
        assert medusa.deliveries.wait_for(
            lambda headers, body: shop.verify_webhook(headers, body).external_ids == (key,)
        )
        dutch, danish, elsewhere = (
            shop.fetch([key], Market(country, (language,), country, currency))[key].offer
            for language, country, currency in (
                ("nl", "NL", "EUR"), ("da", "DK", "DKK"), ("nl", "DE", "EUR"),
            )
        )  # fmt: skip
    assert (dutch.title, danish.title, danish.name) == ("Balansmat", "", "Balance mat")
    # A locale that the shop does not have.
    assert elsewhere.title == ""


def test_the_documented_subscriber_notifies(medusa: MedusaServer) -> None:
    key = medusa.ids["standing-mat"]
    variant = medusa.admin("GET", f"products/{key}?fields=variants.id")["product"]["variants"][0]
    for path in (f"products/{key}", f"products/{key}/variants/{variant['id']}"):
        medusa.deliveries.taken.clear()
        medusa.admin("POST", path, {"metadata": {"seen": "yes"}})
        with medusa_shop(medusa, webhook_secret=SECRET) as shop:
            assert medusa.deliveries.wait_for(
                lambda headers, body: shop.verify_webhook(headers, body).external_ids == (key,)
            )
