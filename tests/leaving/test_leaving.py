"""A site with content leaves the package by the docs, and comes back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def step(name: str, site: Path, models: str, **environment: str) -> None:
    """One step of `steps.py`, with the site's models as they are then."""
    shutil.copy(HERE / models, site / "pages" / "models.py")
    environment |= {
        "ANODYNE_SITE": str(site),
        "DJANGO_SETTINGS_MODULE": "tests.leaving.settings",
        "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    result = subprocess.run(
        [sys.executable, HERE / "steps.py", name],
        cwd=site,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, f"{name}: {result.stdout}{result.stderr}"


@pytest.mark.once
def test_nothing_remains_of_the_package_and_it_can_come_back(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "__init__.py").touch()
    step("come", tmp_path, "models_with.py")
    shutil.copy(HERE / "remove_cards.py", pages / "migrations" / "0002_remove_cards.py")
    step("leave", tmp_path, "models_without.py")
    for migration in (pages / "migrations").glob("0*.py"):
        assert "import anodyne_blocks" not in migration.read_text()
    step("clear", tmp_path, "models_without.py", ANODYNE_LEFT="1")
    step("come_back", tmp_path, "models_with.py")
