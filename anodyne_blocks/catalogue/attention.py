"""Products that need an editor's attention, because a live page shows them not as it should.

The same rules twice: as a condition for the database, so that a report can leaf through 100,000
products, and in Python for the products of one page, with words.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, ChooserBlock

from anodyne_blocks import clock, conf
from anodyne_blocks.article.article import page_language
from anodyne_blocks.article.markets import markets_of, pages_by_market
from anodyne_blocks.article.walking import page_streams, raw_children, walk_page
from anodyne_blocks.catalogue.usage import placed_products
from anodyne_blocks.conf import Market, page_model
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model
from anodyne_blocks.models.offers import stale
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.prior_price import Status


class Kind(TextChoices):
    """What may be wrong with a product on a page."""

    WITHDRAWN = "withdrawn", _("no longer sold")
    SOLD_OUT = "sold_out", _("sold out")
    STALE = "stale", _("price not confirmed")
    MISSING = "missing", _("not offered in the page's market")
    UNSUPPORTED = "unsupported", _("reduction not proven")
    FAILING = "failing", _("the shop does not answer")


@dataclass(frozen=True)
class Concern:
    """One thing that is wrong, in the market with this key ("" for all), and in words."""

    kind: Kind
    market: str
    text: str


def needs_attention(
    now: datetime.datetime, kinds: Iterable[Kind] = tuple(Kind), market: str = ""
) -> Q:
    """The condition on products: a live page (of this market, or any) shows it with a fault."""
    kinds = set(kinds)
    wanted = Q(pk__in=[])
    anywhere = Q(pk__in=[])
    for key, pages in pages_by_market().items():
        if market in ("", key):
            wanted |= _shown(pages) & _faults(conf.markets()[key], kinds, now)
            anywhere |= pages
    # Said apart, for the database to begin with the few products on pages.
    return _shown(anywhere) & wanted


def _shown(pages: Q) -> Q:
    return Q(pk__in=placed_products(page_model().objects.filter(pages, live=True)))


def _faults(market: Market, kinds: set[Kind], now: datetime.datetime) -> Q:
    offers = Offer.objects.filter(product=OuterRef("pk"), market=market.key)
    sold = Q(status=AbstractProduct.Status.ACTIVE)
    gone = Exists(offers.exclude(withdrawn_at=None))
    announced = Q(prior_status=Status.OK.value, rule=market.fingerprint) & (
        Q(announce_until=None) | Q(announce_until__gt=now)
    )
    claimed = Q(list_price__gt=F("price")) & ~Q(prior_status=Status.DISABLED.value)
    seen = offers.filter(withdrawn_at=None)
    unconfirmed = seen.exclude(refresh_error="")
    faults: dict[Kind, Q] = {
        Kind.WITHDRAWN: ~sold | Q(gone),
        Kind.MISSING: sold & (~Q(Exists(offers)) | Q(Exists(seen.filter(title="")))),
        Kind.SOLD_OUT: sold & Q(Exists(seen.filter(availability=Stock.OUT_OF_STOCK.value))),
        Kind.STALE: sold & Q(Exists(seen.filter(stale(now)))),
        Kind.UNSUPPORTED: sold & Q(Exists(seen.filter(claimed & ~announced).exclude(stale(now)))),
        Kind.FAILING: ~Q(shop="") & (Q(refresh_failures__gt=0) | Q(Exists(unconfirmed))),
    }
    found = Q(pk__in=[])
    for kind in kinds:
        found |= faults[kind]
    return found


def concerns(
    product: AbstractProduct,
    markets: Iterable[str],
    now: datetime.datetime,
    *,
    diagnostics: bool = False,
) -> list[Concern]:
    """What is wrong with a product in these markets, as `needs_attention` finds it.

    Fetch its offers before. With `diagnostics` also what the shop answered last.
    """
    found = []
    for market in markets:
        offer = product.offer_in(market)
        found += [Concern(kind, market, text) for kind, text in _in_market(product, offer, now)]
        if diagnostics and offer is not None and offer.refresh_error:
            text = gettext("The shop confirms no price: %(reason)s")
            text %= {"reason": offer.refresh_error}
            found.append(Concern(Kind.FAILING, market, text))
    if diagnostics and product.shop and product.refresh_failures:
        if all(product.refresh_error not in concern.text for concern in found):
            text = gettext("The shop did not answer: %(reason)s")
            text %= {"reason": product.refresh_error}
            found.append(Concern(Kind.FAILING, "", text))
    return found


def _in_market(
    product: AbstractProduct, offer: Offer | None, now: datetime.datetime
) -> list[tuple[Kind, str]]:
    if product.is_withdrawn or (offer is not None and offer.withdrawn_at is not None):
        return [(Kind.WITHDRAWN, gettext("The shop no longer sells it."))]
    if offer is None:
        return [(Kind.MISSING, gettext("It is not offered in this market."))]
    found = []
    if not offer.title:
        text = gettext("The shop has no title in this language: give the card a title of its own.")
        found.append((Kind.MISSING, text))
    if offer.availability == Stock.OUT_OF_STOCK.value:
        found.append((Kind.SOLD_OUT, gettext("It is sold out.")))
    if offer.is_stale(now):
        day = date_format(clock.day_of(offer.checked_at), "SHORT_DATE_FORMAT")
        text = gettext("The shop has not confirmed the price since %(date)s.") % {"date": day}
        found.append((Kind.STALE, text))
    elif (
        offer.price is not None
        and offer.list_price is not None
        and offer.list_price > offer.price
        and offer.prior_status != Status.DISABLED.value
        and not offer.announces_reduction(now)
    ):
        if offer.prior_status in (Status.OK.value, Status.EXPIRED.value):
            text = gettext("The shop claims a reduction that may not be announced any longer.")
        else:
            text = gettext("The shop claims a reduction that the price history does not prove.")
        found.append((Kind.UNSUPPORTED, text))
    return found


def grouped(found: Iterable[Concern]) -> list[tuple[str, str]]:
    """What is wrong in several markets said once: (market keys, text), in the order given."""
    markets: dict[str, list[str]] = {}
    for concern in found:
        markets.setdefault(concern.text, []).append(concern.market)
    return [(", ".join(filter(None, keys)), text) for text, keys in markets.items()]


def concerns_on(
    page: Any, now: datetime.datetime, *, diagnostics: bool = False
) -> list[tuple[AbstractProduct, list[Concern]]]:
    """The products in a page's StreamFields, as they are now, that need attention there.

    A product that was deleted is an unsaved one. The words name the market where a page sells in
    several, as it is in several sites.
    """
    markets = markets_of(page, page_language(page))
    if not markets:
        return []
    products: dict[int, AbstractProduct] = {}
    for _block, value in walk_page(page):
        if isinstance(value, AbstractProduct) and value.pk:
            products.setdefault(value.pk, value)
    # Whole: of what was fetched for readers only their columns are there.
    rows = get_product_model().objects.filter(pk__in=products).prefetch_related("offers")
    whole = rows.in_bulk() if products else {}
    found = [
        (product, concerns(whole[pk], markets, now, diagnostics=diagnostics))
        for pk, product in products.items()
        if pk in whole
    ]
    if len(markets) > 1:
        found = [(product, list(map(_with_market, faults))) for product, faults in found]
    text = gettext("The product of this card was deleted.")
    gone = get_product_model()(name=gettext("Product"))
    lost = [(gone, [Concern(Kind.MISSING, markets[0], text)])]
    return [(product, faults) for product, faults in found if faults] + lost * _deleted_on(page)


def _with_market(concern: Concern) -> Concern:
    return replace(concern, text=": ".join(filter(None, [concern.market, concern.text])))


def _deleted_on(page: Any) -> int:
    """How many products that a page names exist no more: its blocks are as good as empty."""
    keys: set[int] = set()
    for block, value in page_streams(page):
        for stored in value.raw_data:
            if child := block.child_blocks.get(stored["type"]):
                keys |= set(_chosen(child, stored["value"]))
    return len(keys) - get_product_model().objects.filter(pk__in=keys).count() if keys else 0


def _chosen(block: Block, raw: Any) -> Iterator[int]:
    """The keys of products in a block as it is stored, where it still names the deleted."""
    if isinstance(block, ChooserBlock):
        # Content that no form has checked may name anything.
        if block.target_model is get_product_model() and type(raw) is int:
            yield from [raw] if raw.bit_length() < 64 else ()
        return
    for child, value in raw_children(block, raw):
        yield from _chosen(child, value)
