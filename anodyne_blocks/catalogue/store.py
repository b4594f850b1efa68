"""Writing what shops say into the database: products, offers, price changes, withdrawals.

Everything is written in batches, and only what differs: an offer that is as it was costs no write,
but for a note now and then that the shop has confirmed it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from django.db import transaction

from anodyne_blocks import conf
from anodyne_blocks.catalogue.judging import (
    JUDGED_FIELDS,
    judge,
    judge_again,
    judge_new,
    must_be_judged,
)
from anodyne_blocks.catalogue.purging import (
    displayed,
    purge_changed,
    purge_pages,
    purge_products,
)
from anodyne_blocks.catalogue.writing import (
    StoredProduct,
    append_changes,
    products_of,
    stored_products,
    write_offers,
)
from anodyne_blocks.compiled import Compiled
from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.shops.offer import ShopOffer

# The fields of an offer that are the shop's word, under the same names in both types but the last.
_FIELDS = (
    "title",
    "description",
    "url",
    "price",
    "list_price",
    "currency",
    "tax_included",
    "unit_price",
    "unit_measure",
    "availability",
    "image_alt",
    "rating",
    "rating_count",
    "shop_prior_price",
)
_stored = attrgetter(*_FIELDS)
_told = attrgetter(*_FIELDS[:-1], "prior_price")
# Where in a row of `_compared` the fields begin.
_COMPARED = 4
_money = attrgetter("price", "list_price", "currency", "shop_prior_price")


@dataclass
class Tally:
    """How many offers a write found new, changed or as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


@transaction.atomic
def store_offers(
    shop: str,
    market: Market,
    offers: Sequence[ShopOffer],
    now: datetime.datetime,
    origin: str = PriceChange.Origin.IMPORT,
) -> Tally:
    """Write a batch of a shop's offers in one market; ids must be unique within the batch.

    All or nothing. A batch costs a handful of queries whatever its size (some hundreds is good).
    """
    given_count = len(offers)
    rule = market.fingerprint
    stored = stored_products(shop, [offer.external_id for offer in offers])
    unchanged = _unchanged(market, rule, offers, stored, now)
    offers = [offer for offer in offers if offer.external_id not in unchanged]
    if not offers:
        return Tally(unchanged=given_count)
    products = products_of(shop, offers, stored)
    numbers = [product.pk for product in products.values()]
    known = {
        offer.product_id: offer
        # Workers that meet at the same offers take turns, and always in the same order.
        for offer in Offer.objects.filter(market=market.key, product__in=numbers)
        .order_by("product_id")
        .select_for_update()
    }
    before = displayed(known.values(), now)
    new: list[Offer] = []
    changed: list[Offer] = []
    confirmed: list[Offer] = []
    repriced: list[Offer] = []
    after_gap: list[Offer] = []
    for given in offers:
        product = products[given.external_id].pk
        offer = known.get(product)
        told = _told(given)
        values = dict(zip(_FIELDS, told, strict=True))
        values["availability"] = given.availability.value
        if offer is None:
            offer = Offer(product_id=product, market=market.key, checked_at=now, **values)
            new.append(offer)
            continue
        if offer.checked_at > now:
            # Somebody has heard the shop since this was read.
            continue
        is_after_gap = _is_after_gap(offer, given, now)
        if is_after_gap or _stored(offer) != told or must_be_judged(offer, rule, now):
            money = _money(offer)
            for name, value in values.items():
                setattr(offer, name, value)
            offer.checked_at = now
            offer.withdrawn_at = None
            offer.times_gone = 0
            changed.append(offer)
            if is_after_gap:
                after_gap.append(offer)
            if is_after_gap or _money(offer) != money:
                repriced.append(offer)
        elif offer.times_gone or offer.checked_at < _confirmed_since(now):
            offer.checked_at = now
            confirmed.append(offer)
    judge_new(new, market, now)
    append_changes(repriced, now, origin, after_gap)
    judge(changed, market, now)
    written = [*_FIELDS, *JUDGED_FIELDS, "checked_at", "withdrawn_at", "times_gone"]
    write_offers([*new, *changed], written)
    append_changes(new, now, origin)
    as_before = Offer.objects.filter(pk__in=[offer.pk for offer in confirmed])
    as_before.update(checked_at=now, times_gone=0)
    returned = [product.pk for product in products.values() if product.is_withdrawn]
    Product.objects.filter(pk__in=returned).update(status=Product.Status.ACTIVE, withdrawn_at=None)
    purge_products(returned)
    purge_changed([*new, *changed, *confirmed], before, now)
    return Tally(len(new), len(changed), given_count - len(new) - len(changed))


def _unchanged(
    market: Market,
    rule: str,
    offers: Sequence[ShopOffer],
    stored: Mapping[str, StoredProduct],
    now: datetime.datetime,
) -> set[str]:
    """The ids of offers that are as stored, by one query of plain rows: no instance is made.

    By the products' numbers: a join is planned badly while a database knows nothing of its tables.
    """
    given = {
        product.pk: offer
        for offer in offers
        if (product := stored.get(offer.external_id)) is not None
        and not product.is_withdrawn
        and offer.image_url in ("", product.image_url)
    }
    since = _confirmed_since(now)
    return {
        offer.external_id
        for row in _compared(market.key).rows(given)
        if row[_COMPARED:] == _told(offer := given[row[0]])
        and row[1] == rule
        and row[2] >= since
        and (row[3] is None or row[3] > now)
    }


@lru_cache(maxsize=64)
def _compared(market: str) -> Compiled:
    """By products' ids: id, rule, when confirmed, end of the announcement, and what is compared."""
    offers = Offer.objects.order_by().filter(market=market, withdrawn_at=None, times_gone=0)
    columns = ("product_id", "rule", "checked_at", "announce_until", *_FIELDS)
    return Compiled(offers.values_list(*columns), "product_id", Product._meta.pk)


def _is_after_gap(offer: Offer, given: ShopOffer, now: datetime.datetime) -> bool:
    """Whether nobody can say what a buyer paid since the offer was last confirmed."""
    return (
        offer.withdrawn_at is not None
        or (offer.price is None and given.price is not None)
        or offer.currency != given.currency
        or {offer.tax_included, given.tax_included} == {True, False}
        or now - offer.checked_at > conf.stale_after()
    )


def _confirmed_since(now: datetime.datetime) -> datetime.datetime:
    """Before this moment a confirmation is so old that an unchanged offer gets a new one."""
    return now - conf.stale_after() / 4


@transaction.atomic
def record_hand_edit(product: Product, now: datetime.datetime) -> None:
    """After a person edited a product's offers: append changed prices and judge them."""
    offers = list(Offer.objects.filter(product=product))
    latest: dict[int, PriceChange] = {}
    for change in PriceChange.objects.filter(offer__in=offers).order_by("effective_from"):
        latest[change.offer_id] = change
    repriced = [
        offer
        for offer in offers
        if offer.pk not in latest
        or (offer.price, offer.list_price, offer.currency)
        != (
            latest[offer.pk].price,
            latest[offer.pk].list_price,
            latest[offer.pk].currency,
        )
    ]
    append_changes(repriced, now, PriceChange.Origin.HAND)
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(checked_at=now)
    judge_again(offers, now)


@transaction.atomic
def withdraw(offers: Sequence[Offer], now: datetime.datetime) -> None:
    """Mark offers as gone; a product with no offer left is withdrawn, never deleted."""
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(withdrawn_at=now)
    purge_pages({(offer.product_id, offer.market) for offer in offers})
    products = {offer.product_id for offer in offers}
    sold = set(
        Offer.objects.filter(product__in=products, withdrawn_at=None).values_list(
            "product", flat=True
        )
    )
    Product.objects.filter(pk__in=products - sold, status=Product.Status.ACTIVE).update(
        status=Product.Status.WITHDRAWN, withdrawn_at=now
    )
    purge_products(products - sold)
