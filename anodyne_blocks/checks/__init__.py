"""System checks of the `ANODYNE_BLOCKS` setting and of theme templates.

Each message has an id, says where, and has a hint that says what to do.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from anodyne_blocks import conf
from anodyne_blocks.checks.contracts import check_overrides
from anodyne_blocks.checks.markets import check_markets, check_shops
from anodyne_blocks.checks.messages import error, warning
from anodyne_blocks.checks.models import check_models, check_tables
from anodyne_blocks.checks.values import CHECKS

__all__ = ["check_models", "check_overrides", "check_settings", "check_tables"]


CHECKS_OF_KEYS = {"MARKETS": check_markets, "SHOPS": check_shops, **CHECKS}


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
        if name in CHECKS_OF_KEYS:
            messages += CHECKS_OF_KEYS[name](name, own)
        elif name not in conf.DEFAULTS:
            message = f"{conf.SETTING_NAME} has an unknown key {name!r}."
            hint = f"It has no effect. Known keys: {', '.join(conf.DEFAULTS)}."
            messages.append(warning(1, message, hint))
    return messages
