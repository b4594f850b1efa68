"""What each element says in structured data: one function for each element type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from anodyne_blocks.elements import (
    FAQ,
    Byline,
    Credit,
    Figure,
    ProductCard,
    ProductGrid,
    ReadingTime,
    ReviewerBox,
    Source,
    SourceList,
    Standfirst,
)

if TYPE_CHECKING:
    from anodyne_blocks.json_ld.graph import Graph, Node

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
}


def page(page: Any, graph: Graph) -> None:
    """The page itself, its article, and the way to it."""
    language = graph.context.language
    graph.put(
        graph.page,
        url=graph.url,
        name=page.seo_title or page.title,
        description=page.search_description,
        inLanguage=language,
        mainEntity=graph.ref(graph.article),
    )
    graph.put(
        graph.article,
        headline=page.title,
        inLanguage=language,
        mainEntityOfPage=graph.ref(graph.page),
        datePublished=_moment(page.first_published_at),
        dateModified=_moment(page.last_published_at),
    )
    trail = [ancestor for ancestor in page.get_ancestors(inclusive=True) if ancestor.depth > 1]
    if len(trail) > 1:
        crumbs = graph.node(graph.id("breadcrumb"), "BreadcrumbList")
        crumbs["itemListElement"] = [
            {
                "@type": "ListItem",
                "position": position,
                "name": step.title,
                "item": step.get_full_url(graph.context.request) or graph.url,
            }
            for position, step in enumerate(trail, start=1)
        ]
        graph.put(graph.page, breadcrumb=graph.ref(crumbs))


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def standfirst(element: Standfirst, graph: Graph) -> None:
    """The standfirst describes the article."""
    graph.put(graph.article, description=element.text)


def figure(element: Figure, graph: Graph) -> None:
    """Content images illustrate the article."""
    if element.image.alt:
        graph.add(graph.article, "image", graph.image(element.image))


def credit(given: Credit, graph: Graph) -> Node:
    """An author or reviewer as a node."""
    kind = "Person" if given.kind == "person" else "Organization"
    url = graph.absolute(given.url)
    return graph.node(graph.id(given.key), kind, name=given.name, url=url)


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
    """Who reviewed the page, and when: properties of WebPage, not of Article (schema.org)."""
    person = credit(element.person, graph)
    graph.put(
        person,
        jobTitle=element.job_title,
        honorificSuffix=element.credentials,
        image=graph.image(element.photo),
        sameAs=[link.url for link in element.links],
    )
    if element.organisation:
        person["worksFor"] = {"@type": "Organization", "name": element.organisation}
    graph.put(graph.page, reviewedBy=graph.ref(person), lastReviewed=element.reviewed.iso)


def faq(element: FAQ, graph: Graph) -> None:
    """The page's questions; several blocks make one FAQPage."""
    if not element.is_faq_page:
        return
    questions = graph.node(
        graph.id("faq"),
        "FAQPage",
        inLanguage=element.language,
        isPartOf=graph.ref(graph.page),
    )
    for item in element.items:
        question = {
            "@type": "Question",
            "@id": graph.id(item.anchor),
            "url": graph.id(item.anchor),
            "name": item.question,
            "acceptedAnswer": {"@type": "Answer", "text": item.answer},
        }
        graph.add(questions, "mainEntity", question)


def sources(element: SourceList, graph: Graph) -> None:
    """What the article cites."""
    for entry in element.entries:
        graph.add(graph.article, "citation", _citation(entry))


def _citation(entry: Source) -> Node:
    node: Node = {"@type": SOURCE_TYPES.get(entry.kind, "CreativeWork"), "name": entry.title}
    if entry.authors:
        node["creditText"] = entry.authors
    if entry.year:
        node["datePublished"] = entry.year
    if entry.container:
        node["isPartOf"] = {"@type": "CreativeWork", "name": entry.container}
    if entry.url:
        node["url"] = entry.url
    if entry.links:
        node["sameAs"] = [link.url for link in entry.links]
    return node


def product_card(element: ProductCard, graph: Graph) -> None:
    """A product with the very offer that its card shows; none without price and address.

    The current price carries no type; only the struck one does (Google, 13 February 2025).
    """
    if element.link is None or element.price is None or element.stale is not None:
        return
    offer: Node = {
        "@type": "Offer",
        "url": element.link.url,
        "price": _amount(element.price),
        "priceCurrency": element.price.currency,
    }
    availability = element.availability and AVAILABILITY.get(element.availability.state)
    if availability:
        offer["availability"] = availability
    if element.reduction is not None:
        offer["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": "https://schema.org/StrikethroughPrice",
            "price": _amount(element.reduction.prior),
            "priceCurrency": element.reduction.prior.currency,
        }
    node = graph.node(
        graph.id(f"product-{element.product}"),
        "Product",
        name=element.title,
        description=element.text,
        image=(graph.image(element.image) or {}).get("url"),
        url=element.link.url,
        offers=offer,
    )
    if element.rating is not None and element.rating.count:
        node["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": float(element.rating.value),
            "bestRating": element.rating.best,
            "reviewCount": element.rating.count,
        }
    graph.add(graph.article, "mentions", graph.ref(node))


def _amount(money: Any) -> str:
    """An amount as in the API: a string with a point."""
    return str(money.model_dump(mode="json")["amount"])


def product_grid(element: ProductGrid, graph: Graph) -> None:
    """Each card by itself."""
    for card in element.cards:
        product_card(card, graph)


# A shop's rating of itself has no builder: Google shows no self-serving reviews.
BUILDERS = {
    "standfirst": standfirst,
    "figure": figure,
    "byline": byline,
    "reading_time": reading_time,
    "reviewer": reviewer,
    "faq": faq,
    "sources": sources,
    "product_card": product_card,
    "product_grid": product_grid,
}
