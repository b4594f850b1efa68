"""Whether a shop's texts are in a market's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market


def is_language_of(language: str, market: Market) -> bool:
    """Whether texts in `language` may stand in a market's pages; the region does not count."""
    return _base(language) == _base(market.language)


def _base(language: str) -> str:
    """The language without its region: "pt" of "pt-BR"."""
    return language.lower().replace("_", "-").partition("-")[0]
