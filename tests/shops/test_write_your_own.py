"""The worked example of docs/how-to/shops/write-your-own.md runs, and keeps the contract."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "shops"
_class, _tests, _settings = re.findall(
    r"^```python\n(.*?)^```", (DOCS / "write-your-own.md").read_text(), re.DOTALL | re.MULTILINE
)
_module = ModuleType("in_house")
exec(_class, vars(_module))
sys.modules["in_house"] = _module
exec(_tests)


def test_its_options_are_checked() -> None:
    options = {"url": "shop.example", "token": "x"}
    assert _module.InHouse.check_options(options)[0][0] == "url is no http(s) address."
