"""The demonstration's texts, read from example_site/content/."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from example_site.themes import THEMES

CONTENT = settings.BASE_DIR / "content"
ARTICLES = ("desk", "sleep", "knee", "fidget")


@lru_cache(maxsize=64)
def load(name: str) -> dict[str, Any]:
    """One file of the content folder, such as "nl/desk"; it speaks of the site by its name."""
    text = (CONTENT / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text.replace(THEMES["atlas"].name, settings.WAGTAIL_SITE_NAME))


@lru_cache(maxsize=1)
def theme_labels() -> dict[str, dict[str, str]]:
    """{language: what the site's theme says in place of the magazine's labels}."""
    path = settings.THEME.folder / "labels.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def labels(language: str) -> dict[str, str]:
    """The magazine's own words in a language."""
    return {**load(f"{language}/site")["labels"], **theme_labels().get(language, {})}


def has_article(language: str, key: str) -> bool:
    """Whether an article is written in a language."""
    return (CONTENT / language / f"{key}.yaml").exists()
