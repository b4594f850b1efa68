"""Shops and markets as forms and filters offer them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anodyne_blocks import conf
from anodyne_blocks.models import AbstractProduct
from anodyne_blocks.shops import shop_aliases

BY_HAND = "-"  # no alias: a shop's key is never punctuation alone


def shop_name(product: AbstractProduct) -> str:
    """The alias of the product's shop, or that it is kept by hand."""
    return product.shop or gettext("by hand")


def shop_choices() -> list[tuple[str, Any]]:
    """The shops of the setting, and "by hand"."""
    return [*((alias, alias) for alias in shop_aliases()), (BY_HAND, _("by hand"))]


def market_choices() -> list[tuple[str, str]]:
    """The markets of the setting with their currencies: ("nl", "nl (EUR)")."""
    return [
        (market.key, f"{market.key} ({market.currency})" if market.currency else market.key)
        for market in conf.markets().values()
    ]
