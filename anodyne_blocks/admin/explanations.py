"""Why a card shows a reduction, or shows none: in plain words for the editor."""

from __future__ import annotations

import datetime
from decimal import Decimal

from babel.dates import format_date, format_skeleton
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext

from anodyne_blocks import clock, conf
from anodyne_blocks.admin.columns import isolated, written
from anodyne_blocks.admin.shop_asking import in_english
from anodyne_blocks.catalogue.judging import trusted
from anodyne_blocks.models import Offer
from anodyne_blocks.models.prices import price_points
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.pricing.money import babel_locale, format_percent
from anodyne_blocks.pricing.prior_price import Origin, PriorPrice, Status, percent_off

_LIST_PRICES = (Origin.LIST_PRICE, Origin.RECOMMENDED, Origin.EARLIER)


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
    if not offer.price:
        return gettext("No badge: the offer has no price.")
    if market.currency and offer.currency != market.currency:
        return gettext(
            "No price and no badge: the offer is in %(currency)s, the market is not."
        ) % {"currency": offer.currency}
    if offer.is_stale(now):
        text = gettext("No badge: the shop has not confirmed the price since %(date)s.") % {
            "date": day(offer.gap_from if offer.gap else offer.checked_at)
        }
        if offer.refresh_error:
            return format_html("{} {}", text, in_english(offer.refresh_error))
        return text
    verdict = verdict_on(offer, market, now)
    if verdict.announced and not offer.announces_reduction(now):
        return gettext("No badge yet: the price is judged again at the next refresh.")
    return _in_words(verdict, offer, market, day)


def verdict_on(offer: Offer, market: conf.Market, now: datetime.datetime) -> PriorPrice:
    """What the market's rule says at a moment, with all that explains it."""
    return market.rule.announce(
        trusted(price_points(offer.price_changes.all(), offer.currency), offer, now),
        now,
        list_price=offer.list_price,
        shop_prior_price=offer.shop_prior_price,
    )


class DayWriter:
    """Writes moments as days: "3 November", with the year where it is not the present one."""

    def __init__(self, now: datetime.datetime) -> None:
        self.year = clock.local(now).year

    def __call__(self, moment: datetime.datetime | None) -> str:
        if moment is None:
            return "–"
        day, locale = clock.day_of(moment), babel_locale(get_language() or "en")
        if day.year != self.year:
            return format_date(day, "long", locale)
        # Django's own words for a month stand in no sentence in Czech, Greek or Ukrainian.
        return format_skeleton("MMMMd", day, locale=locale)


def gap_words(gap: Gap, day: str) -> str:
    """One sentence on a gap that ends on a day, as `DayWriter` writes it."""
    sentences = {
        Gap.VARIANT: gettext("Since %(date)s the price is of another variant."),
        Gap.GOODS: gettext("Since %(date)s the shop sells other goods under this number."),
        Gap.CONDITION: gettext("Since %(date)s the goods are in another condition."),
        Gap.PACK: gettext("Since %(date)s a pack holds another number of pieces."),
        Gap.SELLER: gettext("Since %(date)s the price is another seller's."),
        Gap.TAX: gettext("Since %(date)s tax is counted into the price in another way."),
        Gap.CURRENCY: gettext("Before %(date)s the price was in another currency."),
        Gap.NO_PRICE: gettext("Before %(date)s there was no price."),
        Gap.WITHDRAWN: gettext("Before %(date)s the shop did not sell it."),
        Gap.SILENCE: gettext("Before %(date)s the shop was not heard for too long."),
        Gap.MISTAKE: gettext("Before %(date)s the price was a mistake."),
        Gap.UNKNOWN: gettext("Before %(date)s the price is not known."),
    }
    return sentences[gap] % {"date": day}


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
        return _announced(verdict, facts)
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
    elif status is Status.NOT_LOWER and verdict.origin in _LIST_PRICES:
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
    elif status is Status.NO_HISTORY and verdict.gap is not None:
        gap = gap_words(verdict.gap, day(verdict.known_since))
        return gettext("No badge: nothing older proves a reduction. %(gap)s") % {"gap": gap}
    elif status is Status.NO_HISTORY and verdict.known_since is not None:
        text = gettext(
            "No badge: the price has been %(price)s ever since the history begins, on %(known)s."
        )
    elif status is Status.NO_HISTORY:
        text = gettext("No badge: no earlier price is known.")
    else:
        text = gettext("No badge: in this market no reduction is announced.")
    if status is Status.PARTIAL_HISTORY and verdict.gap is not None:
        return f"{text % facts} {gap_words(verdict.gap, day(verdict.known_since))}"
    return text % facts


def _announced(verdict: PriorPrice, facts: dict[str, str]) -> str:
    percent = percent_off(verdict.prior or Decimal(0), verdict.price or Decimal(0))
    facts = facts | {
        "percent": "−" + format_percent(percent, get_language() or "en"),
        "days": str(verdict.days),
    }
    if verdict.origin in _LIST_PRICES:
        text = gettext("Badge %(percent)s: the shop's list price is %(prior)s.")
    elif verdict.origin is Origin.SHOP:
        text = gettext(
            "Badge %(percent)s: by the shop's own record the lowest price before the reduction was"
            " %(prior)s."
        )
    elif verdict.days is None:
        text = gettext("Badge %(percent)s: the lowest price before %(started)s was %(prior)s.")
    else:
        text = ngettext(
            "Badge %(percent)s: the lowest price of the day before %(started)s was %(prior)s.",
            "Badge %(percent)s: the lowest price of the %(days)s days before %(started)s was"
            " %(prior)s.",
            verdict.days,
        )
    if verdict.announce_until is not None:
        until = gettext("It may be shown until %(until)s.")
        text = f"{text} {until}"
    return text % facts
