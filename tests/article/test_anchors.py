"""What an address on a page leads to stays what it was, once the page is published."""

from __future__ import annotations

import copy
import sys
import uuid
from typing import Any

import pytest
from django.urls import reverse

from anodyne_blocks.article import Article
from anodyne_blocks.article.anchors import keep_anchors
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db


def heading(text: str, anchor: str = "") -> dict[str, Any]:
    block_id = str(uuid.uuid4())
    return {"type": "heading", "value": {"text": text, "anchor": anchor}, "id": block_id}


def article(*texts: str, **fields: Any) -> Any:
    page = factories.page(**{"live": False, **fields})
    return publish(page, [heading(text) for text in texts])


def draft(page: Any) -> list[dict[str, Any]]:
    """The blocks that an editor finds: those of the newest revision."""
    return list(copy.deepcopy(page.get_latest_revision_as_object().body.get_prep_value()))


def publish(page: Any, blocks: list[dict[str, Any]]) -> Any:
    save(page, blocks).publish()
    return factories.again(page)


def save(page: Any, blocks: list[dict[str, Any]]) -> Any:
    page = factories.again(page)
    page.body = blocks
    return page.save_revision()


def addresses(page: Any) -> dict[str, str]:
    """{anchor: what it leads to}, as a reader has it."""
    return {entry.anchor: entry.text for entry in Article.for_page(page).outline.entries}


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_reworded(model: Any) -> None:
    page = article("Rest", "Sleep", model=model)
    blocks = draft(page)
    blocks[0]["value"]["text"] = "Rest is bad"
    page = publish(page, blocks)
    assert addresses(page) == {"rest": "Rest is bad", "sleep": "Sleep"}
    blocks = draft(page)
    blocks[0]["value"]["text"] = "Bad"
    assert addresses(publish(page, blocks)) == {"rest": "Bad", "sleep": "Sleep"}


def test_two_of_the_same_words_moved() -> None:
    page = article("Rest", "Rest")
    blocks = draft(page)
    blocks[0]["value"]["text"] = "Rest, first"
    blocks.reverse()
    page = publish(page, blocks)
    assert addresses(page) == {"rest-2": "Rest", "rest": "Rest, first"}
    assert addresses(publish(page, draft(page)[:1])) == {"rest-2": "Rest"}


def test_a_duplicate_before_the_original_and_reworded() -> None:
    page = article("Rest")
    # Of the page as readers have it: with the anchor that is stored.
    (original,) = page.body.get_prep_value()
    assert original["value"]["anchor"] == "rest"
    double = {**copy.deepcopy(original), "id": str(uuid.uuid4())}
    page = publish(page, [double, original])
    assert list(addresses(page)) == ["rest-2", "rest"]
    double["value"]["text"] = "Sleep"
    other = {**copy.deepcopy(double), "id": str(uuid.uuid4())}
    assert addresses(publish(page, [other, *draft(page)])) == {
        "sleep": "Sleep",
        "rest-2": "Rest",
        "rest": "Rest",
    }


def test_new_words_take_no_published_address() -> None:
    page = article("Rest")
    blocks = draft(page)
    blocks[0]["value"]["text"] = "Sleep"
    page = publish(page, [heading("Rest"), *blocks])
    assert addresses(page) == {"rest-2": "Rest", "rest": "Sleep"}


def test_half_a_word_is_fixed_by_no_draft() -> None:
    page = factories.page(live=False)
    blocks = [heading("Re")]
    save(page, blocks)
    blocks[0]["value"]["text"] = "Rest"
    page = publish(page, blocks)
    assert addresses(page) == {"rest": "Rest"}
    more = [*draft(page), heading("Sl")]
    save(page, more)
    more[1]["value"]["text"] = "Sleep"
    assert addresses(publish(page, more)) == {"rest": "Rest", "sleep": "Sleep"}


def test_an_autosaved_question_is_not_fixed_either(admin_client: Any) -> None:
    page = factories.page(live=False)
    item = {"question": "Should I re", "answer": "<p>A</p>", "anchor": ""}
    blocks = [{"type": "faq", "value": {"questions": [item]}, "id": str(uuid.uuid4())}]
    save(page, blocks)
    edit = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert edit.status_code == 200 and b"should-i-re" not in edit.content
    item["question"] = "Should I rest?"
    page = publish(page, blocks)
    assert page.body[0].value["questions"][0]["anchor"] == "should-i-rest"


def test_a_copied_page_and_a_translation_keep_their_addresses() -> None:
    page = article("Rest", "Rest")
    blocks = draft(page)
    blocks[0]["value"]["text"] = "Sleep"
    page = publish(page, blocks)
    for made in (
        page.copy(update_attrs={"slug": "copy"}),
        page.copy_for_translation(factories.locale("nl"), copy_parents=True),
    ):
        assert addresses(ArticlePage.objects.get(pk=made.pk)) == {"rest": "Sleep", "rest-2": "Rest"}


def test_an_editor_may_name_another() -> None:
    page = article("Rest", "Sleep")
    blocks = draft(page)
    blocks[1]["value"]["anchor"] = "Night"
    assert addresses(publish(page, blocks)) == {"rest": "Rest", "night": "Sleep"}


def test_stored_anchors_of_a_page_from_before_stay() -> None:
    page = factories.page(("heading", {"text": "Rest"}), ("heading", {"text": "Rest"}))
    # As it was published before anchors were kept.
    raw = [{**item, "value": {"text": "Rest"}} for item in page.body.get_prep_value()]
    ArticlePage.objects.filter(pk=page.pk).update(body=raw)
    page.save_revision()
    blocks = list(raw)
    blocks[0]["value"]["text"] = "Sleep"
    assert addresses(publish(page, blocks)) == {"rest": "Sleep", "rest-2": "Rest"}


def test_an_unpublished_page_keeps_what_was_public() -> None:
    page = article("Rest")
    page.unpublish()
    blocks = draft(page)
    blocks[0]["value"]["text"] = "Sleep"
    assert addresses(publish(page, blocks)) == {"rest": "Sleep"}


def test_a_long_heading_can_be_edited_again() -> None:
    page = article("Rest " * 40)
    (child,) = page.body
    assert child.block.clean(child.value)["anchor"] == child.value["anchor"]


def test_thousands_of_equal_headings_and_questions_cost_the_same_each() -> None:
    """Ten times as many take about ten times as many steps, to keep and to read."""

    def steps(times: int) -> int:
        item = {"question": "Why?", "answer": "<p>So.</p>"}
        body = [("heading", {"text": "Rest"})] * times
        page = factories.page(*body, ("faq", {"questions": [item] * times}), live=False)
        list(page.body)
        count = 0

        def profile(frame: Any, event: str, arg: Any) -> None:
            nonlocal count
            count += event == "call"

        before = sys.getprofile()
        sys.setprofile(profile)
        try:
            keep_anchors(page)
            found = Article.for_page(page).outline.entries
        finally:
            sys.setprofile(before)
        assert len({entry.anchor for entry in found}) == times
        return count

    assert steps(5000) < 11 * steps(500)
