"""What the benchmark's modules share: how one hands over its numbers, and how they are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench.bounds import BOUNDS, Bound

BUILD = Path(__file__).parents[2] / "build"
NOT_AVAILABLE = 3
UNBOUND = Bound("", 0, "")


class NotAvailableError(Exception):
    """What a measurement needs is not here: a service, a browser. The text says how to get it."""


def run(measure: Callable[[], dict[str, float]]) -> None:
    """A module's main program: write what it measures as JSON to the file named first.

    Without a file, print the module's table. Ends the process with 3 on `NotAvailableError`.
    """
    try:
        numbers = measure()
    except NotAvailableError as error:
        print(error, file=sys.stderr)
        sys.exit(NOT_AVAILABLE)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(numbers))
    else:
        print(table(numbers, numbers))


def bound_of(name: str) -> Bound:
    """The bound of a number; one without a bound for a name that is not in the list."""
    return next((bounds[name] for bounds in BOUNDS.values() if name in bounds), UNBOUND)


def verdict(numbers: dict[str, float], name: str) -> str:
    """`ok`, `MISSED` or `MISSING`; empty for a number that binds nobody."""
    if name not in numbers:
        return "MISSING"
    bound = bound_of(name)
    if not bound.relation:
        return ""
    return "ok" if bound.holds(numbers[name]) else "MISSED"


def table(numbers: dict[str, float], names: Iterable[str]) -> str:
    """One line for each name: its number, bound, verdict and meaning."""
    rows = [
        (
            name,
            f"{numbers[name]:,.6g}" if name in numbers else "",
            str(bound_of(name)),
            verdict(numbers, name),
            bound_of(name).meaning,
        )
        for name in names
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return "\n".join(
        f"{name:<{widths[0]}}  {number:>{widths[1]}}  {bound:<{widths[2]}}"
        f"  {state:<{widths[3]}}  {meaning}".rstrip()
        for name, number, bound, state, meaning in rows
    )
