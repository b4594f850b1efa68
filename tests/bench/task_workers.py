"""Workers of django-tasks as processes of their own, by the commands of its back ends."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class BackEnd:
    """A back end of django-tasks: its worker's command, and what that says when it is ready."""

    task_back_end: str
    command: list[str]
    ready: str


BACK_ENDS = {
    "refresh": BackEnd(
        "django_tasks_db.DatabaseBackend", ["db_worker", "--no-startup-delay"], "Starting worker"
    ),
    "refresh.rq": BackEnd(
        "django_tasks_rq.RQBackend",
        ["rqworker", "--job-class", "django_tasks_rq.Job"],
        "Listening on",
    ),
}


@contextmanager
def workers(count: int, back_end: BackEnd) -> Iterator[None]:
    """Task workers as processes of their own, all of them idle."""
    with tempfile.TemporaryDirectory() as folder:
        logs = [Path(folder, str(number)) for number in range(count)]
        processes = []
        try:
            for log in logs:
                with log.open("w") as file:
                    processes.append(_start(back_end.command, file))
            until(lambda: all(back_end.ready in log.read_text() for log in logs), "start workers")
            yield
        except TimeoutError as error:
            told = [log.read_text() for log in logs]
            raise TimeoutError("\n".join([str(error), *told])) from error
        finally:
            for process in processes:
                process.stdin.close()
            for process in processes:
                process.wait(timeout=60)


def _start(command: list[str], log: IO[str]) -> subprocess.Popen[str]:
    """A worker that ends when its standard input does, as when this process is killed."""
    watched = ["sh", "-c", '"$@" & read _; kill $!; wait', "sh", sys.executable, "-m", "django"]
    # A session of its own, as a service has: Linux shares the processors out among sessions.
    return subprocess.Popen(
        [*watched, *command],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        text=True,
        start_new_session=True,
    )


def until(done: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait; `TimeoutError` saying what takes so long."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"It takes longer than {seconds:g} seconds to {what}.")
        time.sleep(0.1)
