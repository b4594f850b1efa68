"""Commands whose surroundings fail end in one clear sentence and with the right exit code."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from anodyne_blocks.shops.dummy import Dummy

COMMANDS = {
    "import_products": [],
    "refresh_products": [],
    "prune_price_changes": ["--older-than", "400"],
    "mark_mistaken": [
        "--shop", "feed", "--since", "2026-01-01", "--until", "2026-01-02", "--why", "x",
    ],
}  # fmt: skip
SETTINGS = """
from tests.settings import *
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": %r}}
FEED = {"BACKEND": "anodyne_blocks.shops.dummy.Dummy", "OPTIONS": {"products": {}}}
ANODYNE_BLOCKS = {**ANODYNE_BLOCKS, "SHOPS": {"feed": FEED}}
"""


def run(folder: Path, database: str, command: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with this SQLite database."""
    (folder / "broken_settings.py").write_text(SETTINGS % database)
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "broken_settings",
        "PYTHONPATH": f"{folder}{os.pathsep}{Path.cwd()}",
    }
    line = [sys.executable, "-m", "django", command, *COMMANDS[command], "--skip-checks"]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_without_tables(tmp_path: Path, command: str) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    done = run(tmp_path, str(tmp_path / "empty.sqlite3"), command)
    assert done.returncode == 1
    assert "The database fails: no such table" in done.stderr
    assert "Run migrate." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away(tmp_path: Path) -> None:
    done = run(tmp_path, str(tmp_path / "none" / "db.sqlite3"), "refresh_products")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "CommandError: The database fails: unable to open database file."
    )


@pytest.fixture
def dummy(settings: Any, db: None) -> None:
    shop = {"BACKEND": "anodyne_blocks.shops.dummy.Dummy", "OPTIONS": {"products": {}}}
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SHOPS": {"feed": shop}}


@pytest.mark.usefixtures("dummy")
class TestFailures:
    @pytest.mark.parametrize(
        ("failure", "code", "said"),
        [
            (KeyboardInterrupt(), 130, "Interrupted"),
            (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 1, "No space left on device"),
        ],
    )
    def test_in_an_import(
        self, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, said: str
    ) -> None:
        def catalogue(*args: Any) -> Any:
            raise failure

        monkeypatch.setattr(Dummy, "catalogue", catalogue)
        with pytest.raises(CommandError, match=said) as caught:
            call_command("import_products", shop="feed")
        assert caught.value.returncode == code

    def test_an_error_of_the_package_s_own_is_not_hidden(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def catalogue(*args: Any) -> Any:
            raise PermissionError(errno.EACCES, "no")

        monkeypatch.setattr(Dummy, "catalogue", catalogue)
        with pytest.raises(PermissionError):
            call_command("import_products", shop="feed")
