"""What the package's commands share: they end in one clear sentence, whatever fails around them."""

from __future__ import annotations

import errno
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

# What shells report of a program that Ctrl-C ended.
INTERRUPTED = 130


class ShopCommand(BaseCommand):
    """Exits with 1 and one sentence where the database or the disk fails, with 130 after Ctrl-C.

    What was done is kept: a run that follows goes on from there.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            message = "Interrupted. What was done is kept: run it again to go on."
            raise CommandError(message, returncode=INTERRUPTED) from None
        except (DatabaseError, InterfaceError) as error:
            if options.get("traceback") or not isinstance(
                error, (InterfaceError, OperationalError, ProgrammingError)
            ):
                raise
            raise CommandError(f"The database fails: {_advice(error)}") from error
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise
            where = f" ({error.filename})" if error.filename else ""
            raise CommandError(f"The disk fails: {error.strerror}{where}.") from error


def _advice(error: Exception) -> str:
    """What the database said, in one line, and what to do about it where that is known."""
    said = " ".join(str(error).split())[:300].rstrip(".")
    words = said.lower()
    if "no such table" in words or "does not exist" in words or "doesn't exist" in words:
        return f"{said}. Run migrate."
    if "readonly" in words or "read-only" in words or "read only" in words:
        return f"{said}. Commands need a database that can be written."
    return f"{said}."
