"""What the page and each element say in structured data: one function for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from anodyne_blocks.article.citations import without_citations
from anodyne_blocks.article.dates import iso_of
from anodyne_blocks.article.listing import ancestors_of
from anodyne_blocks.elements import (
    FAQ,
    Byline,
    Figure,
    Quote,
    ReadingTime,
    ReviewerBox,
    SourceList,
    Standfirst,
)
from anodyne_blocks.json_ld.common import credit, own_words, plain
from anodyne_blocks.json_ld.products import (
    product_card,
    product_comparison,
    product_grid,
    product_verdict,
)

if TYPE_CHECKING:
    from anodyne_blocks.json_ld.graph import Graph, Node

__all__ = [
    "breadcrumbs",
    "byline",
    "credit",
    "faq",
    "figure",
    "own_words",
    "page",
    "plain",
    "product_card",
    "product_comparison",
    "product_grid",
    "product_verdict",
    "quote",
    "reading_time",
    "reviewer",
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
# Where a source appeared, by its kind.
CONTAINER_TYPES = {
    "article": "Periodical",
    "review": "Periodical",
    "book": "Book",
    "website": "WebSite",
}
# Attributes that start with anything but a scheme, "//" or the page's own address.
_RELATIVE = re.compile(r'(?<=\s)(href|src)="(?![a-z][a-z0-9+.-]*:)([^"]*)"', re.IGNORECASE)


def page(page: Any, graph: Graph) -> None:
    """The page itself, its article, and the way to it.

    A page model may say more: `json_ld_image`, the `Image` element of its lead image,
    `json_ld_ratios`, the same in the role "search", and `json_ld_breadcrumbs`, the
    (name, absolute address) pairs from the front page to itself.
    """
    language = graph.context.language
    published, updated = graph.context.days
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
        datePublished=published and iso_of(published),
        dateModified=updated and iso_of(updated),
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


def standfirst(element: Standfirst, graph: Graph) -> None:
    """The standfirst describes the article."""
    graph.put(graph.article, description=element.text)


def figure(element: Figure, graph: Graph) -> None:
    """Content images illustrate the article."""
    image = graph.image(element.image) if element.image.alt else None
    if image is not None:
        graph.put(image, caption=element.caption, creditText=element.credit)
        graph.add(graph.article, "image", image)


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
    suffix, employed_by = own_words(element, "credentials"), own_words(element, "organisation")
    degrees = [name.strip() for name in suffix.split(",") if name.strip()]
    credentials = [_credential(name=name) for name in degrees]
    if element.licence:
        credentials.append(_credential(name=element.licence, credentialCategory="license"))
    employer = {"@type": "Organization", "name": employed_by}
    graph.put(
        person,
        jobTitle=own_words(element, "job_title"),
        honorificSuffix=suffix,
        hasCredential=credentials,
        description=plain(own_words(element, "bio")),
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
