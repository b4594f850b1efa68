"""An article goes to translators and comes back, on a site with wagtail-localize."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.once
def test_only_words_are_translated_and_all_else_is_kept() -> None:
    """In a process of its own: it takes the place of simple_translation."""
    round_trip = [HERE / "round_trip.py", "--ds=tests.translating.settings"]
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *round_trip],
        cwd=ROOT,
        env={**others, "ANODYNE_TEST_DB": ""},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
