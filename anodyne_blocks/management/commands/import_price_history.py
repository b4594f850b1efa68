"""`manage.py import_price_history`: past prices that a shop hands over as CSV."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from anodyne_blocks.catalogue.history import HistoricPrice, import_history
from anodyne_blocks.shops import shop_aliases

COLUMNS = ("market", "external_id", "effective_from", "price")


class Command(BaseCommand):
    """All or nothing: a file with a row that cannot be read changes nothing."""

    help = (
        "Appends past prices to the offers of a shop, so that reductions can be proven from the"
        " first day. The CSV file has the columns market, external_id, effective_from (ISO 8601),"
        " price and optionally list_price."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--shop", choices=shop_aliases(), required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(newline="", encoding="utf-8-sig") as lines:
                prices = list(_rows(csv.DictReader(lines)))
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}") from error
        count, skipped = import_history(options["shop"], prices, timezone.now())
        for row in skipped:
            self.stderr.write(f"Row {row.position} ({row.external_id}): {row.reason}")
        self.stdout.write(f"{count} prices appended, {len(skipped)} rows skipped")


def _rows(reader: csv.DictReader[str]) -> Iterator[HistoricPrice]:
    missing = set(COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise CommandError(f"The file lacks the columns {', '.join(sorted(missing))}.")
    for row in reader:
        where = f"Line {reader.line_num}"
        try:
            list_price = Decimal(row["list_price"]) if row.get("list_price") else None
            price = Decimal(row["price"])
        except InvalidOperation as error:
            raise CommandError(f"{where}: write prices with a point, for example 53.10.") from error
        yield HistoricPrice(
            row["external_id"], row["market"], price, list_price, _moment(row, where)
        )


def _moment(row: dict[str, str], where: str) -> datetime.datetime:
    text = row["effective_from"]
    try:
        moment = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime.datetime.combine(day, datetime.time.min)
    if moment is None:
        raise CommandError(f"{where}: {text!r} is no date such as 2026-11-03.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
