"""API v3: what was published keeps its address, whatever a client writes back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.api.test_v3 import body_of
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db

TEXT = (
    '<h3 data-block-key="aaaaa">Rest</h3><p data-block-key="bbbbb">So.</p>'
    '<h4 data-block-key="ccccc">Sleep</h4>'
)
QUESTIONS = [{"question": "Why?", "answer": "<p>So.</p>"}, {"question": "How?", "answer": ""}]


@pytest.fixture(params=[ArticlePage, PlainPage])
def page(request: Any) -> Any:
    """A published page with two headings in a text, and questions."""
    made = factories.page(live=False, model=request.param)
    made.body = [
        {"type": "paragraph", "value": {"text": TEXT}},
        {"type": "faq", "value": {"heading": "Asked", "questions": QUESTIONS}},
    ]
    made.save_revision().publish()
    return factories.again(made)


def write(client: Client, page: Any, body: Any, **meta: str) -> None:
    content = {"body": body, **({"meta": meta} if meta else {})}
    address = f"/api/v3/pages/{page.pk}/"
    response = client.patch(address, content, content_type="application/json")
    assert response.status_code == 200, response.content


def shown(body: Any) -> dict[str, str]:
    """{anchor: words} of the text's headings and the questions."""
    text, faq = (item["value"]["resolved"] for item in body)
    found = dict(re.findall(r'<h[34] id="([^"]+)"[^>]*>(.*?)</h[34]>', text["html"]))
    return found | {item["anchor"]: item["question"] for item in faq["items"]}


def _headings(body: Any) -> list[dict[str, str]]:
    """The attributes of each heading as it is stored."""
    tags = re.findall(r"<h\d([^>]*)>", body[0]["value"]["text"])
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]


def test_a_draft_that_is_written_back_keeps_all_anchors(editor: Client, page: Any) -> None:
    body = body_of(editor, page)
    assert _headings(body)[0] == {"data-block-key": "aaaaa", "data-anodyne-anchor": "rest"}
    write(editor, page, body)
    again = body_of(editor, page)
    assert _headings(again) == _headings(body)
    assert again[1]["value"]["anchor"] == "asked"
    assert [one["anchor"] for one in again[1]["value"]["questions"]] == ["why", "how"]
    assert shown(again) == shown(body)


def test_what_a_client_rewords_keeps_its_address(editor: Client, page: Any) -> None:
    """Also where the client leaves the anchor out: a heading is known by its key."""
    for words, is_kept in (("Rest is bad", True), ("Rest is worse", False)):
        body = body_of(editor, page)
        text = re.sub(">Rest[^<]*<", f">{words}<", body[0]["value"]["text"])
        if not is_kept:
            text = re.sub(' data-anodyne-anchor="[^"]*"', "", text)
        body[0]["value"]["text"] = text
        body[1]["value"]["questions"][0]["question"] = f"Why? {words}"
        write(editor, page, body)
        if is_kept:
            assert shown(body_of(editor, page))["rest"] == words
        write(editor, page, body, action="publish")
        assert shown(body_of(editor, page)) == {
            "rest": words,
            "sleep": "Sleep",
            "why": f"Why? {words}",
            "how": "How?",
        }


def test_what_is_new_gets_its_anchor_when_it_is_published(editor: Client, page: Any) -> None:
    body = body_of(editor, page)
    body[0]["value"]["text"] += "<h3>Rest</h3>"
    body[1]["value"]["questions"].append({"question": "Why?", "answer": "<p>So.</p>"})
    write(editor, page, body)
    draft = body_of(editor, page)
    assert draft[1]["value"]["questions"][2]["anchor"] == ""
    assert draft[0]["value"]["text"].count("data-anodyne-anchor") == 2
    assert list(shown(draft)) == ["rest", "sleep", "rest-2", "why", "how", "why-2"]
    write(editor, page, draft, action="publish")
    live = body_of(editor, page)
    assert live[1]["value"]["questions"][2]["anchor"] == "why-2"
    assert live[0]["value"]["text"].count("data-anodyne-anchor") == 3
    assert shown(live) == shown(draft)


@pytest.mark.parametrize(
    "written",
    [
        # The editor loses one of two blocks that have the same key.
        '<h3 data-block-key="aaaaa">A</h3><h3 data-block-key="aaaaa">B</h3>',
        '<h3 data-block-key="a&gt;" data-anodyne-anchor="&quot;&gt;&lt;i&gt;">A</h3><h3>B</h3>',
        '<h3 data-anodyne-written="x" onclick="y" data-block-key="">A</h3><h3 id="z">B</h3>',
    ],
)
def test_keys_are_of_one_heading_each_and_nothing_else_is_kept(
    editor: Client, page: Any, written: str
) -> None:
    body = body_of(editor, page)
    body[0]["value"]["text"] = written
    write(editor, page, body)
    again = body_of(editor, page)
    text = again[0]["value"]["text"]
    keys = re.findall(r'data-block-key="(\w+)"', text)
    assert len(set(keys)) == len(keys) == 2
    bare = re.sub(r' data-(block-key|anodyne-anchor)="[^"<>]*"', "", text)
    assert bare == "<h3>A</h3><h3>B</h3>"
    write(editor, page, again, action="publish")
    assert len(shown(body_of(editor, page))) == 4
