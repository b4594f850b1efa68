"""The table of a product's offers, all markets side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, Table

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import OfferLine, moment, offer_line
from anodyne_blocks.admin.explanations import explain
from anodyne_blocks.admin.tables import PhoneTable
from anodyne_blocks.models import AbstractProduct, Offer


@dataclass(frozen=True)
class OfferRow(OfferLine):
    """An offer in the admin's words; all but market and state empty where there is none."""

    title: str = ""
    url: str = ""
    reduction: str = ""
    confirmed: str = ""


class TitleCell(Column):
    cell_template_name = "anodyne_blocks/admin/offer_title_cell.html"


class PriceCell(Column):
    cell_template_name = "anodyne_blocks/admin/offer_price_cell.html"


def offers_table(product: AbstractProduct, offers: Iterable[Offer] | None = None) -> Table:
    """One row for each market, with the reason why its card shows a reduction or shows none.

    `offers` are the product's, with prefetched price changes.
    """
    now = timezone.now()
    if offers is None:
        offers = product.offers.prefetch_related("price_changes")
    by_market = {offer.market: offer for offer in offers}
    markets = [*conf.markets(), *(key for key in by_market if key not in conf.markets())]
    rows = []
    for market in markets:
        offer = by_market.get(market)
        if offer is None:
            rows.append(OfferRow(market, "", "", state=gettext("not offered")))
            continue
        rows.append(
            OfferRow(
                **vars(offer_line(offer, now)),
                title=offer.title,
                url=offer.url,
                reduction=explain(offer, now),
                confirmed=moment(offer.checked_at),
            )
        )
    columns = [
        Column("market", label=_("Market"), width="7%"),
        TitleCell("title", label=_("Title"), width="22%"),
        PriceCell("price", label=_("Price"), width="11%"),
        Column("state", label=_("Availability"), width="12%"),
        Column("reduction", label=_("Reduction"), classname="anodyne-reason"),
        Column("confirmed", label=_("Confirmed at"), width="13%"),
    ]
    return PhoneTable(columns, rows)
