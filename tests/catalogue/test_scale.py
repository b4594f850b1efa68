"""Large catalogues: bounded memory, and what has not changed costs no write and little work."""

from __future__ import annotations

import cProfile
import datetime
import json
import pstats
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.catalogue.importer import BACKEND, import_once, write_feed
from tests.conftest import ROOT

MOST_MIB = 200
TIMES_FASTER = 5


@pytest.fixture
def feed(tmp_path: Path, settings: Any) -> Path:
    """A shop with a feed at this path."""
    path = tmp_path / "feed.xml"
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {"feed": {"BACKEND": BACKEND, "OPTIONS": {"location": str(path)}}},
    }
    return path


def calls_of_import(now: datetime.datetime) -> tuple[dict[str, Any], int]:
    """What an import did, and the function calls that it took: as good as time, and steady."""
    profile = cProfile.Profile()
    figures = profile.runcall(import_once, now=now)
    return figures, pstats.Stats(profile).total_calls


@pytest.mark.django_db
def test_an_unchanged_catalogue_writes_nothing_and_takes_a_fifth_of_the_work(feed: Path) -> None:
    write_feed(feed, 3000)
    now = timezone.now()
    first, calls = calls_of_import(now)
    assert (first["created"], first["error"]) == (3000, "")
    second, calls_again = calls_of_import(now)
    assert (second["unchanged"], second["writes"]) == (3000, 0)
    assert calls >= TIMES_FASTER * calls_again


@pytest.mark.matrix
def test_100_000_offers_in_bounded_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.catalogue.importer", str(tmp_path), "100000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    print(figures)
    assert (figures["first"]["created"], figures["first"]["error"]) == (100_000, "")
    assert (figures["second"]["unchanged"], figures["second"]["writes"]) == (100_000, 0)
    assert figures["mib_above_idle"] < MOST_MIB
