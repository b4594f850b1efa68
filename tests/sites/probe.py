"""`python -m tests.sites.probe plain`: makes a site in a variation, and tries each step on it.

Prints a JSON object of the steps: "ok", "–" where one does not concern this site, or what failed.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial


def probe(variation: str) -> dict[str, str]:
    """{step: how it went} of a variation, which this process then is."""
    os.environ["DJANGO_SETTINGS_MODULE"] = f"tests.sites.settings.{variation}"
    import django

    django.setup()
    from django.conf import settings

    from tests.sites.site import database, filled
    from tests.sites.steps import check, steps

    refused = settings.PROBE["refused"]
    outcomes = {"check": _tried(partial(check, refused))}
    if refused:
        return outcomes
    with database():
        try:
            site = filled()
        except Exception:
            return {**outcomes, "filled": _reason()}
        return outcomes | {name: _tried(step) for name, step in steps(site)}


def _tried(step: Callable[[], str | None]) -> str:
    try:
        return step() or "ok"
    except Exception:
        return _reason()


def _reason() -> str:
    """The last line of the traceback, for the table; all of it goes to stderr."""
    traceback.print_exc()
    return traceback.format_exc().strip().splitlines()[-1][:300]


if __name__ == "__main__":
    print(json.dumps(probe(sys.argv[1])))
