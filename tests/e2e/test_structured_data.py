"""Every validator accepts the structured data of every article of the example site."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.e2e.site import ARTICLE_ADDRESSES
from tests.json_ld import validators

pytestmark = pytest.mark.browser


def test_every_validator_accepts_every_article(origin: str, tmp_path: Path) -> None:
    pages = {}
    for address in ARTICLE_ADDRESSES:
        with urllib.request.urlopen(origin + address.path) as response:
            pages[address.name] = response.read().decode()
    problems = validators.all_of(pages, tmp_path)
    assert problems == dict.fromkeys(problems, {})
    assert len(problems) == 5 and len(pages) > 10
