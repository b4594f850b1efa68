"""Workers, overlapping imports, webhooks and an editor at the same time, on the same products.

`ANODYNE_ROUNDS=100` for as many. SQLite lets one write at a time: there are no such rounds.
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

ROUNDS = int(os.environ.get("ANODYNE_ROUNDS", "4"))

if connection.vendor != "sqlite":

    def test_nothing_is_lost_doubled_or_locked(transactional_db: None, tmp_path: Path) -> None:
        given = {"DATABASE": Database(tmp_path).settings, "FOLDER": str(tmp_path), "ROUNDS": ROUNDS}
        line = [sys.executable, "-m", "tests.faults.at_once", json.dumps(given)]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        figures = json.loads(done.stdout.splitlines()[-1])
        print(f"{connection.vendor}: {figures}")
        assert figures.pop("rounds") == ROUNDS
        assert not any(figures.values()), (figures, done.stderr[-4000:])
