"""Fixtures for all tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.utils import translation

ROOT = Path(__file__).parent.parent

# Other tests run beside, and machines differ: no example fails because it took long.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path: Path) -> Path:
    """Each test's uploads and renditions go into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def active_language(settings) -> Iterator[None]:
    """Each test begins in the site's language: a request leaves its own active in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def wheel_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's wheel, built from its sdist, so that neither lacks a file."""
    folder = tmp_path_factory.mktemp("dist")
    # A copy, because building writes into the sources, and other processes build at the same time.
    built = shutil.ignore_patterns(
        ".venv*", ".git", ".*_cache", "*.egg-info", "node_modules", "var", "build", "dist", "_build"
    )
    sources = shutil.copytree(ROOT, folder / "sources", ignore=built)
    build = [sys.executable, "-m", "build", "--no-isolation"]
    command = [*build, "--outdir", str(folder), str(sources)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    (path,) = folder.glob("*.whl")
    return path
