"""System checks of the `ANODYNE_BLOCKS` setting, of its surroundings, StreamFields and templates.

Each message has an id, says where, and has a hint that says what to do.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, register

from anodyne_blocks import conf

# Each registers its checks.
from anodyne_blocks.checks import contracts, databases, fields, languages, models, site  # noqa: F401
from anodyne_blocks.checks.events import check_cache_tags, check_origins, check_receivers
from anodyne_blocks.checks.markets import check_markets, check_shops
from anodyne_blocks.checks.messages import error, not_a_dict, warning
from anodyne_blocks.checks.own_blocks import check_own_blocks
from anodyne_blocks.checks.values import CHECKS

CHECKS_OF_KEYS = {
    "MARKETS": check_markets,
    "SHOPS": check_shops,
    "OWN_BLOCKS": check_own_blocks,
    "CHANGE_EVENTS": check_receivers,
    "CACHE_TAGS": check_cache_tags,
    "PRICES_FOR_ORIGINS": check_origins,
    **CHECKS,
}


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
        if isinstance(conf.DEFAULTS.get(name), dict) and not isinstance(own, dict):
            messages += not_a_dict(own, name)
        elif name in CHECKS_OF_KEYS:
            messages += CHECKS_OF_KEYS[name](name, own)
        else:
            message = f"{conf.SETTING_NAME} has an unknown key {name!r}."
            hint = f"It has no effect. Known keys: {', '.join(conf.DEFAULTS)}."
            messages.append(warning(1, message, hint))
    return messages


@register("anodyne_blocks")
def check_order_of_apps(**kwargs: Any) -> list[CheckMessage]:
    """That API v3 has not read the page models before it knew the field."""
    if apps.get_app_config("anodyne_blocks").is_known_to_apis:  # type: ignore[attr-defined]
        return []
    return [
        warning(
            33,
            "Wagtail's API v3 does not know an ArticleField: an app that comes before"
            " anodyne_blocks had it read the page models.",
            "In INSTALLED_APPS put anodyne_blocks before wagtail.contrib.redirects, and before"
            " every app that imports wagtail.api.v3 when it is ready.",
        )
    ]
