"""Citing in Wagtail's editor: what a rich text stores, and what its form is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter
from wagtail.rich_text import expand_db_html

from anodyne_blocks.article.citations import keys_in
from anodyne_blocks.blocks.text import RICH_TEXT
from anodyne_blocks.sources.reading import LONGEST
from tests import factories

STORED = (
    '<p data-block-key="abcde">Rest <b>helps</b><a linktype="anodyne-source" id="k1"></a>'
    '<a linktype="anodyne-source" id="k2"></a> and <a href="https://a.example/">more</a>.</p>'
)


def test_a_citation_survives_the_editor_as_its_key_alone() -> None:
    converter = ContentstateConverter(RICH_TEXT)
    state = json.loads(converter.from_database_format(STORED))
    assert state["blocks"][0]["text"] == "Rest helps[*][*] and more."
    entities = state["entityMap"].values()
    cited = [e for e in entities if e["type"] == "ANODYNE_SOURCE"]
    assert [(e["mutability"], e["data"]) for e in cited] == [
        ("IMMUTABLE", {"id": "k1"}), ("IMMUTABLE", {"id": "k2"})
    ]  # fmt: skip
    assert converter.to_database_format(json.dumps(state)) == STORED


def test_a_text_that_may_not_cite_loses_its_citations_only() -> None:
    features = [name for name in RICH_TEXT if name != "cite"]
    converter = ContentstateConverter(features)
    kept = converter.to_database_format(converter.from_database_format(STORED))
    assert "anodyne-source" not in kept
    assert BeautifulSoup(kept, "html.parser").get_text() == "Rest helps and more."


def test_what_a_client_writes_is_kept_where_the_text_may_cite() -> None:
    plain = STORED.replace(' data-block-key="abcde"', "")
    for features, kept in ((RICH_TEXT, ["k1", "k2"]), (["bold", "link"], [])):
        written = EditorHTMLConverter(features).from_database_format(plain)
        assert keys_in(EditorHTMLConverter(features).to_database_format(written)) == kept


def test_a_text_outside_an_article_shows_no_citation() -> None:
    html = BeautifulSoup(expand_db_html(STORED), "html.parser")
    assert html.get_text() == "Rest helps and more."
    assert len(html.select("a[href]")) == 1


@pytest.mark.django_db
def test_the_editor_has_the_dialogs_and_their_scripts(admin: Any) -> None:
    page = factories.page(("paragraph", {"text": STORED}), ("sources", {"sources": []}))
    answer = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert answer.status_code == 200
    html = BeautifulSoup(answer.content, "html.parser")
    dialogs = html.find(id="anodyne-source-dialogs").find_all("dialog")
    assert [dialog["data-dialog"] for dialog in dialogs] == ["cite", "paste"]
    scripts = [tag["src"].split("?")[0].split("/")[-1] for tag in html.select("script[src]")]
    order = [scripts.index(name) for name in ("blocks.js", "sources.js", "paste.js")]
    assert order == sorted(order)
    assert scripts.index("draftail.js") < scripts.index("cite.js")
    assert scripts.index("sources.js") < scripts.index("cite.js")


def ask(client: Any, text: str, **given: str) -> Any:
    return client.post(reverse("anodyne_blocks_read_sources"), {"text": text, **given})


@pytest.mark.django_db
def test_a_pasted_list_is_read_beside_what_the_form_holds(admin: Any) -> None:
    listed = json.dumps([{"title": "Ischias", "authors": "NHG", "key": "k", "kind": "article"}])
    answer = ask(admin, "1. NHG. Ischias\n2. NVN. Ischias", listed=listed).json()
    assert [(row["fields"]["authors"], row["same_as"]) for row in answer["rows"]] == [
        ("NHG", 1), ("NVN", None)
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "listed", "message"),
    [
        ("a" * (LONGEST + 1), "[]", "This is too long: at most 200000 characters."),
        ('[{"title": ', "[]", "No source can be read in this."),
        (" ", "[]", "No source can be read in this."),
        ("A title", "[1", "No source can be read in this."),
        ("A title", "[1]", "No source can be read in this."),
    ],
)
def test_what_cannot_be_read_is_told(admin: Any, text: str, listed: str, message: str) -> None:
    answer = ask(admin, text, listed=listed)
    assert answer.status_code == 400
    assert answer.json() == {"error": message}


@pytest.mark.django_db
def test_only_editors_may_ask(client: Any) -> None:
    assert ask(client, "A title").status_code == 302


@pytest.mark.django_db
def test_reading_is_asked_by_posting(admin: Any) -> None:
    assert admin.get(reverse("anodyne_blocks_read_sources")).status_code == 405


@pytest.mark.django_db
def test_an_editor_is_told_of_citations_whose_source_is_gone(admin: Any) -> None:
    sources = {"sources": [{"title": "One", "key": "k1"}]}
    page = factories.page(("paragraph", {"text": STORED}), ("sources", sources))
    answer = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 1
    assert "A citation on this page shows nothing" in told[0]
    assert "Rest helps and more." in told[0]
    whole = factories.page(
        ("paragraph", {"text": STORED.replace("k2", "k1")}), ("sources", sources)
    )
    answer = admin.get(reverse("wagtailadmin_pages:edit", args=[whole.pk]))
    assert list(answer.context["messages"]) == []


def test_what_stands_twice_in_a_list_is_said_at_its_place(admin: Any) -> None:
    doi = "10.1016/S0140-6736(18)30480-X"
    listed = [
        {"title": "Ischias", "authors": "NHG"},
        {"title": "Ischias", "authors": "NVN"},
        {"title": ""},
        {"title": "ischias ", "authors": "NHG"},
        {"title": "One", "doi": f"https://doi.org/{doi}"},
        {"title": "Two", "doi": doi.lower()},
    ]
    address = reverse("anodyne_blocks_repeated_sources")
    answer = admin.post(address, {"listed": json.dumps(listed)}).json()
    already = "This source is already number {} of the list."
    assert answer == {"repeats": {"3": already.format(1), "5": already.format(5)}}
    for broken in ("", "{", "[1]", "{}"):
        assert admin.post(address, {"listed": broken}).json() == {"repeats": {}}
