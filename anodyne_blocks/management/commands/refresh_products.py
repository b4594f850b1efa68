"""`manage.py refresh_products`: asks the shops about products that are due; for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from anodyne_blocks import clock, tasks
from anodyne_blocks.catalogue.pictures import import_placed
from anodyne_blocks.catalogue.receivers import has_receivers
from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
from anodyne_blocks.catalogue.sending import send_due
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import check_background, check_bounds, check_known
from anodyne_blocks.models import ShopState, get_product_model
from anodyne_blocks.shops import shop_aliases


class Command(ShopCommand):
    """Any number may run at the same time, on any number of machines."""

    help = "Refreshes the products that are due. Run it every few minutes, for example by cron."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", help="This shop only.")
        parser.add_argument("--limit", type=int, help="At most so many products.")
        parser.add_argument(
            "--seconds",
            type=float,
            help="Start no batch after so many seconds, and ask nothing two minutes later.",
        )
        parser.add_argument("--all", action="store_true", help="Also what is not due yet.")
        parser.add_argument(
            "--background", action="store_true", help="Leave the work to the site's task workers."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check_known("--shop", options["shop"], shop_aliases())
        check_bounds(options, "products")
        aliases = [options["shop"]] if options["shop"] else shop_aliases()
        # Reductions of products by hand run out too.
        if not aliases and not get_product_model().objects.filter(shop="").exists():
            raise CommandError("No shop is configured. Name one in ANODYNE_BLOCKS['SHOPS'].")
        if options["background"]:
            check_background(options)
        if options["all"]:
            for alias in aliases:
                mark_due(alias)
        if options["background"]:
            for alias in aliases:
                tasks.enqueue_refresh(alias)
            tasks.import_placed_images.enqueue()
            if has_receivers():
                tasks.send_events.enqueue()
            return
        result = refresh_due(
            options["shop"], limit=options["limit"], budget_seconds=options["seconds"]
        )
        pictures = import_placed()
        unsent = send_due().failed
        if options["verbosity"]:
            self.stdout.write(
                f"{result.refreshed} refreshed, {result.withdrawn} offers withdrawn,"
                f" {result.failed} without an answer, {pictures} pictures imported"
            )
        for (shop, market, reason), count in result.troubles.items():
            self.stderr.write(f"{shop} · {market}: {count} prices not confirmed: {reason}")
        for name, reason in unsent:
            self.stderr.write(f"Change events for {name} wait: {reason}")
        self._tell_pauses(aliases, bool(result.troubles))

    def _tell_pauses(self, aliases: list[str], has_troubles: bool) -> None:
        paused = [
            s for s in ShopState.objects.filter(shop__in=aliases) if s.is_paused(timezone.now())
        ]
        for state in paused:
            until = clock.written(state.paused_until)
            self.stderr.write(f"{state.shop} is paused until {until}: {state.last_error}")
        if paused or has_troubles:
            raise CommandError("Not every price was confirmed; see above.", returncode=1)
