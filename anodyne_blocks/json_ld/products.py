"""What sells, as schema.org has it: cards, grids, comparisons and verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from anodyne_blocks.elements import (
    Money,
    ProductCard,
    ProductComparison,
    ProductGrid,
    ProductVerdict,
)
from anodyne_blocks.json_ld.common import credit, own_words

if TYPE_CHECKING:
    from anodyne_blocks.json_ld.graph import Graph, Node

AVAILABILITY = {
    "in_stock": "https://schema.org/InStock",
    "low_stock": "https://schema.org/LimitedAvailability",
    "out_of_stock": "https://schema.org/OutOfStock",
    "preorder": "https://schema.org/PreOrder",
    "backorder": "https://schema.org/BackOrder",
    "later": "https://schema.org/OutOfStock",
}
CONDITIONS = {
    "new": "https://schema.org/NewCondition",
    "used": "https://schema.org/UsedCondition",
    "refurbished": "https://schema.org/RefurbishedCondition",
}


def product_card(element: ProductCard, graph: Graph) -> None:
    """A product with the very offer that its card shows; of two cards the first one speaks.

    None below Google's minimum for something to buy: name, image, price and address. The current
    price carries no type, only the struck one does (Google, 13 February 2025).
    """
    image = graph.image(element.image)
    if not (image and element.link and element.price) or element.stale is not None:
        return
    name = graph.own_id(f"product-{element.product}")
    if name in graph.nodes:
        return
    offer = _price(element.price, "Offer")
    if element.price_from:
        # Google reads the lowest of several prices here only.
        offer = {"lowPrice" if key == "price" else key: value for key, value in offer.items()}
        offer["@type"] = "AggregateOffer"
    address = element.address or element.link.url
    graph.put(offer, url=address)
    condition = "new" if element.is_new else element.condition and element.condition.state
    graph.put(offer, itemCondition=condition and CONDITIONS[condition])
    if element.availability is not None:
        graph.put(offer, availability=AVAILABILITY.get(element.availability.state))
        if element.availability.since is not None:
            graph.put(offer, availabilityStarts=element.availability.since.iso)
    if not element.price_from:
        prices = _specifications(element)
        graph.put(offer, priceSpecification=prices[0] if len(prices) == 1 else prices)
    node = graph.node(
        name,
        "Product",
        name=element.title,
        description=own_words(element, "text"),
        image=image["url"],
        url=address,
        sku=element.sku,
        offers=offer,
    )
    if element.brand:
        node["brand"] = {"@type": "Brand", "name": element.brand}
    if len(element.gtin) in (8, 12, 13, 14):
        node[f"gtin{len(element.gtin)}"] = element.gtin
    if element.rating is not None and element.rating.count:
        node["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": float(element.rating.value),
            "bestRating": element.rating.best,
            "ratingCount": element.rating.count,
        }
    graph.add(graph.article, "mentions", graph.ref(node))


def _specifications(element: ProductCard) -> list[Node]:
    """What the card shows beside the price: the struck price, and that of a unit."""
    found = []
    if element.reduction is not None:
        struck = _price(element.reduction.prior, "UnitPriceSpecification")
        found.append({**struck, "priceType": "https://schema.org/StrikethroughPrice"})
    if element.unit is not None:
        unit = element.unit.model_dump(mode="json")
        reference = {
            "@type": "QuantitativeValue",
            "value": unit["quantity"],
            "unitCode": unit["unit"],
        }
        price = _price(element.unit.amount, "UnitPriceSpecification")
        found.append({**price, "referenceQuantity": reference})
    return found


def _price(money: Money, node_type: str) -> Node:
    """A node with a price as the API gives it: a string with a point."""
    amount = money.model_dump(mode="json")["amount"]
    return {"@type": node_type, "price": amount, "priceCurrency": money.currency}


def product_grid(element: ProductGrid, graph: Graph) -> None:
    """Each card by itself."""
    for card in element.cards:
        product_card(card, graph)


def product_comparison(element: ProductComparison, graph: Graph) -> None:
    """Each product by itself, and the list of those that are compared."""
    steps = []
    for position, card in enumerate(element.products, start=1):
        product_card(card, graph)
        step: Node = {"@type": "ListItem", "position": position, "name": card.title}
        if product := _product(card, graph):
            step["item"] = graph.ref(product)
        steps.append(step)
    compared = graph.node(
        graph.id(element.anchor), "ItemList", name=element.caption, itemListElement=steps
    )
    graph.add(graph.article, "mentions", graph.ref(compared))


def product_verdict(element: ProductVerdict, graph: Graph) -> None:
    """The product, and the magazine's review of it: by whom it was tested, else by the authors.

    None without an author, and of nothing that is sold. Google takes two notes or more.
    """
    product_card(element.product, graph)
    product = _product(element.product, graph)
    authors = graph.article.get("author", [])
    if element.tester is not None:
        authors = [graph.ref(credit(element.tester, graph))]
    if product is None or not authors:
        return
    review: Node = {"@type": "Review", "@id": graph.id(element.anchor), "author": authors}
    graph.put(
        review,
        reviewBody=element.verdict,
        inLanguage=element.language,
        dateCreated=element.tested.iso if element.tested else "",
        datePublished=graph.article.get("datePublished"),
    )
    if element.score is not None:
        review["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": float(element.score.value),
            "bestRating": element.score.best,
            "worstRating": 0,
        }
    if len(element.good) + len(element.bad) > 1:
        graph.put(review, positiveNotes=_notes(element.good), negativeNotes=_notes(element.bad))
    graph.add(product, "review", review)


def _product(card: ProductCard, graph: Graph) -> Node | None:
    """The node of a card's product, where it has one."""
    return graph.nodes.get(graph.own_id(f"product-{card.product}"))


def _notes(points: Iterable[str]) -> Node | None:
    steps = [
        {"@type": "ListItem", "position": position, "name": point}
        for position, point in enumerate(points, start=1)
    ]
    return {"@type": "ItemList", "itemListElement": steps} if steps else None
