"""The style guide in both brands: accessible, valid, and never wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import DESKTOP, PHONE, open_all, served, settle
from tests.e2e.test_accessibility import AXE, violations
from tests.e2e.test_html import errors_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

LANGUAGES = ("nl", "ar")
THEMES = ("atlas", "thirtythree")


@pytest.fixture(scope="module")
def brands(origin: str, site_folder: Path) -> Iterator[dict[str, str]]:
    """{theme: where the site is served as that brand}."""
    with served(site_folder, theme=THEMES[1]) as other:
        yield dict(zip(THEMES, (origin, other), strict=True))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_accessible_and_fits(
    theme: str, language: str, brands: dict[str, str], browser: Browser
) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(f"{brands[theme]}/{language}/styleguide/")
    settle(page)
    open_all(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        sideways = "() => document.documentElement.scrollWidth - innerWidth"
        found += [f"{width}: scrolls sideways"] if page.evaluate(sideways) > 0 else []
        # Each scheme at each width, in one of the two languages.
        scheme = "light" if (width == PHONE) == (language == LANGUAGES[0]) else "dark"
        page.emulate_media(color_scheme=scheme)
        # The guide shows one landmark in several states, which a page of a site would not.
        lines = violations(page, without=["landmark-unique"])
        found += [f"{width}, {scheme}: {line}" for line in lines]
    page.close()
    assert found == []


def test_the_style_guides_are_valid_html(brands: dict[str, str], tmp_path: Path) -> None:
    addresses = {
        f"{theme}-{language}": f"{brands[theme]}/{language}/styleguide/"
        for theme in THEMES
        for language in LANGUAGES
    }
    assert errors_in(addresses, tmp_path) == []
