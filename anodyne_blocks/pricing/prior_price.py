"""The prior price of a reduction, from a price history: pure functions, no clock, no database.

Directive 98/6/EC art. 6a: who announces a reduction states the lowest price of the 30 days before
it began, and (CJEU C-330/23) computes any percentage from that price. What cannot be proved is not
announced: every doubt ends in a status other than `Status.OK`.

A day is 24 hours and every moment is UTC, so neither the server's zone nor a clock change moves the
window. A market that counts whole calendar days sets one day more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from itertools import pairwise


class Status(str, Enum):
    """Why a reduction is announced, or why not."""

    OK = "ok"
    """Announce it: `prior` is the price to strike through, `percent` the reduction."""
    NO_HISTORY = "no_history"
    """Only one price is known, since `known_since`, so there is nothing to compare it with."""
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
    """Where `PriorPrice.prior` comes from."""

    HISTORY = "history"
    SHOP = "shop"
    LIST_PRICE = "list_price"


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price and the moment it came into force; it holds until the next point.

    With `after_gap` nobody knows what the price was before: the shop was not heard, did not sell it
    or sold it in another currency or without tax. `amount` and `list_price` (what the shop itself
    strikes through) are in the same currency, and all points of a history are of one offer.
    `effective_from` must be aware; it is kept in UTC. Raises TypeError for an amount that is no
    Decimal, ValueError for one below 0 or a naive time.
    """

    amount: Decimal
    effective_from: datetime
    list_price: Decimal | None = None
    after_gap: bool = False
    # Of a price that several points name: the end of the last gap among those after the first.
    last_gap: datetime | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        check_amount(self.amount, "amount")
        if self.list_price is not None:
            check_amount(self.list_price, "list_price")
        object.__setattr__(self, "effective_from", to_utc(self.effective_from, "effective_from"))


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


def check_amount(amount: Decimal, name: str) -> None:
    """Raises TypeError unless it is a Decimal, ValueError unless finite and not negative."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"{name} must be a Decimal, not {type(amount).__name__}: {amount!r}.")
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{name} must be a price of 0 or more, not {amount}.")


def to_utc(moment: datetime, name: str) -> datetime:
    """`moment` in UTC. Within one zone Python subtracts wall-clock times, wrong across DST."""
    if moment.utcoffset() is None:
        raise ValueError(f"{name} must be an aware datetime; give {moment!r} a time zone.")
    return moment.astimezone(timezone.utc)


def percent_off(prior: Decimal, price: Decimal) -> int:
    """The reduction from `prior` to `price` in whole percent, rounded down; 0 if there is none."""
    if price >= prior:
        return 0
    return int((prior - price) * 100 // prior)


def points_in_force(history: Sequence[PricePoint], now: datetime) -> list[PricePoint]:
    """The points up to `now`; an unchanged price is one point, with its latest list price.

    Raises ValueError where the history does not ascend, TypeError where it holds other objects.
    """
    for point in history:
        if not isinstance(point, PricePoint):
            raise TypeError(f"A price history holds PricePoint objects only, not {point!r}.")
    for earlier, later in pairwise(history):
        if later.effective_from <= earlier.effective_from:
            raise ValueError(
                "A price history must ascend, one price for each moment: "
                f"{later.effective_from.isoformat()} follows {earlier.effective_from.isoformat()}. "
                "Sort it by effective_from, and of two prices from one moment keep the last."
            )
    now = to_utc(now, "now")
    points: list[PricePoint] = []
    for point in history:
        if point.effective_from > now:
            break
        if points and points[-1].amount == point.amount:
            gap = point.effective_from if point.after_gap else points[-1].last_gap
            points[-1] = replace(points[-1], list_price=point.list_price, last_gap=gap)
        else:
            points.append(point)
    return points


def find_prior_price(
    history: Sequence[PricePoint],
    now: datetime,
    *,
    days: int = 30,
    progressive: bool = False,
    progressive_max_days: int | None = None,
    new_arrival_days: int | None = None,
    max_announcement_days: int | None = None,
    shop_prior_price: Decimal | None = None,
) -> PriorPrice:
    """The prior price of the price in force at `now`, and whether its reduction may be announced.

    A reduction begins when a price replaces a higher one. The prior price is the lowest in force at
    any time in the `days` before, all of which must be known: none may lie before the end of a gap.
    So a raise just before a cut never helps, a small raise ends a reduction, and a price that goes
    up and returns (even within an hour) is compared with itself.

    The options are those of `rules.EU`. With `progressive`, a series of cuts with no raise between
    them is one reduction from its first cut, if that is less than `progressive_max_days` ago and
    can be proved; otherwise the last cut counts by itself. `shop_prior_price`, the shop's own
    statement of the prior price, makes up for missing history; 0 is taken as none. Of the two
    prices the lower always counts, and where the price was last raised nothing is announced.

    Raises as `points_in_force`, and for `shop_prior_price` as `check_amount`.
    """
    if shop_prior_price is not None:
        check_amount(shop_prior_price, "shop_prior_price")
    now = to_utc(now, "now")
    points = points_in_force(history, now)
    if not points:
        return PriorPrice(status=Status.NO_HISTORY)
    last = len(points) - 1
    if last and points[last - 1].amount < points[last].amount:
        return PriorPrice(
            status=Status.NOT_REDUCED,
            price=points[last].amount,
            previous=points[last - 1].amount,
            known_since=points[0].effective_from,
            started_at=points[last].effective_from,
        )

    def judge(cut: int, longest_days: int | None) -> PriorPrice:
        return _judge(points, cut, now, days, longest_days, new_arrival_days, shop_prior_price)

    if progressive:
        first = last
        while (
            first > 1
            and points[first - 2].amount > points[first - 1].amount
            # In a gap there may have been a raise.
            and not (points[first].after_gap or points[first - 1].last_gap)
        ):
            first -= 1
        if first < last:
            limits = [limit for limit in (progressive_max_days, max_announcement_days) if limit]
            result = judge(first, min(limits, default=None))
            if result.announced:
                return result
    return judge(last, max_announcement_days)


def _judge(
    points: Sequence[PricePoint],
    cut: int,
    now: datetime,
    days: int,
    longest_days: int | None,
    new_arrival_days: int | None,
    shop_prior_price: Decimal | None,
) -> PriorPrice:
    """The verdict on the last price, where its reduction began with `points[cut]`."""
    price, known_since = points[-1].amount, _known_since(points, cut)
    started_at = points[cut].effective_from
    window_start = started_at - timedelta(days=days)
    lowest = _lowest(points, cut, window_start)

    complete = known_since <= window_start
    is_arrival = known_since == points[0].effective_from
    if not complete and new_arrival_days and lowest and is_arrival:
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
        started_at=started_at,
        window_start=window_start,
        lowest_at=lowest_at,
        announce_until=until if status in (Status.OK, Status.EXPIRED) else None,
    )


def _known_since(points: Sequence[PricePoint], cut: int) -> datetime:
    """From when on every price up to the cut is known."""
    if points[cut].after_gap:
        return points[cut].effective_from
    for point in reversed(points[:cut]):
        if point.last_gap or point.after_gap:
            return point.last_gap or point.effective_from
    return points[0].effective_from


def _lowest(points: Sequence[PricePoint], cut: int, window_start: datetime) -> PricePoint | None:
    """The lowest price (of equal ones the latest) in force between `window_start` and the cut."""
    lowest: PricePoint | None = None
    for index in range(cut - 1, -1, -1):
        if points[index + 1].effective_from <= window_start:
            break
        if lowest is None or points[index].amount < lowest.amount:
            lowest = points[index]
    return lowest
