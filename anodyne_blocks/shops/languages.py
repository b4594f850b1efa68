"""Whether a shop's texts are in a market's language."""

from __future__ import annotations

from anodyne_blocks.conf import Market

__all__ = [
    "is_language_of",
]

# Chinese has two scripts, and not everybody reads both. Some codes name one by a region.
_SCRIPTS = {
    "hans": "hans", "cn": "hans", "sg": "hans",
    "hant": "hant", "tw": "hant", "hk": "hant", "mo": "hant",
}  # fmt: skip


def is_language_of(language: str, market: Market) -> bool:
    """Whether texts in `language` may stand in a market's pages."""
    return is_same(language, market.language)


def is_same(language: str, other: str) -> bool:
    """Whether who reads one of the two reads the other: the region does not count, a script does.

    A language is written as in "pt-BR", "pt_br" or "PT_BR".
    """
    scripts = {_script(language), _script(other)} - {""}
    return _base(language) == _base(other) and len(scripts) < 2


def _base(language: str) -> str:
    base = _parts(language)[0]
    # What Norwegian pages call Bokmål.
    return "nb" if base == "no" else base


def _script(language: str) -> str:
    base, *rest = _parts(language)
    return next((_SCRIPTS[part] for part in rest if part in _SCRIPTS), "") if base == "zh" else ""


def _parts(language: str) -> list[str]:
    return language.lower().replace("_", "-").split("-")
