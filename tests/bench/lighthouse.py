"""Lighthouse's scores for a phone, with its own throttling of net and processor."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

from tests.bench.frame import BUILD
from tests.e2e.site import CHROMIUM, FLAGS

NODE = BUILD / "lighthouse" / "node"
CLI = BUILD / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("accessibility", "best-practices", "seo", "performance")
RUNS = 3
PATIENCE = 120  # seconds for one run


def scores(urls: list[str], folder: Path) -> dict[str, float]:
    """{category: 0 to 100} of some pages; what was found goes to standard output.

    Performance is the median of three runs on the first page. Of the other categories the lowest
    score of any page counts. `folder` takes the reports.
    """
    first = [_run(urls[0], folder) for _ in range(RUNS)]
    every = [*first, *(_run(url, folder) for url in urls[1:])]
    lowest: dict[str, float] = {name: min(one[name] for one in every) for name in CATEGORIES[:3]}
    return lowest | {"performance": statistics.median(one["performance"] for one in first)}


def _run(url: str, folder: Path) -> dict[str, int]:
    report = folder / "lighthouse.json"
    options = [
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        f"--output-path={report}",
    ]
    for _try in range(3):
        done = subprocess.run(
            [NODE, CLI, url, "--output=json", "--quiet", *options],
            env={**os.environ, "CHROME_PATH": CHROMIUM},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        # Now and then the browser records no trace, and Lighthouse says to run it again.
        if "Please run Lighthouse again" not in done.stdout + done.stderr:
            break
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed on {url}.\n{done.stdout}{done.stderr}")
    told = json.loads(report.read_text())
    found = {name: round(told["categories"][name]["score"] * 100) for name in CATEGORIES}
    power = told["environment"]["benchmarkIndex"]
    print(url, found, f"processor {power}", *_faults(told), sep="\n  ", flush=True)
    return found


def _faults(told: dict[str, Any]) -> list[str]:
    """What keeps a category from 100, one line for each audit."""
    names = [
        reference["id"]
        for category in told["categories"].values()
        if category["score"] < 1
        for reference in category["auditRefs"]
        if reference["weight"]
    ]
    audits = [told["audits"][name] for name in names]
    return [
        f"{audit['title']}: {audit['score']} {audit.get('displayValue', '')}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]
