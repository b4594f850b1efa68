"""What a card sells stays the same goods in every shop, or the editor reads why it does not.

Forty days at one price, then the shop changes: nothing that costs less because it is something else
is announced as a reduction.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.admin.explanations import DayWriter, explain, gap_words
from anodyne_blocks.catalogue.gaps import known_in
from anodyne_blocks.catalogue.store import store_offers
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Answer, Found, Gone
from anodyne_blocks.shops.offer import ShopOffer
from tests.shops.conftest import Server
from tests.shops.stalls import STALLS, Size

pytestmark = pytest.mark.django_db
NOW = timezone.now()

S, M, L = Size(41, 60, sold=False), Size(42, 80), Size(43, 100)


@dataclass(frozen=True)
class Scenario:
    """What is sold on forty days, of which size `priced` is priced, and what then.

    `gap`: why the history ends; None where the card stays with its size at its price.
    """

    before: tuple[Size, ...]
    after: tuple[Size, ...]
    priced: int
    gap: Gap | None = None
    grouped: bool = False
    taxed_after: bool = True


SCENARIOS = {
    "first variant replaced": Scenario((M, L), (Size(49, 60), L), 42, Gap.VARIANT),
    "default variant changed": Scenario((M, L), (L, Size(40, 50), M), 42),
    "re-ordered": Scenario((S, M, L), (L, M, S), 42),
    "cheaper variation added": Scenario((M, L), (M, L, Size(44, 40)), 42),
    "cheaper variation restocked": Scenario((S, M, L), (Size(41, 60), M, L), 42),
    "other variation made cheaper": Scenario((M, L), (M, Size(43, 50)), 42),
    "variant sold out": Scenario((M, L), (Size(42, 80, sold=False), L), 42),
    "child added to a group": Scenario((M, L), (M, L, Size(44, 40)), 42, grouped=True),
    "variant deleted": Scenario((S, L), (Size(41, 60),), 43, Gap.VARIANT),
    "id reused for other goods": Scenario((M,), (Size(42, 60, sku="ZZ"),), 42, Gap.GOODS),
    "tax basis changed": Scenario((M,), (Size(42, 66),), 42, Gap.TAX, taxed_after=False),
}  # fmt: skip
TRIED = [
    pytest.param(shop, name, id=f"{shop}: {name}")
    for shop, stall in STALLS.items()
    for name in SCENARIOS
    if name not in stall.lacks
]


def days_ago(days: float) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


def sold_for_forty_days(server: Server, shop: str, scenario: Scenario) -> tuple[ShopOffer, Answer]:
    """The answer after the change, of a shop that knows from the database what was priced."""
    stall, market = STALLS[shop](server), conf.markets()["nl"]
    sell = stall.group if scenario.grouped else stall.sell
    i = stall.external_id(scenario.priced)
    sell(scenario.before, True)
    with stall.shop(True) as before:
        first = before.fetch([i], market)[i]
    assert isinstance(first, Found), first
    # What names no variant prices a range of them, or the product as a whole.
    if first.offer.variant and not scenario.grouped:
        assert first.offer.variant == stall.variant(scenario.priced)
    for days in range(40, 0, -2):
        store_offers("webshop", market, [first.offer], days_ago(days))
    sell(scenario.after, scenario.taxed_after)
    known = known_in("webshop", "nl")
    with stall.shop(scenario.taxed_after) as after:
        answer = after.fetch([i], market, known([i]))[i]
        if stall.lists:
            listed = [e for e in after.catalogue(market, known) if e.external_id == i]
            assert listed == ([answer.offer] if isinstance(answer, Found) else [])
    return first.offer, answer


@pytest.mark.parametrize(("shop", "name"), TRIED)
def test_a_card_keeps_to_its_goods_or_its_history_ends(
    server: Server, shop: str, name: str
) -> None:
    scenario, stall = SCENARIOS[name], STALLS[shop]
    first, answer = sold_for_forty_days(server, shop, scenario)
    if name in stall.gone:
        assert isinstance(answer, Gone)
        return
    assert isinstance(answer, Found), answer
    store_offers("webshop", conf.markets()["nl"], [answer.offer], NOW)
    offer = Offer.objects.get()
    assert not offer.announces_reduction(NOW)
    gap = stall.outcomes.get(name, scenario.gap)
    if gap is None:
        assert (offer.variant, offer.price) == (first.variant, first.price)
        assert PriceChange.objects.count() == 1
    else:
        assert offer.price < first.price
        assert PriceChange.objects.latest("effective_from").gap == gap.value
        assert gap_words(gap, DayWriter(NOW)(NOW)) in explain(offer, NOW)


@pytest.mark.parametrize("shop", STALLS)
def test_the_same_goods_for_less_are_a_reduction(server: Server, shop: str) -> None:
    scenario = Scenario((S, M, L), (S, Size(42, 60), L), 42)
    _, answer = sold_for_forty_days(server, shop, scenario)
    store_offers("webshop", conf.markets()["nl"], [answer.offer], NOW)
    offer = Offer.objects.get()
    assert offer.announces_reduction(NOW)
    assert (offer.price, offer.prior_price) == (60, 80)


@pytest.mark.parametrize("shop", STALLS)
def test_every_shop_tells_its_part_of_every_scenario(shop: str) -> None:
    stall = STALLS[shop]
    assert {*stall.lacks, *stall.gone, *stall.outcomes} <= set(SCENARIOS)
    assert all(reason.endswith(".") for reason in stall.lacks.values())
