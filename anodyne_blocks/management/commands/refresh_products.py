"""`manage.py refresh_products`: asks the shops about products that are due; for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anodyne_blocks.catalogue.images import import_placed
from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
from anodyne_blocks.models import ShopState
from anodyne_blocks.shops import shop_aliases


class Command(BaseCommand):
    """Any number may run at the same time, on any number of machines."""

    help = "Refreshes the products that are due. Run it every few minutes, for example by cron."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", choices=shop_aliases(), help="This shop only.")
        parser.add_argument("--limit", type=int, help="At most so many products.")
        parser.add_argument("--seconds", type=float, help="Start no batch after so many seconds.")
        parser.add_argument("--all", action="store_true", help="Also what is not due yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        aliases = [options["shop"]] if options["shop"] else shop_aliases()
        if not aliases:
            raise CommandError("No shop is configured. Name one in ANODYNE_BLOCKS['SHOPS'].")
        if options["all"]:
            for alias in aliases:
                mark_due(alias)
        result = refresh_due(
            options["shop"], limit=options["limit"], budget_seconds=options["seconds"]
        )
        pictures = import_placed()
        if options["verbosity"]:
            self.stdout.write(
                f"{result.refreshed} refreshed, {result.withdrawn} offers withdrawn,"
                f" {result.failed} without an answer, {pictures} pictures imported"
            )
        paused = [
            s for s in ShopState.objects.filter(shop__in=aliases) if s.is_paused(timezone.now())
        ]
        for state in paused:
            until = timezone.localtime(state.paused_until).isoformat(" ", "seconds")
            self.stderr.write(f"{state.shop} is paused until {until}: {state.last_error}")
        if paused:
            raise CommandError("Not every shop answered; see above.", returncode=1)
