"""Options of commands that are checked when the command runs.

`choices=` would read the settings before the system checks do: who asks for `--help` in a site with
wrong settings would get a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.base import CommandError

# What argparse exits with for an option that it refuses itself.
WRONG_OPTION = 2


def check_known(option: str, name: str | None, known: Iterable[str]) -> None:
    """`CommandError` that lists what is known, unless `name` is one of it or was not given."""
    names = list(known)
    if name is not None and name not in names:
        raise wrong(f"{option} {name!r} is unknown. Known: {', '.join(names) or 'none'}.")


def wrong(message: str) -> CommandError:
    """The error for an option that cannot be used."""
    return CommandError(message, returncode=WRONG_OPTION)
