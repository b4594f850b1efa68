"""`manage.py import_products`: whole catalogues of the configured shops."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import (
    CommandError,
    CommandParser,
    OutputWrapper,
)
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.importing import ImportResult, import_catalogue
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import check_known
from anodyne_blocks.shops import Shop, Skipped, get_shop, shop_aliases, shop_class

# Seconds from one writing of the progress to the next.
INTERVAL = 0.5


class _Progress:
    """One line on a terminal, which is written over again; nothing where there is no terminal."""

    def __init__(self, label: str, out: OutputWrapper) -> None:
        self.label = label
        self.out = out
        self.started = self.shown = time.monotonic()
        self.is_terminal = out.isatty()
        self.width = 0

    def __call__(self, rows: int, share: float | None) -> None:
        now = time.monotonic()
        if self.is_terminal and now - self.shown >= INTERVAL:
            self.shown = now
            self._write(progress_line(self.label, rows, share, now - self.started))

    def end(self) -> None:
        """Take the line away, for what is written next."""
        if self.width:
            self._write("")
            self.out.write("\r", ending="")

    def _write(self, line: str) -> None:
        self.out.write("\r" + line.ljust(self.width), lambda text: text, ending="")
        self.out.flush()
        self.width = len(line)


def progress_line(label: str, rows: int, share: float | None, seconds: float) -> str:
    """What is said after `seconds`, with the time left where the share read (0 to 1) is known."""
    line = f"{label}: {rows:,} rows, {rows / max(seconds, 0.001):,.0f} a second"
    if share:
        left = round(seconds / share - seconds)
        line += f", {share:.0%}, {left // 60}:{left % 60:02d} left"
    return line


class Command(ShopCommand):
    """Exits with 0 when all is in, 1 when a catalogue could not be read to its end.

    Rows that make no offer are named and change no exit code: the shop has to correct them. A shop
    of a kind that has no catalogue is passed over, unless it is named.
    """

    help = (
        "Imports the catalogues of the shops in ANODYNE_BLOCKS['SHOPS'], market by market. Run it"
        " again after an interruption: what is already stored is not written again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", help="This shop only.")
        parser.add_argument("--market", help="This market only.")
        parser.add_argument("--dry-run", action="store_true", help="Say what an import would do.")
        parser.add_argument(
            "--withdraw-many",
            action="store_true",
            help="Withdraw what is missing even if it is most of the catalogue.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check_known("--shop", options["shop"], shop_aliases())
        check_known("--market", options["market"], conf.markets())
        shops = [options["shop"]] if options["shop"] else shop_aliases()
        markets = [options["market"]] if options["market"] else list(conf.markets())
        if not shops:
            raise CommandError("No shop is configured. Name one in ANODYNE_BLOCKS['SHOPS'].")
        failed = False
        for alias in shops:
            if not options["shop"] and shop_class(alias).catalogue is Shop.catalogue:
                if options["verbosity"]:
                    self.stdout.write(f"{alias}: passed over, this kind of shop has no catalogue")
                continue
            with get_shop(alias) as shop:
                for key in markets:
                    label = f"{alias} · {key}"
                    progress = _Progress(label, self.stderr)
                    result = import_catalogue(
                        shop,
                        conf.markets()[key],
                        timezone.now(),
                        dry_run=options["dry_run"],
                        withdraw_many=options["withdraw_many"],
                        progress=progress,
                    )
                    progress.end()
                    self._report(label, result, options["verbosity"])
                    failed = failed or bool(result.error)
        if failed:
            raise CommandError("Not every catalogue could be imported; see above.", returncode=1)

    def _report(self, label: str, result: ImportResult, verbosity: int) -> None:
        if verbosity:
            tally = result.tally
            self.stdout.write(
                f"{label}: {tally.created} new, {tally.changed} changed, {tally.unchanged}"
                f" unchanged, {result.withdrawn} withdrawn, {result.skipped_count} skipped"
            )
        alike: dict[str, list[Skipped]] = {}
        for skipped in result.skipped:
            alike.setdefault(skipped.reason, []).append(skipped)
        for reason, rows in alike.items():
            first = rows[0]
            where = f"row {first.position}" if first.position else "a row"
            where += f" ({first.external_id or 'no id'})"
            where += f" and {len(rows) - 1} more" if len(rows) > 1 else ""
            self.stderr.write(f"{label}: {where}: {reason}")
        for note, count in result.notes.items():
            self.stderr.write(f"{label}: {count} offers are in without a part: {note}")
        if result.error:
            self.stderr.write(self.style.ERROR(f"{label}: {result.error}"))
