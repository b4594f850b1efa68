"""The documentation names every setting and every price rule that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from anodyne_blocks import conf
from anodyne_blocks.pricing import rules

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


@pytest.mark.parametrize("name", conf.DEFAULTS)
def test_each_setting_is_documented(name: str) -> None:
    assert f"\n`{name}`\n: " in (REFERENCE / "settings.md").read_text()


def test_each_price_rule_is_documented() -> None:
    page = (REFERENCE / "price-rules.md").read_text()
    named = {
        name
        for name, rule in vars(rules).items()
        if isinstance(rule, type) and issubclass(rule, rules.PriceRule)
    }
    assert {name for name in named if f"`{name}`" not in page} == set()
