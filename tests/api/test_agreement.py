"""HTML, API and JSON-LD of every element agree: all languages, with and without each option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.elements import Element
from anodyne_blocks.json_ld.builders import BUILDERS
from anodyne_blocks.json_ld.graph import Graph
from tests import factories
from tests.api.values import BODY, Stored

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

LANGUAGES = [code for code, _ in settings.LANGUAGES]
SETTING = settings.ANODYNE_BLOCKS
ORIGIN = "https://magazine.example"

# For programs, not for readers; HTML has no place for them.
TECHNICAL = {"language", "direction", "market", "key", "kind", "currency", "amount", "type"}
TECHNICAL |= {"contract", "address", "sku", "gtin", "brand", "is_new", "unit", "same_as", "own"}
# Rich text.
RICH = {"answer", "attribution", "bio", "html", "introduction"}
# What an element says in pieces, too, and the count that the shop rating rounds.
COMPOSED = {
    ("byline", "text"),
    ("sources", "text"),
    ("shop_rating", "count_text"),
    ("product_comparison", "number"),
}
# Said together with something that may not be there.
SAID_WITH = {
    "published_label": "published",
    "updated_label": "updated",
    "price_label": "price",
    "links_label": "links",
    "summary": "collapsed",
}
# Words of schema.org's vocabulary.
VOCABULARY = {"credentialCategory", "position", "worstRating"}
# What the structured data of an element must hold, from its JSON.
FACTS = {
    "standfirst": lambda element: [element["text"]],
    "reading_time": lambda element: [element["duration"]],
    "byline": lambda element: [author["name"] for author in element["authors"]],
    "reviewer": lambda element: [element["person"]["name"], element["reviewed"]["iso"]],
    "sources": lambda element: [entry["title"] for entry in element["entries"]],
    "faq": lambda element: [
        text
        for item in element["items"]
        if element["is_faq_page"]
        for text in (item["question"], item["answer"])
    ],
    "quote": lambda quote: [plain(quote["html"])],
    "product_card": lambda card: _card_facts(card),
    "product_grid": lambda grid: [fact for card in grid["cards"] for fact in _card_facts(card)],
    "product_comparison": lambda table: [table["caption"], *_names(table["products"])],
    "product_verdict": lambda verdict: _verdict_facts(verdict),
}


def _card_facts(card: dict[str, Any]) -> list[str]:
    if not card["link"] or not card["price"]:
        return []
    prior = [card["reduction"]["prior"]["amount"]] if card["reduction"] else []
    return [card["title"], card["link"]["url"], card["price"]["amount"], *prior]


def _names(cards: list[dict[str, Any]]) -> list[str]:
    return [card["title"] for card in cards]


def _verdict_facts(verdict: dict[str, Any]) -> list[str]:
    card = verdict["product"]
    if not _card_facts(card) or not card["image"] or not verdict["tester"]:
        return []
    points = [*verdict["good"], *verdict["bad"]]
    return [verdict["verdict"], verdict["tester"]["name"], *(points if points[1:] else [])]


def dense(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(field, text) of all that a JSON value holds, in order."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from strings(child, key)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child, name)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield name, f"{value:g}" if isinstance(value, float) else str(value)


def texts_of(html: str) -> list[str]:
    """The text nodes of HTML."""
    return [dense(text) for text in BeautifulSoup(html, "html.parser").find_all(string=True)]


def plain(html: str) -> str:
    """The text of HTML."""
    return dense(BeautifulSoup(html, "html.parser").get_text())


def shown(element: dict[str, Any], kind: str = "") -> Iterator[str]:
    """What readers must find of an element: its texts, dates, links and image addresses."""
    kind = kind or element["type"]
    for name, value in element.items():
        if name in TECHNICAL or (kind, name) in COMPOSED:
            continue
        if name in SAID_WITH and not element[SAID_WITH[name]]:
            continue
        if name == "sizes" or (name == "value" and "best" in element):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from shown(part, part.get("type", kind))
            elif isinstance(part, str):
                yield from texts_of(part) if name in RICH else [dense(part)]


def complaints(html: str, element: dict[str, Any]) -> list[str]:
    """What HTML shows that the API does not say, and the other way round."""
    soup = BeautifulSoup(html, "html.parser")
    attributes = [
        " ".join(value) if isinstance(value, list) else value
        for tag in soup.find_all(True)
        for value in tag.attrs.values()
    ]
    in_html = dense(" ".join([soup.get_text(" "), *attributes]))
    said = list(strings(element))
    rich = [BeautifulSoup(text, "html.parser") for name, text in said if name in RICH]
    in_api = dense(
        " ".join(
            part for name, text in said for part in (texts_of(text) if name in RICH else [text])
        )
    )
    addresses = {text for _, text in said}
    addresses |= {str(tag["href"]) for soup_ in rich for tag in soup_.find_all(href=True)}
    found = [f"not in HTML: {text}" for text in shown(element) if text and text not in in_html]
    for text in texts_of(html):
        # Signs that screen readers skip.
        text = text.strip(": ↑")
        if text and text not in in_api and "anodyne_blocks:" not in text:
            found.append(f"not in the API: {text}")
    for tag in soup.find_all(href=True):
        if str(tag["href"]).removeprefix("#") not in addresses:
            found.append(f"not in the API: {tag['href']}")
    for tag in soup.find_all("img"):
        if not {tag["src"], tag["srcset"], tag["alt"]} <= addresses:
            found.append(f"not in the API: {tag}")
    return found


def invented(graph: dict[str, Any], element: dict[str, Any]) -> list[str]:
    """What the structured data says that the API does not."""
    said = " ".join(
        part
        for name, text in strings(element)
        for part in ([text, plain(text)] if name in RICH else [text])
    )
    found = []
    for name, text in strings(graph):
        parts = urlsplit(text)
        if name in VOCABULARY or name.startswith("@") or parts.netloc == "schema.org":
            continue
        if text.startswith(ORIGIN):
            # An address of the site; the fragment is an anchor.
            path, fragment = urldefrag(text.removeprefix(ORIGIN))
            text = fragment or path
        if text.removesuffix(" px") not in said:
            found.append(f"{name}: {text}")
    return found


@pytest.fixture(autouse=True)
def markets(settings: Any) -> None:
    """A market for every language."""
    known = SETTING["MARKETS"]
    others = {
        code: {"LOCALES": [code], "COUNTRY": "FR", "CURRENCY": "EUR"}
        for code in [*LANGUAGES, UNSHIPPED]
        if code not in known
    }
    settings.ANODYNE_BLOCKS = {**SETTING, "MARKETS": {**known, **others}}


# Elements do without words that they do not have.
UNSHIPPED = "is"


@pytest.mark.parametrize("language", [*LANGUAGES, UNSHIPPED])
def test_the_three_agree(client: Client, language: str) -> None:
    """Every block in all its variants, on one page."""
    stored = Stored.make(language, language, factories.CURRENCIES.get(language, "EUR"))
    cases = [(name, *variant) for name in BODY.child_blocks for variant in stored.variants(name)]
    page = factories.page(*((name, value) for name, _, value in cases), language=language)
    answer = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    context = Article.for_page(page)
    silent = []
    for (name, missing, _), child, item in zip(cases, page.body, answer, strict=True):
        case = f"{name} without {missing}"
        html = child.render({CONTEXT_KEY: context})
        resolved = item["value"]["resolved"]
        if resolved is None:
            assert html == "", case
            silent.append(name)
            continue
        assert resolved["language"] == language
        assert complaints(html, resolved) == [], case
        graph = graph_of(child.block.element(child.value, context), context)
        assert invented(graph, resolved) == [], case
        written = " ".join(text for _, text in strings(graph))
        facts = FACTS.get(resolved["type"], lambda element: [])(resolved)
        assert [fact for fact in facts if fact not in written] == [], case
    # A page has one standfirst and one disclosure, and a notice of nothing shows nothing.
    # Advertisements are not shown without a word that they are.
    paid = {"product_card", "product_grid", "product_comparison", "product_verdict"}
    unsaid = {*paid, "reviewer"} if language == UNSHIPPED else set()
    assert set(silent) == {"standfirst", "disclosure", "notice", *unsaid}


def graph_of(element: Element, context: Article) -> dict[str, Any]:
    graph = Graph(context, f"{ORIGIN}/page/")
    if element.type in BUILDERS:
        BUILDERS[element.type](element, graph)
    return graph.as_dict()


def test_a_planted_difference_is_found(client: Client) -> None:
    """A text, a price and a link that only one of the three has."""
    stored = Stored.make("nl", "nl", "EUR")
    page = factories.page(("product_card", stored.full()["product_card"]), language="nl")
    context = Article.for_page(page)
    (child,) = page.body
    html = child.render({CONTEXT_KEY: context})
    (item,) = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    resolved = item["value"]["resolved"]
    assert complaints(html, resolved) == []
    assert complaints(html.replace("Own title", "Another title"), resolved)
    assert complaints(html.replace("a=1&amp;b=2", "a=2"), resolved)
    assert complaints(html, {**resolved, "text": "Another text"})
    assert complaints(html, {**resolved, "price_text": "€ 1,00"})
    graph = graph_of(child.block.element(child.value, context), context)
    assert invented(graph, resolved) == []
    cheaper = {**resolved["price"], "amount": "1.00"}
    assert invented(graph, {**resolved, "price": cheaper}) == ["price: 39.75"]
