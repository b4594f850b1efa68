"""A language that most packages lack: pt-br."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import ANODYNE_BLOCKS, PROBE

LANGUAGE_CODE = "pt-br"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("pt-br", "Português (Brasil)"), ("da", "Dansk")]
ANODYNE_BLOCKS = {
    **ANODYNE_BLOCKS,
    "MARKETS": {
        "own": {
            "LOCALES": ["pt-br"],
            "COUNTRY": "BR",
            "CURRENCY": "BRL",
            "PRICE_RULE": "anodyne_blocks.pricing.rules.ListPrice",
        }
    },
}
PROBE = {**PROBE, "locale": "pt-br", "language": "pt-br", "market": "own"}
