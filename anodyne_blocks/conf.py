"""The package's setting, `ANODYNE_BLOCKS`, and those that name a site's own models.

`ANODYNE_BLOCKS` is read at use, not at import, so that `override_settings` works in tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.autoreload import file_changed
from django.utils.module_loading import import_string

from anodyne_blocks.languages import variants

__all__ = ["Market", "get", "image_sizes", "market_for_language", "markets"]

SETTING_NAME = "ANODYNE_BLOCKS"

# Models that a site may have in place of the package's: settings of their own, as Django's
# `swappable` wants them.
PRODUCT_MODEL = "ANODYNE_BLOCKS_PRODUCT_MODEL"
PERSON_MODEL = "ANODYNE_BLOCKS_PERSON_MODEL"
SHOP_RATING_MODEL = "ANODYNE_BLOCKS_SHOP_RATING_MODEL"
MODELS = {
    PRODUCT_MODEL: "anodyne_blocks.Product",
    PERSON_MODEL: "anodyne_blocks.Person",
    SHOP_RATING_MODEL: "anodyne_blocks.ShopRating",
}

# What a value of `UTM` may hold, filled in for each link: see "Attribution" in the how-to guides.
PLACEHOLDERS = ("page", "element", "position", "product", "market")
PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")

_P = ParamSpec("_P")
_T = TypeVar("_T")

DEFAULT_PRICE_RULE = "anodyne_blocks.pricing.rules.EU"

DEFAULTS: dict[str, Any] = {
    # {key: {"LOCALES": [...], "SITES": [...], "COUNTRY": "NL", "CURRENCY": "EUR", ...}}
    "MARKETS": {},
    # {key: {"BACKEND": dotted, "OPTIONS": {...}}}
    "SHOPS": {},
    # Hours after which a price that no shop confirmed is stale.
    "STALE_AFTER_HOURS": 48,
    # Minutes between two refreshes of a product that a published page shows, and of all others.
    "REFRESH_MINUTES": 30,
    "REFRESH_MINUTES_UNUSED": 24 * 60,
    # What a card shows for a stale price: "date" (price on <date>) or "hide".
    "STALE_PRICE": "date",
    # What stands where a withdrawn product's card was: "notice" or "hide".
    "WITHDRAWN_PRODUCT": "notice",
    # Used and refurbished goods: "show" (the card says so) or "hide".
    "USED_PRODUCTS": "show",
    # Added to every product link, e.g. {"utm_source": "magazine", "utm_content": "{element}"}.
    "UTM": {},
    # The best score of a verdict, a whole number; None where the magazine gives no scores.
    "SCORE_BEST": 10,
    # Days after which a test says that it is old, and is reported to the editor.
    "TEST_MAX_AGE_DAYS": 730,
    # Where an article with paid placements says so once: "block" (where an editor puts it) or
    # "byline" (also there, on pages without such a block).
    "ARTICLE_DISCLOSURE": "block",
    "SHARE_NETWORKS": ["email", "whatsapp", "facebook", "linkedin"],
    # A source list longer than this opens with "Show all sources".
    "SOURCES_OPEN_UP_TO": 8,
    # A style of the Citation Style Language: its name, or the path of a .csl file; "" is built in.
    "SOURCES_STYLE": "",
    # Days between two checks of a source, and whom its server's owner may write to about them.
    "SOURCES_CHECK_DAYS": 30,
    "SOURCES_CONTACT": "",
    # Days after which a shop rating's figures are reported to the editor.
    "RATING_MAX_AGE_DAYS": 90,
    # A reviewer box whose text has changed since: "notice" (the box says so) or "hide".
    "OUTDATED_REVIEW": "notice",
    # A person's, rating's or offer's words in another language than the page's: "hide" them, or
    # "mark" them with their language.
    "UNTRANSLATED_TEXTS": "hide",
    # Days before the next review is due from which on it is reported.
    "REVIEW_DUE_DAYS": 30,
    # A reviewer box beside a card of a regulated product: "warn" (the editor) or "error".
    "REVIEWED_REGULATED_PRODUCTS": "warn",
    # Words per minute by language code, in place of the package's table.
    "READING_SPEEDS": {},
    # {class or name of a site's own block: what it is in an article}; see `article.own_blocks`.
    "OWN_BLOCKS": {},
    # schema.org types of the page ("MedicalWebPage" for medical content) and of the article.
    "JSON_LD_PAGE_TYPE": "WebPage",
    "JSON_LD_ARTICLE_TYPE": "Article",
    # {element type: dotted path of a function(element, graph)}, in place of the package's own.
    "JSON_LD_BUILDERS": {},
    # {name: {"URL": "https://…", "SECRET": "whsec_…", …}}: who is told when pages change.
    "CHANGE_EVENTS": {},
    # {"HEADERS": ["Surrogate-Key"], "PREFIX": ""}: tags by which a CDN purges answers.
    "CACHE_TAGS": {},
    # Origins whose scripts may read the products endpoint; "*" for all.
    "PRICES_FOR_ORIGINS": [],
    # {role: {size name: Wagtail filter spec}}; each role is merged with the package's own.
    "IMAGE_SIZES": {},
    # Pixels (of all frames) that a shop's picture may have. Each takes four bytes while it is read.
    "IMPORTED_PIXELS": 25_000_000,
    # How deep a query of GraphQL may go, and how many fields it may ask for.
    "GRAPHQL_DEPTH": 12,
    "GRAPHQL_COST": 50_000,
}

IMAGE_SIZES: dict[str, dict[str, str]] = {
    "product": {
        "small": "max-240x240|format-webp",
        "medium": "max-480x480|format-webp",
        "large": "max-960x960|format-webp",
    },
    "portrait": {
        "small": "fill-96x96|format-webp",
        "medium": "fill-192x192|format-webp",
        "large": "fill-384x384|format-webp",
    },
    "figure": {
        "small": "width-480|format-webp",
        "medium": "width-800|format-webp",
        "large": "width-1200|format-webp",
        "xlarge": "width-1800|format-webp",
    },
    # The ratios that Google's documentation of articles asks for.
    "search": {
        "square": "fill-1200x1200|format-webp",
        "standard": "fill-1200x900|format-webp",
        "wide": "fill-1200x675|format-webp",
    },
}


@dataclass(frozen=True)
class Market:
    """A country's or region's offer conditions: currency, tax and price law.

    `sites` are hostnames, with a port or for all ports: then only pages of these sites sell here.
    `language` is the language in which a shop is asked for this market's titles and texts. A
    country with two languages is two markets, because a title has one language.
    """

    key: str
    locales: tuple[str, ...] = ()
    country: str = ""
    currency: str = ""
    price_rule: str = DEFAULT_PRICE_RULE
    price_rule_options: dict[str, Any] = field(default_factory=dict, hash=False)
    sites: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The code of the language in which shops are asked: the first of `locales`."""
        return self.locales[0] if self.locales else settings.LANGUAGE_CODE

    @cached_property
    def rule(self) -> Any:
        """The market's price rule, an instance of `pricing.rules.PriceRule` (a room above)."""
        return import_string(self.price_rule).from_options(self.price_rule_options)

    @cached_property
    def fingerprint(self) -> str:
        """The rule's fingerprint: results of another rule are not believed."""
        fingerprint: str = self.rule.fingerprint
        return fingerprint


# A site that names no markets has this one, for every language.
SINGLE_MARKET = Market(key="default")


_forget_each: list[Callable[[], None]] = []


def remembered(maxsize: int) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """`lru_cache` for a pure function that also reads settings or messages: they seldom change."""

    def decorate(function: Callable[_P, _T]) -> Callable[_P, _T]:
        cached = lru_cache(maxsize=maxsize, typed=True)(function)
        _forget_each.append(cached.cache_clear)
        # Its own type knows no parameters.
        return cast(Callable[_P, _T], cached)

    return decorate


def get(name: str) -> Any:
    """The value of one key of `ANODYNE_BLOCKS`, or its default. `KeyError` for unknown keys."""
    return getattr(settings, SETTING_NAME, {}).get(name, DEFAULTS[name])


@remembered(maxsize=1)
def stale_after() -> timedelta:
    """The age from which on a price that no shop confirmed is stale."""
    return timedelta(hours=get("STALE_AFTER_HOURS"))


def markets() -> dict[str, Market]:
    """All markets by key, in the order of the setting."""
    return _markets() or {SINGLE_MARKET.key: SINGLE_MARKET}


@remembered(maxsize=1)
def _markets() -> dict[str, Market]:
    return {key: market_from_setting(key, options) for key, options in get("MARKETS").items()}


def market_from_setting(key: str, options: dict[str, Any]) -> Market:
    return Market(
        key=key,
        locales=tuple(options["LOCALES"]),
        country=options.get("COUNTRY", ""),
        currency=options["CURRENCY"],
        price_rule=options.get("PRICE_RULE", DEFAULT_PRICE_RULE),
        price_rule_options=options.get("PRICE_RULE_OPTIONS", {}),
        sites=tuple(options.get("SITES", ())),
    )


def have_sites() -> bool:
    return any(market.sites for market in _markets().values())


@remembered(maxsize=1024)
def market_for_language(language: str, site: str = "") -> Market | None:
    """The market of pages in this language on a site, by its address ("https://shop.example").

    Markets that belong to this site come before those that belong to none ("" is a page outside any
    site), and a market whose `LOCALES` hold the code before one that has its base language. None
    means that no offer may be shown: a wrong currency is worse than no price.
    """
    if not _markets():
        return SINGLE_MARKET
    of_site = [m for m in _markets().values() if any(is_address(name, site) for name in m.sites)]
    of_none = [market for market in _markets().values() if not market.sites]
    for markets in (of_site, of_none):
        for code in variants(language):
            for market in markets:
                if code in market.locales:
                    return market
    return None


def market_to_show(language: str) -> Market:
    """A market for examples and first guesses: one with this language, on whatever site, or any."""
    sites = ("", *(f"//{name}" for market in _markets().values() for name in market.sites))
    found = (market_for_language(language, site) for site in sites)
    return next((market for market in found if market), None) or next(iter(markets().values()))


def is_address(name: str, site: str) -> bool:
    """Whether a hostname (with a port or without) names the site with this address."""
    named, given = urlsplit(f"//{name}"), urlsplit(site)
    port = given.port or (443 if given.scheme == "https" else 80)
    return named.hostname == given.hostname and named.port in (None, port)


def is_multilingual() -> bool:
    """Whether each page is in the language of its locale; else all are in `LANGUAGE_CODE`."""
    return settings.USE_I18N and getattr(settings, "WAGTAIL_I18N_ENABLED", False)


def language_of(locale: str) -> str:
    """The language of pages in a locale (its code): the site's own where there is only one.

    Then Wagtail keeps the locale that `LANGUAGE_CODE` named when the page was made.
    """
    return locale if is_multilingual() else settings.LANGUAGE_CODE


def image_sizes(role: str) -> dict[str, str]:
    """{size name: Wagtail filter spec} of one role ("product", "portrait" or "figure")."""
    own: dict[str, str] = get("IMAGE_SIZES").get(role, {})
    return IMAGE_SIZES[role] | own


def forget(sender: Any = None, **kwargs: Any) -> None:
    """Work out anew what `remembered` functions know."""
    for forget_one in _forget_each:
        forget_one()


setting_changed.connect(forget)
# A catalogue of messages that a developer compiles, and the like.
file_changed.connect(forget)


def page_model() -> Any:
    """Wagtail's `Page`, or the model that the site has in its place (Wagtail 8.0 and later)."""
    return apps.get_model(getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"))


def model_label(setting: str) -> str:
    """The model of one of `MODELS`: "anodyne_blocks.Product", or what the site has in its place."""
    return str(getattr(settings, setting, MODELS[setting]))


def stored_model(setting: str) -> Any:
    """The class of one of `MODELS`. `ImproperlyConfigured` where the site has no such model."""
    label = model_label(setting)
    try:
        return apps.get_model(label, require_ready=False)
    except (LookupError, ValueError) as reason:
        message = (
            f"{setting} is {label!r}, no model of this site. Write for example “shop.Product”."
        )
        raise ImproperlyConfigured(message) from reason


def name_models() -> None:
    """Give those of `MODELS` that the site does not set their defaults.

    Django writes `settings.ANODYNE_BLOCKS_PERSON_MODEL` into migrations that refer to a person.
    """
    for setting in MODELS:
        setattr(settings, setting, model_label(setting))
