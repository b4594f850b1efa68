"""Checks of `MARKETS` and `SHOPS`: by what law and from whom things are sold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import signature
from typing import Any

from babel.numbers import list_currencies
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from anodyne_blocks import conf
from anodyne_blocks.checks.languages import page_languages
from anodyne_blocks.checks.messages import Messages, error, not_a_dict, warning, where
from anodyne_blocks.languages import variants
from anodyne_blocks.models import Offer, get_product_model
from anodyne_blocks.pricing.rules import PriceRule
from anodyne_blocks.shops import shop_class

MARKET_KEYS = {"LOCALES", "SITES", "COUNTRY", "CURRENCY", "PRICE_RULE", "PRICE_RULE_OPTIONS"}

# A hostname, with a port or without.
HOST = re.compile(r"[^\s/:@?#\[\]]+(:(?P<port>[1-9]\d{0,4}))?")

# Which markets hold a language: (key, sites) of each.
Holders = dict[str, list[tuple[str, tuple[str, ...]]]]


def check_markets(name: str, markets: dict[Any, Any]) -> Messages:
    """Each market's keys, currency, languages, sites and price rule."""
    longest = Offer._meta.get_field("market").max_length
    holders: Holders = {}
    for key, market in markets.items():
        yield from _key(name, key, longest)
        if not isinstance(market, dict):
            yield from not_a_dict(market, name, key)
            continue
        yield from _market_keys(name, key, market)
        yield from _currency(name, key, market)
        yield from _country(name, key, market)
        yield from _sites(name, key, market)
        yield from _locales(name, key, market, holders)
        yield from _price_rule(name, key, market)


def _key(name: str, key: Any, longest: int | None) -> Messages:
    if not isinstance(key, str) or not key or len(key) > (longest or 0):
        yield error(
            3,
            f"{where(name)} has the key {key!r}.",
            f"A key is a text of 1 to {longest} characters; the database stores it.",
        )


def _market_keys(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    for missing in ("LOCALES", "CURRENCY"):
        if missing not in market:
            yield error(
                4,
                f"{where(name, key)} has no {missing}.",
                'Write for example {"LOCALES": ["nl"], "COUNTRY": "NL", "CURRENCY": "EUR"}.',
            )
    for unknown in sorted(set(market) - MARKET_KEYS, key=str):
        yield warning(
            2,
            f"{where(name, key)} has an unknown key {unknown!r}.",
            f"It has no effect. Known keys: {', '.join(sorted(MARKET_KEYS))}.",
        )


def _currency(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    currency = market.get("CURRENCY", "EUR")
    if not isinstance(currency, str) or currency not in list_currencies():
        yield error(
            5,
            f"{where(name, key, 'CURRENCY')} is {currency!r}.",
            "Write an ISO 4217 code such as “EUR”, “DKK” or “GBP”.",
        )


def _country(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    country = market.get("COUNTRY", "")
    if not isinstance(country, str) or not re.fullmatch("|[A-Z]{2}", country):
        yield error(
            20,
            f"{where(name, key, 'COUNTRY')} is {country!r}.",
            "Write an ISO 3166-1 alpha-2 code in capital letters such as “NL”, “DK” or “GB”.",
        )


def _sites(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    if "SITES" in market and not _are_sites(market["SITES"]):
        yield error(
            30,
            f"{where(name, key, 'SITES')} must be a list of hostnames, not {market['SITES']!r}.",
            'Write for example ["shop.example"] or ["shop.example:8000"], as Wagtail\'s sites have'
            " them, without https:// and path; or leave SITES out to sell on every site.",
        )


def _are_sites(sites: Any) -> bool:
    is_list = isinstance(sites, (list, tuple)) and len(sites) > 0
    return is_list and all(map(_is_host, sites))


def _is_host(name: Any) -> bool:
    match = HOST.fullmatch(name) if isinstance(name, str) else None
    return match is not None and int(match["port"] or 1) < 2**16


def named_sites() -> list[tuple[str, str]]:
    """(market key, hostname) of all SITES that are written as they should be."""
    value = getattr(settings, conf.SETTING_NAME, {})
    markets = value.get("MARKETS") if isinstance(value, dict) else None
    return [
        (key, name)
        for key, market in (markets.items() if isinstance(markets, dict) else ())
        if isinstance(market, dict) and _are_sites(market.get("SITES"))
        for name in market["SITES"]
    ]


def _overlap(sites: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether a page may be in sites of both; () are all sites that no other market names."""
    if not sites or not others:
        return sites == others
    # A hostname without a port is that of every port.
    return any(
        conf.is_address(one, f"//{two}") or conf.is_address(two, f"//{one}")
        for one in sites
        for two in others
    )


def _locales(name: str, key: str, market: Mapping[str, Any], holders: Holders) -> Messages:
    if "LOCALES" not in market:
        return
    locales = market["LOCALES"]
    is_list = isinstance(locales, (list, tuple)) and len(locales) > 0
    if not is_list or not all(isinstance(code, str) for code in locales):
        yield error(
            6,
            f"{where(name, key, 'LOCALES')} must be a list of language codes, not {locales!r}.",
            'Write for example ["nl"]: the languages whose pages show this market\'s offers.',
        )
        return
    sites = tuple(market["SITES"]) if _are_sites(market.get("SITES")) else ()
    languages = page_languages()
    # A market of "en" is that of pages in "en-gb" too.
    known = {code for language in languages for code in variants(language)}
    for code in dict.fromkeys(locales):
        held = [other for other, theirs in holders.get(code, ()) if _overlap(sites, theirs)]
        if held:
            there = " on one site" if sites else ""
            yield error(
                7,
                f"{where(name)}: {code!r} is in the LOCALES of {held[0]!r} and {key!r}{there}.",
                "A page shows the offers of one market: leave the language in one of them, or give"
                " them SITES of their own.",
            )
        elif code not in known:
            yield warning(
                3,
                f"{where(name, key, 'LOCALES')} holds {code!r}, a language this site has not.",
                _languages_hint(languages),
            )
        holders.setdefault(code, []).append((key, sites))


def _languages_hint(languages: list[str]) -> str:
    if conf.is_multilingual():
        return f"Its languages (WAGTAIL_CONTENT_LANGUAGES) are: {', '.join(languages)}."
    return (
        f"Without WAGTAIL_I18N_ENABLED all pages are in {settings.LANGUAGE_CODE!r}"
        " (LANGUAGE_CODE): turn it on, or leave the language out."
    )


def _price_rule(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    dotted = market.get("PRICE_RULE", conf.DEFAULT_PRICE_RULE)
    try:
        rule = import_string(dotted)
    except (ImportError, AttributeError) as reason:
        problem = f"cannot be imported: {reason}"
    else:
        is_rule = isinstance(rule, type) and issubclass(rule, PriceRule)
        problem = "" if is_rule else "is no subclass of anodyne_blocks.pricing.rules.PriceRule."
    if problem:
        yield error(
            8,
            f"{where(name, key, 'PRICE_RULE')}: {dotted!r} {problem}",
            f"Write the dotted path of a price rule, such as “{conf.DEFAULT_PRICE_RULE}”.",
        )
        return
    options = market.get("PRICE_RULE_OPTIONS", {})
    if not isinstance(options, dict):
        yield from not_a_dict(options, name, key, "PRICE_RULE_OPTIONS")
        return
    try:
        rule.from_options(options)
    except (TypeError, ValueError) as reason:
        yield error(
            9,
            f"{where(name, key, 'PRICE_RULE_OPTIONS')}: {reason}",
            "See “Price rules” in the reference for the options of each rule.",
        )


def check_shops(name: str, shops: dict[Any, Any]) -> Messages:
    """Each shop's class, and what that class says of its options."""
    longest = get_product_model()._meta.get_field("shop").max_length
    for alias, shop in shops.items():
        yield from _key(name, alias, longest)
        if not isinstance(shop, dict):
            yield from not_a_dict(shop, name, alias)
            continue
        options = shop.get("OPTIONS", {})
        if not isinstance(options, dict):
            yield from not_a_dict(options, name, alias, "OPTIONS")
            continue
        try:
            backend = shop_class(alias)
        except (ImproperlyConfigured, AttributeError) as reason:
            yield error(
                10,
                f"{where(name, alias, 'BACKEND')}: {reason}",
                "Write the dotted path of a shop class, as the how-to guide of its kind names it.",
            )
            continue
        for method in ("fetch_batch", "catalogue"):
            if "known" not in signature(getattr(backend, method)).parameters:
                yield error(
                    15,
                    f"{where(name, alias, 'BACKEND')}: {method} does not take `known`.",
                    f"Write {method}(self, …, market, known): it tells what was priced before.",
                )
        for message, hint in backend.check_options(options):
            yield error(11, f"{where(name, alias, 'OPTIONS')}: {message}", hint)
