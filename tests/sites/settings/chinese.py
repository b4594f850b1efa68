"""A language that most packages lack: zh-hans."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import ANODYNE_BLOCKS, PROBE

LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文"), ("da", "Dansk")]
ANODYNE_BLOCKS = {
    **ANODYNE_BLOCKS,
    "MARKETS": {
        "own": {
            "LOCALES": ["zh-hans"],
            "COUNTRY": "CN",
            "CURRENCY": "CNY",
            "PRICE_RULE": "anodyne_blocks.pricing.rules.ListPrice",
        }
    },
}
PROBE = {**PROBE, "locale": "zh-hans", "language": "zh-hans", "market": "own"}
