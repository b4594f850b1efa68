"""wagtail-headless-preview shows drafts with their elements; it needs a site of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_an_unsaved_draft_is_previewed_in_the_front_end() -> None:
    # In memory: the tests' own database is not this site's.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ANODYNE_TEST_DB": ""}
    script = Path(__file__).parent / "headless_preview" / "check.py"
    result = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == "previewed\n"
