"""The rules of the markets, their options and their fingerprints."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from anodyne_blocks.pricing import rules
from anodyne_blocks.pricing.history import PricePoint
from anodyne_blocks.pricing.prior_price import Origin, PriorPrice, Status

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)


def history(*changes) -> list[PricePoint]:
    return [PricePoint(Decimal(amount), NOW - timedelta(days=days)) for amount, days in changes]


TWO_CUTS = history((100, 200), (80, 40), (60, 5))


@pytest.mark.parametrize(
    ("rule", "prior"),
    [
        (rules.EU(), 80),
        (rules.EU(progressive=True), 100),
        (rules.NL(), 100),
        (rules.NL(progressive_max_days=30), 80),
        (rules.FI(), 100),
        (rules.FI(progressive_max_days=40), 80),
        (rules.SE(), 80),
        (rules.DE(), 100),
        (rules.DK(), 80),
    ],
)
def test_two_cuts_in_each_market(rule, prior):
    assert rule.announce(TWO_CUTS, NOW).prior == prior


@pytest.mark.parametrize("law", [rules.EU, rules.NL, rules.DK, rules.FI, rules.SE, rules.DE])
def test_no_law_looks_back_for_less_than_thirty_days(law):
    """A price of 70 in the last hours of the window, with nothing set in the settings."""
    within = law().announce(history((90, 200), (70, 40), (90, 34.9), (80, 5)), NOW)
    assert (within.status, within.prior) == (Status.NOT_LOWER, 70)
    before = law().announce(history((90, 200), (70, 40), (90, 35), (80, 5)), NOW)
    assert (before.status, before.prior, before.days) == (Status.OK, 90, 30)


def test_a_reduction_may_run_ten_days_in_denmark():
    old = history((100, 200), (80, 12))
    assert rules.DK().announce(old, NOW).status is Status.EXPIRED
    assert rules.DK(max_announcement_days=14).announce(old, NOW).percent == 20
    assert rules.EU().announce(old, NOW).percent == 20


def test_eu_ignores_the_list_price():
    result = rules.EU().announce(history((90, 1)), NOW, list_price=Decimal(120))
    assert result.status is Status.NO_HISTORY


def test_eu_uses_the_prior_price_of_the_shop():
    result = rules.EU().announce(history((90, 1)), NOW, shop_prior_price=Decimal(120))
    assert (result.percent, result.origin) == (25, Origin.SHOP)


class TestListPrice:
    def test_is_struck_through(self):
        result = rules.ListPrice().announce(history((90, 1)), NOW, list_price=Decimal(120))
        assert (result.status, result.prior, result.percent) == (Status.OK, 120, 25)
        assert result.origin is Origin.LIST_PRICE

    def test_is_that_of_the_price_in_force(self):
        points = [
            PricePoint(Decimal(90), NOW - timedelta(days=9)),
            PricePoint(Decimal(90), NOW - timedelta(days=2), list_price=Decimal(100)),
        ]
        assert rules.ListPrice().announce(points, NOW).percent == 10

    def test_that_the_shop_took_back_is_gone(self):
        points = [
            PricePoint(Decimal(90), NOW - timedelta(days=9), list_price=Decimal(100)),
            PricePoint(Decimal(90), NOW - timedelta(days=2)),
        ]
        assert rules.ListPrice().announce(points, NOW).status is Status.NOT_REDUCED

    @pytest.mark.parametrize(
        ("list_price", "status"),
        [
            (None, Status.NOT_REDUCED),
            ("0", Status.NOT_REDUCED),
            ("80", Status.NOT_LOWER),
            ("90", Status.NOT_LOWER),
            ("90.50", Status.BELOW_ONE_PERCENT),
        ],
    )
    def test_must_be_above_the_price(self, list_price, status):
        list_price = list_price and Decimal(list_price)
        result = rules.ListPrice().announce(history((90, 1)), NOW, list_price=list_price)
        assert (result.status, result.announced) == (status, False)

    def test_needs_a_price(self):
        result = rules.ListPrice().announce([], NOW, list_price=Decimal(120))
        assert result.status is Status.NO_HISTORY


def test_no_reductions_announces_none():
    result = rules.NoReductions().announce(
        TWO_CUTS, NOW, list_price=Decimal(120), shop_prior_price=Decimal(120)
    )
    assert (result.status, result.announced, result.price) == (Status.DISABLED, False, 60)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": 0}, "days must be a whole number of days"),
        ({"days": None}, "days must be"),
        ({"days": "30"}, "not '30'"),
        ({"days": True}, "not True"),
        ({"days": 10**7}, "3660"),
        ({"progressive": "yes"}, "progressive must be True or False"),
        ({"progressive_max_days": -1}, "or None"),
        ({"max_announcement_days": 1.5}, "max_announcement_days"),
        ({"new_arrival_days": 30}, "less than days"),
        ({"day": 30}, "Its options: days, progressive"),
    ],
)
def test_wrong_options_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=message):
        rules.EU.from_options(options)


def test_a_rule_without_options_says_so():
    with pytest.raises(ValueError, match="NoReductions: .*days.* Its options: none"):
        rules.NoReductions.from_options({"days": 30})


def test_options_of_the_settings_reach_the_rule():
    assert rules.NL.from_options({"days": 45}) == rules.NL(days=45)
    assert rules.NL.from_options({}) == rules.NL()


def test_a_fingerprint_changes_with_class_options_and_version(monkeypatch):
    prints = [
        rules.EU().fingerprint,
        rules.EU(days=45).fingerprint,
        rules.EU(progressive=True).fingerprint,
        rules.SE().fingerprint,
        rules.ListPrice().fingerprint,
    ]
    assert len(set(prints)) == len(prints)
    assert rules.EU(days=30).fingerprint == prints[0]
    monkeypatch.setattr(rules.EU, "version", rules.EU.version + 1)
    assert rules.EU().fingerprint != prints[0]


def test_a_fingerprint_is_the_same_in_every_process():
    code = "from anodyne_blocks.pricing.rules import NL; print(NL(days=45).fingerprint)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == rules.NL(days=45).fingerprint


def test_an_own_rule_needs_only_announce():
    @dataclass(frozen=True, kw_only=True)
    class Anchor(rules.PriceRule):
        amount: Decimal

        def announce(self, history, now, *, list_price=None, shop_prior_price=None):
            return PriorPrice(status=Status.OK, price=history[-1].amount, prior=self.amount)

    rule = Anchor.from_options({"amount": Decimal(100)})
    assert rule.announce(history((90, 1)), NOW).percent == 10
    assert rule.fingerprint != Anchor(amount=Decimal(90)).fingerprint
    with pytest.raises(ValueError, match="amount"):
        Anchor.from_options({})


def test_a_rule_without_announce_names_itself():
    class Empty(rules.PriceRule):
        pass

    with pytest.raises(NotImplementedError, match="Empty"):
        Empty().announce([], NOW)
