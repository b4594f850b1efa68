"""Prints the table of what was tried on which site, at the end of the run."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Steps are rows; each site is a column, whose number stands for its name."""
    tried = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            said = dict(report.user_properties)
            if "outcomes" in said:
                tried[said["variation"]] = said["outcomes"]
    if not tried:
        return
    names = sorted(tried)
    steps = list(dict.fromkeys(step for outcomes in tried.values() for step in outcomes))
    width = max(map(len, steps))
    write = terminalreporter.write_line
    terminalreporter.section("sites in variations")
    write(" · ".join(f"{number} {name}" for number, name in enumerate(names, 1)))
    write(" " * width + "".join(f"{number:>5}" for number in range(1, len(names) + 1)))
    for step in steps:
        marks = (tried[name].get(step, "") for name in names)
        marks = (mark if mark in ("", "ok", "–") else "FAIL" for mark in marks)
        write(step.ljust(width) + "".join(f"{mark:>5}" for mark in marks))
    for name in names:
        for step, how in tried[name].items():
            if how not in ("ok", "–"):
                write(f"{name}, {step}: {how}")
