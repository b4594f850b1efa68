"""What the page and each element say in structured data: one function for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.html import strip_tags

from anodyne_blocks import clock
from anodyne_blocks.article.citations import without_citations
from anodyne_blocks.article.listing import ancestors_of
from anodyne_blocks.elements import (
    FAQ,
    Byline,
    Credit,
    Element,
    Figure,
    Money,
    ProductCard,
    ProductComparison,
    ProductGrid,
    ProductVerdict,
    Quote,
    ReadingTime,
    ReviewerBox,
    SourceList,
    Standfirst,
)

if TYPE_CHECKING:
    from anodyne_blocks.json_ld.graph import Graph, Node

__all__ = [
    "breadcrumbs",
    "byline",
    "credit",
    "faq",
    "figure",
    "page",
    "plain",
    "product_card",
    "product_comparison",
    "product_grid",
    "product_verdict",
    "quote",
    "reading_time",
    "reviewer",
    "said",
    "sources",
    "standfirst",
]

SOURCE_TYPES = {
    "article": "ScholarlyArticle",
    "review": "ScholarlyArticle",
    "guideline": "CreativeWork",
    "book": "Book",
    "report": "Report",
    "website": "WebPage",
}
AVAILABILITY = {
    "in_stock": "https://schema.org/InStock",
    "low_stock": "https://schema.org/LimitedAvailability",
    "out_of_stock": "https://schema.org/OutOfStock",
    "preorder": "https://schema.org/PreOrder",
    "backorder": "https://schema.org/BackOrder",
    "later": "https://schema.org/OutOfStock",
}
CONDITIONS = {
    "used": "https://schema.org/UsedCondition",
    "refurbished": "https://schema.org/RefurbishedCondition",
}

# Where a source appeared, by its kind.
CONTAINER_TYPES = {
    "article": "Periodical",
    "review": "Periodical",
    "book": "Book",
    "website": "WebSite",
}
_BREAK = re.compile(r"</(p|li|h\d)>|<br/?>")
# Attributes that start with anything but a scheme, "//" or the page's own address.
_RELATIVE = re.compile(r'(?<=\s)(href|src)="(?![a-z][a-z0-9+.-]*:)([^"]*)"', re.IGNORECASE)


def page(page: Any, graph: Graph) -> None:
    """The page itself, its article, and the way to it.

    A page model may say more: `json_ld_image`, the `Image` element of its lead image,
    `json_ld_ratios`, the same in the role "search", and `json_ld_breadcrumbs`, the (name, absolute address) pairs from the front page to itself.
    """
    language = graph.context.language
    lead = graph.image(getattr(page, "json_ld_image", None))
    graph.put(
        graph.page,
        url=graph.url,
        name=page.seo_title or page.title,
        description=page.search_description,
        inLanguage=language,
        mainEntity=graph.ref(graph.article),
        primaryImageOfPage=lead,
    )
    graph.put(
        graph.article,
        headline=page.title,
        inLanguage=language,
        mainEntityOfPage=graph.ref(graph.page),
        datePublished=_moment(page.first_published_at),
        dateModified=_moment(page.last_published_at),
    )
    ratios = getattr(page, "json_ld_ratios", None)
    for image in [lead, *(graph.sizes(ratios) if ratios else ())]:
        if image:
            graph.add(graph.article, "image", image)
    trail = getattr(page, "json_ld_breadcrumbs", None)
    # No way leads to a page outside any site.
    if trail is None and graph.url and (page.depth or 0) > 2:
        trail = _trail(page, graph)
    breadcrumbs(trail or (), graph)


def breadcrumbs(trail: Iterable[tuple[str, str]], graph: Graph) -> None:
    """The way to the page, which is no way with one step only."""
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": address}
        for position, (name, address) in enumerate(trail, start=1)
    ]
    if len(steps) > 1:
        crumbs = graph.node(graph.own_id("breadcrumb"), "BreadcrumbList", itemListElement=steps)
        graph.put(graph.page, breadcrumb=graph.ref(crumbs))


def _trail(page: Any, graph: Graph) -> list[tuple[str, str]]:
    """Those of a page's ancestors that have an address, and the page."""
    request = graph.context.request
    addresses = ((step.title, step.get_full_url(request)) for step in ancestors_of(page))
    return [*((name, url) for name, url in addresses if url), (page.title, graph.url)]


def _moment(moment: Any) -> str:
    return clock.local(moment).isoformat(timespec="seconds") if moment else ""


def said(element: Element, name: str) -> Any:
    """A field's words, where they are in the element's language: a graph says no others."""
    other = getattr(element, "other_language", None)
    return "" if other is not None and name in other.fields else getattr(element, name)


def plain(html: str) -> str:
    """Rich text as the words that a reader reads."""
    return " ".join(unescape(strip_tags(_BREAK.sub(" ", html))).split())


def standfirst(element: Standfirst, graph: Graph) -> None:
    """The standfirst describes the article."""
    graph.put(graph.article, description=element.text)


def figure(element: Figure, graph: Graph) -> None:
    """Content images illustrate the article."""
    image = graph.image(element.image) if element.image.alt else None
    if image is not None:
        graph.put(image, caption=element.caption, creditText=element.credit)
        graph.add(graph.article, "image", image)


def credit(given: Credit, graph: Graph) -> Node:
    """An author or reviewer as a node."""
    kind = "Person" if given.kind == "person" else "Organization"
    node = graph.node(graph.own_id(given.key), kind, name=given.name)
    graph.put(node, url=graph.absolute(given.url), sameAs=list(given.same_as))
    return node


def byline(element: Byline, graph: Graph) -> None:
    """Authors and reading time."""
    for author in element.authors:
        graph.add(graph.article, "author", graph.ref(credit(author, graph)))
    if element.reading_time is not None:
        reading_time(element.reading_time, graph)


def reading_time(element: ReadingTime, graph: Graph) -> None:
    """How long the article takes."""
    graph.put(graph.article, timeRequired=element.duration)


def reviewer(element: ReviewerBox, graph: Graph) -> None:
    """Who reviewed the page, and when last: properties of WebPage, not of Article (schema.org).

    Nobody has reviewed a text that has changed since.
    """
    if element.is_outdated:
        return
    person = credit(element.person, graph)
    suffix, employed_by = said(element, "credentials"), said(element, "organisation")
    degrees = [name.strip() for name in suffix.split(",") if name.strip()]
    credentials = [_credential(name=name) for name in degrees]
    if element.licence:
        credentials.append(_credential(name=element.licence, credentialCategory="license"))
    employer = {"@type": "Organization", "name": employed_by}
    graph.put(
        person,
        jobTitle=said(element, "job_title"),
        honorificSuffix=suffix,
        hasCredential=credentials,
        description=plain(said(element, "bio")),
        image=graph.image(element.photo),
        worksFor=employer if employed_by else None,
        sameAs=[link.url for link in element.links],
    )
    graph.add(graph.page, "reviewedBy", graph.ref(person))
    last = max(graph.page.get("lastReviewed", ""), element.reviewed.iso)
    graph.put(graph.page, lastReviewed=last)


def _credential(**properties: str) -> Node:
    return {"@type": "EducationalOccupationalCredential", **properties}


def faq(element: FAQ, graph: Graph) -> None:
    """The page's questions; several blocks make one FAQPage."""
    if not element.is_faq_page or not any(plain(item.answer) for item in element.items):
        return
    questions = graph.node(
        graph.own_id("faq"),
        "FAQPage",
        inLanguage=element.language,
        isPartOf=graph.ref(graph.page),
    )
    for item in element.items:
        if not plain(item.answer):
            continue
        text = _absolute_links(without_citations(item.answer), graph)
        answer = {"@type": "Answer", "text": text}
        question = {
            "@type": "Question",
            "@id": graph.id(item.anchor),
            "url": graph.id(item.anchor),
            "name": item.question,
            "acceptedAnswer": answer,
        }
        graph.add(questions, "mainEntity", question)


def _absolute_links(html: str, graph: Graph) -> str:
    """Rich text whose links lead somewhere wherever it is read."""
    return _RELATIVE.sub(lambda link: f'{link[1]}="{graph.absolute(link[2])}"', html)


def sources(element: SourceList, graph: Graph) -> None:
    """What the article cites; a DOI and a PubMed ID say which work it is."""
    for entry in element.entries:
        node = {
            "@type": SOURCE_TYPES.get(entry.kind, "CreativeWork"),
            "@id": graph.id(entry.anchor),
            "name": entry.title,
        }
        container = {
            "@type": CONTAINER_TYPES.get(entry.kind, "CreativeWork"),
            "name": entry.container,
        }
        graph.put(
            node,
            creditText=entry.authors,
            datePublished=entry.year,
            isPartOf=container if entry.container else None,
            url=entry.url,
            sameAs=[link.url for link in entry.links],
        )
        graph.add(graph.article, "citation", node)


def quote(element: Quote, graph: Graph) -> None:
    """A quotation in the article, and which of its sources it is from."""
    node: Node = {"@type": "Quotation"}
    graph.put(
        node,
        text=plain(without_citations(element.html)),
        creditText=plain(without_citations(element.attribution)),
        citation=[{"@id": graph.id(anchor)} for anchor in element.sources],
    )
    graph.add(graph.article, "hasPart", node)


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
    if element.condition is not None:
        graph.put(offer, itemCondition=CONDITIONS[element.condition.state])
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
        description=said(element, "text"),
        image=image["url"],
        url=address,
        sku=element.sku,
        offers=offer,
    )
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
    return graph.nodes.get(graph.id(f"product-{card.product}"))


def _notes(points: Iterable[str]) -> Node | None:
    steps = [
        {"@type": "ListItem", "position": position, "name": point}
        for position, point in enumerate(points, start=1)
    ]
    return {"@type": "ItemList", "itemListElement": steps} if steps else None


# A shop's rating of itself has no builder: Google shows no self-serving reviews. Steps have none
# either: Google has taken HowTo out of its documentation (13 September 2023), and notices, key
# points and links to other articles are in no type that it reads.
BUILDERS: dict[str, Callable[[Any, Graph], None]] = {
    "page": page,
    "standfirst": standfirst,
    "figure": figure,
    "byline": byline,
    "reading_time": reading_time,
    "reviewer": reviewer,
    "faq": faq,
    "sources": sources,
    "quote": quote,
    "product_card": product_card,
    "product_grid": product_grid,
    "product_comparison": product_comparison,
    "product_verdict": product_verdict,
}
