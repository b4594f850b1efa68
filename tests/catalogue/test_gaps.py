"""A gap is a gap: whatever makes what came before unknowable ends what it could prove."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.gaps import leave_unconfirmed
from anodyne_blocks.catalogue.store import Tally, record_hand_edit, store_offers, withdraw
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops import ShopOffer, Unknown

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SOLD = ShopOffer(
    external_id="brace",
    title="Rugband",
    price=Decimal("53"),
    currency="EUR",
    tax_included=True,
    variant="11",
    sku="RB-M",
    gtin="5701234567899",
    condition="new",
    pack="1",
    seller="Atlas",
    brand="Atlas",
)
CHEAPER = replace(SOLD, price=Decimal("39.75"))


def ago(days: float) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


def store(given: ShopOffer, days_ago: float = 0) -> Tally:
    return store_offers("webshop", conf.markets()["nl"], [given], ago(days_ago))


def hold(given: ShopOffer, since: int, until: int) -> None:
    """What a shop says every other day, so that nobody can doubt what it cost meanwhile."""
    for days in range(since, until, -2):
        store(given, days_ago=days)


def offer() -> Offer:
    return Offer.objects.get()


def told(**fields: Any) -> Callable[[], None]:
    """The shop says other things for a day or two."""

    def tell() -> None:
        hold(SOLD, since=12, until=6)
        store(replace(SOLD, **fields), days_ago=5.5)

    return tell


def withdrawal() -> None:
    store(SOLD, days_ago=6)
    withdraw([offer()], ago(5.9))


def refusal() -> None:
    """The shop answers in another currency for a moment, which is never stored."""
    hold(SOLD, since=12, until=6)
    reason = Unknown("brace", "The price is in DKK.", gap=Gap.CURRENCY)
    leave_unconfirmed("nl", {offer().product_id: reason}, ago(5.9))


def mistake() -> None:
    """The last price was entered wrongly, and is taken back."""
    hold(SOLD, since=12, until=6)
    store(replace(SOLD, price=Decimal("5300")), days_ago=5.5)
    PriceChange.objects.filter(price=5300).update(mistaken_at=ago(5.2))


GAPS: dict[str, tuple[Gap, Callable[[], None]]] = {
    "silence": (Gap.SILENCE, lambda: None),
    "withdrawn": (Gap.WITHDRAWN, withdrawal),
    "another currency, refused": (Gap.CURRENCY, refusal),
    "mistake": (Gap.MISTAKE, mistake),
    "no price": (Gap.NO_PRICE, told(price=None)),
    "price of 0": (Gap.NO_PRICE, told(price=Decimal(0))),
    "free": (Gap.NO_PRICE, told(is_free=True)),
    "another currency": (Gap.CURRENCY, told(currency="DKK")),
    "without tax": (Gap.TAX, told(tax_included=False)),
    "tax not told": (Gap.TAX, told(tax_included=None)),
    "another variant": (Gap.VARIANT, told(variant="12")),
    "another number": (Gap.GOODS, told(sku="RB-L")),
    "another barcode": (Gap.GOODS, told(gtin="5701234567882")),
    "used": (Gap.CONDITION, told(condition="used")),
    "three in a pack": (Gap.PACK, told(pack="3")),
    "another seller": (Gap.SELLER, told(seller="Axis")),
}
every_gap = pytest.mark.parametrize(("gap", "happen"), GAPS.values(), ids=GAPS)


@every_gap
def test_nothing_is_announced_across_a_gap_until_what_follows_proves_it(gap, happen):
    hold(SOLD, since=90, until=12)
    happen()
    hold(CHEAPER, since=5, until=0)
    assert not offer().announces_reduction(NOW)
    assert offer().prior_status == "no_history"
    assert PriceChange.objects.get(price=CHEAPER.price).gap in (gap.value, "")
    for days in range(0, 40, 2):
        store(CHEAPER, days_ago=-days)
    store(replace(SOLD, price=Decimal("30")), days_ago=-40)
    later = ago(-40)
    assert offer().announces_reduction(later)
    assert offer().prior_price == Decimal("39.75")


@every_gap
def test_a_reduction_that_was_running_is_not_announced_after_a_gap(gap, happen):
    hold(replace(SOLD, price=Decimal("80")), since=90, until=30)
    hold(SOLD, since=30, until=12)
    assert offer().announces_reduction(ago(13))
    happen()
    hold(SOLD, since=5, until=0)
    assert not offer().announces_reduction(NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"variant": ""},
        {"sku": "", "gtin": ""},
        {"title": "Steunband"},
        {"brand": "Axis"},
        {"source": "https://b.example/"},
    ],
)
def test_less_said_about_the_same_goods_is_no_gap(fields):
    hold(SOLD, since=90, until=5)
    hold(replace(CHEAPER, **fields), since=5, until=0)
    assert offer().announces_reduction(NOW)
    assert (offer().variant, offer().sku) == ("11", "RB-M")


def test_a_shop_that_begins_to_name_its_goods_keeps_what_was_proven():
    """As when a site upgrades to a version that asks for it."""
    nameless = replace(SOLD, variant="", sku="", gtin="", condition="", pack="", seller="")
    hold(replace(nameless, price=Decimal("80")), since=90, until=20)
    hold(nameless, since=20, until=4)
    hold(SOLD, since=4, until=0)
    assert offer().announces_reduction(NOW)
    assert offer().variant == "11"


def test_the_first_price_after_it_was_named_may_be_of_anything():
    nameless = replace(SOLD, variant="", sku="", gtin="")
    hold(nameless, since=90, until=4)
    hold(CHEAPER, since=4, until=0)
    assert not offer().announces_reduction(NOW)


def test_a_gap_begins_with_the_first_of_its_reasons():
    """Nothing was known from when the price was taken back, though other goods came later."""
    hold(SOLD, since=12, until=6)
    for days in (5.5, 5):
        store(replace(SOLD, price=None), days_ago=days)
    store(replace(SOLD, variant="12"), days_ago=4.5)
    last = PriceChange.objects.latest("effective_from")
    assert (last.gap, last.gap_from) == (Gap.VARIANT.value, ago(5.5))


def test_an_earlier_answer_changes_nothing_also_where_the_later_one_changed_nothing():
    store(SOLD, days_ago=2)
    store(SOLD, days_ago=1)
    assert store(CHEAPER, days_ago=1.5) == Tally(unchanged=1)
    assert offer().price == SOLD.price
    assert PriceChange.objects.count() == 1


class TestAClockThatWasAhead:
    @pytest.fixture(autouse=True)
    def ahead(self) -> None:
        hold(replace(SOLD, price=Decimal("80")), since=90, until=4)
        store(SOLD, days_ago=-10)

    def test_does_not_pass_for_freshness(self):
        assert offer().is_stale(NOW)
        assert not offer().announces_reduction(NOW) or offer().is_stale(NOW)

    def test_freezes_no_price(self):
        assert store(CHEAPER) == Tally(changed=1)
        assert (offer().price, offer().is_stale(NOW)) == (CHEAPER.price, False)
        assert not offer().announces_reduction(NOW)

    def test_puts_no_price_into_the_future(self):
        store(CHEAPER)
        for days in range(2, 60, 2):
            store(CHEAPER, days_ago=-days)
        store(replace(CHEAPER, price=Decimal("30")), days_ago=-60)
        assert offer().prior_price == CHEAPER.price
        assert offer().announces_reduction(ago(-60))


class TestATakenBackPrice:
    def take_back(self) -> None:
        reason = Unknown(
            "brace", "The price is in DKK, but market 'nl' sells in EUR.", gap=Gap.CURRENCY
        )
        leave_unconfirmed("nl", {offer().product_id: reason}, NOW)

    def test_is_stale_at_once_and_says_why(self):
        hold(SOLD, since=20, until=0)
        store(SOLD)
        assert not offer().is_stale(NOW)
        self.take_back()
        assert offer().is_stale(NOW)
        assert "DKK" in offer().refresh_error

    def test_is_believed_again_when_the_shop_repeats_it(self):
        store(SOLD)
        self.take_back()
        store(SOLD, days_ago=-0.1)
        assert not offer().is_stale(ago(-0.1))
        assert offer().refresh_error == ""

    def test_a_mere_failure_is_no_gap(self):
        hold(replace(SOLD, price=Decimal("80")), since=90, until=20)
        hold(SOLD, since=20, until=0)
        store(SOLD)
        leave_unconfirmed("nl", {offer().product_id: Unknown("brace", "Down.")}, NOW)
        assert not offer().is_stale(NOW)
        assert offer().announces_reduction(NOW)


def test_a_price_that_ends_by_the_shops_word_is_stale_from_then_on():
    store(replace(SOLD, price_until=ago(-1)))
    assert not offer().is_stale(NOW)
    assert offer().is_stale(ago(-1))


class TestByHand:
    """What a person enters has a history like any other."""

    @pytest.fixture
    def product(self) -> Product:
        product = Product.objects.create(name="Kruik")
        Offer.objects.create(
            product=product, market="nl", title="Kruik", price=Decimal("53"), currency="EUR"
        )
        record_hand_edit(product, ago(60))
        return product

    def edit(self, product: Product, days_ago: float, **fields: Any) -> None:
        product.offers.update(**fields)
        record_hand_edit(product, ago(days_ago))

    def test_a_lower_price_is_announced(self, product):
        self.edit(product, 5, price=Decimal("39.75"))
        assert offer().announces_reduction(NOW)

    @pytest.mark.parametrize(
        ("fields", "gap"),
        [
            ({"tax_included": False}, Gap.TAX),
            ({"tax_included": None}, Gap.TAX),
            ({"condition": "used"}, Gap.CONDITION),
            ({"currency": "CHF"}, Gap.CURRENCY),
        ],
    )
    def test_other_goods_or_terms_are_a_gap(self, product, fields, gap):
        self.edit(product, 5, price=Decimal("39.75"), **fields)
        assert not offer().announces_reduction(NOW)
        assert PriceChange.objects.latest("effective_from").gap == gap.value

    def test_a_time_without_a_price_is_a_gap(self, product):
        self.edit(product, 6, price=None)
        self.edit(product, 5, price=Decimal("39.75"))
        self.edit(product, 4, title="Warme kruik")
        assert not offer().announces_reduction(NOW)
        latest = PriceChange.objects.latest("effective_from")
        assert (latest.gap, latest.gap_from) == ("no_price", ago(6))
        assert PriceChange.objects.count() == 2

    def test_tax_that_changes_at_one_price_is_a_gap_too(self, product):
        self.edit(product, 20, tax_included=False)
        assert not offer().is_stale(ago(20))
        self.edit(product, 5, price=Decimal("39.75"))
        assert not offer().announces_reduction(NOW)
