"""What shops say, in the database: only differences are written, and every price is kept."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.safestring import mark_safe

from anodyne_blocks import conf
from anodyne_blocks.catalogue.store import Tally, record_hand_edit, store_offers
from anodyne_blocks.catalogue.writing import stored_products
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.shops import ShopOffer, Stock
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def offer(external_id: str = "brace", price: str = "39.75", **fields: Any) -> ShopOffer:
    """A shop's offer in euros."""
    given = {
        "title": "Rugband",
        "currency": "EUR",
        "availability": Stock.IN_STOCK,
        "url": f"https://shop.example/{external_id}",
    }
    return ShopOffer(external_id=external_id, price=Decimal(price), **{**given, **fields})


def store(*offers: ShopOffer, days_ago: float = 0) -> Tally:
    """Store offers in the Dutch market as they were some days ago."""
    moment = NOW - datetime.timedelta(days=days_ago)
    return store_offers("webshop", conf.markets()["nl"], offers, moment)


def hold(offer: ShopOffer, since: int, until: int) -> None:
    """Store an offer every other day, so that nobody can doubt what it cost meanwhile."""
    for days in range(since, until, -2):
        store(offer, days_ago=days)


def prices() -> list[str]:
    """The history of all prices, oldest first."""
    changes = PriceChange.objects.order_by("effective_from")
    return [f"{change.price:.2f}" for change in changes]


def test_a_new_offer_makes_a_product_an_offer_and_its_first_price():
    assert store(offer()) == Tally(created=1)
    product = Product.objects.get()
    assert (product.shop, product.external_id, product.name) == ("webshop", "brace", "Rugband")
    stored = product.offers.get()
    assert (stored.market, stored.price, stored.currency) == ("nl", Decimal("39.75"), "EUR")
    assert prices() == ["39.75"]


@pytest.mark.parametrize("other", ["ab-1", "AB-1 ", "ÄB-1", "AB‑1"])
def test_ids_that_differ_in_a_letter_are_two_products(other):
    """Its case, an accent or a space at the end: MySQL and MariaDB take them for one if nobody
    tells them."""
    one, two = offer("AB-1"), offer(other, "53.00", url="")
    assert store(one, two) == Tally(created=2)
    assert store(two, one) == Tally(unchanged=2)
    found = Product.objects.order_by("offers__price").values_list("external_id", flat=True)
    assert list(found) == ["AB-1", other]


def test_an_unchanged_offer_writes_nothing(django_assert_num_queries):
    store(offer(), offer("pillow", "50"))
    with django_assert_num_queries(4) as queries:
        assert store(offer(), offer("pillow", "50")) == Tally(unchanged=2)
    statements = [query["sql"].split()[0] for query in queries.captured_queries]
    assert not {"INSERT", "UPDATE", "DELETE"} & set(statements)


def test_a_batch_costs_the_same_queries_whatever_its_size(django_assert_num_queries):
    def batch(size: int, price: str) -> list[ShopOffer]:
        return [offer(f"p{number}", price) for number in range(size)]

    store(*batch(100, "10"), days_ago=2)
    with django_assert_num_queries(8):
        store(*batch(5, "11"), days_ago=1)
    with django_assert_num_queries(8):
        store(*batch(20, "12"))


def test_the_shop_confirms_an_unchanged_offer_now_and_then():
    store(offer(), days_ago=1)
    store(offer())
    assert Offer.objects.get().checked_at == NOW


def test_a_changed_text_is_stored_and_is_no_price_change():
    store(offer())
    assert store(offer(title="Steunband")) == Tally(changed=1)
    assert Offer.objects.get().title == "Steunband"
    assert prices() == ["39.75"]


def test_what_no_offer_of_a_batch_tells_any_more_is_forgotten():
    told = {"list_price": Decimal("53"), "rating": Decimal("4.5"), "rating_count": 12}
    store(offer(**told), offer("pillow"), days_ago=1)
    assert store(offer(), offer("pillow")) == Tally(changed=1, unchanged=1)
    stored = Offer.objects.get(product__external_id="brace")
    assert [getattr(stored, name) for name in told] == [None, None, None]


def test_a_sale_is_announced_from_the_price_that_was_in_force_before():
    hold(offer(price="53"), since=90, until=5)
    store(offer(price="39.75", list_price=Decimal("80")), days_ago=5)
    stored = Offer.objects.get()
    assert stored.announces_reduction(NOW)
    assert stored.prior_price == Decimal("53")
    assert prices() == ["53.00", "39.75"]


def test_a_sale_in_a_product_that_was_never_seen_before_is_not_announced():
    store(offer(price="39.75", list_price=Decimal("80")))
    assert not Offer.objects.get().announces_reduction(NOW)


def test_a_price_raised_before_the_sale_is_not_announced():
    hold(offer(price="80"), since=90, until=8)
    hold(offer(price="120"), since=8, until=5)
    store(offer(price="90"), days_ago=5)
    assert not Offer.objects.get().announces_reduction(NOW)
    assert Offer.objects.get().prior_status == "not_lower"


def test_a_history_that_does_not_end_in_the_price_proves_nothing():
    hold(offer(price="80"), since=90, until=1)
    product = Offer.objects.get()
    PriceChange.objects.create(
        offer=product, price=120, currency="EUR", effective_from=NOW - datetime.timedelta(hours=9)
    )
    store(offer(price="80", title="Steunband"))
    assert Offer.objects.get().prior_status == "no_history"


def test_an_offer_found_again_has_been_denied_never():
    store(offer())
    Offer.objects.update(times_gone=1)
    store(offer())
    assert Offer.objects.get().times_gone == 0
    assert store(offer()) == Tally(unchanged=1)


def test_what_has_ended_is_judged_once(settings):
    markets = settings.ANODYNE_BLOCKS["MARKETS"]
    options = {"PRICE_RULE_OPTIONS": {"max_announcement_days": 10}}
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "MARKETS": {**markets, "nl": {**markets["nl"], **options}},
    }
    hold(offer(price="53"), since=90, until=11)
    hold(offer(), since=11, until=1)
    store(offer(), days_ago=1.5)
    assert Offer.objects.get().announces_reduction(NOW - datetime.timedelta(days=1.5))
    assert store(offer()) == Tally(changed=1)
    assert Offer.objects.get().prior_status == "expired"
    assert store(offer()) == Tally(unchanged=1)


def test_another_rule_makes_the_stored_verdict_void_and_the_next_import_judges_again(settings):
    store(offer(price="53"), days_ago=90)
    store(offer(), days_ago=5)
    markets = settings.ANODYNE_BLOCKS["MARKETS"]
    rule = "anodyne_blocks.pricing.rules.NoReductions"
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "MARKETS": {**markets, "nl": {**markets["nl"], "PRICE_RULE": rule}},
    }
    assert not Offer.objects.get().announces_reduction(NOW)
    assert store(offer()) == Tally(changed=1)
    assert Offer.objects.get().prior_status == "disabled"


def test_an_announcement_ends_at_the_very_moment_that_the_rule_has_set():
    product = factories.product("nl")
    factories.change_offer(product, "nl", **factories.reduction("nl", announce_until=NOW))
    made = product.offers.get()
    assert made.announces_reduction(NOW - datetime.timedelta.resolution)
    assert not made.announces_reduction(NOW)


def test_a_new_currency_starts_a_new_history():
    store(offer(price="53"), days_ago=90)
    store(offer(price="45", currency="CHF"))
    assert not Offer.objects.get().announces_reduction(NOW)


def test_a_price_change_cannot_be_rewritten():
    store(offer())
    change = PriceChange.objects.get()
    change.price = Decimal("1")
    with pytest.raises(ValidationError):
        change.save()


def test_the_shops_own_legal_prior_price_is_used():
    store(offer(price="39.75", shop_prior_price=Decimal("53")))
    stored = Offer.objects.get()
    assert stored.announces_reduction(NOW)
    assert (stored.prior_price, stored.prior_origin) == (Decimal("53"), "shop")


def test_a_products_name_follows_a_rename_in_the_shop():
    store(offer(), days_ago=2)
    store(offer(title="Steunband"))
    assert Product.objects.get().name == "Steunband"


def test_a_name_that_another_market_gave_stays():
    store(offer(), days_ago=2)
    Product.objects.update(name="Back brace")
    store(offer(title="Steunband"))
    assert Product.objects.get().name == "Back brace"


def test_an_edit_by_hand_appends_its_price_once():
    product = Product.objects.create(name="Kruik")
    Offer.objects.create(
        product=product, market="nl", title="Kruik", price=Decimal("20"), currency="EUR"
    )
    record_hand_edit(product, NOW - datetime.timedelta(days=60))
    product.offers.update(price=Decimal("15"))
    record_hand_edit(product, NOW)
    record_hand_edit(product, NOW + datetime.timedelta(seconds=1))
    assert prices() == ["20.00", "15.00"]
    assert Offer.objects.get().announces_reduction(NOW)
    assert set(PriceChange.objects.values_list("origin", flat=True)) == {"hand"}


@pytest.mark.django_db
def test_a_number_may_be_a_text_of_another_class() -> None:
    Product.objects.create(shop="dummy", external_id="a", name="A")
    assert set(stored_products("dummy", [mark_safe("a")])) == {"a"}
