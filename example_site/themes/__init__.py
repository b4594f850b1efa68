"""The brands that the site can be; the setting `THEME` is one.

A theme is a folder here: `theme.css`, which sets custom properties and nothing else, its fonts,
what it says of itself (`labels.yaml`), and the templates that it overrides. "atlas" has none: it is
what the site is without a theme.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FOLDER = Path(__file__).resolve().parent


class Theme(NamedTuple):
    """A brand: `grounds` are the page's in light and dark, `fonts` what each direction preloads."""

    key: str
    name: str
    grounds: tuple[str, str]
    fonts: dict[str, tuple[str, ...]]

    @property
    def folder(self) -> Path:
        return FOLDER / self.key

    @property
    def is_default(self) -> bool:
        return not self.folder.is_dir()

    @property
    def own_folder(self) -> str:
        """Where it keeps its files in the folder of what the site writes."""
        return "" if self.is_default else self.key


THEMES = {
    theme.key: theme
    for theme in (
        Theme(
            "atlas",
            "Atlas & Axis",
            ("#f6f1e7", "#1c1a17"),
            {"ltr": ("young-serif", "commissioner"), "rtl": ("vazirmatn", "markazi-text")},
        ),
        Theme(
            "thirtythree",
            "Thirty-Three",
            ("#ffffff", "#0e1016"),
            {"ltr": ("archivo",), "rtl": ("cairo", "archivo")},
        ),
    )
}


def theme_named(key: str) -> Theme:
    """The theme of a key; `ImproperlyConfigured` where there is none."""
    if key not in THEMES:
        raise ImproperlyConfigured(f"There is no theme {key!r}. There are: {', '.join(THEMES)}.")
    return THEMES[key]


def theme(request: Any) -> dict[str, Theme]:
    """A context processor: the brand that the site is."""
    return {"theme": settings.THEME}
