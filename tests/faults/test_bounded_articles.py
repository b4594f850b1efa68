"""Articles of thousands of blocks: what they print grows as what was written."""

from __future__ import annotations

from typing import Any

import pytest

from anodyne_blocks.blocks.navigation import MOST_CONTENTS
from tests import factories

pytestmark = pytest.mark.django_db


def article(count: int) -> list[tuple[str, Any]]:
    """So many headings, and before each a table of them all."""
    return [
        block
        for number in range(count)
        for block in (
            ("contents", {"label": "", "depth": "2"}),
            ("heading", {"text": f"Part {number}", "level": "2", "anchor": ""}),
        )
    ]


def test_a_page_shows_its_first_tables_of_contents() -> None:
    page = factories.page(*article(10))
    html = page.body.render_as_block()
    assert html.count("<nav") == MOST_CONTENTS
    assert html.count('href="#part-9"') == MOST_CONTENTS


def test_a_table_beside_each_heading_takes_no_square() -> None:
    small, large = (len(factories.page(*article(n)).body.render_as_block()) for n in (50, 500))
    print(f"tables of contents beside 50 and 500 headings: {small:,} and {large:,} bytes")
    assert large < 11 * small
