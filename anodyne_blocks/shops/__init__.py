"""Commerce back ends: the shops that the setting names, and the types that all of them speak."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from anodyne_blocks import conf
from anodyne_blocks.pricing.goods import Goods, ItemCondition, Stock
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Found,
    Gone,
    InvalidWebhook,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    WebhookHint,
    nothing_known,
    unreadable,
    wrong_currency,
)
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known, Variant, choose, is_from

__all__ = [
    "DATA_ERRORS",
    "ItemCondition",
    "Found",
    "Gap",
    "Gone",
    "Goods",
    "InvalidOffer",
    "InvalidWebhook",
    "Known",
    "Remember",
    "Shop",
    "ShopError",
    "ShopOffer",
    "Skipped",
    "Stock",
    "Unknown",
    "Variant",
    "choose",
    "is_from",
    "nothing_known",
    "unreadable",
    "wrong_currency",
    "WebhookHint",
    "get_shop",
    "shop_aliases",
    "shop_class",
]


def shop_aliases() -> list[str]:
    """The keys of the `SHOPS` setting, in its order."""
    return list(conf.get("SHOPS"))


def get_shop(alias: str) -> Shop:
    """A new instance of the shop that the setting names `alias`.

    Build it once per piece of work, and in a `with`: it may hold connections or a fetched feed.
    `ImproperlyConfigured` for an unknown alias, a class that cannot be imported or wrong options.
    """
    options = _setting(alias).get("OPTIONS", {})
    try:
        return shop_class(alias)(alias, **options)
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"Shop {alias!r} has wrong OPTIONS: {error}") from error


def shop_class(alias: str) -> type[Shop]:
    """The class of the shop named `alias`; `ImproperlyConfigured` when there is none."""
    dotted = _setting(alias).get("BACKEND", "")
    try:
        backend = import_string(dotted)
    except ImportError as error:
        raise ImproperlyConfigured(f"Shop {alias!r}: cannot import {dotted!r}: {error}") from error
    if not (isinstance(backend, type) and issubclass(backend, Shop)):
        raise ImproperlyConfigured(
            f"Shop {alias!r}: {dotted!r} is no subclass of anodyne_blocks.shops.base.Shop."
        )
    return backend


def _setting(alias: str) -> dict[str, Any]:
    shops = conf.get("SHOPS")
    try:
        return shops[alias]
    except KeyError:
        known = ", ".join(shops) or "none"
        raise ImproperlyConfigured(
            f"ANODYNE_BLOCKS['SHOPS'] has no shop {alias!r}. It has: {known}."
        ) from None
