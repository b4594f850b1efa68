"""The demonstration's texts, read from example_site/content/."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

CONTENT = settings.BASE_DIR / "content"
ARTICLES = ("desk", "sleep", "knee", "fidget")


@lru_cache(maxsize=64)
def load(name: str) -> dict[str, Any]:
    """One file of the content folder, such as "nl/desk"."""
    return yaml.safe_load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8"))


def labels(language: str) -> dict[str, str]:
    """The magazine's own words in a language."""
    return load(f"{language}/site")["labels"]


def has_article(language: str, key: str) -> bool:
    """Whether an article is written in a language."""
    return (CONTENT / language / f"{key}.yaml").exists()
