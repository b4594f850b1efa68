"""Tables of a product's offers and of the prices that were in force."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, Table

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import offer_line, written
from anodyne_blocks.models import PriceChange, Product

# The newest that one page shows; a shop may change a price every hour for years.
LONGEST = 200


class MomentColumn(Column):
    """A moment as a date and a time."""

    def get_value(self, instance: object) -> str:
        return date_format(timezone.localtime(super().get_value(instance)), "SHORT_DATETIME_FORMAT")


def offers_table(product: Product) -> Table:
    """The offers: market, title, price, availability, and when they were confirmed."""
    now = timezone.now()
    columns = [
        Column("market", label=_("Market")),
        Column("title", label=_("Title")),
        Column("price", label=_("Price"), accessor=lambda offer: offer_line(offer, now).price),
        Column(
            "availability",
            label=_("Availability"),
            accessor=lambda offer: offer_line(offer, now).state,
        ),
        MomentColumn("checked_at", label=_("Confirmed at")),
    ]
    return Table(columns, product.offers.all())


def history_table(product: Product) -> Table:
    """What the price of each offer was, newest first: the proof behind every reduction."""
    columns = [
        Column("market", label=_("Market"), accessor="offer.market"),
        Column("price", label=_("Price"), accessor=_price),
        MomentColumn("effective_from", label=_("In force since")),
        MomentColumn("observed_at", label=_("Seen at")),
        Column("origin", label=_("Origin"), accessor="get_origin_display"),
    ]
    changes = PriceChange.objects.filter(offer__product=product).select_related("offer")
    return Table(columns, changes.order_by("-effective_from", "-pk")[:LONGEST])


def _price(change: PriceChange) -> str:
    market = conf.markets().get(change.offer.market)
    return written(change.price, change.currency, market.language if market else "en")
