"""The validators accept a full page, and each planted mistake is caught by those that claim it."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from anodyne_blocks.json_ld import page_json_ld
from tests.json_ld import mistakes, validators
from tests.json_ld.pages import full_page

pytestmark = [
    # Not for Python alone: the validators come from npm.
    pytest.mark.browser,
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


def test_each_planted_mistake_is_caught(tmp_path: Path) -> None:
    clean = page_json_ld(full_page())
    html = validators.page_of(clean)
    pages, expected = {"clean": html}, {"clean": set()}
    for name, (plant, catchers) in mistakes.IN_THE_GRAPH.items():
        graph = copy.deepcopy(clean)
        plant(graph)
        assert graph != clean
        key = name.replace(" ", "-")
        pages[key], expected[key] = validators.page_of(graph), catchers
    for name, (spoil, catchers) in mistakes.IN_THE_TEXT.items():
        assert spoil(html) != html
        key = name.replace(" ", "-")
        pages[key], expected[key] = spoil(html), catchers
    found = validators.all_of(pages, tmp_path)
    caught = {name: {tool for tool in found if name in found[tool]} for name in pages}
    assert caught == expected
    assert len(pages) > 20 and all(caught[name] for name in pages if name != "clean")
