"""System checks of the `ANODYNE_BLOCKS` setting; each message has a hint that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from babel.numbers import list_currencies
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from anodyne_blocks import conf
from anodyne_blocks.contracts import check_overrides  # noqa: F401 - registers itself
from anodyne_blocks.models.products import Offer, Product
from anodyne_blocks.pricing.rules import PriceRule
from anodyne_blocks.shops import shop_class

MARKET_KEYS = {"LOCALES", "COUNTRY", "CURRENCY", "PRICE_RULE", "PRICE_RULE_OPTIONS"}
CHOICES = {"STALE_PRICE": ("date", "hide"), "WITHDRAWN_PRODUCT": ("notice", "hide")}
NUMBERS = ("STALE_AFTER_HOURS", "SOURCES_OPEN_UP_TO", "RATING_MAX_AGE_DAYS")

Messages = Iterator[CheckMessage]


def error(number: int, message: str, hint: str) -> Error:
    """An error of this package; the site cannot work with it."""
    return Error(message, hint=hint, id=f"anodyne_blocks.E{number:03}")


def warning(number: int, message: str, hint: str) -> Warning:
    """A warning of this package; something is likely not what was meant."""
    return Warning(message, hint=hint, id=f"anodyne_blocks.W{number:03}")


@register("anodyne_blocks")
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Everything wrong with `ANODYNE_BLOCKS`; one wrong key hides no other."""
    value = getattr(settings, conf.SETTING_NAME, {})
    if not isinstance(value, dict):
        message = f"{conf.SETTING_NAME} must be a dictionary, not {type(value).__name__}."
        hint = f"Write {conf.SETTING_NAME} = {{…}}, or leave it out to have all defaults."
        return [error(1, message, hint)]
    messages: list[CheckMessage] = []
    for name, own in value.items():
        if name in CHECKS:
            messages += CHECKS[name](name, own)
        else:
            message = f"{conf.SETTING_NAME} has an unknown key {name!r}."
            hint = f"It has no effect. Known keys: {', '.join(conf.DEFAULTS)}."
            messages.append(warning(1, message, hint))
    return messages


def _where(*path: Any) -> str:
    return conf.SETTING_NAME + "".join(f"[{part!r}]" for part in path)


def _not_a_dict(value: Any, *path: Any) -> Messages:
    found = type(value).__name__
    message = f"{_where(*path)} must be a dictionary, not {found}."
    yield error(2, message, "See “Settings” in the reference for its keys.")


def _markets(name: str, markets: Any) -> Messages:
    if not isinstance(markets, dict):
        yield from _not_a_dict(markets, name)
        return
    longest = Offer._meta.get_field("market").max_length
    market_of: dict[str, str] = {}
    for key, market in markets.items():
        yield from _key(name, key, longest)
        if not isinstance(market, dict):
            yield from _not_a_dict(market, name, key)
            continue
        yield from _market_keys(name, key, market)
        yield from _currency(name, key, market)
        yield from _locales(name, key, market, market_of)
        yield from _price_rule(name, key, market)


def _key(name: str, key: Any, longest: int | None) -> Messages:
    if not isinstance(key, str) or not key or len(key) > (longest or 0):
        yield error(
            3,
            f"{_where(name)} has the key {key!r}.",
            f"A key is a text of 1 to {longest} characters; the database stores it.",
        )


def _market_keys(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    for missing in ("LOCALES", "CURRENCY"):
        if missing not in market:
            yield error(
                4,
                f"{_where(name, key)} has no {missing}.",
                'Write for example {"LOCALES": ["nl"], "COUNTRY": "NL", "CURRENCY": "EUR"}.',
            )
    for unknown in sorted(set(market) - MARKET_KEYS, key=str):
        yield warning(
            2,
            f"{_where(name, key)} has an unknown key {unknown!r}.",
            f"It has no effect. Known keys: {', '.join(sorted(MARKET_KEYS))}.",
        )


def _currency(name: str, key: str, market: Mapping[str, Any]) -> Messages:
    currency = market.get("CURRENCY", "EUR")
    if not isinstance(currency, str) or currency not in list_currencies():
        yield error(
            5,
            f"{_where(name, key, 'CURRENCY')} is {currency!r}.",
            "Write an ISO 4217 code such as “EUR”, “DKK” or “GBP”.",
        )


def _locales(name: str, key: str, market: Mapping[str, Any], market_of: dict[str, str]) -> Messages:
    if "LOCALES" not in market:
        return
    locales = market["LOCALES"]
    is_list = isinstance(locales, (list, tuple)) and len(locales) > 0
    if not is_list or not all(isinstance(code, str) for code in locales):
        yield error(
            6,
            f"{_where(name, key, 'LOCALES')} must be a list of language codes, not {locales!r}.",
            'Write for example ["nl"]: the languages whose pages show this market\'s offers.',
        )
        return
    languages = dict(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", settings.LANGUAGES))
    for code in locales:
        if code in market_of:
            yield error(
                7,
                f"{_where(name)}: {code!r} is in the LOCALES of {market_of[code]!r} and {key!r}.",
                "A page shows the offers of one market: leave the language in one of them.",
            )
        elif code not in languages:
            yield warning(
                3,
                f"{_where(name, key, 'LOCALES')} holds {code!r}, a language this site has not.",
                f"Its languages (WAGTAIL_CONTENT_LANGUAGES) are: {', '.join(languages)}.",
            )
        market_of.setdefault(code, key)


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
            f"{_where(name, key, 'PRICE_RULE')}: {dotted!r} {problem}",
            f"Write the dotted path of a price rule, such as “{conf.DEFAULT_PRICE_RULE}”.",
        )
        return
    options = market.get("PRICE_RULE_OPTIONS", {})
    if not isinstance(options, dict):
        yield from _not_a_dict(options, name, key, "PRICE_RULE_OPTIONS")
        return
    try:
        rule.from_options(options)
    except (TypeError, ValueError) as reason:
        yield error(
            9,
            f"{_where(name, key, 'PRICE_RULE_OPTIONS')}: {reason}",
            "See “Price rules” in the reference for the options of each rule.",
        )


def _shops(name: str, shops: Any) -> Messages:
    if not isinstance(shops, dict):
        yield from _not_a_dict(shops, name)
        return
    longest = Product._meta.get_field("shop").max_length
    for alias, shop in shops.items():
        yield from _key(name, alias, longest)
        if not isinstance(shop, dict):
            yield from _not_a_dict(shop, name, alias)
            continue
        options = shop.get("OPTIONS", {})
        if not isinstance(options, dict):
            yield from _not_a_dict(options, name, alias, "OPTIONS")
            continue
        try:
            backend = shop_class(alias)
        except (ImproperlyConfigured, AttributeError) as reason:
            yield error(
                10,
                f"{_where(name, alias, 'BACKEND')}: {reason}",
                "Write the dotted path of a shop class, as “Shops” in the reference lists them.",
            )
            continue
        for message, hint in backend.check_options(options):
            yield error(11, f"{_where(name, alias, 'OPTIONS')}: {message}", hint)


def _choice(name: str, value: Any) -> Messages:
    if value not in CHOICES[name]:
        allowed = " or ".join(f'"{choice}"' for choice in CHOICES[name])
        yield error(12, f"{_where(name)} is {value!r}.", f"Write {allowed}.")


def _number(name: str, value: Any) -> Messages:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        yield error(
            13, f"{_where(name)} is {value!r}.", f"Write a number, such as {conf.DEFAULTS[name]}."
        )


def _share_networks(name: str, value: Any) -> Messages:
    from anodyne_blocks.blocks.navigation import NETWORKS

    names = value if isinstance(value, (list, tuple)) else [value]
    unknown = [network for network in names if network not in list(NETWORKS)]
    if unknown or names is not value:
        yield error(
            14,
            f"{_where(name)}: {', '.join(map(repr, unknown or names))} cannot be used.",
            f"Write a list of these: {', '.join(NETWORKS)}.",
        )


def _utm(name: str, value: Any) -> Messages:
    if not isinstance(value, dict):
        yield from _not_a_dict(value, name)
    elif not all(isinstance(text, str) for pair in value.items() for text in pair):
        yield error(
            15,
            f"{_where(name)} holds something that is no text: {value!r}.",
            'Write for example {"utm_source": "magazine", "utm_medium": "article"}.',
        )


def _reading_speeds(name: str, value: Any) -> Messages:
    if not isinstance(value, dict):
        yield from _not_a_dict(value, name)
        return
    for language, speed in value.items():
        is_number = isinstance(speed, (int, float)) and not isinstance(speed, bool)
        if not isinstance(language, str) or not is_number or speed <= 0:
            yield error(
                16,
                f"{_where(name)} says {speed!r} for {language!r}.",
                'Write words per minute by language code, such as {"en": 220}.',
            )


def _image_sizes(name: str, value: Any) -> Messages:
    if not isinstance(value, dict):
        yield from _not_a_dict(value, name)
        return
    for role, sizes in value.items():
        if role not in conf.IMAGE_SIZES:
            yield warning(
                4,
                f"{_where(name)} has an unknown role {role!r}.",
                f"It has no effect. Known roles: {', '.join(conf.IMAGE_SIZES)}.",
            )
        elif not isinstance(sizes, dict):
            yield from _not_a_dict(sizes, name, role)
        else:
            for size, spec in sizes.items():
                yield from _filter_spec(spec, name, role, size)


def _filter_spec(spec: Any, *path: Any) -> Messages:
    from wagtail.images.exceptions import InvalidFilterSpecError
    from wagtail.images.models import Filter

    try:
        Filter(spec=spec).operations  # noqa: B018 - it is read for its errors
    except (InvalidFilterSpecError, AttributeError, TypeError, ValueError) as reason:
        yield error(
            17,
            f"{_where(*path)} is {spec!r}: {reason}",
            "Write a filter specification of Wagtail, such as “max-480x480|format-webp”.",
        )


CHECKS: dict[str, Callable[[str, Any], Messages]] = {
    "MARKETS": _markets,
    "SHOPS": _shops,
    **dict.fromkeys(CHOICES, _choice),
    **dict.fromkeys(NUMBERS, _number),
    "SHARE_NETWORKS": _share_networks,
    "UTM": _utm,
    "READING_SPEEDS": _reading_speeds,
    "IMAGE_SIZES": _image_sizes,
}
