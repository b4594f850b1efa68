"""Measure, write `build/bench.json`, print the table: `python -m tests.bench [module …]`.

Each module of `bounds.BOUNDS` runs in a process of its own, so that none warms another up. The
process ends with 1 when a bound is missed or a number is missing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.bounds import BOUNDS
from tests.bench.frame import BUILD, NOT_AVAILABLE, table, verdict

# Seconds for one module: all together take less than ten minutes on an idle machine.
LIMIT = 480
FOLDER = BUILD / "bench"


def main(modules: list[str]) -> int:
    """Run these modules, or all; the process's exit code."""
    unknown = sorted(set(modules) - set(BOUNDS))
    if unknown:
        print(f"No such module: {', '.join(unknown)}. There are: {', '.join(BOUNDS)}.")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    modules = modules or list(BOUNDS)
    numbers: dict[str, float] = {}
    for module in modules:
        numbers |= _measured(module)
    (BUILD / "bench.json").write_text(json.dumps(numbers, indent=2) + "\n")
    listed = [name for module in modules for name in BOUNDS[module]]
    names = listed + [name for name in numbers if name not in listed]
    print("\n" + table(numbers, names))
    verdicts = [verdict(numbers, name) for name in names]
    held = verdicts.count("ok")
    bound = held + verdicts.count("MISSED") + verdicts.count("MISSING")
    print(f"\n{held} of {bound} bounds hold; build/bench.json")
    return 0 if held == bound else 1


def _measured(module: str) -> dict[str, float]:
    """The numbers of one module; none, with the reason shown, if it fails."""
    out, log = FOLDER / f"{module}.json", FOLDER / f"{module}.log"
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", f"tests.bench.{module}", str(out)]
    begun = time.monotonic()
    with log.open("w") as told:
        # In a group of its own, so that its servers and browsers end with it.
        process = subprocess.Popen(
            command, stdout=told, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            code = _watched(process, module, begun)
        finally:
            _end_group(process)
    seconds = f"{time.monotonic() - begun:.0f} s"
    if code == 0 and out.exists():
        _show(f"{module}: {seconds}\n")
        return dict(json.loads(out.read_text()))
    reason = {None: f"not done in {LIMIT} s", NOT_AVAILABLE: "not available here"}
    _show(f"{module}: FAILED after {seconds}, {reason.get(code, f'exit code {code}')}\n")
    print("".join(f"    {line}\n" for line in _last_lines(log)), end="")
    return {}


def _watched(process: subprocess.Popen[bytes], module: str, begun: float) -> int | None:
    """The process's exit code, with its seconds shown meanwhile; None if it takes too long."""
    if not sys.stdout.isatty():
        _show(f"{module} …\n")
    while (seconds := time.monotonic() - begun) < LIMIT:
        if sys.stdout.isatty():
            _show(f"{module} … {seconds:.0f} s")
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue
    return None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _show(text: str) -> None:
    """On a terminal, in place of the line before."""
    sys.stdout.write(f"\r\x1b[K{text}" if sys.stdout.isatty() else text)
    sys.stdout.flush()


def _last_lines(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-25:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
