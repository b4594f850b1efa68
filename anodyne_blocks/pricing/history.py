"""A price history: prices, the moments they came into force, and the gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from itertools import pairwise

__all__ = ["Gap", "PricePoint"]


class Gap(str, Enum):
    """Why nobody knows what the goods of a price had cost before it."""

    VARIANT = "variant"
    """The price is of another variant."""
    GOODS = "goods"
    """The shop sells other goods under the same id."""
    CONDITION = "condition"
    """The goods are used where they were new, or the other way round."""
    PACK = "pack"
    """A pack holds another number of pieces."""
    SELLER = "seller"
    """Another seller's offer."""
    TAX = "tax"
    """The price includes tax where it did not, or the other way round, or it is not known."""
    CURRENCY = "currency"
    """The price was in another currency."""
    NO_PRICE = "no_price"
    """There was no price, or it could not be believed."""
    WITHDRAWN = "withdrawn"
    """It was not sold."""
    SILENCE = "silence"
    """The shop was not heard for longer than a price is believed."""
    MISTAKE = "mistake"
    """The price before was a mistake."""
    UNKNOWN = "unknown"
    """The reason was not recorded."""


# Across these the goods are the same, so that a lower price before still speaks against a claim.
SAME_GOODS = frozenset({Gap.NO_PRICE, Gap.WITHDRAWN, Gap.SILENCE, Gap.UNKNOWN})


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price and the moment it came into force; it holds until the next point.

    With a `gap` nobody knows what came before: what lies before proves nothing. `known_until` is
    when the gap began. `amount` and `list_price` (what the shop itself strikes through) are in the
    same currency. `effective_from` must be aware; it is kept in UTC. Raises TypeError for an amount
    that is no Decimal, ValueError for one below 0 or a naive time.
    """

    amount: Decimal
    effective_from: datetime
    list_price: Decimal | None = None
    gap: Gap | None = None
    known_until: datetime | None = None

    def __post_init__(self) -> None:
        check_amount(self.amount, "amount")
        if self.list_price is not None:
            check_amount(self.list_price, "list_price")
        object.__setattr__(self, "effective_from", to_utc(self.effective_from, "effective_from"))


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


def up_to(history: Sequence[PricePoint], now: datetime) -> list[PricePoint]:
    """The points up to `now`.

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
                "Sort it by effective_from, and of two prices from one moment keep the lower."
            )
    now = to_utc(now, "now")
    return [point for point in history if point.effective_from <= now]


def points_in_force(
    history: Sequence[PricePoint], now: datetime, *, bridge_days: int = 0
) -> list[PricePoint]:
    """What is known without a gap up to `now`: the first point is where that begins.

    An unchanged price is one point, with its latest list price. Silence of at most `bridge_days`
    between two equal prices is no gap. Raises as `up_to`.
    """
    points: list[PricePoint] = []
    for point in up_to(history, now):
        if point.gap and not (points and _is_bridged(points[-1], point, bridge_days)):
            points = [point]
        elif points and points[-1].amount == point.amount:
            points[-1] = replace(points[-1], list_price=point.list_price)
        else:
            points.append(point)
    return points


def _is_bridged(before: PricePoint, point: PricePoint, days: int) -> bool:
    return (
        point.gap is Gap.SILENCE
        and before.amount == point.amount
        and point.known_until is not None
        and point.effective_from - point.known_until <= timedelta(days=days)
    )


def lowest_before(
    history: Sequence[PricePoint], start: datetime, window_start: datetime
) -> PricePoint | None:
    """The lowest price (of equal ones the latest) in force between `window_start` and `start`.

    Of the same goods, also before a gap: it proves nothing, but it speaks against a claim.
    """
    lowest: PricePoint | None = None
    later = start
    for point in reversed([p for p in history if p.effective_from <= start]):
        if later <= window_start:
            break
        if point.effective_from < start and (lowest is None or point.amount < lowest.amount):
            lowest = point
        later = point.effective_from
        if point.gap and point.gap not in SAME_GOODS:
            break
    return lowest
