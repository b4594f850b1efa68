"""Measure other packages beside this one: `python -m tests.bench.peers`.

Each gets an environment in `build/peers`, kept for the next run (`make clean` drops it), and runs
in it beside naive blocks. Prints one table and writes `build/bench-peers.json`; this package's
numbers are those of `build/bench.json`. A peer that does not install is told with the reason; the
process ends with 1 when one that does cannot be measured.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.bench.frame import BUILD
from tests.bench.front_end import markup_bytes
from tests.bench.peers.settings import PEERS

NAMES = ("coderedcms", "cblocks", "tw_blocks")
# Seconds for everything; what is not done then is told as such.
LIMIT = 540
OURS = "anodyne-blocks"
ROWS = {
    "card.calls": "calls per added card",
    "card.naive_calls": "  of a naive product card",
    "card.plain_calls": "  of a naive card that says what the peer's says",
    "card.queries": "queries per added card",
    "card.naive_queries": "  of a naive product card",
    "card.time_over_naive": "time over naive product cards, 50 cards",
    "card.time_over_plain": "time over naive cards that say the same",
    "card.time_over_floor": "time over ready strings",
    "card.markup_bytes": "HTML of a card without its content, bytes",
    "faq.calls": "calls per added FAQ of ten questions",
    "faq.naive_calls": "  of a naive FAQ",
    "faq.queries": "queries per added FAQ",
    "faq.time_over_naive": "time over naive FAQs, 5 FAQs",
    "faq.markup_bytes": "HTML of an FAQ without its content, bytes",
    "assets.gzip_bytes": "CSS and JavaScript, gzip bytes",
}


class FailedError(Exception):
    """A step failed; the text is the reason in one line."""


def main() -> int:
    """Measure all; the process's exit code."""
    columns = {OURS: ours(BUILD / "bench.json")}
    notes, code, end = [], 0, time.monotonic() + LIMIT
    for name in NAMES:
        requirement = importlib.import_module(f"tests.bench.peers.{name}").REQUIREMENT
        columns[requirement] = {}
        try:
            python = install(requirement, end)
        except FailedError as error:
            notes.append(f"{requirement} does not install: {error}")
            continue
        try:
            columns[requirement] = measured(python, name, end)
        except FailedError as error:
            notes.append(f"{requirement} was not measured: {error}")
            code = 1
    flat = {
        f"{name}.{key}": value for name, found in columns.items() for key, value in found.items()
    }
    (BUILD / "bench-peers.json").write_text(json.dumps(flat, indent=2) + "\n")
    print("\n" + table(columns))
    print("\n".join(["", *notes, "build/bench-peers.json"]))
    return code


def ours(file: Path) -> dict[str, float]:
    """This package's numbers, as far as `make bench` has written them.

    Times are of the benchmark's whole article, whose naive twin has the same elements.
    """
    numbers = json.loads(file.read_text()) if file.exists() else {}
    found = {}
    for name, formula in {
        "card.calls": lambda n: n["page.calls_per_card"],
        "card.naive_calls": lambda n: n["naive.page.calls_per_card"],
        "card.queries": lambda n: (
            (n["page.extra_queries.cards_50"] - n["page.extra_queries.cards_10"]) / 40
        ),
        "card.time_over_naive": lambda n: (
            n["page.time.ours_over_floor"] / n["page.time.naive_over_floor"]
        ),
        "card.time_over_floor": lambda n: n["page.time.ours_over_floor"],
        "card.markup_bytes": lambda n: n["card.html_bytes"],
        "assets.gzip_bytes": lambda n: n["css.gzip_bytes"] + n["js.required_bytes"],
    }.items():
        with suppress(KeyError):
            found[name] = formula(numbers)
    return found


def install(requirement: str, end: float) -> Path:
    """The Python of an environment that has this package and all it needs, at the newest."""
    folder = PEERS / requirement
    # Calls compare between equal Pythons only.
    python, done = folder / "bin" / "python", folder / f"installed-3.{sys.version_info.minor}"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{requirement}: installing …", flush=True)
        _run([sys.executable, "-m", "venv", str(folder)], folder.with_suffix(".log"), end)
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", requirement]
        _run(pip, folder.with_suffix(".log"), end)
        # Some distributions ship a top-level package `tests`, which would hide this one.
        for stray in folder.glob("lib/python*/site-packages/tests"):
            shutil.rmtree(stray)
        done.touch()
    return python


def measured(python: Path, name: str, end: float) -> dict[str, Any]:
    """What `measure` says of a peer, with the HTML of each element as its bytes of markup."""
    print(f"{name}: measuring …", flush=True)
    out = PEERS / f"{name}.json"
    command = [str(python), "-m", "tests.bench.peers.measure", name, str(out)]
    _run(command, out.with_suffix(".log"), end)
    found = json.loads(out.read_text())
    for key in [key for key in found if key.endswith(".html")]:
        found[key.replace("html", "markup_bytes")] = markup_bytes(found.pop(key))
    return dict(found)


def _run(command: list[str], log: Path, end: float) -> None:
    """Run to its end; `FailedError` with the last error that it told."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as told:
        try:
            subprocess.run(
                command,
                stdout=told,
                stderr=subprocess.STDOUT,
                check=True,
                timeout=max(end - time.monotonic(), 1),
            )
        except subprocess.TimeoutExpired:
            raise FailedError(f"not done {LIMIT} seconds after the start") from None
        except subprocess.CalledProcessError:
            lines = log.read_text(errors="replace").splitlines() or ["no reason given"]
            errors = [line for line in lines if line.startswith("ERROR: ")]
            raise FailedError((errors or lines)[-1].removeprefix("ERROR: ")) from None


def table(columns: dict[str, dict[str, Any]]) -> str:
    """A line for each row, a column for each package; `-` where there is no number."""
    rows = [["", *columns]]
    for key, meaning in {"version": "version", "wagtail": "Wagtail", **ROWS}.items():
        rows.append([meaning, *(_shown(found.get(key)) for found in columns.values())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
