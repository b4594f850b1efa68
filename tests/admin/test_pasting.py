"""What is pasted into a page's form is read by the server, which stores nothing."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from anodyne_blocks.texts import read_questions
from tests import factories

PASTED = reverse("anodyne_blocks_pasted")
HTML = "<h1>Sit less</h1><p>Stand <b>up</b>.</p><h2>FAQ</h2><h3>Why?</h3><p>So.</p>"


def paste(client: Client, text: str, *, editor: str = "", **fields: str) -> Any:
    editor = editor or reverse("wagtailadmin_pages:edit", args=[factories.page().pk])
    given = {"text": text, "field": "body", "type": "paragraph", **fields}
    return client.post(PASTED, given, headers={"referer": f"http://testserver{editor}"})


def words(state: Any) -> str:
    return "".join(block["text"] for block in json.loads(state)["blocks"])


def test_a_text_becomes_the_blocks_of_the_page(admin):
    heading, text, faq = paste(admin, HTML).json()["states"]
    assert (heading["type"], heading["value"]["text"]) == ("heading", "Sit less")
    assert (text["type"], words(text["value"]["text"])) == ("paragraph", "Stand up.")
    (item,) = faq["value"]["questions"]
    assert (faq["type"], item["value"]["question"]) == ("faq", "Why?")
    new = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", factories.home().pk])
    assert len(paste(admin, HTML, editor=new).json()["states"]) == 3


def test_a_list_of_questions_becomes_items(admin):
    items = paste(admin, "Why?\nSo.\nHow?\nLike this.", type="faq").json()["states"]
    told = [(item["question"], words(item["answer"])) for item in items]
    assert told == [("Why?", "So."), ("How?", "Like this.")]


def test_what_is_one_text_or_nothing_stays_as_it_is(admin):
    page = reverse("wagtailadmin_pages:edit", args=[factories.page().pk])
    user = reverse("wagtailadmin_pages:add", args=["auth", "user", 1])
    gone = reverse("wagtailadmin_pages:edit", args=[10**9])
    for text, fields in (
        ("<p>One.</p><p>Two.</p>", {}),
        ("", {}),
        ("\x00<h2>", {}),
        ("<div>" * 500 + "<h2>a</h2>", {}),
        (HTML, {"field": "none"}),
        (HTML, {"field": "title"}),
        (HTML, {"there": "{"}),
        (HTML, {"there": "7"}),
        (HTML, {"editor": user}),
        (HTML, {"editor": gone}),
        (HTML, {"editor": "/elsewhere/"}),
        ("Why?\nSo.", {"type": "faq"}),
        ("No question.\nNone at all.", {"type": "faq"}),
    ):
        answer = paste(admin, text, **{"editor": page, **fields})
        assert (answer.status_code, answer.json()) == (200, {"states": []}), (text[:20], fields)


def test_it_is_for_the_admin_alone(admin, editor):
    assert paste(Client(), HTML).status_code == 302
    assert admin.get(PASTED).status_code == 405


def test_questions_are_told_by_what_sets_them_apart():
    both = [("Why?", "<p>So.</p>"), ("How?", "<p>Thus.</p><p>Or else.</p>")]
    for text in (
        "Why?\nSo.\n\nHow?\nThus.\nOr else.",
        "1. Why?\nSo.\n2) How?\nThus.\nOr else.",
        "Q: Why?\nA: So.\nQ: How?\nA: Thus.\nOr else.",
        "## Why?\n\nSo.\n\n## How?\n\nThus.\n\nOr else.",
        "<h3>Why?</h3><p>So.</p><h3>How?</h3><p>Thus.</p><p>Or else.</p>",
        "<p><b>1. Why?</b><br>So.</p><p><b>2. How?</b><br/>Thus.</p><p>Or else.</p>",
        "<dl><dt>Why?</dt><dd>So.</dd><dt>How?</dt><dd><p>Thus.</p><p>Or else.</p></dd></dl>",
    ):
        assert read_questions(text) == both, text
    assert read_questions("<h3>Rest</h3><p>No?</p><h3>Walk</h3><p>Yes.</p>")[0][0] == "Rest"
    assert read_questions("Hear this.\nWhy?\nSo.") == []
    assert read_questions("Γιατί;\nΈτσι.") == [("Γιατί;", "<p>Έτσι.</p>")]
