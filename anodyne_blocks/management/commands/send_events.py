"""`manage.py send_events`: tells receivers of changes what they were not told yet; for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from anodyne_blocks.catalogue.receivers import has_receivers
from anodyne_blocks.catalogue.sending import send_again, send_due
from anodyne_blocks.management.base import ShopCommand


class Command(ShopCommand):
    """Any number may run at the same time, on any number of machines; so does refresh_products."""

    help = "Sends the change events that are due. refresh_products does it too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="Also what was given up.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not has_receivers():
            raise CommandError(
                "Nobody is told of changes. Name a receiver in ANODYNE_BLOCKS['CHANGE_EVENTS']."
            )
        if options["again"]:
            send_again()
        result = send_due()
        if options["verbosity"]:
            self.stdout.write(f"{result.sent} change events sent")
        for name, reason in result.failed:
            self.stderr.write(f"{name}: {reason}")
        if result.failed:
            raise CommandError("Not every receiver took its events; see above.", returncode=1)
