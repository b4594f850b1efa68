"""A worker that is killed while it sends change events loses none, at whichever step."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from anodyne_blocks.catalogue.events import record
from tests import factories
from tests.catalogue.receiver import Receiver
from tests.catalogue.test_workers import Database
from tests.conftest import ROOT

EVENTS = 3
WAITING = "SELECT count(*) FROM anodyne_blocks_changeevent WHERE due_at IS NOT NULL"
HELD = f"{WAITING} AND lease_token IS NOT NULL"


def test_no_event_is_lost_by_a_killed_worker(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    """Killed with its events in hand, with one that was taken but not answered, and with one that
    was answered but not noted; what it held comes again when its lease has run out."""
    receiver = Receiver()
    factories.setting(settings, CHANGE_EVENTS={"front": receiver.options()})
    # Of pages that are gone by now: no table but that of the events needs a row.
    pages = list(range(101, 101 + EVENTS))
    for pk in pages:
        record({pk: ()})
    database = Database(tmp_path)

    def work(dies: str) -> int:
        """The exit code of a worker that dies so, or of one that does not."""
        given = {"DATABASE": database.settings, "RECEIVER": receiver.options(), "DIES": dies}
        command = [sys.executable, "-m", "tests.catalogue.events_worker", json.dumps(given)]
        pipe = subprocess.PIPE
        worker = subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe)
        if dies == "taken":
            receiver.before_answer = lambda message: os.kill(worker.pid, signal.SIGKILL)
        worker.communicate("go\n", timeout=120)
        receiver.before_answer = lambda message: None
        return worker.returncode

    over = "UPDATE anodyne_blocks_changeevent SET lease_until = %s WHERE lease_token IS NOT NULL"
    earlier = timezone.now() - timedelta(minutes=1)
    moment = connection.ops.adapt_datetimefield_value(earlier)
    for dies, told in (("claimed", []), ("taken", pages[:1]), ("answered", pages[:1])):
        receiver.taken.clear()
        assert work(dies) == -signal.SIGKILL
        assert receiver.pages == told
        assert database.execute(WAITING) == database.execute(HELD) == EVENTS
        # Nobody else takes what it holds.
        assert database.execute(over, moment) == EVENTS
    receiver.taken.clear()
    assert work("") == 0
    assert receiver.pages == pages and receiver.refused == 0
    assert database.execute(WAITING) == 0
    # The same message has the same id, so that a receiver knows it again.
    assert len(receiver.ids) == EVENTS + 2 and len(set(receiver.ids)) == EVENTS
    receiver.close()
