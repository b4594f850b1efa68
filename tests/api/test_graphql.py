"""GraphQL, in a site of its own: see `graphql_site/checks.py` for what is checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = "tests.api.graphql_site"


def test_graphql_says_what_the_other_apis_say() -> None:
    checks = "/".join([*SITE.split("."), "checks.py"])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    # Grapple defines its types in ways that graphene calls outdated.
    command += ["-W", "ignore::DeprecationWarning"]
    result = subprocess.run(
        [*command, f"--ds={SITE}.settings", checks], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
