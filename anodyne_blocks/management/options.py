"""Options of commands that are checked when the command runs.

`choices=` would read the settings before the system checks do: who asks for `--help` in a site with
wrong settings would get a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError

from anodyne_blocks import tasks

# Eleven days: a run without --seconds takes no longer either.
MOST_SECONDS = 10**6
# What argparse exits with for an option that it refuses itself.
WRONG_OPTION = 2


def check_known(option: str, name: str | None, known: Iterable[str]) -> None:
    """`CommandError` that lists what is known, unless `name` is one of it or was not given."""
    names = list(known)
    if name is not None and name not in names:
        raise wrong(f"{option} {name!r} is unknown. Known: {', '.join(names) or 'none'}.")


def check_bounds(options: dict[str, Any], things: str) -> None:
    """`CommandError` for a --limit (of `things`) or --seconds that cannot be meant."""
    if (options["limit"] or 0) < 0:
        raise wrong(f"--limit is a number of {things}, 0 or more.")
    if options["seconds"] is not None and not 0 < options["seconds"] <= MOST_SECONDS:
        raise wrong(f"--seconds is a number above 0, {MOST_SECONDS:,} at most.")


def check_background(options: dict[str, Any]) -> None:
    """`CommandError` where the site has no background, or the options bound what is done there."""
    if options["limit"] is not None or options["seconds"] is not None:
        raise wrong("--background takes neither --limit nor --seconds.")
    if not tasks.has_background():
        raise CommandError("The TASKS setting has no background: its tasks run at once.")


def wrong(message: str) -> CommandError:
    """The error for an option that cannot be used."""
    return CommandError(message, returncode=WRONG_OPTION)
