"""A site with its own products, people and ratings: see `own_models/checks.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = "tests.sites.own_models"
MANAGE = [sys.executable, "-m", "django"]


def run(command: Sequence[str], migrations: Path) -> str:
    """The output of a command that must succeed, with the site's settings and own database."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": f"{SITE}.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(migrations)]),
        "ANODYNE_TEST_DB_NAME": f"anodyne_own_models_{os.getpid()}",
    }
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A folder with the migrations that `makemigrations` writes for the site."""
    package = tmp_path / "migrations_of_own_models"
    package.mkdir()
    (package / "__init__.py").touch()
    run([*MANAGE, "makemigrations", "own_models", "--skip-checks"], tmp_path)
    return tmp_path


def test_a_site_with_its_own_models_has_all_that_the_package_does(migrations: Path) -> None:
    checks = str(Path(__file__).parent / "own_models" / "checks.py")
    run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", checks], migrations)
