"""Sites in variations, each in a process of its own: see `steps.py` for what is tried on each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.settings import ROOT

VARIATIONS = sorted(
    path.stem
    for path in (Path(__file__).parent / "settings").glob("[a-z]*.py")
    if path.stem != "base"
)


@pytest.mark.sites
@pytest.mark.parametrize("variation", VARIATIONS)
def test_a_site_works(variation: str, record_property: Callable[[str, object], None]) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
    } | {"ANODYNE_TEST_DB": ""}
    result = subprocess.run(
        [sys.executable, "-m", "tests.sites.probe", variation],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    outcomes = json.loads(result.stdout.splitlines()[-1])
    record_property("variation", variation)
    record_property("outcomes", outcomes)
    failed = {step: how for step, how in outcomes.items() if how not in ("ok", "–")}
    assert not failed, json.dumps(failed, indent=2, ensure_ascii=False) + "\n" + result.stderr
