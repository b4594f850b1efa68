"""Writing what shops say into the database: products, offers, price changes, withdrawals.

Everything is written in batches, and only what differs: an offer that is as it was costs no write,
but for a note now and then that the shop has confirmed it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from django.db import transaction
from django.db.models import Q

from anodyne_blocks.catalogue.gaps import break_before, break_by_hand, forget_future, is_overtaken
from anodyne_blocks.catalogue.judging import judge, judge_again, judge_new, must_be_judged
from anodyne_blocks.catalogue.purging import displayed, purge_changed, purge_pages, purge_products
from anodyne_blocks.catalogue.writing import (
    StoredProduct,
    append_changes,
    products_of,
    stored_products,
    write_offers,
)
from anodyne_blocks.conf import Market
from anodyne_blocks.models import AbstractProduct, Offer, PriceChange, get_product_model
from anodyne_blocks.models.offers import JUDGED, fresh_between
from anodyne_blocks.shops import ShopOffer

# The shop's word: what is stored, compared and written, under the same names in both types.
_STORED = {field.attname for field in Offer._meta.concrete_fields}
TOLD = tuple(field.name for field in fields(ShopOffer) if field.name in _STORED)
_told = attrgetter(*TOLD)
_NUMBERS = ("variant", "sku", "gtin")
_money = attrgetter("price", "list_price", "currency", "shop_prior_price")
# What an answer ends, whatever it says.
_CONFIRMATION = ("checked_at", "withdrawn_at", "times_gone", "refresh_error")
# An unchanged offer that was confirmed so lately needs no new note of it.
CONFIRMED_FOR = datetime.timedelta(minutes=1)


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
    """Write a batch of a shop's offers in one market, as it gave them at the moment `now`.

    All or nothing; ids must be unique within the batch. An answer that is older than the last one
    changes nothing. A batch costs a handful of queries whatever its size (some hundreds is good).
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
    renamed: list[AbstractProduct] = []
    model = get_product_model()
    forget_future(known.values(), now)
    for given in offers:
        product = products[given.external_id]
        offer = known.get(product.pk)
        values = dict(zip(TOLD, _told(given), strict=True))
        values["availability"] = given.availability.value
        if offer is None:
            offer = Offer(product_id=product.pk, market=market.key, checked_at=now, **values)
            new.append(offer)
            continue
        if is_overtaken(offer, now):
            continue
        has_gap = break_before(offer, given, now)
        if not has_gap:
            values |= {name: values[name] or getattr(offer, name) for name in _NUMBERS}
        if product.name == offer.title and given.name != offer.title:
            renamed.append(model(pk=product.pk, name=given.name))
        differs = offer.withdrawn_at is not None or any(
            getattr(offer, name) != value for name, value in values.items()
        )
        if has_gap or differs or must_be_judged(offer, rule, now):
            money = _money(offer)
            for name, value in values.items():
                setattr(offer, name, value)
            changed.append(offer)
            if has_gap or _money(offer) != money:
                repriced.append(offer)
        elif offer.times_gone or offer.refresh_error or offer.checked_at < now - CONFIRMED_FOR:
            confirmed.append(offer)
        offer.checked_at = now
        offer.withdrawn_at, offer.times_gone, offer.refresh_error = None, 0, ""
    judge_new(new, market, now)
    append_changes(repriced, now, origin)
    judge(changed, market, now)
    written = [*TOLD, *JUDGED, *_CONFIRMATION, "gap", "gap_from"]
    write_offers([*new, *changed], written)
    append_changes(new, now, origin)
    as_before = Offer.objects.filter(pk__in=[offer.pk for offer in confirmed])
    as_before.update(checked_at=now, times_gone=0, refresh_error="")
    model.objects.bulk_update(renamed, ["name"])
    returned = [product.pk for product in products.values() if product.is_withdrawn]
    model.objects.filter(pk__in=returned).update(status=model.Status.ACTIVE, withdrawn_at=None)
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

    They are confirmed, in one statement. By the products' numbers: a join is planned badly while a
    database knows nothing of its tables.
    """
    given = {
        product.pk: offer
        for offer in offers
        if (product := stored.get(offer.external_id)) is not None
        and not product.is_withdrawn
        and offer.image_url in ("", product.image_url)
    }
    # What no offer of the batch tells is compared by the database: none may be stored.
    columns = zip(*map(_told, given.values()), strict=True)
    untold = {
        name for name, told in zip(TOLD, columns, strict=False) if told.count(None) == len(told)
    }
    compared = [name for name in TOLD if name not in untold]
    rows = Offer.objects.order_by().filter(
        Q(announce_until=None) | Q(announce_until__gt=now),
        market=market.key,
        # By the key's own field: the relation's looks at each number twice as often.
        product__pk__in=given,
        rule=rule,
        withdrawn_at=None,
        times_gone=0,
        gap="",
        refresh_error="",
        checked_at__range=fresh_between(now),
        **dict.fromkeys(untold),
    )
    read = attrgetter(*compared)
    rows = rows.annotate(is_old=Q(checked_at__lt=now - CONFIRMED_FOR))
    same = {
        product: is_old
        for product, is_old, *told in rows.values_list("product_id", "is_old", *compared)
        if told == list(read(given[product]))
    }
    # Not again for one that was confirmed just now, or since this was read.
    older = [product for product, is_old in same.items() if is_old]
    if older:
        confirmed = Offer.objects.filter(market=market.key, product__in=older)
        # Workers that meet at the same offers take turns, and always in the same order.
        locked = confirmed.order_by("product_id").select_for_update().values_list("pk", flat=True)
        Offer.objects.filter(pk__in=list(locked)).update(checked_at=now)
    return {given[product].external_id for product in same}


@transaction.atomic
def record_hand_edit(product: AbstractProduct, now: datetime.datetime) -> None:
    """After a person edited a product's offers: append changed prices and judge them."""
    offers = list(Offer.objects.filter(product=product))
    latest: dict[int, PriceChange] = {}
    changes = PriceChange.objects.filter(offer__in=offers, mistaken_at=None)
    for change in changes.order_by("effective_from"):
        latest[change.offer_id] = change
    repriced = []
    for offer in offers:
        last = latest.get(offer.pk)
        if last is not None:
            break_by_hand(offer, last, now)
        if last is None or offer.gap or _priced(offer) != _priced(last):
            repriced.append(offer)
        offer.checked_at = now
    append_changes(repriced, now, PriceChange.Origin.HAND)
    Offer.objects.bulk_update(offers, ["checked_at", "gap", "gap_from"])
    judge_again(offers, now)


_priced = attrgetter("price", "list_price", "currency")


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
    model = get_product_model()
    model.objects.filter(pk__in=products - sold, status=model.Status.ACTIVE).update(
        status=model.Status.WITHDRAWN, withdrawn_at=now
    )
    purge_products(products - sold)
