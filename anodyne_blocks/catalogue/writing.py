"""The statements in which a batch is written: products, offers, price changes."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from django.db import connections, router

from anodyne_blocks.models import AbstractProduct, Offer, PriceChange, get_product_model
from anodyne_blocks.shops import ShopOffer


class StoredProduct(NamedTuple):
    """What a batch has to know of a product; a tuple costs a tenth of an instance."""

    pk: int
    external_id: str
    name: str
    image_url: str
    status: str

    @property
    def is_withdrawn(self) -> bool:
        return self.status == AbstractProduct.Status.WITHDRAWN


def products_of(
    shop: str, offers: Sequence[ShopOffer], stored: Mapping[str, StoredProduct]
) -> dict[str, StoredProduct]:
    """{external id: product} of a batch, some of which are `stored`; new ones are made.

    Image addresses are kept up to date.
    """
    model = get_product_model()
    products = {**stored}
    new = [offer for offer in offers if offer.external_id not in products]
    if new:
        # Another worker may make the same product at the same time: then its row is taken. Always
        # in the same order, so that the workers wait in turn.
        new.sort(key=attrgetter("external_id"))
        model.objects.bulk_create(
            [
                model(
                    shop=shop,
                    external_id=offer.external_id,
                    name=offer.name,
                    image_url=offer.image_url,
                )
                for offer in new
            ],
            ignore_conflicts=True,
        )
        products |= stored_products(shop, [offer.external_id for offer in new])
    moved = [
        model(pk=product.pk, image_url=offer.image_url)
        for offer in offers
        if offer.image_url and (product := products[offer.external_id]).image_url != offer.image_url
    ]
    model.objects.bulk_update(moved, ["image_url"])
    return products


def stored_products(shop: str, external_ids: Collection[str]) -> dict[str, StoredProduct]:
    """{external id: product} of those that a shop's ids name."""
    rows = get_product_model().objects.order_by().filter(shop=shop, external_id__in=external_ids)
    found = map(StoredProduct._make, rows.values_list(*StoredProduct._fields))
    return {product.external_id: product for product in found}


def write_offers(offers: Iterable[Offer], fields: Sequence[str]) -> None:
    """Insert offers, or update their `fields`, in one statement: far cheaper than `bulk_update`.

    All of one market, and always in the same order, so that workers that meet at the same offers
    wait in turn.
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
        update_fields=fields,
    )
    if missing := {offer.product_id: offer for offer in rows if offer.pk is None}:
        # MySQL does not tell the numbers of new rows.
        made = Offer.objects.filter(product__in=missing, market=rows[0].market)
        for pk, product in made.values_list("pk", "product"):
            missing[product].pk = pk


def append_changes(offers: Iterable[Offer], moment: datetime.datetime, origin: str) -> None:
    """Append the present price of each offer to its history, after the gap that it has, if any.

    The gap then belongs to the history, and the offer has none. Without a price it keeps one.
    """
    changes = []
    for offer in offers:
        if not offer.price:
            continue
        changes.append(
            PriceChange(
                offer_id=offer.pk,
                price=offer.price,
                list_price=offer.list_price,
                currency=offer.currency,
                goods=offer.goods.as_record(),
                effective_from=moment,
                observed_at=moment,
                origin=origin,
                gap=offer.gap,
                gap_from=offer.gap_from,
            )
        )
        offer.gap, offer.gap_from = "", None
    PriceChange.objects.bulk_create(changes)
