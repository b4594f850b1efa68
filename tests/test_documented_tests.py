"""The tests that docs/how-to/test-your-site.md gives to sites run here, and pass."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import factories
from tests.testapp import models

GUIDE = Path(__file__).parents[1] / "docs" / "how-to" / "test-your-site.md"
_fixtures, *_tests = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.M | re.S)
_modules = {"home": ModuleType("home"), "home.models": models, "conftest": ModuleType("conftest")}
_before = {name: sys.modules.get(name) for name in _modules}
sys.modules.update(_modules)
try:
    exec(_fixtures, vars(_modules["conftest"]))
    exec("from conftest import *\n" + "\n".join(_tests))
finally:
    for _name, _module in _before.items():
        if _module is None:
            del sys.modules[_name]
        else:
            sys.modules[_name] = _module


@pytest.fixture(autouse=True)
def tutorial_site(db: None, settings: Any) -> None:
    """The market of the tutorial, and a front page."""
    market = {"LOCALES": ["en"], "COUNTRY": "IE", "CURRENCY": "EUR"}
    factories.setting(settings, MARKETS={"ie": market})
    factories.home()
