"""`manage.py import_price_history`: past prices that a shop hands over as CSV."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from anodyne_blocks import clock
from anodyne_blocks.catalogue.history import HistoricPrice, import_history
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import check_known
from anodyne_blocks.shops import InvalidOffer, shop_aliases
from anodyne_blocks.shops.offer import checked_amount

# Dates before it are mistakes, and some cannot be told in another time zone.
FIRST_YEAR = 1970
COLUMNS = ("market", "external_id", "effective_from", "price")


class Command(ShopCommand):
    """Exits with 0 when the prices are in, 1 when the file cannot be read.

    A file with one row that cannot be read changes nothing. Rows that can be read but not be used
    are skipped and named, and change no exit code.
    """

    help = (
        "Appends past prices to the offers of a shop, so that reductions can be proven from the"
        " first day. The CSV file has the columns market, external_id, effective_from (ISO 8601),"
        " price and optionally list_price. It is for the time before this site saw an offer's price"
        " itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--shop", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        check_known("--shop", options["shop"], shop_aliases())
        try:
            with options["file"].open(newline="", encoding="utf-8-sig") as lines:
                prices = list(_rows(csv.DictReader(lines)))
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{options['file']} is not UTF-8: save it as “CSV UTF-8”."
            ) from error
        count, skipped = import_history(options["shop"], prices, timezone.now())
        for row in skipped:
            self.stderr.write(f"Line {row.position} ({row.external_id}): {row.reason}")
        self.stdout.write(f"{count} prices appended, {len(skipped)} rows skipped")


def _rows(reader: csv.DictReader[str]) -> Iterator[HistoricPrice]:
    try:
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            names = ", ".join(sorted(missing))
            raise CommandError(f"The file lacks the columns {names}. Commas separate columns.")
        for row in reader:
            yield _price(row, reader.line_num)
    except csv.Error as error:
        raise CommandError(f"Line {reader.reader.line_num}: this is no CSV ({error}).") from error


def _price(row: dict[str | None, Any], line: int) -> HistoricPrice:
    where = f"Line {line}"
    empty = [name for name in COLUMNS if not (row[name] or "").strip()]
    if empty:
        raise CommandError(f"{where} has no {', '.join(empty)}.")
    if None in row:
        # Else the kroner of 53,10 would be read as a price, and its øre as a list price.
        raise CommandError(
            f"{where} has more values than the file has columns: write prices with a point, for"
            " example 53.10."
        )
    return HistoricPrice(
        row["external_id"],
        row["market"],
        _amount(row, "price", where),
        _amount(row, "list_price", where) if row.get("list_price") else None,
        _moment(row["effective_from"], where),
        line,
    )


def _amount(row: dict[str | None, Any], name: str, where: str) -> Decimal:
    try:
        return checked_amount(name, Decimal(row[name]))
    except InvalidOperation as error:
        message = f"{where}: write prices with a point, for example 53.10."
        raise CommandError(message) from error
    except InvalidOffer as error:
        raise CommandError(f"{where}: {error}."[:300]) from error


def _moment(text: str, where: str) -> datetime.datetime:
    try:
        moment = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime.datetime.combine(day, datetime.time.min)
    if moment is None or moment.year < FIRST_YEAR:
        raise CommandError(f"{where}: {text!r} is no date such as 2026-11-03.")
    return clock.aware(moment)
