"""The offer of a product page: a schema.org Product node as a `ShopOffer`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from anodyne_blocks.shops.offer import MAX_URL, InvalidOffer, ShopOffer
from anodyne_blocks.shops.product_page.amounts import rating
from anodyne_blocks.shops.product_page.data import PageData
from anodyne_blocks.shops.product_page.goods import Candidate
from anodyne_blocks.shops.product_page.sold import Ask, chosen_of, sold_on
from anodyne_blocks.shops.product_page.terms import Buyer
from anodyne_blocks.shops.product_page.values import Node, in_language, many, named, text
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.text import plain_text
from anodyne_blocks.shops.variants import Known


def read_offer(
    page: PageData,
    external_id: str,
    url: str,
    buyer: Buyer,
    *,
    speaks: bool = True,
    known: Known | None = None,
    number: str = "",
) -> ShopOffer:
    """The product that the page at `url` sells to `buyer`, as it is known by `external_id`.

    `speaks`: whether the page is in the buyer's language; texts in others are left out. `number` is
    that of the variant for which `external_id` stands, where another page says so. `InvalidOffer`
    says what the page lacks, `PriceEnded` and `VariantGone` that it says so itself.
    """
    ask = Ask(external_id, url, buyer, speaks, known or Known(), number)
    found = [(sold.node, *chosen_of(page, sold, ask)) for sold in sold_on(page, ask)]
    if len({(best.terms.price, best.terms.currency) for _, best, _ in found}) > 1:
        raise InvalidOffer("the page tells of its product more than once, with different prices")
    return _as_offer(page, *found[0], ask)


def variant_number(page: PageData, external_id: str, url: str, buyer: Buyer) -> str:
    """The number of the variant whose address `external_id` is; empty where it is the product's."""
    try:
        (sold, *_) = sold_on(page, Ask(external_id, url, buyer))
    except InvalidOffer:
        return ""
    return next((c.number for c in sold.candidates if c.is_asked), "")


def variant_addresses(page: PageData, url: str, buyer: Buyer) -> list[str]:
    """The addresses of the variants of the product at `url`; empty where there is no choice."""
    (sold, *_) = sold_on(page, Ask(url, url, buyer))
    host = urlsplit(url).netloc
    found = {c.url: None for c in sold.candidates if c.address and urlsplit(c.url).netloc == host}
    return list(found) if len(sold.candidates) > 1 else []


def _as_offer(page: PageData, node: Node, best: Candidate, is_from: bool, ask: Ask) -> ShopOffer:
    terms = best.terms
    name, is_spoken = in_language(node.get("name"), ask.buyer.language, ask.speaks)
    if best.is_asked and best.label:
        said = (best.holder if best.holder is not node else best.offer).get("name")
        own, own_is_spoken = in_language(said, ask.buyer.language, ask.speaks)
        name, is_spoken = _joined(name, own or best.label), is_spoken and own_is_spoken
    about = next((n for n in (best.holder, node) if text(n.get("description"))), node)
    description, is_told = in_language(about.get("description"), ask.buyer.language, ask.speaks)
    out = LeftOut(*terms.notes, *best.notes)
    stars, count = rating(node.get("aggregateRating"), out)
    picture = best.holder.get("image") if best.is_asked else None
    return ShopOffer(
        external_id=ask.external_id,
        title=name if is_spoken else "",
        name=name,
        description=description if is_told else "",
        url=ask.url,
        price=terms.price,
        is_free=terms.is_free,
        list_price=terms.list_price,
        currency=terms.currency,
        tax_included=terms.tax_included,
        unit_price=terms.unit_price,
        unit_measure=terms.unit_measure,
        price_until=terms.price_until,
        variant=best.number,
        sku=best.own_sku,
        gtin=best.own_gtin,
        condition=best.condition,
        pack=best.pack,
        seller=best.seller,
        source=ask.url,
        is_from=is_from and bool(terms.price),
        brand=named(best.holder.get("brand"), node.get("brand")),
        availability=terms.availability,
        available_from=terms.available_from,
        rating=stars,
        rating_count=count,
        image_url=_image(picture, page.base) or _image(node.get("image"), page.base),
        notes=out.notes,
    )


def _joined(name: str, own: str) -> str:
    """A product's name and its variant's as one: "Knee sleeve – M"."""
    shown, variant = plain_text(name).casefold(), plain_text(own).casefold()
    if not variant or re.search(rf"(?<!\w){re.escape(variant)}(?!\w)", shown):
        return name
    return own if shown in variant else f"{name} – {own}"


def _image(value: Any, base: str) -> str:
    """The first usable image: schema.org allows an address, an ImageObject and lists of both."""
    for one in many(value):
        if isinstance(one, dict):
            inner = (text(one.get(key)) for key in ("url", "contentUrl", "@id"))
            one = next((found for found in inner if found), "")
        if not isinstance(one, str) or not one.strip():
            continue
        found = _absolute(one, base)
        if found.startswith(("http://", "https://")) and len(found) <= MAX_URL:
            return found
    return ""


def _absolute(said: str, base: str) -> str:
    try:
        return urljoin(base, said.strip()).replace(" ", "%20")
    except ValueError:
        return ""
