"""Fixtures for the tests of templates and stylesheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.elements import Element

BLOCKS = ArticleBody().child_blocks


@pytest.fixture
def element() -> Callable[..., Element]:
    """The element of a block's preview; needs no database."""

    def made(name: str, language: str = "en") -> Element:
        block = BLOCKS[name]
        with translation.override(language):
            value = block.get_preview_value()
            context = block.get_preview_context(value)["article_context"]
            found = block.element(value, context)
        assert found is not None
        return found

    return made


@pytest.fixture
def render() -> Callable[[str], str]:
    """A block's preview as HTML, through whatever templates the site has."""

    def rendered(name: str) -> str:
        block = BLOCKS[name]
        value = block.get_preview_value()
        return block.render(value, block.get_preview_context(value))

    return rendered


@pytest.fixture
def theme(settings: Any, tmp_path: Path) -> Callable[[str, str], None]:
    """A theme: writes a template into a folder that comes before the package's."""
    folder = tmp_path / "theme"

    def write(name: str, source: str) -> None:
        path = folder / "anodyne_blocks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        # A new list: Django drops its loaded templates when the setting changes.
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]

    return write
