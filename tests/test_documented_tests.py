"""The tests that docs/how-to/test-your-site.md gives to sites run, and pass."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

from tests.testapp import models

GUIDE = Path(__file__).parents[1] / "docs" / "how-to" / "test-your-site.md"
_fixtures, *_tests = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
_conftest, _home = ModuleType("conftest"), ModuleType("home")
_modules = {"home": _home, "home.models": models, "conftest": _conftest}
