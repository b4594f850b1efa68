"""The offer of a product page: a schema.org Product node as a `ShopOffer`."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.offer import MAX_URL, InvalidOffer, ShopOffer
from anodyne_blocks.shops.page_data import (
    Node,
    PageData,
    find_product,
    is_at,
    many,
    name,
    text,
    types,
    variants,
)
from anodyne_blocks.shops.page_terms import Terms, read_terms

_LONGEST_TEXT = 20_000
_BEST_FIRST = (
    Stock.IN_STOCK,
    Stock.LOW_STOCK,
    Stock.PREORDER,
    Stock.BACKORDER,
    Stock.UNKNOWN,
    Stock.OUT_OF_STOCK,
)
_NOT_NEW = frozenset({"UsedCondition", "RefurbishedCondition", "DamagedCondition"})


def read_offer(
    page: PageData, external_id: str, url: str, currency: str = "", speaks: bool = True
) -> ShopOffer:
    """The product that the page at `url` sells, with its first offer in `currency`, or its first.

    Not the cheapest that is in stock: a size that sells out must not look like a reduction.
    `speaks`: whether the page is in the market's language; its texts are left out otherwise.
    `InvalidOffer` says what the page lacks.
    """
    here = [url, external_id, page.canonical] if page.canonical else [url, external_id]
    node = find_product(page, *here)
    now = datetime.now(timezone.utc)
    terms: list[Terms] = []
    problem = "the page's Product has no offers"
    for offer in _offers(page, node, here):
        try:
            terms.append(read_terms(offer, now))
        except InvalidOffer as error:
            problem = str(error)
    if not terms:
        raise InvalidOffer(problem)
    best = min(terms, key=lambda t: t.currency != currency)
    same = [t for t in terms if (t.price, t.currency) == (best.price, best.currency)]
    rating, count = _rating(node.get("aggregateRating"))
    return ShopOffer(
        external_id=external_id,
        title=text(node.get("name")) if speaks else "",
        name=text(node.get("name")),
        description=text(node.get("description"))[:_LONGEST_TEXT] if speaks else "",
        url=url,
        price=best.price,
        list_price=best.list_price,
        currency=best.currency,
        tax_included=best.tax_included,
        unit_price=best.unit_price,
        unit_measure=best.unit_measure,
        availability=min((t.availability for t in same), key=_BEST_FIRST.index),
        rating=rating,
        rating_count=count,
        image_url=_image(node.get("image"), url),
    )


def is_sold_apart(page: PageData, url: str, other: str) -> bool:
    """Whether the page has an offer, or a variant, for the address `url` and not for `other`."""
    node = find_product(page, url, other)
    return any(
        is_at(one, url) and not is_at(one, other)
        for variant in [node, *variants(page, node)]
        for one in [variant, *_inner(variant)]
        if one is not node
    )


def _offers(page: PageData, node: Node, here: list[str]) -> list[Node]:
    """The Offer nodes of a product and, for a group, of its variants; what is new comes first.

    A variant, or an offer, with the address that was asked for is the only one that counts.
    """
    found: list[Node] = []
    asked: list[Node] = []
    for holder in [node, *variants(page, node)]:
        is_asked = holder is not node and is_at(holder, *here[:2])
        offers = _inner(holder)
        found += offers
        asked += offers if is_asked else [offer for offer in offers if is_at(offer, *here[:2])]
    return sorted(asked or found, key=_rank)


def _inner(holder: Node) -> list[Node]:
    """The offers of a product, those that an AggregateOffer holds in its place."""
    found: list[Node] = []
    for offer in many(holder.get("offers")):
        if isinstance(offer, dict):
            common = {key: offer[key] for key in ("priceCurrency", "availability") if key in offer}
            inner = [common | o for o in many(offer.get("offers")) if isinstance(o, dict)]
            found += inner or [offer]
    return found


def _rank(offer: Node) -> tuple[bool, bool]:
    """Used goods, and the lowest of several prices, only where there is nothing else."""
    return name(offer.get("itemCondition")) in _NOT_NEW, "AggregateOffer" in types(offer)


def _rating(value: Any) -> tuple[Decimal | None, int | None]:
    """(0 to 5, count); no rating at all rather than one that cannot be read or that nobody gave."""
    node = next((v for v in many(value) if isinstance(v, dict)), {})
    given = text(node.get("ratingValue"))
    best = text(node.get("bestRating")) or "5"
    count = text(node.get("reviewCount")) or text(node.get("ratingCount"))
    number = r"[0-9]{1,4}(\.[0-9]{1,10})?"
    if not (re.fullmatch(number, given) and re.fullmatch(number, best)):
        return None, None
    if not 0 < Decimal(given) <= Decimal(best) or not re.fullmatch("[1-9][0-9]{0,8}", count):
        return None, None
    return Decimal(given) * 5 / Decimal(best), int(count)


def _image(value: Any, base: str) -> str:
    """The first usable image: schema.org allows an address, an ImageObject and lists of both."""
    for one in many(value):
        if isinstance(one, dict):
            one = text(one.get("url")) or text(one.get("contentUrl")) or text(one.get("@id"))
        if not isinstance(one, str) or not one.strip():
            continue
        try:
            url = urljoin(base, one.strip()).replace(" ", "%20")
        except ValueError:
            continue
        if url.startswith(("http://", "https://")) and len(url) <= MAX_URL:
            return url
    return ""
