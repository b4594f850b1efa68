"""`manage.py prune_price_changes`: deletes old prices that no announcement can rest on."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from anodyne_blocks.catalogue.pruning import prune_price_changes
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import wrong

# A hundred years: no price is older, and the calendar goes back far enough.
MOST_DAYS = 36_500


class Command(ShopCommand):
    """No verdict on a reduction, of today or of any later day, is another one afterwards."""

    help = (
        "Deletes price changes older than so many days, but those that a reduction rests on or may"
        " rest on: the window of the market's rule before it, and the price in force at its start."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", type=int, required=True, metavar="DAYS")
        parser.add_argument("--dry-run", action="store_true", help="Only say how many.")

    def handle(self, *args: Any, older_than: int, dry_run: bool, **options: Any) -> None:
        if not 0 <= older_than <= MOST_DAYS:
            raise wrong(f"--older-than is a number of days, 0 to {MOST_DAYS:,}.")
        now = timezone.now()
        cutoff = now - datetime.timedelta(days=older_than)
        count = prune_price_changes(cutoff, now, dry_run=dry_run)
        if options["verbosity"]:
            verb = "would be deleted" if dry_run else "deleted"
            self.stdout.write(f"{count} price changes {verb}")
