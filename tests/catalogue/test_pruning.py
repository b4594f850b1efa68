"""`prune_price_changes`: old prices go, and no verdict changes, today or on any later day."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.catalogue.pruning import needed_from
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.pricing.history import PricePoint
from anodyne_blocks.pricing.rules import EU, NL, PriceRule
from tests import factories

NOW = timezone.now().replace(minute=0, second=0, microsecond=0)
RULES = [
    EU(),
    EU(days=60),
    EU(progressive=True),
    NL(),
    EU(new_arrival_days=7),
    EU(progressive=True, max_announcement_days=20),
]


def days(count: float) -> datetime.timedelta:
    return datetime.timedelta(days=count)


@st.composite
def changes(draw, first: int, last: int, most: int) -> list[PricePoint]:
    """Prices at multiples of five days from now, or half a day later; the last are often cuts.

    So many changes fall on the edges of a window, or just within.
    """
    places = sorted(draw(st.sets(st.integers(first, last), max_size=most)))
    moments = [NOW + days(5 * place + draw(st.sampled_from([0, 0.5]))) for place in places]
    amounts = [draw(st.integers(1, 20)) for _ in places]
    cuts = draw(st.integers(0, len(amounts)))
    amounts[len(amounts) - cuts :] = sorted(amounts[len(amounts) - cuts :], reverse=True)
    return [PricePoint(Decimal(a), m) for a, m in zip(amounts, moments, strict=True)]


@settings(max_examples=400)
@given(
    past=changes(-60, -1, 12),
    future=changes(1, 20, 3),
    later=st.integers(0, 120),
    older_than=st.sampled_from([0, 1, 30, 100, 200]),
    rule=st.sampled_from(RULES),
    stated=st.none() | st.integers(1, 8).map(Decimal),
)
def test_no_verdict_changes_whatever_comes_later(past, future, later, older_than, rule, stated):
    cutoff = NOW - days(older_than)
    pruned = past[needed_from(past, cutoff, NOW, rule.days) :]

    def verdict(history: list[PricePoint]) -> object:
        made = rule.announce(history + future, NOW + days(later), shop_prior_price=stated)
        # Only when the first known price began may be another moment; nobody is shown that one
        # unless the history is too short, and such a one is never pruned.
        return made if made.status.value.endswith("history") else no_beginning(made)

    assert verdict(pruned) == verdict(past)


def no_beginning(verdict):
    return dataclasses.replace(verdict, known_since=None)


def offer(market: str = "nl", **prices: int) -> Offer:
    """An offer whose price was so on so many days before now: d300=50."""
    made = factories.from_shop(market).offers.get()
    append(made, **prices)
    return made


def append(made: Offer, currency: str = "", **prices: int) -> None:
    for day, amount in prices.items():
        PriceChange.objects.create(
            offer=made,
            price=amount,
            currency=currency or made.currency,
            effective_from=timezone.now() - datetime.timedelta(days=int(day[1:])),
            origin="import",
        )
    made.price = Decimal(amount)
    made.save()
    judge_again([made], timezone.now())


def days_left(made: Offer) -> list[int]:
    """How many days ago the remaining prices came into force."""
    moments = made.price_changes.order_by("effective_from").values_list("effective_from", flat=True)
    return [(timezone.now() - moment).days for moment in moments]


def prune(days: int = 100, **options) -> str:
    out = StringIO()
    call_command("prune_price_changes", older_than=days, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
class TestCommand:
    def test_old_prices_go_but_the_one_in_force_when_the_window_starts(self):
        made = offer(d400=50, d300=60, d200=55, d120=70, d20=65, d1=80)
        assert prune() == "2 price changes deleted\n"
        assert days_left(made) == [200, 120, 20, 1]
        assert prune() == "0 price changes deleted\n"

    def test_a_dry_run_only_counts(self):
        made = offer(d400=50, d300=60, d200=55, d1=60)
        assert prune(dry_run=True) == "2 price changes would be deleted\n"
        assert len(days_left(made)) == 4

    def test_a_long_announcement_keeps_what_proves_it(self):
        made = offer(d500=80, d400=70, d329=75, d300=50)
        made.refresh_from_db()
        assert made.announces_reduction(timezone.now())
        prune()
        assert days_left(made) == [400, 329, 300]
        judge_again([made], timezone.now())
        assert made.announces_reduction(timezone.now()) and made.prior_price == 70

    def test_currencies_have_histories_of_their_own(self):
        made = offer(d450=40, d400=50, d300=60)
        append(made, "CHF", d460=45, d350=55, d250=65)
        prune()
        assert days_left(made) == [400, 350, 300, 250]

    def test_a_market_without_a_law_keeps_what_thirty_days_need(self, settings):
        """A law may come: then the reduction of a price that is kept can be proven."""
        made = offer("en", d400=50, d129=60, d100=40)
        assert prune() == "0 price changes deleted\n"
        made.refresh_from_db()
        assert not made.announces_reduction(timezone.now())
        markets = settings.ANODYNE_BLOCKS["MARKETS"]
        law = {key: value for key, value in markets["en"].items() if key != "PRICE_RULE"}
        factories.setting(settings, MARKETS={**markets, "en": law})
        judge_again([made], timezone.now())
        assert made.announces_reduction(timezone.now()) and made.prior_price == 50

    @pytest.mark.parametrize("market", ["nl", "gone"])
    def test_a_rule_that_says_no_days_or_no_rule_at_all_prunes_nothing(self, market, settings):
        markets = settings.ANODYNE_BLOCKS["MARKETS"]
        rule = f"{__name__}.Anchor"
        made = offer(d400=50, d300=60, d200=70)
        settings.ANODYNE_BLOCKS = {
            **settings.ANODYNE_BLOCKS,
            "MARKETS": {**markets, "nl": {**markets["nl"], "PRICE_RULE": rule}},
        }
        Offer.objects.update(market=market)
        assert prune() == "0 price changes deleted\n"
        assert len(days_left(made)) == 3


class Anchor(PriceRule):
    """A site's own rule, which looks back to who knows when."""
