"""What a product page sells: a product, its offers for a buyer, and the one that a card shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.product_page.data import PageData
from anodyne_blocks.shops.product_page.goods import (
    Candidate,
    check_kept,
    chosen,
    each_once,
    identified,
    is_same,
    numbered,
)
from anodyne_blocks.shops.product_page.limits import NotForBuyer, PriceEnded
from anodyne_blocks.shops.product_page.product import (
    VariantGone,
    addresses,
    find_products,
    keys_of,
    variants,
)
from anodyne_blocks.shops.product_page.terms import Buyer, Terms, read_terms
from anodyne_blocks.shops.product_page.values import (
    Node,
    address,
    has_strays,
    nodes_of,
    place,
    plain,
    weighed,
)
from anodyne_blocks.shops.variants import Known

# What an AggregateOffer says for the offers in it.
_COMMON = (
    "priceCurrency", "availability", "itemCondition", "seller", "offeredBy", "priceValidUntil",
    "validFrom", "validThrough", "availabilityStarts", "availabilityEnds", "eligibleRegion",
    "ineligibleRegion", "areaServed", "shippingDetails", "eligibleCustomerType",
    "validForMemberTier", "businessFunction",
)  # fmt: skip
_MAX_DEPTH = 5
# Offers of one product that are looked at, and how much is read for all of a page, see `weighed`.
_MAX_OFFERS = 1000
MAX_READ = 60_000


NO_TERMS = Terms(Decimal(0), "")


@dataclass(frozen=True)
class Ask:
    """What is asked of a page; see `offer.read_offer`."""

    external_id: str
    url: str
    buyer: Buyer
    speaks: bool = True
    known: Known = Known()
    number: str = ""


@dataclass(frozen=True)
class Sold:
    """A product, the offers of it that the buyer may have, and why not the others."""

    node: Node
    candidates: list[Candidate]
    refused: list[tuple[Candidate, InvalidOffer]]


def sold_on(page: PageData, ask: Ask) -> list[Sold]:
    """What the page sells; more than one only where it tells of one product more than once.

    `InvalidOffer` too where it tells more of its offers than is read: 60,000 values.
    """
    here = [url for url in (ask.url, ask.external_id, page.canonical) if url]
    budget = _Budget()
    told = [_read(page, node, ask, budget) for node in find_products(page, *here)]
    found = [sold for sold in told if sold.candidates]
    problems = [problem for sold in told for _, problem in sold.refused]
    currencies = {c.terms.currency for sold in found for c in sold.candidates}
    unread = [p for p in problems if not isinstance(p, NotForBuyer)]
    # What cannot be read may be the offer in the buyer's currency.
    if found and (ask.buyer.currency in currencies or not (unread and ask.buyer.currency)):
        return found
    ended = next((problem for problem in problems if isinstance(problem, PriceEnded)), None)
    raise ended or (unread or problems or [InvalidOffer("the page's Product has no offers")])[-1]


def chosen_of(page: PageData, sold: Sold, ask: Ask) -> tuple[Candidate, bool]:
    """The offer that a card shows, and whether its price is the lowest of several."""
    picked = [c for c in sold.candidates if c.is_asked]
    if ask.number and not picked:
        picked = [c for c in sold.candidates if ask.number in (c.number, c.own_sku, c.own_gtin)]
    if not picked:
        asked = next((problem for c, problem in sold.refused if c.is_asked), None)
        if asked is not None:
            raise asked
        check_kept(sold.candidates, sold.refused, ask.known.goods)
        if ask.number or _is_lost(page, sold, ask):
            gone = "the variant that this address stands for is not on the page any more"
            raise VariantGone(gone)
    picked = [replace(candidate, is_asked=True) for candidate in picked]
    return chosen(picked or sold.candidates, ask.known, ask.buyer)


class _Budget:
    """How much may still be read of a page's offers."""

    left = MAX_READ

    def spend(self, value: Any) -> None:
        self.left = weighed(value, self.left)
        if self.left < 0:
            raise InvalidOffer("the page tells more about its offers than can be read")


def _read(page: PageData, node: Node, ask: Ask, budget: _Budget) -> Sold:
    """The offers of a product and, for a group, of its variants."""
    is_variant = bool(nodes_of(node.get("isVariantOf")))
    wanted = _wanted(ask)
    # What is the whole product's address is no variant's: the default variant changes.
    common = {place(url.partition("?")[0]) for url in (ask.url, ask.external_id)}
    common |= {place(page.canonical)} if page.canonical else set()
    if not is_variant:
        common |= {place(url) for url in addresses(page, node)}
    read: list[tuple[Candidate, InvalidOffer | None]] = []
    for holder, offer in _offers(page, node, budget):
        own = address(offer.get("url"), page.base)
        own += addresses(page, holder) if holder is not node or is_variant else []
        url = next((one for one in own if place(one) not in common), own[0] if own else "")
        short = "" if not url or place(url) in common else _short(url, ask.url)
        terms, problem = NO_TERMS, None
        try:
            terms = read_terms(offer, ask.buyer)
        except InvalidOffer as error:
            problem = error
        read.append((Candidate(terms, holder, offer, url=url, address=short), problem))
    paths = Counter(place(candidate.url).partition("?")[0] for candidate, _ in read)
    name = plain(node.get("name"))
    found: list[Candidate] = []
    refused: list[tuple[Candidate, InvalidOffer]] = []
    for candidate, problem in read:
        # By an address without a query only where each variant has a page of its own.
        at = place(candidate.url) if candidate.url else ""
        is_apart = "?" in at or paths[at] == 1 < len(read)
        candidate = replace(candidate, is_asked=bool(at) and at in wanted and is_apart)
        candidate = identified(candidate, node, name)
        if problem is None:
            found.append(candidate)
        else:
            refused.append((candidate, problem))
    return Sold(node, numbered(each_once(found), node), refused)


def _offers(page: PageData, node: Node, budget: _Budget) -> list[tuple[Node, Node]]:
    """(product or variant, offer of it): an empty offer where there is none, or none to read."""
    found: list[tuple[Node, Node]] = []
    members = [node, *variants(page, node)][:_MAX_OFFERS]
    for holder in members:
        budget.spend(holder.get("name"))
        budget.spend(holder.get("offers"))
        offers = _inner(holder)
        is_bare = holder is not node and not offers
        found += [(holder, offer) for offer in offers] or ([(holder, {})] if is_bare else [])
    found = found[:_MAX_OFFERS]
    for _, offer in found:
        # Once more: what surrounds an offer is said of it, too.
        budget.spend(offer)
        for item in nodes_of(offer.get("itemOffered"))[:1]:
            budget.spend(item.get("name"))
    lists = [node.get("hasVariant")]
    for holder in members:
        lists += [holder.get("offers"), *(o.get("offers") for o in nodes_of(holder.get("offers")))]
    if any(has_strays(one) for one in lists):
        # Something among the offers or variants is none, and nobody knows which it was.
        found.append((node, {}))
    return found


def _wanted(ask: Ask) -> set[str]:
    wanted = {place(ask.external_id)}
    own, here = urlsplit(ask.external_id).query, urlsplit(ask.url).query
    if own and not here:
        # The same variant on the page's version in another language.
        wanted.add(place(f"{ask.url}?{own}"))
    if own or not here:
        # Some shops lead from a product's address to that of its default variant, which changes.
        wanted.add(place(ask.url))
    return wanted


def _is_lost(page: PageData, sold: Sold, ask: Ask) -> bool:
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
