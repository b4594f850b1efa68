"""Table of contents and share links."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory

from anodyne_blocks.blocks import ShareBlock, TableOfContentsBlock
from tests import factories

pytestmark = pytest.mark.django_db

CONTENTS = ("contents", {})


def heading(text: str, level: str = "2", **fields: Any) -> tuple[str, Any]:
    return "heading", {"text": text, "level": level, **fields}


def entries(*blocks: Any, **fields: Any) -> list[tuple[int, str, str]]:
    contents = factories.elements(factories.page(*blocks, **fields))[0]
    return [(entry.level, entry.text, entry.anchor) for entry in contents.entries]


def test_contents_follow_the_headings() -> None:
    question = {"question": "Why?", "answer": "<p>Because.</p>"}
    assert entries(
        CONTENTS,
        heading("What hurts"),
        heading("The disc", "3"),
        heading("What helps"),
        ("faq", {"heading": "Questions", "questions": [question]}),
        ("sources", {"sources": [{"title": "A"}]}),
    ) == [
        (2, "What hurts", "what-hurts"),
        (2, "What helps", "what-helps"),
        (2, "Questions", "questions"),
        (2, "Sources", "sources"),
    ]


def test_landmarks_of_a_page_have_names_of_their_own() -> None:
    """Two of each element that has one: who lists the page's landmarks can tell them apart."""
    ada, related = factories.person(), factories.page(title="Elsewhere")
    things = [
        heading("What hurts"),
        CONTENTS,
        ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}),
        ("shop_rating", {"rating": factories.rating().pk}),
        (
            "faq",
            {"heading": "Questions", "questions": [{"question": "Why?", "answer": "<p>x</p>"}]},
        ),
        ("sources", {"sources": [{"title": "A"}]}),
        ("key_points", {"points": ["<p>Rest</p>"]}),
        ("steps", {"heading": "How", "steps": [{"title": "Lie down", "text": "<p>So.</p>"}]}),
        ("related_articles", {"pages": [related.pk]}),
        (
            "product_grid",
            {"heading": "For the desk", "cards": [{"product": factories.product("en").pk}]},
        ),
    ]
    page = factories.page(*things, *things)
    html = BeautifulSoup(
        factories.render("{% include_block page.body %}", page=page), "html.parser"
    )
    named = html.select("nav, aside, section[aria-label], section[aria-labelledby]")
    names = [(node.name, name_of(node, html)) for node in named]
    assert len(set(names)) == len(names) >= 2


def name_of(node: Any, html: Any) -> str:
    """What screen readers call a landmark."""
    by = node.get("aria-labelledby")
    return html.find(id=by).get_text(" ", strip=True) if by else node.get("aria-label", "")


def test_contents_may_go_deeper() -> None:
    contents = ("contents", {"depth": "3"})
    levels = [heading("A"), heading("B", "3"), heading("C", "4")]
    assert [text for _level, text, _anchor in entries(contents, *levels)] == ["A", "B"]


def test_equal_headings_have_anchors_of_their_own() -> None:
    page = factories.page(CONTENTS, heading("Rest"), heading("Rest"), heading("Rest"))
    contents, *headings = factories.elements(page)
    anchors = [entry.anchor for entry in contents.entries]
    assert anchors == ["rest", "rest-2", "rest-3"]
    assert [element.anchor for element in headings] == anchors


def test_contents_lead_to_the_headings_whatever_is_printed_first() -> None:
    page = factories.page(heading("Rest"), heading("Rest"), CONTENTS)
    context = factories.context_of("en", page)
    contents = page.body[2].block.element(page.body[2].value, context)
    second = page.body[1].block.element(page.body[1].value, context)
    assert contents.entries[1].anchor == second.anchor


def test_arabic_headings_have_arabic_anchors() -> None:
    assert entries(CONTENTS, heading("ما الذي يؤلم؟"), language="ar") == [
        (2, "ما الذي يؤلم؟", "ما-الذي-يؤلم")
    ]


def test_contents_never_lead_to_what_does_not_show() -> None:
    blocks = (
        heading(""),
        ("faq", {"heading": "Questions", "questions": [{"question": "", "answer": ""}]}),
        ("sources", {"heading": "Literature", "sources": [{"title": ""}]}),
        heading("What helps"),
    )
    assert entries(CONTENTS, *blocks) == [(2, "What helps", "what-helps")]


def test_contents_of_a_page_without_headings_show_nothing() -> None:
    assert factories.elements(factories.page(CONTENTS)) == [None]


def test_contents_without_a_page_make_nothing_up() -> None:
    block = TableOfContentsBlock()
    assert block.element(block.to_python({}), factories.context_of("en")) is None


def test_share_links_hold_address_and_title() -> None:
    page = factories.page(("share", {}), title="Sit & stand: 100 % of it?")
    (share,) = factories.elements(page)
    assert share.url == page.full_url
    links = {link.network: link for link in share.links}
    assert list(links) == ["email", "whatsapp", "facebook", "linkedin"]
    assert parse_qs(urlsplit(links["facebook"].url).query) == {"u": [page.full_url]}
    mail = parse_qs(urlsplit(links["email"].url).query)
    assert mail == {"subject": [page.title], "body": [page.full_url]}


def test_share_links_are_those_of_the_setting(settings: Any) -> None:
    networks = ["x", "bluesky", "telegram"]
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SHARE_NETWORKS": networks}
    (share,) = factories.elements(factories.page(("share", {}), title="{url} {0}"))
    assert [link.network for link in share.links] == networks
    for link in share.links:
        assert "{url} {0}" in parse_qs(urlsplit(link.url).query)["text"][0]


def test_a_share_block_on_no_page_shares_what_is_being_read() -> None:
    block = ShareBlock()
    request = RequestFactory().get("/somewhere/")
    share = block.element(block.to_python({}), factories.context_of("en", request=request))
    assert share.url == "http://testserver/somewhere/"
