"""`manage.py import_products`: whole catalogues of the configured shops."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.importing import ImportResult, import_catalogue
from anodyne_blocks.shops import get_shop, shop_aliases


class Command(BaseCommand):
    """Exits with 0 when all is in, 1 when a catalogue could not be read to its end."""

    help = "Imports the catalogues of the shops in ANODYNE_BLOCKS['SHOPS'], market by market."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", choices=shop_aliases(), help="This shop only.")
        parser.add_argument("--market", choices=list(conf.markets()), help="This market only.")
        parser.add_argument("--dry-run", action="store_true", help="Read all, write nothing.")
        parser.add_argument(
            "--withdraw-many",
            action="store_true",
            help="Withdraw what is missing even if it is most of the catalogue.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shops = [options["shop"]] if options["shop"] else shop_aliases()
        markets = [options["market"]] if options["market"] else list(conf.markets())
        if not shops:
            raise CommandError("No shop is configured. Name one in ANODYNE_BLOCKS['SHOPS'].")
        failed = False
        for alias in shops:
            with get_shop(alias) as shop:
                for key in markets:
                    label = f"{alias} · {key}"
                    result = import_catalogue(
                        shop,
                        conf.markets()[key],
                        timezone.now(),
                        dry_run=options["dry_run"],
                        withdraw_many=options["withdraw_many"],
                        progress=self._progress(label),
                    )
                    self._report(label, result, options["verbosity"])
                    failed = failed or bool(result.error)
        if failed:
            raise CommandError("Not every catalogue could be imported; see above.", returncode=1)

    def _progress(self, label: str) -> Any:
        started = time.monotonic()
        is_terminal = sys.stderr.isatty()

        def show(rows: int) -> None:
            if is_terminal:
                rate = rows / max(time.monotonic() - started, 0.001)
                self.stderr.write(f"\r{label}: {rows} rows, {rate:.0f} a second", ending="")

        return show

    def _report(self, label: str, result: ImportResult, verbosity: int) -> None:
        if verbosity:
            tally = result.tally
            self.stdout.write(
                f"{label}: {tally.created} new, {tally.changed} changed, {tally.unchanged}"
                f" unchanged, {result.withdrawn} withdrawn, {result.skipped_count} skipped"
            )
        for skipped in result.skipped:
            where = f"row {skipped.position}" if skipped.position else "a row"
            self.stderr.write(
                f"{label}: {where} ({skipped.external_id or 'no id'}): {skipped.reason}"
            )
        if result.error:
            self.stderr.write(self.style.ERROR(f"{label}: {result.error}"))
