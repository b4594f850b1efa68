"""Writing what shops say into the database: products, offers, price changes, withdrawals.

Everything is written in batches, and only what differs: an offer that is as it was costs no write,
but for a note now and then that the shop has confirmed it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Q

from anodyne_blocks import conf
from anodyne_blocks.catalogue.judging import (
    JUDGED_FIELDS,
    judge,
    judge_again,
    judge_one,
    must_be_judged,
)
from anodyne_blocks.catalogue.purging import (
    displayed,
    purge_changed,
    purge_pages,
    purge_products,
)
from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.pricing.prior_price import PricePoint
from anodyne_blocks.shops.base import ShopOffer

# The fields of an offer that are the shop's word, under the same names in both types.
SHOP_FIELDS = (
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
)
# The same with the shop's own prior price, as plain rows of either type.
_COMPARED = (*SHOP_FIELDS, "shop_prior_price")
_told = attrgetter(*SHOP_FIELDS, "prior_price")
_PLACES = {
    "price": Decimal("0.0001"),
    "list_price": Decimal("0.0001"),
    "unit_price": Decimal("0.0001"),
    "rating": Decimal("0.01"),
}


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
    unchanged = _unchanged(shop, market, offers, now)
    offers = [offer for offer in offers if offer.external_id not in unchanged]
    if not offers:
        return Tally(unchanged=given_count)
    products = _products(shop, offers)
    known = {
        offer.product_id: offer
        for offer in Offer.objects.filter(market=market.key, product__in=products.values())
    }
    before = {offer.pk: displayed(offer, now) for offer in known.values()}
    new: list[Offer] = []
    changed: list[Offer] = []
    confirmed: list[Offer] = []
    repriced: list[Offer] = []
    for given in offers:
        product = products[given.external_id]
        offer = known.get(product.pk)
        values = {name: _stored(name, getattr(given, name)) for name in SHOP_FIELDS}
        if offer is None:
            offer = Offer(product_id=product.pk, market=market.key, checked_at=now, **values)
            offer.shop_prior_price = given.prior_price
            new.append(offer)
            continue
        money = (offer.price, offer.list_price, offer.currency, offer.shop_prior_price)
        told = (values["price"], values["list_price"], values["currency"], given.prior_price)
        is_repriced = money != told
        differs = (
            is_repriced
            or offer.withdrawn_at is not None
            or any(getattr(offer, name) != value for name, value in values.items())
        )
        if differs or must_be_judged(offer, market, now):
            for name, value in values.items():
                setattr(offer, name, value)
            offer.shop_prior_price = given.prior_price
            offer.checked_at = now
            offer.withdrawn_at = None
            changed.append(offer)
            if is_repriced:
                repriced.append(offer)
        elif offer.checked_at < _confirmed_since(now):
            offer.checked_at = now
            confirmed.append(offer)
    for offer in new:
        first = [PricePoint(offer.price, now, offer.list_price)] if offer.price is not None else []
        judge_one(offer, first, market, now)
    _append_changes(repriced, now, origin)
    judge(changed, market, now)
    _write([*new, *changed])
    _append_changes(new, now, origin)
    Offer.objects.filter(pk__in=[offer.pk for offer in confirmed]).update(checked_at=now)
    returned = [p.pk for p in products.values() if p.is_withdrawn]
    Product.objects.filter(pk__in=returned).update(status=Product.Status.ACTIVE, withdrawn_at=None)
    purge_products(returned)
    purge_changed([*new, *changed, *confirmed], before, now)
    return Tally(len(new), len(changed), given_count - len(new) - len(changed))


def _unchanged(
    shop: str, market: Market, offers: Sequence[ShopOffer], now: datetime.datetime
) -> set[str]:
    """The ids of offers that are as stored, by one query of plain rows: no instance is made."""
    given = {offer.external_id: offer for offer in offers}
    rows = Offer.objects.filter(
        Q(announce_until=None) | Q(announce_until__gt=now),
        product__shop=shop,
        product__external_id__in=given,
        product__status=Product.Status.ACTIVE,
        market=market.key,
        withdrawn_at=None,
        rule=market.rule.fingerprint,
        checked_at__gte=_confirmed_since(now),
    ).values_list("product__external_id", "product__image_url", *_COMPARED)
    return {
        external_id
        for external_id, image_url, *values in rows.iterator(len(given))
        if (*values,) == _told(given[external_id])
        and (given[external_id].image_url or image_url) == image_url
    }


def _confirmed_since(now: datetime.datetime) -> datetime.datetime:
    """Before this moment a confirmation is so old that an unchanged offer gets a new one."""
    return now - datetime.timedelta(hours=conf.get("STALE_AFTER_HOURS")) / 4


def _write(offers: Iterable[Offer]) -> None:
    """Insert or update offers in one statement a batch, far cheaper than `bulk_update`.

    Always in the same order, so that workers that meet at the same offers wait in turn.
    """
    features = connections[router.db_for_write(Offer)].features
    rows = sorted(offers, key=lambda offer: offer.product_id)
    Offer.objects.bulk_create(
        rows,
        update_conflicts=True,
        # MySQL and MariaDB take every unique constraint, and no list of them.
        unique_fields=["product", "market"]
        if features.supports_update_conflicts_with_target
        else None,
        update_fields=[*SHOP_FIELDS, *JUDGED_FIELDS, "checked_at", "withdrawn_at"],
    )
    if missing := {offer.product_id: offer for offer in rows if offer.pk is None}:
        # MySQL does not tell the numbers of new rows; a batch is of one market.
        market = rows[0].market
        made = Offer.objects.filter(product__in=missing, market=market)
        for pk, product in made.values_list("pk", "product"):
            missing[product].pk = pk


def _products(shop: str, offers: Sequence[ShopOffer]) -> dict[str, Product]:
    """{external id: product} of a batch; new ones are made, image addresses kept up to date."""

    ids = [offer.external_id for offer in offers]
    rows = Product.objects.filter(shop=shop, external_id__in=ids)
    products = {product.external_id: product for product in rows}
    made = {
        offer.external_id: Product(
            shop=shop,
            external_id=offer.external_id,
            name=offer.title,
            image_url=offer.image_url,
        )
        for offer in offers
        if offer.external_id not in products
    }
    if made:
        # Another worker may make the same product at the same time: then its row is taken.
        Product.objects.bulk_create(made.values(), ignore_conflicts=True)
        numbers = Product.objects.filter(shop=shop, external_id__in=made)
        for external_id, pk in numbers.values_list("external_id", "pk"):
            made[external_id].pk = pk
        products |= made
    moved = []
    for offer in offers:
        product = products[offer.external_id]
        if offer.image_url and product.image_url != offer.image_url:
            product.image_url = offer.image_url
            moved.append(product)
    Product.objects.bulk_update(moved, ["image_url"])
    return products


def _stored(name: str, value: Any) -> Any:
    """A shop's value as the database gives it back, so that equal values compare equal."""
    if value is None:
        return None
    if name in _PLACES:
        return value.quantize(_PLACES[name], ROUND_HALF_UP)
    if name == "availability":
        return value.value
    return value


def _append_changes(offers: Iterable[Offer], moment: datetime.datetime, origin: str) -> None:
    PriceChange.objects.bulk_create(
        PriceChange(
            offer=offer,
            price=offer.price,
            list_price=offer.list_price,
            currency=offer.currency,
            effective_from=moment,
            observed_at=moment,
            origin=origin,
        )
        for offer in offers
        if offer.price is not None
    )


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
    _append_changes(repriced, now, PriceChange.Origin.HAND)
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
