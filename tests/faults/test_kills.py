"""kill -9 at any statement or commit, and at random: the next run ends as one that never died.

`ANODYNE_KILLS=all` tries every point; else a few of each work.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.catalogue.test_workers import Database
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

EVERY = os.environ.get("ANODYNE_KILLS") == "all"


def test_nothing_is_lost_and_nothing_doubled(transactional_db: None, tmp_path: Path) -> None:
    database = Database(tmp_path).settings
    if connection.vendor == "sqlite":
        # The machine stays up: what a process has written is there.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        database["OPTIONS"] = {**database["OPTIONS"], "init_command": pragmas}
    given = {
        "DATABASE": database,
        "FOLDER": str(tmp_path),
        "MOST": 0 if EVERY else 8,
        "AT_RANDOM": 20 if EVERY else 2,
    }
    line = [sys.executable, "-m", "tests.faults.killing", json.dumps(given)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    for name, found in figures.items():
        print(name, found)
    kills = sum(found["kills"] for found in figures.values())
    different = sum(found["different"] for found in figures.values())
    orphans = sum(found["orphans"] for found in figures.values())
    print(f"{kills} kills: {different} lost or doubled, {orphans} orphan files")
    assert kills > 50
    assert different == 0, done.stderr[-4000:]
    assert orphans == 0
