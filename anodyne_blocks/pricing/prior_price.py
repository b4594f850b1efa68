"""The prior price of a reduction, from a price history: pure functions, no clock, no database.

Directive 98/6/EC art. 6a: who announces a reduction states the lowest price of the 30 days before
it began, and (CJEU C-330/23) computes any percentage from that price. What cannot be proved is not
announced: every doubt ends in a status other than `Status.OK`.

A day is 24 hours and every moment is UTC, so neither the server's zone nor a clock change moves the
window. A market that counts whole calendar days sets one day more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from anodyne_blocks.pricing.history import (
    Gap,
    PricePoint,
    check_amount,
    lowest_before,
    points_in_force,
    to_utc,
    up_to,
)

__all__ = ["Origin", "PriorPrice", "Status", "find_prior_price"]


class Status(str, Enum):
    """Why a reduction is announced, or why not."""

    OK = "ok"
    """Announce it: `prior` is the price to strike through, `percent` the reduction."""
    NO_HISTORY = "no_history"
    """Only one price is known, since `known_since` (after a `gap`), with nothing to compare."""
    PARTIAL_HISTORY = "partial_history"
    """The history begins, at `known_since`, after `window_start`; `prior` is the lowest known."""
    NOT_REDUCED = "not_reduced"
    """The price directly before, `previous`, was lower; or a list price rule has no list price."""
    NOT_LOWER = "not_lower"
    """The lowest earlier price, `prior` (in force at `lowest_at`), is not above the present one."""
    BELOW_ONE_PERCENT = "below_one_percent"
    """A reduction from `prior`, but less than one percent: rounded down there is none."""
    EXPIRED = "expired"
    """A true reduction, announced for as long as the market allows, until `announce_until`."""
    DISABLED = "disabled"
    """The market's rule announces no reductions."""


class Origin(str, Enum):
    """Where `PriorPrice.prior` comes from, and so what may be said of it."""

    HISTORY = "history"
    """The prices that were seen."""
    SHOP = "shop"
    """The shop's own statement of the prior price."""
    LIST_PRICE = "list_price"
    """What the shop strikes through, and does not say more of."""
    RECOMMENDED = "recommended"
    """The same, in a market where that is the maker's recommended price."""
    EARLIER = "earlier"
    """The same, in a market where that is the shop's own earlier price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorPrice:
    """What a rule found: a verdict (`status`), and all that is needed to explain it in words."""

    status: Status
    price: Decimal | None = None
    """The price in force; None where the history has none yet."""
    prior: Decimal | None = None
    """The price to compare with, whatever the status; to be printed only where `announced`."""
    origin: Origin = Origin.HISTORY
    previous: Decimal | None = None
    """The price directly before the one in force."""
    known_since: datetime | None = None
    """When the known history begins."""
    gap: Gap | None = None
    """Why it begins there and not earlier; None where nothing earlier was ever seen."""
    started_at: datetime | None = None
    """When the reduction began; without one, when the price in force began."""
    window_start: datetime | None = None
    """`prior` is the lowest price from here up to `started_at`."""
    lowest_at: datetime | None = None
    """The last time `prior` came into force within the window; None where the shop stated it."""
    announce_until: datetime | None = None
    """From here on the verdict is another though no price changed; None: never by time alone."""

    @property
    def announced(self) -> bool:
        """Whether a badge, a percentage or a struck price may be shown."""
        return self.status is Status.OK

    @property
    def percent(self) -> int:
        """The reduction to announce in whole percent, rounded down; 0 where none is announced."""
        if not self.announced or self.prior is None or self.price is None:
            return 0
        return percent_off(self.prior, self.price)

    @property
    def days(self) -> int | None:
        """The days before the reduction of which `prior` is the lowest price; None: not counted."""
        if self.window_start is None or self.started_at is None:
            return None
        return (self.started_at - self.window_start).days


def percent_off(prior: Decimal, price: Decimal) -> int:
    """The reduction from `prior` to `price` in whole percent, rounded down; 0 if there is none."""
    if price >= prior:
        return 0
    return int((prior - price) * 100 // prior)


def find_prior_price(
    history: Sequence[PricePoint],
    now: datetime,
    *,
    days: int = 30,
    progressive: bool = False,
    progressive_max_days: int | None = None,
    new_arrival_days: int | None = None,
    max_announcement_days: int | None = None,
    bridge_silence_days: int = 0,
    shop_prior_price: Decimal | None = None,
) -> PriorPrice:
    """The prior price of the price in force at `now`, and whether its reduction may be announced.

    A reduction begins when a price replaces a higher one. The prior price is the lowest in force at
    any time in the `days` before, all of which must be known: none may lie before the end of a gap.
    So a raise just before a cut never helps, a small raise ends a reduction, and a price that goes
    up and returns (even within an hour) is compared with itself. A reduction during which there was
    a gap is none: the price may have been raised and cut again inside.

    The options are those of `rules.EU`. With `progressive`, a series of cuts with no raise between
    them is one reduction from its first cut, if that is less than `progressive_max_days` ago and
    can be proved; otherwise the last cut counts by itself. `shop_prior_price`, the shop's own
    statement of the prior price, makes up for missing history; 0 is taken as none. A lower price
    that the history knows of these goods always overrules it, and so does the price in force where
    it was seen through all of the `days`. Where the price was last raised nothing is announced.

    Raises as `points_in_force`, and for `shop_prior_price` as `check_amount`.
    """
    if shop_prior_price is not None:
        check_amount(shop_prior_price, "shop_prior_price")
    now = to_utc(now, "now")
    points = points_in_force(history, now, bridge_days=bridge_silence_days)
    if not points:
        return PriorPrice(status=Status.NO_HISTORY)
    last = len(points) - 1
    if last and points[last - 1].amount < points[last].amount:
        return PriorPrice(
            status=Status.NOT_REDUCED,
            price=points[last].amount,
            previous=points[last - 1].amount,
            known_since=points[0].effective_from,
            gap=points[0].gap,
            started_at=points[last].effective_from,
        )
    known = up_to(history, now) if shop_prior_price else points

    def judge(cut: int, longest_days: int | None) -> PriorPrice:
        return _judge(
            points, known, cut, now, days, longest_days, new_arrival_days, shop_prior_price
        )

    if progressive:
        first = last
        while first > 1 and points[first - 2].amount > points[first - 1].amount:
            first -= 1
        if first < last:
            limits = [limit for limit in (progressive_max_days, max_announcement_days) if limit]
            result = judge(first, min(limits, default=None))
            if result.announced:
                return result
    return judge(last, max_announcement_days)


def _judge(
    points: Sequence[PricePoint],
    known: Sequence[PricePoint],
    cut: int,
    now: datetime,
    days: int,
    longest_days: int | None,
    new_arrival_days: int | None,
    shop_prior_price: Decimal | None,
) -> PriorPrice:
    """The verdict on the last price, where its reduction began with `points[cut]`."""
    price, known_since = points[-1].amount, points[0].effective_from
    started_at = points[cut].effective_from
    if shop_prior_price and not cut and now - known_since >= timedelta(days=days):
        # No cut was seen in all that time: then these were the days before.
        started_at = now
    window_start = started_at - timedelta(days=days)
    lowest = lowest_before(known, started_at, window_start)

    complete = known_since <= window_start
    if not complete and new_arrival_days and lowest and points[0].gap is None:
        if started_at - known_since >= timedelta(days=new_arrival_days):
            complete, window_start = True, known_since

    prior = lowest.amount if lowest else None
    lowest_at = max(lowest.effective_from, window_start) if lowest else None
    origin = Origin.HISTORY
    if shop_prior_price:
        complete = True
        if prior is None or shop_prior_price < prior:
            prior, lowest_at, origin = shop_prior_price, None, Origin.SHOP

    until = started_at + timedelta(days=longest_days) if longest_days else None
    if shop_prior_price and not cut:
        # From then on the history knows better.
        until = min(filter(None, (until, known_since + timedelta(days=days))))
    if prior is None:
        status = Status.NO_HISTORY
    elif prior <= price:
        status = Status.NOT_LOWER
    elif not complete:
        status = Status.PARTIAL_HISTORY
    elif percent_off(prior, price) < 1:
        status = Status.BELOW_ONE_PERCENT
    elif until and now >= until:
        status = Status.EXPIRED
    else:
        status = Status.OK
    return PriorPrice(
        status=status,
        price=price,
        prior=prior,
        origin=origin,
        previous=points[-2].amount if len(points) > 1 else None,
        known_since=known_since,
        gap=points[0].gap,
        started_at=started_at,
        window_start=window_start,
        lowest_at=lowest_at,
        announce_until=until if status in (Status.OK, Status.EXPIRED) else None,
    )
