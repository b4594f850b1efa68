"""What the offers of a product page price, and which of them a card shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from anodyne_blocks.pricing.goods import Goods, ItemCondition
from anodyne_blocks.shops import words
from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.product_page.limits import NotForBuyer
from anodyne_blocks.shops.product_page.terms import Buyer, Terms
from anodyne_blocks.shops.product_page.values import (
    Node,
    named,
    nodes_of,
    plain,
    scalar,
    term,
    text,
)
from anodyne_blocks.shops.reading import LeftOut, gtin
from anodyne_blocks.shops.variants import Known, Variant, choose, is_from

# By what a variant may be known, best first.
_NUMBERS = ("own_sku", "own_gtin", "address", "label")
_GTINS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "isbn")


@dataclass(frozen=True)
class Candidate:
    """An offer that the buyer may have, and what it is of.

    `own_sku` and `own_gtin` are those that the offer or its variant names, not the product at
    large. `url` is the address that it says to have, and `address` a short form of it where that is
    its own, not the whole product's. `is_asked`: it is what was asked for; `number`: see below.
    """

    terms: Terms
    holder: Node
    offer: Node
    label: str = ""
    own_sku: str = ""
    own_gtin: str = ""
    url: str = ""
    address: str = ""
    condition: str = ""
    seller: str = ""
    pack: str = ""
    is_asked: bool = False
    number: str = ""
    notes: tuple[str, ...] = ()


def identified(candidate: Candidate, node: Node, name: str) -> Candidate:
    """The candidate with all that its offer, its variant and the goods in it say of themselves.

    `node` is the whole product, `name` how that is called.
    """
    holder, offer = candidate.holder, candidate.offer
    item = next(iter(nodes_of(offer.get("itemOffered"))), {})
    said = [offer, item if item is not node else {}, holder if holder is not node else {}]
    out = LeftOut()
    condition = next((one for n in (*said, node) if (one := n.get("itemCondition"))), None)
    read = words.condition(term(condition))
    if condition and read is None:
        out.note("condition", f"{term(condition)[:40] or 'it'!r} is none")
    names = (plain(n.get("name")) for n in said)
    label = next((n for n in names if n and n != name), "")
    return replace(
        candidate,
        label=label,
        own_sku=_first(said, _sku),
        own_gtin=_first(said, _gtin),
        condition=read.value if read else "",
        seller=named(offer.get("seller"), offer.get("offeredBy")),
        pack=_pack(offer),
        notes=out.sentences,
    )


def numbered(candidates: list[Candidate], node: Node) -> list[Candidate]:
    """The candidates, each with the number of its variant.

    Its article number, barcode, address or name, whichever is first its own among those of the same
    currency and condition. An offer that nothing tells from others but its price goes by that: a
    price that is not the same may then be of another variant. A product's single offer has the
    product's numbers.
    """
    groups: dict[object, list[Candidate]] = {}
    for c in candidates:
        groups.setdefault((c.terms.currency, c.condition, c.terms.is_range), []).append(c)
    return [c for group in groups.values() for c in _numbered(group, node)]


def _numbered(candidates: list[Candidate], node: Node) -> list[Candidate]:
    if candidates[0].terms.is_range:
        # The lowest of several prices is of no variant that anybody names.
        return [replace(c, own_sku="", own_gtin="") for c in candidates]
    if len(candidates) == 1:
        (only,) = candidates
        only = replace(
            only, own_sku=only.own_sku or _sku(node), own_gtin=only.own_gtin or _gtin(node)
        )
        number = only.own_sku or only.own_gtin or only.address or only.label
        return [replace(only, number=number)]
    counts = {
        name: Counter(getattr(candidate, name) for candidate in candidates) for name in _NUMBERS
    }
    prices = {candidate.terms.price for candidate in candidates} - {0}
    sellers = Counter(candidate.seller for candidate in candidates)
    found = []
    for candidate in candidates:
        own = {name: getattr(candidate, name) for name in _NUMBERS}
        own = {name: said if counts[name][said] == 1 else "" for name, said in own.items()}
        is_apart = candidate.seller and sellers[candidate.seller] == 1
        other = "" if is_apart or len(prices) < 2 else _by_price(candidate)
        number = next(filter(None, own.values()), other)
        found.append(replace(candidate, **own, number=number))
    return found


def each_once(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without repetitions: pages name an offer in place, and by reference."""
    found: dict[object, Candidate] = {}
    for c in candidates:
        key = (
            c.own_sku, c.own_gtin, c.address, c.label, c.seller, c.condition, c.pack,
            c.terms.price, c.terms.currency, c.terms.tax_included, c.terms.availability,
            c.terms.can_be_bought, c.terms.is_local, c.terms.is_range,
        )  # fmt: skip
        found.setdefault(key, c)
    return list(found.values())


def check_kept(
    candidates: list[Candidate], refused: list[tuple[Candidate, InvalidOffer]], goods: Goods
) -> None:
    """Raises why the goods that were priced before cannot be read, where they are there.

    Then no others take their place. An offer without that kind of number may be theirs.
    """
    if any(is_same(candidate, goods) for candidate in candidates):
        return
    by_seller = "" if goods.variant else goods.seller
    if not goods.variant and (not by_seller or any(c.seller == by_seller for c in candidates)):
        return
    kind = _kind_of_number(goods) if goods.variant else "seller"
    for candidate, problem in refused:
        names = _all_numbers(candidate) | {candidate.seller} - {""}
        is_nameless = not getattr(candidate, kind) and not isinstance(problem, NotForBuyer)
        if is_nameless or is_same(candidate, goods) or (by_seller and by_seller in names):
            raise problem


def chosen(candidates: list[Candidate], known: Known, buyer: Buyer) -> tuple[Candidate, bool]:
    """The candidate that a card shows, and whether its price is the lowest of several.

    In the buyer's currency, the variant that was priced before; and of what differs in more than
    the variant: in the condition and of the seller that were priced before, new ones else, for the
    buyer's country, with tax.
    """
    goods = known.goods
    rules: list[Callable[[Candidate], bool]] = [
        lambda c: bool(goods.condition) and c.condition == goods.condition,
        lambda c: bool(goods.seller) and c.seller == goods.seller,
        lambda c: not c.terms.is_range,
        lambda c: bool(c.terms.price),
        lambda c: c.terms.is_local,
        lambda c: c.condition in ("", ItemCondition.NEW.value),
        lambda c: c.terms.tax_included is not False,
    ]
    payable = [c for c in candidates if c.terms.currency == buyer.currency] or candidates
    left = _narrowed(payable, rules)
    same = _narrowed([c for c in payable if is_same(c, goods)], rules)
    if goods.variant and not same:
        # The page may merely have left the number out.
        bare = [c for c in payable if not getattr(c, _kind_of_number(goods))]
        bare = [c for c in bare if c.terms.price == known.price and not c.terms.is_range]
        same = bare if len(bare) == 1 and goods.variant != _by_price(bare[0]) else []
    # Where that one is gone, another of the same price is the nearest.
    known = known._replace(goods=Goods())
    options = [Variant(c.number, c.terms.price, c.terms.can_be_bought, c) for c in same or left]
    # Of several prices of one variant, the one of before, or the lowest.
    options.sort(key=lambda option: (option.price != known.price, option.price))
    best = choose(options, known)
    if best is None:
        raise AssertionError("there is at least one candidate")
    candidate = best.data
    others = [
        Variant(str(n), c.terms.price, c.terms.can_be_bought)
        for n, c in enumerate(c for c in left if c is not candidate)
    ]
    lowest = candidate.terms.is_range or is_from(others, replace(best, number=""))
    if same and goods.variant:
        # By the number that it had, also where it now has one that comes before that.
        candidate = replace(candidate, number=goods.variant)
    return candidate, lowest


def _narrowed(
    candidates: list[Candidate], rules: list[Callable[[Candidate], bool]]
) -> list[Candidate]:
    """Those that fulfil each rule that any of them fulfils."""
    left = candidates
    for rule in rules:
        left = [candidate for candidate in left if rule(candidate)] or left
    return left


def is_same(candidate: Candidate, goods: Goods) -> bool:
    """Whether the candidate is the variant that was priced before, by any of its numbers."""
    if goods.variant and goods.variant in _all_numbers(candidate):
        return True
    return bool(
        (candidate.own_sku and candidate.own_sku == goods.sku)
        or (candidate.own_gtin and candidate.own_gtin == goods.gtin)
    )


def contradicts(goods: Goods, earlier: Goods) -> bool:
    """Whether both name an article number or a barcode, and not the same."""
    pairs = ((goods.sku, earlier.sku), (goods.gtin, earlier.gtin))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _kind_of_number(goods: Goods) -> str:
    """Which of a candidate's numbers the variant of `goods` is."""
    if goods.variant in (goods.sku, goods.gtin):
        return "own_sku" if goods.variant == goods.sku else "own_gtin"
    return "address" if goods.variant.startswith(("?", "/")) else "label"


def _all_numbers(c: Candidate) -> set[str]:
    return {c.number, c.own_sku, c.own_gtin, c.address, c.label} - {""}


def _by_price(candidate: Candidate) -> str:
    price = f"{candidate.terms.price:f}"
    price = price.rstrip("0").rstrip(".") if "." in price else price
    return f"{candidate.terms.currency} {price}"


def _first(nodes: Sequence[Node], read: Callable[[Node], str]) -> str:
    return next((found for node in nodes if (found := read(node))), "")


def _sku(node: Node) -> str:
    """An article number is a text or a number; a shop's 0 is none."""
    said = node.get("sku")
    found = "" if isinstance(said, list) else scalar(said)
    return found if found != "0" and len(found) <= 100 else ""


def _gtin(node: Node) -> str:
    for name in _GTINS:
        said = node.get(name)
        try:
            digits = "" if isinstance(said, list) else gtin(scalar(said)[:30])
        except InvalidOffer:
            continue
        if digits:
            return digits
    return ""


def _pack(offer: Node) -> str:
    """How many pieces, where the offer is a bundle of one kind of goods."""
    included = nodes_of(offer.get("includesObject"))
    count = text(included[0].get("amountOfThisGood")) if len(included) == 1 else ""
    return count if re.fullmatch("[1-9][0-9]{0,5}", count) and Decimal(count) > 1 else ""
