"""Kills works at each statement and commit, runs them again, and compares the database.

Run by test_kills.py, which gives the database, as JSON, and reads the figures:

    python -m tests.faults.killing '{"DATABASE": {…}, "FOLDER": "…", "MOST": 20}'

A point is a moment just before or just after a statement or a commit. Each work is first run to its
end: that is what the database must be like in the end, wherever it was killed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings

GIVEN = json.loads(sys.argv[1]) if __name__ == "__main__" else {}


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    settings.DATABASES = {"default": GIVEN["DATABASE"]}
    settings.MEDIA_ROOT = str(Path(GIVEN["FOLDER"], "media"))
    django.setup()


class Killer:
    """Counts the points of this process, and kills it at one of them."""

    def __init__(self, at: int) -> None:
        from django.db import connection

        self.at, self.count = at, 0
        connection.ensure_connection()
        commit = connection._commit

        def committed() -> Any:
            self.point()
            done = commit()
            self.point()
            return done

        connection._commit = committed
        connection.execute_wrappers.append(self)

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.point()
        done = execute(*args)
        self.point()
        return done

    def point(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Callable[[], None], at: int = 0, after: float | None = None) -> tuple[bool, int]:
    """(whether it was killed, its points), in a process of its own; killed `after` seconds."""
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            killer = Killer(at)
            work()
            os.write(writing, str(killer.count).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    if after is not None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    points = os.read(reading, 20)
    os.close(reading)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and status:
        raise SystemExit(f"A run failed by itself: {status}")
    return killed, int(points or 0)


def tried(name: str, most: int, at_random: int, dice: random.Random) -> dict[str, int]:
    """The figures of one work: points it has, kills, and what was lost or doubled by them."""
    from tests.faults import works

    prepare, work, later = works.WORKS[name]
    reset(prepare)
    begun = time.monotonic()
    _killed, points = forked(work)
    lasted = time.monotonic() - begun
    wanted = works.state()
    step = max(1, points // most) if most else 1
    # Not always the same ones, but the same in each run.
    kills: list[tuple[int, float | None]] = [(at, None) for at in range(1, points + 1, step)]
    kills += [(0, dice.uniform(0, lasted)) for _ in range(at_random)]
    figures = dict.fromkeys(("points", "kills", "different", "orphans"), 0) | {"points": points}
    for at, after in kills:
        reset(prepare)
        killed, _points = forked(work, at, after)
        figures["kills"] += killed
        later()
        forked(work)
        found = works.state()
        if found != wanted:
            figures["different"] += 1
            print(f"{name} at {at or after}: {_difference(wanted, found)}", file=sys.stderr)
        figures["orphans"] += works.orphans()
    return figures


def _difference(wanted: dict[str, Any], found: dict[str, Any]) -> str:
    return "; ".join(
        f"{key}: {wanted[key]} but {found[key]}" for key in wanted if wanted[key] != found[key]
    )


_prepared: dict[Any, Path] = {}


def reset(prepare: Callable[[], None]) -> None:
    """The database and the files as a work finds them."""
    from django.db import connections

    from tests.faults import works

    connections.close_all()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    name = Path(str(settings.DATABASES["default"]["NAME"]))
    is_file = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    if is_file:
        for rest in name.parent.glob(f"{name.name}-*"):
            rest.unlink()
        if prepare in _prepared:
            shutil.copyfile(_prepared[prepare], name)
            return
    works.erase()
    prepare()
    connections.close_all()
    if is_file:
        _prepared[prepare] = name.with_suffix(f".{len(_prepared)}")
        shutil.copyfile(name, _prepared[prepare])


def main() -> None:
    set_up()
    from tests.faults import works

    server = works.serve_picture()
    try:
        dice = random.Random(7)
        most, at_random = GIVEN["MOST"], GIVEN["AT_RANDOM"]
        print(json.dumps({name: tried(name, most, at_random, dice) for name in works.WORKS}))
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


if __name__ == "__main__":
    main()
