"""A price history as a step chart: places and words for an inline SVG, and for a table."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext, pgettext

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import isolated, moment, written
from anodyne_blocks.admin.explanations import DayWriter, gap_words, verdict_on
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.pricing.history import Gap

# The newest that one page shows; a shop may change a price every hour for years.
LONGEST = 200

# The newest that are seen at once. A few more are not worth a fold.
AT_ONCE, FEW = 8, 2


@dataclass(frozen=True)
class Low:
    """The lowest price of the days before a reduction, or before now: where, and in words."""

    x1: str
    x2: str
    y: str
    text: str

    @property
    def width(self) -> str:
        return f"{float(self.x2) - float(self.x1):.2f}"


@dataclass(frozen=True)
class Row:
    """A record of a price in words, for the table.

    A price that the next older records repeat is written once, beside `price_rows` of them; 0 says
    that it stands above. No record is left out.
    """

    price: str
    list_price: str
    since: str
    seen: str
    origin: str
    gap: str
    mistake: str
    mistake_url: str
    price_rows: int


@dataclass(frozen=True)
class Chart:
    """What the template draws.

    All places are percent of the drawing, so that its text keeps its size in a drawing of any
    width, and are text with a point, whatever the language.
    """

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
    older: tuple[Row, ...]
    more: int


def chart_of(
    offer: Offer, now: datetime.datetime, mistake_url: Callable[[int], str] = lambda pk: ""
) -> Chart | None:
    """The chart of an offer's prices in its present currency up to now; None without a price.

    `mistake_url` tells where a price change, by its primary key, is marked as a mistake.
    """
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
    drawn = [change for change in rows if change.mistaken_at is None] or rows
    prices = [change.price for change in drawn]
    lowest, highest = min(prices), max(prices)

    def x(moment: datetime.datetime) -> float:
        share = (max(moment, start) - start) / (now - start)
        return 100 * share

    def y(price: Decimal) -> float:
        share = float((price - lowest) / (highest - lowest)) if highest > lowest else 0.5
        return 100 - 100 * share

    def amount(price: Decimal) -> str:
        return written(price, offer.currency, language)

    steps = [f"M{x(drawn[0].effective_from):.2f} {y(prices[0]):.2f}"]
    for change in drawn[1:]:
        steps.append(f"H{x(change.effective_from):.2f}V{y(change.price):.2f}")
    steps.append(f"H{x(now):.2f}")
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
    low = _low(offer, market, drawn, now)
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
        mark = Low(f"{x(since):.2f}", f"{x(until):.2f}", f"{y(price):.2f}", text % facts)
        description = f"{description} {mark.text}"
    newest = rows[::-1]
    cut = len(newest) if len(newest) <= AT_ONCE + FEW else AT_ONCE
    return Chart(
        key=offer.market,
        title=title,
        description=description,
        line="".join(steps),
        labels=tuple(
            (f"{y(price):.2f}", amount(price)) for price in dict.fromkeys((highest, lowest))
        ),
        first_day=day(start),
        last_day=day(now),
        low=mark,
        dot=(f"{x(now):.2f}", f"{y(prices[-1]):.2f}"),
        rows=_in_rows(newest[:cut], amount, day, mistake_url),
        older=_in_rows(newest[cut:], amount, day, mistake_url),
        more=len(changes) - len(rows),
    )


def _in_rows(
    changes: Sequence[PriceChange],
    amount: Callable[[Decimal], str],
    day: DayWriter,
    mistake_url: Callable[[int], str],
) -> tuple[Row, ...]:
    found: list[Row] = []
    for number, change in enumerate(changes):
        repeated = 1
        for newer, older in zip(changes[number:], changes[number + 1 :], strict=False):
            if not _is_repeated(older, newer):
                break
            repeated += 1
        list_price = ""
        if change.list_price is not None:
            price = isolated(amount(change.list_price))
            list_price = pgettext("reader", "List price: %(price)s") % {"price": price}
        found.append(
            Row(
                amount(change.price),
                list_price,
                moment(change.effective_from),
                moment(change.observed_at),
                change.get_origin_display(),
                _gap(change, day),
                _mistake(change, day),
                "" if change.mistaken_at else mistake_url(change.pk),
                0 if number and _is_repeated(change, changes[number - 1]) else repeated,
            )
        )
    return tuple(found)


def _gap(change: PriceChange, day: DayWriter) -> str:
    if not change.gap:
        return ""
    words = gap_words(Gap(change.gap), day(change.effective_from))
    if change.gap_closed_at is None:
        return words
    closed = gettext("The shop has handed over what it asked meanwhile.")
    return f"{words} {closed}"


def _mistake(change: PriceChange, day: DayWriter) -> str:
    if change.mistaken_at is None:
        return ""
    facts = {"date": day(change.mistaken_at), "who": isolated(change.mistaken_by or "–")}
    words = gettext("Marked as a mistake on %(date)s by %(who)s.") % facts
    return f"{words} {isolated(change.mistaken_why)}" if change.mistaken_why else words


def _is_repeated(older: PriceChange, newer: PriceChange) -> bool:
    # In a gap the price may have been another.
    return not (newer.gap or older.mistaken_at or newer.mistaken_at) and (
        older.price,
        older.list_price,
    ) == (newer.price, newer.list_price)


def _low(
    offer: Offer,
    market: conf.Market | None,
    rows: Sequence[PriceChange],
    now: datetime.datetime,
) -> tuple[datetime.datetime, datetime.datetime, Decimal, int] | None:
    """The lowest price of a market's days: from when, until when, how low, of how many days."""
    if market is None:
        return None
    verdict = verdict_on(offer, market, now)
    if verdict.lowest_at and verdict.window_start and verdict.started_at and verdict.prior:
        days = verdict.days or 0
        return verdict.window_start, verdict.started_at, verdict.prior, days
    window: int | None = getattr(market.rule, "days", None)
    if window is None:
        return None
    since = now - datetime.timedelta(days=window)
    ends = [*(change.effective_from for change in rows[1:]), now]
    inside = [change.price for change, end in zip(rows, ends, strict=True) if end > since]
    return max(since, rows[0].effective_from), now, min(inside), window
