"""A price history as a step chart: coordinates and words for an inline SVG, and for a table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import isolated, moment, written
from anodyne_blocks.admin.explanations import DayWriter, verdict_on
from anodyne_blocks.models import Offer, PriceChange

# The newest that one page shows; a shop may change a price every hour for years.
LONGEST = 200

WIDTH, HEIGHT = 560, 200
LEFT, RIGHT, TOP, BOTTOM = 12, 106, 14, 34


@dataclass(frozen=True)
class Low:
    """The lowest price of the days before a reduction, or before now: where, and in words."""

    x1: str
    x2: str
    y: str
    text: str

    height = HEIGHT - BOTTOM - TOP

    @property
    def width(self) -> str:
        return f"{float(self.x2) - float(self.x1):.1f}"


@dataclass(frozen=True)
class Row:
    """A price in words, for the table."""

    price: str
    since: str
    seen: str
    origin: str


@dataclass(frozen=True)
class Chart:
    """What the template draws; all coordinates as text with a point, whatever the language."""

    key: str
    title: str
    description: str
    line: str
    labels: tuple[tuple[str, str], ...]
    first_day: str
    last_day: str
    low: Low | None
    dot: tuple[str, str]
    rows: tuple[Row, ...]
    more: int

    width, height = WIDTH, HEIGHT
    left, right = LEFT, WIDTH - RIGHT
    top, bottom = TOP, HEIGHT - BOTTOM


def chart_of(offer: Offer, now: datetime.datetime) -> Chart | None:
    """The chart of an offer's prices in its present currency up to now; None without a price."""
    market = conf.markets().get(offer.market)
    language = market.language if market else "en"
    changes = sorted(
        (
            change
            for change in offer.price_changes.all()
            if change.currency == offer.currency and change.effective_from <= now
        ),
        key=lambda change: change.effective_from,
    )
    rows = changes[-LONGEST:]
    if not rows:
        return None
    day = DayWriter(now)
    start = min(rows[0].effective_from, now - datetime.timedelta(hours=1))
    prices = [change.price for change in rows]
    lowest, highest = min(prices), max(prices)

    def x(moment: datetime.datetime) -> float:
        share = (max(moment, start) - start) / (now - start)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(price: Decimal) -> float:
        share = float((price - lowest) / (highest - lowest)) if highest > lowest else 0.5
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

    def amount(price: Decimal) -> str:
        return written(price, offer.currency, language)

    steps = [f"M{x(rows[0].effective_from):.1f} {y(prices[0]):.1f}"]
    for change in rows[1:]:
        steps.append(f"H{x(change.effective_from):.1f}V{y(change.price):.1f}")
    steps.append(f"H{x(now):.1f}")
    title = gettext("Prices in market %(market)s") % {"market": offer.market}
    span = {
        "first": day(rows[0].effective_from),
        "lowest": isolated(amount(lowest)),
        "highest": isolated(amount(highest)),
        "now": isolated(amount(prices[-1])),
    }
    description = (
        gettext("From %(first)s on between %(lowest)s and %(highest)s; now %(now)s.") % span
    )
    low = _low(offer, market, rows, now)
    mark = None
    if low is not None:
        since, until, price, days = low
        facts = {"days": days, "price": isolated(amount(price)), "date": day(until)}
        if until < now:
            text = ngettext(
                "Lowest of the day before %(date)s: %(price)s",
                "Lowest of the %(days)d days before %(date)s: %(price)s",
                days,
            )
        else:
            text = ngettext(
                "Lowest of the last day: %(price)s",
                "Lowest of the last %(days)d days: %(price)s",
                days,
            )
        mark = Low(f"{x(since):.1f}", f"{x(until):.1f}", f"{y(price):.1f}", text % facts)
        description = f"{description} {mark.text}"
    return Chart(
        key=offer.market,
        title=title,
        description=description,
        line="".join(steps),
        labels=tuple(
            (f"{y(price):.1f}", amount(price)) for price in dict.fromkeys((highest, lowest))
        ),
        first_day=day(start),
        last_day=day(now),
        low=mark,
        dot=(f"{x(now):.1f}", f"{y(prices[-1]):.1f}"),
        rows=tuple(
            Row(
                amount(change.price),
                moment(change.effective_from),
                moment(change.observed_at),
                change.get_origin_display(),
            )
            for change in reversed(rows)
        ),
        more=len(changes) - len(rows),
    )


def _low(
    offer: Offer,
    market: conf.Market | None,
    rows: Sequence[PriceChange],
    now: datetime.datetime,
) -> tuple[datetime.datetime, datetime.datetime, Decimal, int] | None:
    """The lowest price of a market's days: from when, until when, how low, of how many days."""
    if market is None:
        return None
    days = getattr(market.rule, "days", 30)
    verdict = verdict_on(offer, market, now)
    if verdict.lowest_at and verdict.window_start and verdict.started_at and verdict.prior:
        return verdict.window_start, verdict.started_at, verdict.prior, days
    since = now - datetime.timedelta(days=days)
    ends = [*(change.effective_from for change in rows[1:]), now]
    inside = [change.price for change, end in zip(rows, ends, strict=True) if end > since]
    return max(since, rows[0].effective_from), now, min(inside), days
