"""The offer of a product page: a schema.org Product node as a `ShopOffer`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urljoin, urlsplit

from anodyne_blocks.shops.offer import MAX_URL, InvalidOffer, ShopOffer
from anodyne_blocks.shops.page_amounts import rating
from anodyne_blocks.shops.page_data import PageData
from anodyne_blocks.shops.page_goods import (
    Candidate,
    chosen,
    each_once,
    identified,
    is_same,
    numbered,
)
from anodyne_blocks.shops.page_limits import PriceEnded
from anodyne_blocks.shops.page_product import (
    VariantGone,
    addresses,
    find_products,
    keys_of,
    variants,
)
from anodyne_blocks.shops.page_terms import Buyer, read_terms
from anodyne_blocks.shops.page_values import (
    Node,
    address,
    in_language,
    many,
    nodes_of,
    place,
    text,
)
from anodyne_blocks.shops.text import plain_text
from anodyne_blocks.shops.variants import Known

# What an AggregateOffer says for the offers in it.
_COMMON = (
    "priceCurrency", "availability", "itemCondition", "seller", "offeredBy", "priceValidUntil",
    "validFrom", "validThrough", "availabilityStarts", "availabilityEnds", "eligibleRegion",
    "ineligibleRegion", "areaServed", "shippingDetails", "eligibleCustomerType",
    "validForMemberTier", "businessFunction",
)  # fmt: skip
_MAX_DEPTH = 5
# Offers of one page that are looked at.
_MAX_OFFERS = 2000


@dataclass(frozen=True)
class _Ask:
    """What is asked of a page; see `read_offer`."""

    external_id: str
    url: str
    buyer: Buyer
    speaks: bool = True
    known: Known = Known()
    number: str = ""


@dataclass(frozen=True)
class _Sold:
    """A product, the offers of it that the buyer may have, and why not the others.

    `refused` is why the variant that was asked for is not among them.
    """

    node: Node
    candidates: list[Candidate]
    problems: list[InvalidOffer]
    refused: InvalidOffer | None


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
    ask = _Ask(external_id, url, buyer, speaks, known or Known(), number)
    found = [(sold.node, *_chosen(page, sold, ask)) for sold in _sold(page, ask)]
    if len({(best.terms.price, best.terms.currency) for _, best, _ in found}) > 1:
        raise InvalidOffer("the page tells of its product more than once, with different prices")
    return _as_offer(page, *found[0], ask)


def variant_number(page: PageData, external_id: str, url: str, buyer: Buyer) -> str:
    """The number of the variant whose address `external_id` is; empty where it is the product's."""
    try:
        (sold, *_) = _sold(page, _Ask(external_id, url, buyer))
    except InvalidOffer:
        return ""
    return next((c.number for c in sold.candidates if c.is_asked), "")


def variant_addresses(page: PageData, url: str, buyer: Buyer) -> list[str]:
    """The addresses of the variants of the product at `url`; empty where there is no choice."""
    (sold, *_) = _sold(page, _Ask(url, url, buyer))
    host = urlsplit(url).netloc
    found = {c.url: None for c in sold.candidates if c.address and urlsplit(c.url).netloc == host}
    return list(found) if len(sold.candidates) > 1 else []


def _sold(page: PageData, ask: _Ask) -> list[_Sold]:
    """What the page sells; more than one only where it tells of one product more than once."""
    here = [url for url in (ask.url, ask.external_id, page.canonical) if url]
    told = [_read(page, node, ask) for node in find_products(page, *here)]
    found = [sold for sold in told if sold.candidates]
    if found:
        return found
    problems = [problem for sold in told for problem in sold.problems]
    ended = next((problem for problem in problems if isinstance(problem, PriceEnded)), None)
    raise ended or (problems or [InvalidOffer("the page's Product has no offers")])[-1]


def _read(page: PageData, node: Node, ask: _Ask) -> _Sold:
    """The offers of a product and, for a group, of its variants."""
    is_variant = bool(nodes_of(node.get("isVariantOf")))
    wanted = _wanted(ask)
    # What is the whole product's address is no variant's: the default variant changes.
    common = {place(url.partition("?")[0]) for url in (ask.url, ask.external_id)}
    common |= {place(page.canonical)} if page.canonical else set()
    if not is_variant:
        common |= {place(url) for url in addresses(page, node)}
    found: list[Candidate] = []
    problems: list[InvalidOffer] = []
    refused = None
    pairs = [(h, offer) for h in [node, *variants(page, node)] for offer in _inner(h)]
    for holder, offer in pairs[:_MAX_OFFERS]:
        own = address(offer.get("url"), page.base)
        own += addresses(page, holder) if holder is not node or is_variant else []
        url = next((one for one in own if place(one) not in common), own[0] if own else "")
        try:
            terms = read_terms(offer, ask.buyer)
        except InvalidOffer as error:
            problems.append(error)
            refused = error if url and "?" in url and place(url) in wanted else refused
            continue
        short = "" if not url or place(url) in common else _short(url, ask.url)
        found.append(Candidate(terms, holder, offer, url=url, address=short))
    paths = [place(c.url).partition("?")[0] for c in found]
    for n, candidate in enumerate(found):
        # Of an address without a query only where each variant has a page of its own.
        is_asked = place(candidate.url) in wanted and bool(candidate.url)
        is_asked &= "?" in place(candidate.url) or paths.count(paths[n]) == 1 < len(found)
        found[n] = identified(replace(candidate, is_asked=is_asked), node)
    return _Sold(node, numbered(each_once(found), node), problems, refused)


def _wanted(ask: _Ask) -> set[str]:
    wanted = {place(ask.url), place(ask.external_id)}
    if not urlsplit(ask.url).query and (query := urlsplit(ask.external_id).query):
        # The same variant on the page's version in another language.
        wanted.add(place(f"{ask.url}?{query}"))
    return wanted


def _chosen(page: PageData, sold: _Sold, ask: _Ask) -> tuple[Candidate, bool]:
    """The offer that a card shows, and whether its price is the lowest of several."""
    picked = [c for c in sold.candidates if c.is_asked]
    if ask.number and not picked:
        picked = [c for c in sold.candidates if ask.number in (c.number, c.own_sku, c.own_gtin)]
    if not picked and (ask.number or _is_lost(page, sold, ask)):
        gone = "the variant that this address stands for is not on the page any more"
        raise sold.refused or VariantGone(gone)
    picked = [replace(candidate, is_asked=True) for candidate in picked]
    return chosen(picked or sold.candidates, ask.known, ask.buyer)


def _is_lost(page: PageData, sold: _Sold, ask: _Ask) -> bool:
    """Whether an address is that of a variant that the page does not name."""
    keys = keys_of(ask.external_id)
    own = [page.canonical, *addresses(page, sold.node)]
    if not keys or place(ask.external_id) in {place(url) for url in own if url}:
        return False
    # It names one in the way in which the page names others, or one that was priced before.
    if any(keys & keys_of(c.url) for c in sold.candidates if c.address):
        return True
    goods = ask.known.goods
    return bool(goods.variant) and not any(is_same(c, goods) for c in sold.candidates)


def _short(own: str, url: str) -> str:
    """An address as a variant's number: its query where that is all by which it differs."""
    path, mark, query = place(own).partition("?")
    is_here = bool(mark) and path == place(url).partition("?")[0]
    return (f"?{query}" if is_here else f"/{place(own).partition('/')[2]}")[:255]


def _inner(holder: Node, depth: int = _MAX_DEPTH) -> list[Node]:
    """The offers of a product, those that an AggregateOffer holds in its place."""
    found: list[Node] = []
    for offer in nodes_of(holder.get("offers")):
        inner = _inner(offer, depth - 1) if depth else []
        common = {key: offer[key] for key in _COMMON if key in offer} if inner else {}
        found += [common | one for one in inner] or [offer]
    return found


def _as_offer(page: PageData, node: Node, best: Candidate, is_from: bool, ask: _Ask) -> ShopOffer:
    terms, known = best.terms, ask.known
    name, is_spoken = in_language(node.get("name"), ask.buyer.language, ask.speaks)
    if best.is_asked and best.label:
        said = (best.holder if best.holder is not node else best.offer).get("name")
        own, own_is_spoken = in_language(said, ask.buyer.language, ask.speaks)
        name, is_spoken = _joined(name, own or best.label), is_spoken and own_is_spoken
    about = next((n for n in (best.holder, node) if text(n.get("description"))), node)
    description, is_told = in_language(about.get("description"), ask.buyer.language, ask.speaks)
    notes = [*terms.notes, *best.notes]
    stars, count = rating(node.get("aggregateRating"), notes)
    price = terms.price
    is_same_variant = best.number == known.goods.variant
    if is_same_variant and known.price and _is_coarser(terms.as_written, known.price):
        price = known.price
        notes.append(f"The price {terms.as_written} is {known.price} without its decimals.")
    picture = best.holder.get("image") if best.is_asked else None
    return ShopOffer(
        external_id=ask.external_id,
        title=name if is_spoken else "",
        name=name,
        description=description if is_told else "",
        url=ask.url,
        price=price,
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
        is_from=is_from and bool(price),
        availability=terms.availability,
        available_from=terms.available_from,
        rating=stars,
        rating_count=count,
        image_url=_image(picture, page.base) or _image(node.get("image"), page.base),
        notes=" ".join(notes),
    )


def _joined(name: str, own: str) -> str:
    """A product's name and its variant's as one: "Knee sleeve – M"."""
    shown, variant = plain_text(name).casefold(), plain_text(own).casefold()
    if not variant or re.search(rf"(?<!\w){re.escape(variant)}(?!\w)", shown):
        return name
    return own if shown in variant else f"{name} – {own}"


def _is_coarser(written: str, known: Decimal) -> bool:
    """Whether a price is written without the decimals that it is known to have."""
    if not written.isdigit() or known == known.to_integral_value():
        return False
    return known.quantize(Decimal(1), ROUND_HALF_UP) == Decimal(written)


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
