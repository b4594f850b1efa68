"""`manage.py mark_mistaken`: takes back the prices of an import or refresh that went wrong."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from anodyne_blocks import clock, conf
from anodyne_blocks.catalogue.history import mark_mistaken
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import check_known, wrong
from anodyne_blocks.models import PriceChange
from anodyne_blocks.shops import shop_aliases
from anodyne_blocks.shops.text import printable


class Command(ShopCommand):
    """The prices stay in the history, shown as mistakes; they prove nothing for or against."""

    help = (
        "Marks the prices of a shop that this site saw between two moments as mistakes. They stay"
        " in the history and prove nothing; what was asked before and after is not joined."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", required=True)
        parser.add_argument("--market", help="This market only.")
        parser.add_argument("--since", required=True, help="ISO 8601, such as 2026-11-03T08:00.")
        parser.add_argument("--until", required=True, help="ISO 8601.")
        parser.add_argument("--origin", choices=PriceChange.Origin.values, help="This origin only.")
        parser.add_argument("--why", required=True, help="Stays beside each price.")
        parser.add_argument("--by", default="mark_mistaken", help="Who says so.")
        parser.add_argument("--dry-run", action="store_true", help="Only count.")

    def handle(self, *args: Any, **options: Any) -> None:
        check_known("--shop", options["shop"], shop_aliases())
        check_known("--market", options["market"], conf.markets())
        since, until = (_moment(options[name], f"--{name}") for name in ("since", "until"))
        if until < since:
            raise wrong("--until is before --since.")
        wanted = PriceChange.objects.filter(
            offer__product__shop=options["shop"], observed_at__range=(since, until)
        )
        if options["market"]:
            wanted = wanted.filter(offer__market=options["market"])
        if options["origin"]:
            wanted = wanted.filter(origin=options["origin"])
        if options["dry_run"]:
            count = wanted.filter(mistaken_at=None).count()
            self.stdout.write(f"{count} prices would be marked as mistakes")
            return
        # A shell passes on bytes that are no characters.
        by, why = printable(options["by"]), printable(options["why"])
        count = mark_mistaken(wanted, by, why, timezone.now())
        self.stdout.write(f"{count} prices marked as mistakes")


def _moment(text: str, option: str) -> datetime.datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise wrong(f"{option} is a moment such as 2026-11-03T08:00, not {text!r}.")
    return clock.aware(moment)
