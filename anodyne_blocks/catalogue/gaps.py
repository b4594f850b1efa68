"""When an offer's history breaks: what was known before proves nothing about the price now."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from anodyne_blocks.catalogue.purging import displayed, purge_changed
from anodyne_blocks.models import Offer, PriceChange, get_product_model
from anodyne_blocks.models.offers import CLOCK_TOLERANCE, is_fresh
from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops import Known, Remember, ShopOffer, Skipped, Unknown

_PRICED = ("product_id", "title", "price", *Goods._fields)


def known_in(shop: str, market: str) -> Remember:
    """A function that tells what was priced in a market under some ids: two queries a call.

    One that joins takes PostgreSQL seconds for a hundred ids before its first ANALYZE.
    """

    def known(ids: Sequence[str]) -> Mapping[str, Known]:
        products = get_product_model().objects.order_by().filter(shop=shop, external_id__in=ids)
        named = {pk: names for pk, *names in products.values_list("pk", "external_id", "name")}
        offers = Offer.objects.order_by().filter(product__in=list(named), market=market)
        return {
            named[pk][0]: Known(Goods(*goods), title or named[pk][1], price)
            for pk, title, price, *goods in offers.values_list(*_PRICED)
        }

    return known


def break_before(offer: Offer, given: ShopOffer, now: datetime.datetime) -> bool:
    """Note on a stored offer why its price proves nothing beside the one `given`; or nothing.

    Gives whether there is a gap between the two.
    """
    if not given.price and (offer.gap or not offer.price):
        return False
    told = given.goods.gap_after(offer.goods, same_price=offer.price == given.price)
    if told:
        _note(offer, told, offer.checked_at)
    elif offer.gap:
        return True
    elif offer.withdrawn_at is not None:
        _note(offer, Gap.WITHDRAWN, offer.withdrawn_at)
    elif offer.currency != given.currency:
        _note(offer, Gap.CURRENCY, offer.checked_at)
    elif not offer.price:
        _note(offer, Gap.NO_PRICE, offer.checked_at)
    elif not given.price:
        _note(offer, Gap.NO_PRICE, now)
    elif not is_fresh(offer.checked_at, now):
        _note(offer, Gap.SILENCE, min(offer.checked_at, now))
    else:
        return False
    return True


def break_by_hand(offer: Offer, latest: PriceChange, now: datetime.datetime) -> None:
    """The same for an offer that a person has edited, beside the latest price of its history."""
    earlier = Goods(**latest.goods) if latest.goods else offer.goods
    told = offer.goods.gap_after(earlier, same_price=offer.price == latest.price)
    if told:
        _note(offer, told, now)
    elif not offer.gap and offer.currency != latest.currency:
        _note(offer, Gap.CURRENCY, now)
    elif not offer.gap and not offer.price:
        _note(offer, Gap.NO_PRICE, now)


def _note(offer: Offer, gap: Gap, since: datetime.datetime) -> None:
    # What began earlier still goes on.
    offer.gap, offer.gap_from = gap.value, offer.gap_from or since


def is_overtaken(offer: Offer, now: datetime.datetime) -> bool:
    """Whether the shop was heard about an offer later than `now`, when this answer was given.

    A moment that has not come yet was told by a clock that was ahead, and counts for nothing.
    """
    return now < offer.checked_at <= timezone.now() + CLOCK_TOLERANCE


def forget_future(offers: Collection[Offer], now: datetime.datetime) -> None:
    """Mark prices as mistaken that a clock which was ahead has put into the future."""
    ahead = [o.pk for o in offers if o.checked_at > now and not is_overtaken(o, now)]
    if ahead:
        PriceChange.objects.filter(
            offer__in=ahead, effective_from__gt=now, mistaken_at=None
        ).update(mistaken_at=now, mistaken_why="The clock was ahead.")


def leave_unconfirmed(
    market: str, answers: Mapping[int, Unknown | Skipped], now: datetime.datetime
) -> list[Offer]:
    """Note why a shop confirmed no price of these products (by primary key) in a market.

    Where it took the price back it is stale from now on. Gives the offers that were sold there.
    """
    if not answers:
        return []
    offers = list(Offer.objects.filter(market=market, product__in=answers, withdrawn_at=None))
    before = displayed(offers, now)
    changed = []
    for offer in offers:
        answer = answers[offer.product_id]
        reason = answer.reason[: Offer._meta.get_field("refresh_error").max_length]
        gap = answer.gap if offer.price and not offer.gap else None
        if gap:
            _note(offer, gap, now)
        if gap or reason != offer.refresh_error:
            offer.refresh_error = reason
            changed.append(offer)
    Offer.objects.bulk_update(changed, ["refresh_error", "gap", "gap_from"])
    purge_changed(changed, before, now)
    return offers
