"""Which texts may stand in which market's pages."""

from __future__ import annotations

import pytest

from anodyne_blocks.shops.languages import is_same


@pytest.mark.parametrize(
    ("spoken", "asked", "same"),
    [
        ("nl", "nl-be", True),
        ("PT_BR", "pt", True),
        ("no", "nb", True),
        ("da", "de", False),
        ("zh", "zh-hant", True),
        ("ZH_CN", "zh-hans", True),
        ("zh_Hant", "zh-hk", True),
        ("zh-tw", "zh-hans", False),
        ("en-tw", "en-cn", True),
    ],
)
def test_a_region_does_not_count_but_a_script_does(spoken: str, asked: str, same: bool) -> None:
    assert is_same(spoken, asked) is is_same(asked, spoken) is same
