"""What was priced before under a shop's ids, for the shop to keep to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anodyne_blocks.models import Offer
from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.shops import Known, Remember

_COLUMNS = ("product__external_id", "product__name", "title", "price", *Goods._fields)


def known_in(shop: str, market: str) -> Remember:
    """A function that tells what was priced in a market under some ids: one query a call."""

    def known(ids: Sequence[str]) -> Mapping[str, Known]:
        offers = Offer.objects.order_by().filter(market=market, product__shop=shop)
        rows = offers.filter(product__external_id__in=ids).values_list(*_COLUMNS)
        return {
            external_id: Known(Goods(*goods), title or name, price)
            for external_id, name, title, price, *goods in rows
        }

    return known
