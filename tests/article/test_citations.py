"""Citations: numbers by first mention, links there and back, in every output."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils.safestring import mark_safe
from wagtail import blocks

from anodyne_blocks.article import Article
from anodyne_blocks.article.citations import letters
from anodyne_blocks.blocks import ArticleBody, SourceListBlock
from anodyne_blocks.fields import ArticleStreamValue
from anodyne_blocks.json_ld import page_json_ld
from tests import factories

pytestmark = pytest.mark.django_db

SOURCES = [
    {"title": "Rest", "key": "rest"},
    {"title": "Chairs", "key": "chairs"},
    {"title": "Walking", "key": "walking"},
    {"title": "Nobody cites this"},
]


def cite(key: str) -> str:
    """A citation as it is stored."""
    return f'<a linktype="anodyne-source" id="{key}"></a>'


def paragraph(*keys: str) -> tuple[str, Any]:
    return "paragraph", {"text": f"<p>Words{''.join(map(cite, keys))}.</p>"}


def listed(sources: Any = None) -> tuple[str, Any]:
    return "sources", {"sources": SOURCES if sources is None else sources}


def shown(page: Any) -> BeautifulSoup:
    return BeautifulSoup(
        factories.render("{% include_block page.body %}", page=page), "html.parser"
    )


def numbers(html: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in html.select(".anodyne-citation a")]


def titles(page: Any) -> list[tuple[int, str]]:
    (element,) = [e for e in factories.elements(page) if e and e.type == "sources"]
    return [(entry.number, entry.title) for entry in element.entries]


def test_numbers_follow_the_first_mention_and_moving_a_text_renumbers() -> None:
    first, second = paragraph("walking", "rest"), paragraph("chairs", "walking")
    page = factories.page(first, second, listed())
    assert numbers(shown(page)) == ["[1]", "[2]", "[3]", "[1]"]
    assert titles(page) == [
        (1, "Walking"), (2, "Rest"), (3, "Chairs"), (4, "Nobody cites this")
    ]  # fmt: skip
    moved = factories.page(second, first, listed())
    assert numbers(shown(moved)) == ["[1]", "[2]", "[2]", "[3]"]
    assert titles(moved)[:3] == [(1, "Chairs"), (2, "Walking"), (3, "Rest")]


def test_answers_cite_as_texts_do_and_those_that_are_not_shown_do_not() -> None:
    questions = [
        {"question": "", "answer": f"<p>Unfinished{cite('walking')}</p>"},
        {"question": "Why?", "answer": f"<p>So{cite('chairs')}</p>"},
    ]
    introduction = f"<p>First{cite('rest')}</p>"
    faq = "faq", {"questions": questions, "introduction": introduction}
    page = factories.page(listed(), faq, paragraph("chairs"))
    assert numbers(shown(page)) == ["[1]", "[2]", "[2]"]
    assert titles(page)[:2] == [(1, "Rest"), (2, "Chairs")]


def test_each_link_leads_to_its_source_and_each_mention_has_a_link_back() -> None:
    page = factories.page(paragraph("rest", "chairs"), paragraph("rest"), listed())
    html = shown(page)
    ids = [tag["id"] for tag in html.select("[id]")]
    assert len(set(ids)) == len(ids)
    links = html.select(".anodyne-citation a")
    assert [html.select_one(link["href"]).cite.get_text() for link in links] == [
        "Rest", "Chairs", "Rest"
    ]  # fmt: skip
    assert [link["aria-label"] for link in links] == ["Source 1", "Source 2", "Source 1"]
    back = [
        [
            (link.get_text(), link["href"].removeprefix("#"))
            for link in entry.select("[role=doc-backlink]")
        ]
        for entry in html.select(".anodyne-sources__entry")
    ]
    assert back == [
        [("a", links[0]["id"]), ("b", links[2]["id"])], [("a", links[1]["id"])], [], []
    ]  # fmt: skip
    spoken = html.select_one("[role=doc-backlink]")["aria-label"]
    assert spoken == "Back to the text: a"


def test_a_citation_without_its_source_prints_nothing() -> None:
    page = factories.page(paragraph("gone", "rest"), listed())
    html = shown(page)
    assert numbers(html) == ["[1]"]
    assert "gone" not in str(html)
    alone = factories.page(paragraph("gone"), listed())
    assert str(shown(alone).select_one(".anodyne-paragraph p")) == "<p>Words.</p>"
    assert titles(alone) == list(enumerate((s["title"] for s in SOURCES), start=1))


def test_a_page_that_cites_nothing_is_as_if_there_were_no_citations() -> None:
    keyed, plain = (
        shown(factories.page(paragraph(), listed(sources)))
        for sources in (SOURCES, [{"title": source["title"]} for source in SOURCES])
    )
    assert str(keyed) == str(plain)
    assert "value=" not in str(keyed)
    assert "anodyne-sources__mentions" not in str(keyed)


def test_two_lists_share_the_numbers_of_the_page() -> None:
    page = factories.page(
        paragraph("chairs", "rest"), listed(SOURCES[:1] + SOURCES[3:]), listed(SOURCES[1:3])
    )
    entries = shown(page).select(".anodyne-sources__entry")
    assert [(entry.get("value"), entry.cite.get_text()) for entry in entries] == [
        ("2", "Rest"), ("3", "Nobody cites this"), (None, "Chairs"), ("4", "Walking")
    ]  # fmt: skip


def test_the_key_of_two_sources_is_the_firsts() -> None:
    twice = [{"title": "One", "key": "k"}, {"title": "Two", "key": "k"}]
    page = factories.page(paragraph("k"), listed(twice))
    assert titles(page) == [(1, "One"), (2, "Two")]
    assert len(shown(page).select("[role=doc-backlink]")) == 1


def test_a_copied_source_is_another_one_when_the_page_is_saved() -> None:
    block = SourceListBlock()
    sources = [{"title": "One", "key": "k"}, {"title": "Two", "key": "k"}, {"title": "Three"}]
    value = block.clean_deferred(block.to_python({"sources": sources}))
    assert [source["key"] for source in value["sources"]] == ["k", "", ""]


def test_the_api_has_mentions_as_data(client: Any) -> None:
    page = factories.page(paragraph("rest", "rest"), listed())
    body = client.get(f"/api/v2/pages/{page.pk}/?fields=body").json()["body"]
    text, (rest, *others) = body[0]["value"]["resolved"], body[1]["value"]["resolved"]["entries"]
    anchors = [mention["anchor"] for mention in rest["mentions"]]
    assert [(m["label"], m["text"]) for m in rest["mentions"]] == [
        ("a", "Back to the text: a"), ("b", "Back to the text: b")
    ]  # fmt: skip
    assert re.findall(r'id="([^"]*)" href="#([^"]*)"', text["html"]) == [
        (anchor, rest["anchor"]) for anchor in anchors
    ]
    assert rest["key"] == "rest"
    assert [entry["mentions"] for entry in others] == [[], [], []]
    # What is stored stays what a client can write back.
    assert body[0]["value"]["text"] == page.body[0].value["text"].source


def test_structured_data_cite_in_the_order_of_the_list_and_answers_have_no_numbers() -> None:
    faq = "faq", {
        "questions": [{"question": "Why?", "answer": f"<p>So{cite('walking')}.</p>"}],
        "is_faq_page": True,
    }  # fmt: skip
    page = factories.page(faq, paragraph("chairs"), listed())
    graph = page_json_ld(page)["@graph"]
    (article,) = [node for node in graph if "citation" in node]
    assert [node["name"] for node in article["citation"]] == [
        "Walking", "Chairs", "Rest", "Nobody cites this"
    ]  # fmt: skip
    (faq_page,) = [node for node in graph if node["@type"] == "FAQPage"]
    assert faq_page["mainEntity"][0]["acceptedAnswer"]["text"] == "<p>So.</p>"


def test_what_a_client_writes_as_a_key_breaks_no_markup() -> None:
    key = '"><script>&'
    stored = '<p>Words<a linktype="anodyne-source" id="&quot;&gt;&lt;script&gt;&amp;"></a>.</p>'
    page = factories.page(("paragraph", {"text": stored}), listed([{"title": "a", "key": key}]))
    html = shown(page)
    assert numbers(html) == ["[1]"]
    assert not html.select("script")


def test_reading_time_and_the_contents_of_an_element_have_no_numbers() -> None:
    page = factories.page(paragraph("rest"), listed())
    text = page.body[0].block.reading_text(page.body[0].value)
    assert [BeautifulSoup(part, "html.parser").get_text() for part in text] == ["Words."]


def test_citations_are_worked_out_once_and_only_where_a_text_cites(monkeypatch: Any) -> None:
    from anodyne_blocks.article import citations

    read: list[str] = []
    keys_in = citations.keys_in
    monkeypatch.setattr(citations, "keys_in", lambda source: read.append(source) or keys_in(source))
    page = factories.page(*[paragraph("rest")] * 20, listed())
    shown(page)
    assert len(read) == 20


def test_a_page_without_a_list_cites_nothing() -> None:
    page = factories.page(paragraph("rest"))
    assert numbers(shown(page)) == []
    assert Article.for_page(page).citations.numbers == {}


@pytest.mark.parametrize(
    ("index", "label"), [(0, "a"), (25, "z"), (26, "aa"), (701, "zz"), (702, "aaa")]
)
def test_mentions_are_told_apart_by_letters(index: int, label: str) -> None:
    assert letters(index) == label


def test_a_thousand_citations_take_steps_in_their_number() -> None:
    sources = [{"title": f"Source {n}", "key": f"k{n}"} for n in range(300)]
    page = factories.page(*[paragraph(*(f"k{n}" for n in range(300)))] * 4, listed(sources))
    html = shown(page)
    assert numbers(html) == [f"[{n}]" for n in range(1, 301)] * 4
    assert len(html.select("[role=doc-backlink]")) == 1200


def test_a_translation_and_a_copy_keep_their_citations() -> None:
    factories.home("nl")
    page = factories.page(paragraph("walking", "rest"), listed())
    copies = [
        page.copy_for_translation(factories.locale("nl")),
        page.copy(update_attrs={"slug": "b"}),
    ]
    for copy in copies:
        again = factories.again(copy)
        assert numbers(shown(again)) == ["[1]", "[2]"]
        assert titles(again)[:2] == [(1, "Walking"), (2, "Rest")]


def test_no_translator_is_sent_a_key() -> None:
    """wagtail-localize asks a block for what there is to translate."""
    key = SourceListBlock().child_blocks["sources"].child_block.child_blocks["key"]
    assert key.get_translatable_segments("rest") == []
    assert key.restore_translated_segments("rest", []) == "rest"


class NoteBlock(blocks.StructBlock):
    """Of a site: its template prints the second text first, and the third not at all."""

    first = blocks.RichTextBlock()
    second = blocks.RichTextBlock()
    third = blocks.RichTextBlock()

    def render(self, value: Any, context: Any = None) -> Any:
        return mark_safe(f"<div class=note>{value['second']}{value['first']}</div>")


class SiteBody(ArticleBody):
    note = NoteBlock()


def test_a_block_of_the_sites_own_cites_where_its_template_prints_its_texts() -> None:
    page = factories.page(paragraph("rest"), listed())
    stored = [
        {"type": "note", "value": {
            "first": f"<p>One{cite('chairs')}</p>",
            "second": f"<p>Two{cite('rest')}{cite('gone')}</p>",
            "third": f"<p>Three{cite('walking')}</p>",
        }},
        {"type": "sources", "value": {"sources": SOURCES}},
    ]  # fmt: skip
    body = ArticleStreamValue(SiteBody(), stored, is_lazy=True)
    body.page = page
    page.__dict__["body"] = body
    html = BeautifulSoup(body.render_as_block(), "html.parser")
    # Numbered in the order of the children, as in a page's other outputs.
    assert numbers(html.select_one(".note")) == ["[2]", "[1]"]
    assert "gone" not in str(html)
    links = [link["href"].removeprefix("#") for link in html.select("[role=doc-backlink]")]
    assert len(links) == 3 and all(html.find(id=link) for link in links)
