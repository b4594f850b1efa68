"""Content that no form has checked: every child of every block with every odd value, stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail import VERSION
from wagtail.models import ReferenceIndex

from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.api.values import BODY, Stored
from tests.blocks.test_stored_bodies import store
from tests.odd_values import MISSING, VALUES, changed, children
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

# PostgreSQL takes no such text into its JSON, so that there is none to be read.
STORES_ALL = connection.vendor != "postgresql"
STORED = [kind for kind in VALUES if STORES_ALL or kind not in ("half a pair", "NUL")]
BOTH = pytest.mark.parametrize("model", [ArticlePage, PlainPage])


def odd_blocks(odd: Any) -> list[dict[str, Any]]:
    """Each block as full as can be, with something odd in the place of one child, or of all."""
    full = Stored.make("en", "en", "GBP").full()
    blocks = []
    for name, block in BODY.child_blocks.items():
        values = [changed(full[name], path, odd) for path, _ in children(block, full[name])]
        blocks += [{"type": name, "value": value} for value in values]
        if odd is not MISSING:
            blocks.append({"type": name, "value": odd})
    return blocks


def outlets(client: Client, page: Any) -> dict[str, Callable[[], str]]:
    """What shows a page, as the texts that it gives."""

    def get(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200, response.content
        return response.content.decode()

    def preview() -> str:
        response = factories.again(page).make_preview_request()
        assert response.status_code == 200
        return response.render().content.decode() if hasattr(response, "render") else ""

    def search() -> str:
        field = page._meta.get_field("body")
        return "\n".join(map(str, field.get_searchable_content(factories.again(page).body)))

    shown = {
        "page": lambda: get(page.url),
        "API v2": lambda: get(f"/api/v2/pages/{page.pk}/"),
        "listing": lambda: get(f"/api/v2/pages/?type={page._meta.label}&fields=body"),
        "editor": lambda: get(reverse("wagtailadmin_pages:edit", args=[page.pk])),
        "preview": preview,
        "search": search,
    }
    if VERSION >= (8, 0):
        shown["API v3"] = lambda: get(f"/api/v3/pages/{page.pk}/")
    return shown


def stands(client: Client, model: Any, odd: list[Any]) -> Any:
    """A page that holds these blocks and shows everywhere what stands beside each."""
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "s"))
    page = factories.page(model=model)
    body = []
    for number, block in enumerate(odd):
        body += [block, {"type": "paragraph", "value": {"text": f"<p>Beside {number}.</p>"}}]
    store(page, body)
    beside = [f"Beside {number}." for number in range(len(odd))]
    for outlet, show in outlets(client, page).items():
        text = show()
        assert [words for words in beside if words not in text] == [], outlet
    assert json.dumps(page_json_ld(factories.again(page)))
    return page


@pytest.mark.once
@BOTH
@pytest.mark.parametrize("kind", STORED)
def test_odd_content_costs_nothing_beside_it(client: Client, model: Any, kind: str) -> None:
    """Pages, APIs, structured data, preview, editor, search: what stands beside it is shown."""
    odd = odd_blocks(VALUES[kind])
    page = stands(client, model, odd)
    ReferenceIndex.create_or_update_for_object(factories.again(page))
    again = factories.again(page)
    again.save_revision().publish()
    assert client.get(page.url).status_code == 200
    print(f"{kind}: {len(odd)} blocks in 9 outlets")


def closing(tag: str) -> str:
    """The end of a link; an embed has none."""
    return "</a>" if tag.startswith("<a") else ""


LINKS = [
    '<a href="//[x">',
    '<a href="https://[x/">',
    "<a>",
    '<a linktype="page">',
    '<a linktype="carousel" id="1">',
    "<embed/>",
    '<embed embedtype="carousel"/>',
    '<embed embedtype="media"/>',
    '<embed embedtype="media" url="//[x"/>',
    *(
        tag.replace("?", id_)
        for tag in (
            '<a linktype="page" id="?">',
            '<a linktype="document" id="?">',
            '<embed embedtype="image" id="?" format="left" alt=""/>',
        )
        for id_ in ("", "x", "-1", "1.5", "²", "99999999999999999999", "4711")
    ),
]


@BOTH
def test_links_that_lead_nowhere_cost_nothing(client: Client, model: Any) -> None:
    full = Stored.make("en", "en", "GBP").full()
    source = {**full["sources"]["sources"][0], "title": "A book"}
    odd: list[Any] = [
        {"type": "paragraph", "value": {"text": f"<p>{tag}A{closing(tag)}</p>"}} for tag in LINKS
    ]
    for url in ("//[x", "https://[x/", "http://", "javascript:alert(1)", "x y"):
        odd.append({"type": "sources", "value": {"sources": [{**source, "url": url}]}})
    stands(client, model, odd)


def test_items_that_are_none_are_left_out(client: Client) -> None:
    """A field of the package reads what Wagtail's would not: its page stands."""
    odd = ["x", None, 1, [], {}, {"type": "heading"}, {"value": {}}, {"type": 5, "value": 1}]
    stands(client, ArticlePage, [*odd, {"type": ["heading"], "value": {}}])


@pytest.mark.parametrize("whole", [{"a": 1}, 5, True, "text", ["x"], [["heading", 1]], None])
def test_what_is_no_body_is_an_empty_one(client: Client, whole: Any) -> None:
    page = factories.page()
    store(page, whole)
    assert client.get(page.url).status_code == 200
    assert len(factories.again(page).body) == 0


def test_lists_from_before_wagtail_2_16_are_read(client: Client) -> None:
    """Bare values, in the place of items with ids."""
    questions = [
        {"question": "Bare?", "answer": "<p>Yes.</p>"},
        {"type": "item", "value": {"question": "Named?", "answer": "<p>Yes.</p>"}, "id": "a"},
    ]
    page = stands(client, ArticlePage, [{"type": "faq", "value": {"questions": questions}}])
    faq = factories.elements(factories.again(page))[0]
    assert [item.question for item in faq.items] == ["Bare?", "Named?"]


def test_what_can_be_mended_is(client: Client) -> None:
    """A number where its text is a choice; a text without its halves of pairs."""
    half, whole = ("A\ud800B", "A?B") if STORES_ALL else ("AB", "AB")
    page = stands(
        client,
        ArticlePage,
        [
            {"type": "heading", "value": {"text": half, "level": 3}},
            {"type": "heading", "value": {"text": "B", "level": 7}},
            {"type": "reading_time", "value": {"minutes": -3}},
        ],
    )
    first, _, second, _, minutes, _ = factories.elements(factories.again(page))
    assert (first.text, first.level) == (whole, 3)
    assert second.level == 2
    assert minutes.minutes == 1


def test_the_editor_is_told_where_what_cannot_be_read_stands(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "s"))
    page = factories.page(("heading", {"text": "A"}), ("faq", {"questions": []}))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert b"cannot be read" not in client.get(address).content
    store(
        page,
        [
            {"type": "heading", "value": {"text": 5, "level": "9"}},
            {"type": "faq", "value": {"questions": [{"question": "Why?", "answer": {"a": 1}}]}},
            {"type": "reading_time", "value": {"minutes": 1.5}},
            {"type": "reviewer", "value": {"person": "x", "reviewed": "2025-13-45"}},
            {"type": "share", "value": "x"},
        ],
    )
    text = BeautifulSoup(client.get(address).content, "html.parser").get_text("|")
    for place in (
        "1. Heading › Heading",
        "1. Heading › Level",
        "2. Questions and answers › Questions › 1 › Answer",
        "3. Reading time › Minutes",
        "4. Reviewer › Reviewer",
        "4. Reviewer › Reviewed on",
        "5. Share",
    ):
        assert f"|{place}|" in text, place
