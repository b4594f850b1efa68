"""A judge of reductions, written from the law and knowing nothing of `prior_price`.

Directive 98/6/EC art. 6a read literally: what was asked in each hour of the past is written down,
and then looked at, hour by hour. (2): the prior price is the lowest of a period before the
reduction. (4): goods that are new may be judged by a shorter one. (5): where cuts follow each
other, the price before the first may be the prior price. C-330/23: the percentage is that of the
prior price. What nobody knows proves nothing, and so nothing is announced.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from anodyne_blocks.pricing.history import Gap, PricePoint

DAY = 24
LENGTH = 140 * DAY
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
OTHER_GOODS = (Gap.VARIANT, Gap.GOODS, Gap.CONDITION, Gap.PACK, Gap.SELLER, Gap.TAX)
# What was asked in another currency is no number to compare, and a mistake was never a price.
NO_PRICES_BEFORE = (*OTHER_GOODS, Gap.CURRENCY, Gap.MISTAKE)
SILENCES = (Gap.SILENCE, Gap.WITHDRAWN, Gap.NO_PRICE, Gap.UNKNOWN)


@dataclass(frozen=True)
class Law:
    """What a member state says."""

    days: int = 30
    # Cuts in a row count as one for so long; None: each for itself.
    progressive: float | None = None
    new: int | None = None
    announced_for: int | None = None
    bridge: int = 0


@dataclass(frozen=True)
class Change:
    """A price from an hour on; `silent_from` is the hour since which none was known."""

    hour: int
    cents: int
    gap: Gap | None = None
    silent_from: int | None = None


def moment(hour: int) -> datetime:
    return NOW - timedelta(hours=LENGTH - hour)


def points(changes: Sequence[Change]) -> list[PricePoint]:
    """The same history, as the package takes it."""
    return [
        PricePoint(
            Decimal(change.cents) / 100,
            moment(change.hour),
            gap=change.gap,
            known_until=None if change.silent_from is None else moment(change.silent_from),
        )
        for change in changes
    ]


def generated(dice: random.Random) -> list[Change]:
    """A history with what the law is about: rows of cuts, raises before cuts, edges, gaps."""
    marks = [1, 9, 10, 11, 14, 29, 30, 31, 32, 59, 60, 61, 62, 90, 92, 93, 120]
    hours: set[int] = set()
    for _ in range(dice.randint(1, 9)):
        # A day of the law back from now or from another change, to the hour or an hour beside.
        base = dice.choice([LENGTH, *hours])
        back = dice.choice(marks) * DAY + dice.choice([0, 0, -1, 1, dice.randrange(DAY)])
        hours.add(min(LENGTH, max(0, base - dice.choice([back, dice.randrange(LENGTH)]))))
    found: list[Change] = []
    cents = dice.randint(2, 60) * 250
    for hour in sorted(hours):
        way = dice.randrange(8)
        if way < 3:
            cents = max(100, cents - dice.choice([1, 50, 250, 1000, 2500]))
        elif way < 5:
            cents += dice.choice([1, 50, 250, 1000, 2500])
        elif way == 5:
            cents = dice.randint(2, 60) * 250
        elif way == 6 and found:
            cents = dice.choice(found).cents
        gap = silent_from = None
        if found and dice.random() < 0.15:
            gap = dice.choice([*NO_PRICES_BEFORE, *SILENCES, Gap.SILENCE, Gap.SILENCE])
            if gap in SILENCES and dice.random() < 0.8:
                silence = dice.choice([1, 2, 2 * DAY, 3 * DAY, 3 * DAY + 1, 20 * DAY])
                silent_from = max(found[-1].hour, hour - silence)
            if gap is Gap.SILENCE and dice.random() < 0.5:
                cents = found[-1].cents
        found.append(Change(hour, cents, gap, silent_from))
    return found


@dataclass
class Past:
    """What was asked in each hour up to now; None: nobody knows.

    A seam is an hour since which other things hold, though a price was known before it.
    """

    asked: list[int | None]
    seams: set[int]
    # From this hour on prices are of the same goods.
    same_goods: int
    # What was known to be asked, also where it is no proof of anything.
    heard: list[int | None]
    first: int


def past(changes: Sequence[Change], bridge: int) -> Past:
    asked: list[int | None] = [None] * (LENGTH + 1)
    seams: set[int] = set()
    same_goods = 0
    for change in changes:
        believed = (
            change.gap is Gap.SILENCE
            and change.silent_from is not None
            and change.hour - change.silent_from <= bridge * DAY
            and asked[change.hour - 1] == change.cents
        )
        if change.gap and not believed:
            seams.add(change.hour)
        if change.gap in NO_PRICES_BEFORE:
            same_goods = change.hour
        asked[change.hour :] = [change.cents] * (LENGTH + 1 - change.hour)
    heard = list(asked)
    for change in changes:
        if change.hour in seams and change.silent_from is not None:
            asked[change.silent_from : change.hour] = [None] * (change.hour - change.silent_from)
    return Past(asked, seams, same_goods, heard, changes[0].hour)


@dataclass(frozen=True)
class Verdict:
    """What may be announced: the prior price in cents and the percentage; 0 and 0 for nothing."""

    prior: int = 0
    percent: int = 0


NOTHING = Verdict()


def judged(history: Past, law: Law) -> Verdict:
    """What may be announced now."""
    if history.asked[LENGTH] is None:
        return NOTHING
    last = cut_before(history, LENGTH)
    if last is None:
        return NOTHING
    if law.progressive is not None:
        first = last
        while (before := cut_before(history, first - 1)) is not None:
            first = before
        if LENGTH - first < law.progressive * DAY:
            verdict = of_cut(history, law, first)
            if verdict.percent:
                return verdict
    return of_cut(history, law, last)


def cut_before(history: Past, hour: int) -> int | None:
    """The hour in which the price of `hour` began; None unless it is known to have been higher."""
    price = history.asked[hour]
    while hour > 0 and hour not in history.seams and history.asked[hour - 1] == price:
        hour -= 1
    if hour == 0 or hour in history.seams:
        return None
    before = history.asked[hour - 1]
    return hour if before is not None and price is not None and before > price else None


def of_cut(history: Past, law: Law, cut: int) -> Verdict:
    """What a reduction that began in this hour may say now."""
    if law.announced_for is not None and LENGTH - cut >= law.announced_for * DAY:
        return NOTHING
    known = cut - 1
    while known > 0 and known not in history.seams and history.asked[known - 1] is not None:
        known -= 1
    begin = cut - law.days * DAY
    # New are goods that were never sold before: after a gap nobody knows that.
    is_new = law.new is not None and known == history.first and known <= cut - law.new * DAY
    if known > begin and not is_new:
        return NOTHING
    # A price that was asked speaks against the claim, also from before a silence.
    window = history.heard[max(begin, history.same_goods, 0) : cut]
    prior = min(price for price in window if price is not None)
    price = history.asked[LENGTH]
    assert price is not None
    percent = (prior - price) * 100 // prior
    return Verdict(prior, percent) if percent >= 1 else NOTHING
