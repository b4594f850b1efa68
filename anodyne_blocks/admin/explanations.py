"""Why a card shows a reduction, or shows none: in plain words for the editor."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import isolated, written
from anodyne_blocks.catalogue.judging import trusted
from anodyne_blocks.models import Offer
from anodyne_blocks.pricing.money import format_percent
from anodyne_blocks.pricing.prior_price import Origin, PricePoint, PriorPrice, Status, percent_off


def explain(offer: Offer, now: datetime.datetime) -> str:
    """One or two sentences on the offer's badge at a moment, in the editor's language.

    Reads `offer.price_changes`; prefetch them for several offers.
    """
    market = conf.markets().get(offer.market)
    day = DayWriter(now)
    if market is None:
        return gettext("No card: the site has no such market any more.")
    if offer.withdrawn_at is not None or offer.product.is_withdrawn:
        return gettext("No price and no badge: the shop no longer sells it.")
    if offer.price is None:
        return gettext("No badge: the offer has no price.")
    if market.currency and offer.currency != market.currency:
        return gettext(
            "No price and no badge: the offer is in %(currency)s, the market is not."
        ) % {"currency": offer.currency}
    if offer.is_stale(now):
        return gettext("No badge: the shop has not confirmed the price since %(date)s.") % {
            "date": day(offer.checked_at)
        }
    verdict = verdict_on(offer, market, now)
    if verdict.announced and not offer.announces_reduction(now):
        return gettext("No badge yet: the price is judged again at the next refresh.")
    return _in_words(verdict, offer, market, day)


def history_of(offer: Offer) -> list[PricePoint]:
    """The prices of an offer in its present currency, ascending."""
    changes = (change for change in offer.price_changes.all() if change.currency == offer.currency)
    return [
        change.as_point() for change in sorted(changes, key=lambda change: change.effective_from)
    ]


def verdict_on(offer: Offer, market: conf.Market, now: datetime.datetime) -> PriorPrice:
    """What the market's rule says at a moment, with all that explains it."""
    return market.rule.announce(
        trusted(history_of(offer), offer, now),
        now,
        list_price=offer.list_price,
        shop_prior_price=offer.shop_prior_price,
    )


class DayWriter:
    """Writes moments as days: "3 November", with the year where it is not the present one."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = timezone.localtime(now)

    def __call__(self, moment: datetime.datetime | None) -> str:
        if moment is None:
            return "–"
        local = timezone.localtime(moment)
        same = local.year == self.now.year
        return date_format(local, "MONTH_DAY_FORMAT" if same else "DATE_FORMAT")


def _in_words(verdict: PriorPrice, offer: Offer, market: conf.Market, day: DayWriter) -> str:
    def amount(price: Decimal | None) -> str:
        return isolated(written(price, offer.currency, market.language))

    facts = {
        "price": amount(verdict.price),
        "prior": amount(verdict.prior),
        "previous": amount(verdict.previous),
        "started": day(verdict.started_at),
        "known": day(verdict.known_since),
        "lowest": day(verdict.lowest_at),
        "until": day(verdict.announce_until),
        "window": day(verdict.window_start),
    }
    status = verdict.status
    if status is Status.OK:
        return _announced(verdict, facts, market)
    if status is Status.EXPIRED:
        text = gettext(
            "No badge: the reduction from %(prior)s began on %(started)s, and this market lets a"
            " reduction be announced until %(until)s."
        )
    elif status is Status.PARTIAL_HISTORY:
        text = gettext(
            "No badge: prices are known since %(known)s only, and the market's rule needs them from"
            " %(window)s on."
        )
    elif status is Status.NOT_LOWER and verdict.origin is Origin.LIST_PRICE:
        text = gettext("No badge: the shop's list price, %(prior)s, is not above the price.")
    elif status is Status.NOT_LOWER and verdict.lowest_at is None:
        text = gettext("No badge: by the shop's own record the price was %(prior)s before.")
    elif status is Status.NOT_LOWER:
        text = gettext("No badge: the price was %(prior)s on %(lowest)s.")
    elif status is Status.BELOW_ONE_PERCENT:
        text = gettext("No badge: the reduction from %(prior)s is less than one percent.")
    elif status is Status.NOT_REDUCED and verdict.previous is not None:
        text = gettext("No badge: the price was raised from %(previous)s on %(started)s.")
    elif status is Status.NOT_REDUCED:
        text = gettext("No badge: the shop names no list price.")
    elif status is Status.NO_HISTORY and verdict.known_since is not None:
        text = gettext(
            "No badge: the price has been %(price)s ever since the history begins, on %(known)s."
        )
    elif status is Status.NO_HISTORY:
        text = gettext("No badge: no earlier price is known.")
    else:
        text = gettext("No badge: in this market no reduction is announced.")
    return text % facts


def _announced(verdict: PriorPrice, facts: dict[str, str], market: conf.Market) -> str:
    percent = percent_off(verdict.prior or Decimal(0), verdict.price or Decimal(0))
    days = getattr(market.rule, "days", 30)
    facts = facts | {
        "percent": "−" + format_percent(percent, get_language() or "en"),
        "days": str(days),
    }
    if verdict.origin is Origin.LIST_PRICE:
        text = gettext("Badge %(percent)s: the shop's list price is %(prior)s.")
    elif verdict.origin is Origin.SHOP:
        text = gettext(
            "Badge %(percent)s: by the shop's own record the lowest price before the reduction was"
            " %(prior)s."
        )
    else:
        text = ngettext(
            "Badge %(percent)s: the lowest price of the day before %(started)s was %(prior)s.",
            "Badge %(percent)s: the lowest price of the %(days)s days before %(started)s was"
            " %(prior)s.",
            days,
        )
    if verdict.announce_until is not None:
        until = gettext("It may be shown until %(until)s.")
        text = f"{text} {until}"
    return text % facts
