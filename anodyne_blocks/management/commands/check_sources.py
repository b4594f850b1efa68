"""`manage.py check_sources`: asks whether the sources of live pages still stand; for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from anodyne_blocks import tasks
from anodyne_blocks.catalogue.source_checks import check_due
from anodyne_blocks.catalogue.source_uses import listed, note_all
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import check_background, check_bounds
from anodyne_blocks.models import SourceCheck

SHOWN = [status for status in SourceCheck.Status if status is not SourceCheck.Status.NEW]


class Command(ShopCommand):
    """Any number may run at the same time: each server is asked by one of them, with pauses."""

    help = (
        "Checks the sources of live pages that are due: dead, moved or retracted. Run it once a"
        " day, for example by cron."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="At most so many sources.")
        parser.add_argument("--seconds", type=float, help="Begin none after so many seconds.")
        parser.add_argument("--all", action="store_true", help="Also what is not due yet.")
        parser.add_argument(
            "--background", action="store_true", help="Leave the work to the site's task workers."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check_bounds(options, "sources")
        if options["background"]:
            check_background(options)
        note_all()
        if options["all"]:
            listed().update(due_at=timezone.now())
        if options["background"]:
            tasks.check_sources.enqueue()
            return
        found = check_due(limit=options["limit"], budget_seconds=options["seconds"])
        if options["verbosity"]:
            counts = [f"{found[status.value]} {status.value}" for status in SHOWN]
            self.stdout.write(f"{found.total()} sources checked: {', '.join(counts)}")
