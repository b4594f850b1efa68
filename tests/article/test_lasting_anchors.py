"""What each address of a published page shows, whatever is done to what it leads to.

`pytest -s tests/article/test_lasting_anchors.py -k table` prints what each showed before and after.
"""

from __future__ import annotations

import copy
import re
import sys
import uuid
from typing import Any

import pytest
from django.utils import translation

from anodyne_blocks.article import Article
from anodyne_blocks.article.anchors import keep_anchors
from tests import factories
from tests.testapp.models import PlainPage

pytestmark = pytest.mark.django_db

# What the items of a page are: (id, words).
Items = list[tuple[str, str]]


def new(words: str) -> tuple[str, str]:
    return uuid.uuid4().hex, words


def _block(kind: str, value: Any, block_id: str = "") -> dict[str, Any]:
    return {"type": kind, "value": value, "id": block_id or "9c3e9a3e-0000-4000-8000-000000000000"}


def headings(items: Items) -> list[Any]:
    return [_block("heading", {"text": words}, item_id) for item_id, words in items]


def questions(items: Items) -> list[Any]:
    listed = [
        {"type": "item", "id": item_id, "value": {"question": words, "answer": "<p>So.</p>"}}
        for item_id, words in items
    ]
    return [_block("faq", {"heading": "Often asked", "questions": listed})]


def sources(items: Items) -> list[Any]:
    listed = [
        {"type": "item", "id": item_id, "value": {"title": words}} for item_id, words in items
    ]
    return [_block("sources", {"sources": listed})]


def texts(items: Items) -> list[Any]:
    # As Wagtail's editor stores it: a key of five letters on each paragraph and heading.
    html = "".join(
        f'<h3 data-block-key="{item_id[:5]}">{words}</h3><p data-block-key="p{item_id[:4]}">So.</p>'
        for item_id, words in items
    )
    return [_block("paragraph", {"text": html})]


def grids(items: Items) -> list[Any]:
    product = factories.product("en", "nl").pk
    return [
        _block("product_grid", {"heading": words, "cards": [{"product": product}]}, item_id)
        for item_id, words in items
    ]


def steps(items: Items) -> list[Any]:
    told = [{"title": "", "text": "<p>So.</p>"}]
    return [_block("steps", {"heading": words, "steps": told}, item_id) for item_id, words in items]


def comparisons(items: Items) -> list[Any]:
    products = [{"product": factories.product("en", "nl").pk, "values": []} for _time in "ab"]
    return [
        _block("product_comparison", {"heading": words, "products": products}, item_id)
        for item_id, words in items
    ]


def verdicts(items: Items) -> list[Any]:
    said = {"verdict": "Good.", "tested": "2025-10-25"}
    product = factories.product("en", "nl").pk
    return [
        _block("product_verdict", {"title": words, "product": product, **said}, item_id)
        for item_id, words in items
    ]


KINDS = {
    "heading": headings,
    "question": questions,
    "source": sources,
    "h3 in a text": texts,
    "grid": grids,
    "steps": steps,
    "comparison": comparisons,
    "verdict": verdicts,
}


def published(page: Any, blocks: list[Any]) -> Any:
    saved(page, blocks).publish()
    return factories.again(page)


def saved(page: Any, blocks: list[Any]) -> Any:
    page = factories.again(page)
    page.body = copy.deepcopy(blocks)
    return page.save_revision()


def addresses(page: Any) -> dict[str, str]:
    """{anchor: the words at it}, as readers have it."""
    found = []
    for element in factories.elements(factories.again(page)):
        if element.type == "heading":
            found.append((element.anchor, element.text))
        elif element.type == "faq":
            found += [(item.anchor, item.question) for item in element.items]
        elif element.type == "sources":
            found += [(entry.anchor, entry.title) for entry in element.entries]
        elif element.type == "paragraph":
            found += re.findall(r'<h3 id="([^"]+)"[^>]*>(.*?)</h3>', element.html)
            assert "data-anodyne" not in element.html
        elif element.type in ("product_grid", "steps", "product_comparison"):
            found.append((element.anchor, element.heading))
        elif element.type == "product_verdict":
            found.append((element.anchor, element.product.title))
    assert len({anchor for anchor, _words in found}) == len(found), found
    return dict(found)


def rewritten(make: Any, page: Any, items: Items) -> Any:
    (first, _words), *others = items
    return published(page, make([(first, "Rest is bad"), *others])), ["Rest is bad", "Sleep"]


def moved(make: Any, page: Any, items: Items) -> Any:
    return published(page, make(items[::-1])), ["Rest", "Sleep"]


def duplicated(make: Any, page: Any, items: Items) -> Any:
    """The copy stands before the original, and is reworded later."""
    double = new("Rest")
    page = published(page, make([double, *items]))
    page = published(page, make([(double[0], "A copy"), *items]))
    return page, ["Rest", "Sleep"]


def autosaved(make: Any, page: Any, items: Items) -> Any:
    """A draft with half a word was saved, of one that is new and of one that is published."""
    (first, _words), *others = items
    added = new("Ni")
    saved(page, make([(first, "Rest is b"), *others, added]))
    page = published(page, make([(first, "Rest is bad"), *others, (added[0], "Night")]))
    assert all(not anchor.endswith("-b") and anchor != "ni" for anchor in addresses(page))
    return page, ["Rest is bad", "Sleep"]


def same_words(make: Any, page: Any, items: Items) -> Any:
    """A new one, put first, says what the first said; that one says something else."""
    (first, words), *others = items
    page = published(page, make([new(words), (first, "Other"), *others]))
    return page, ["Other", "Sleep"]


def page_copied(make: Any, page: Any, items: Items) -> Any:
    (first, _words), *others = items
    page = published(page, make([(first, "Rest is bad"), *others]))
    made = page.copy(update_attrs={"slug": uuid.uuid4().hex}, keep_live=False)
    made.get_latest_revision().publish()
    return made, ["Rest is bad", "Sleep"]


def translated(make: Any, page: Any, items: Items) -> Any:
    """The translator's editor stores the texts anew, as Wagtail's does."""
    made = page.copy_for_translation(factories.locale("nl"), copy_parents=True)
    (first, _words), (second, _words_too) = items
    page = published(made, make([(first, "Rust"), (second, "Slaap")]))
    return page, ["Rust", "Slaap"]


ACTIONS = {
    "duplicate": duplicated,
    "move": moved,
    "rewrite": rewritten,
    "autosave half a word": autosaved,
    "two of the same words": same_words,
    "page copy": page_copied,
    "translation copy": translated,
}


def shown(found: dict[str, str]) -> str:
    return ", ".join(f"#{anchor}: {words}" for anchor, words in found.items())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", ACTIONS)
def test_table_of_what_each_address_shows(kind: str, action: str) -> None:
    make, act = KINDS[kind], ACTIONS[action]
    items = [new("Rest"), new("Sleep")]
    page = published(factories.page(live=False), make(items))
    before = addresses(page)
    page, words = act(make, page, items)
    after = addresses(page)
    print(f"| {action} | {kind} | {shown(before)} | {shown(after)} |")
    assert {anchor: after.get(anchor) for anchor in before} == dict(zip(before, words, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_first_publication_it_follows_the_words(kind: str) -> None:
    make = KINDS[kind]
    page = factories.page(live=False)
    item_id, _words = new("")
    for words in ("Re", "Rest", "Sleep"):
        saved(page, make([(item_id, words)]))
    factories.again(page).get_latest_revision().publish()
    expected = "sources-1" if kind == "source" else "sleep"
    assert addresses(page) == {expected: "Sleep"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_copied_page_that_says_something_else_follows_its_words(kind: str) -> None:
    make = KINDS[kind]
    item_id, words = new("Rest")
    page = published(factories.page(live=False), make([(item_id, words)]))
    made = page.copy(update_attrs={"slug": uuid.uuid4().hex}, keep_live=False)
    made = published(made, make([(item_id, "Sleep")]))
    expected = "sources-sleep" if kind == "source" else "sleep"
    assert addresses(made) == {expected: "Sleep"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_and_pasted_or_written_anew_is_known_by_its_words(kind: str) -> None:
    """Pasted headings have new keys, and lists written by API v3 new ids."""
    make = KINDS[kind]
    items = [new("Rest"), new("Sleep")]
    page = published(factories.page(live=False, model=PlainPage), make(items))
    page = published(page, make([(items[0][0], "Rest is bad"), items[1]]))
    before = addresses(page)
    assert addresses(published(page, make([new("Sleep"), new("Rest is bad")]))) == before


def test_a_later_source_never_takes_the_address_of_an_earlier_one() -> None:
    first, second, third = new("One"), new("Two"), new("Three")
    page = published(factories.page(live=False), sources([first, second]))
    assert addresses(published(page, sources([first, third]))) == {
        "sources-1": "One",
        "sources-three": "Three",
    }
    published(page, sources([first]))
    assert addresses(published(page, sources([new("Four"), first]))) == {
        "sources-four": "Four",
        "sources-1": "One",
    }


def test_the_heading_of_an_faq_and_of_a_source_list_stays_too() -> None:
    page = factories.page(live=False)
    (faq,), (listed,) = questions([new("Why?")]), sources([new("One")])
    listed["id"] = uuid.uuid4().hex
    published(page, [faq, listed])
    faq["value"]["heading"] = "What readers ask"
    listed["value"]["heading"] = "Literature"
    page = published(page, [faq, listed])
    entries = Article.for_page(page).outline.entries
    assert [(entry.anchor, entry.text) for entry in entries] == [
        ("often-asked", "What readers ask"),
        ("sources", "Literature"),
    ]


def test_what_has_no_heading_is_named_in_the_pages_language() -> None:
    page = factories.page(live=False, language="nl")
    with translation.override("da"):
        page = published(page, sources([new("One")]))
    assert list(addresses(page)) == ["bronnen-1"]
    assert page.body[0].value["anchor"] == "bronnen"


def test_storing_anchors_leaves_all_else_as_it_is_stored() -> None:
    product = factories.product("en").pk
    (grid,) = grids([new("Sleep")])
    (card,) = grid["value"]["cards"]
    blocks = [
        *texts([new("Rest")]),
        grid,
        _block("product_card", {"product": product, "unknown": 7}),
    ]
    page = published(factories.page(live=False), blocks)
    stored = page.body.get_prep_value()
    assert stored[2]["value"] == blocks[2]["value"]
    assert stored[1]["value"]["anchor"] == "sleep"
    assert stored[1]["value"]["cards"][0]["value"]["product"] == card["product"]
    assert 'data-anodyne-anchor="rest"' in stored[0]["value"]["text"]


@pytest.mark.once
def test_thousands_of_each_cost_the_same_each() -> None:
    """Four times as many equal ones take four times as many steps, to keep and to read."""

    def steps(times: int) -> int:
        page = factories.page(live=False)
        many = [new("Rest") for _ in range(times)]
        page.body = [*headings(many), *questions(many), *sources(many), *texts(many)]
        count = 0

        def profile(frame: Any, event: str, arg: Any) -> None:
            nonlocal count
            count += event == "call"

        before = sys.getprofile()
        sys.setprofile(profile)
        try:
            keep_anchors(page)
            keep_anchors(page, page)
            found = Article.for_page(page).outline.entries
        finally:
            sys.setprofile(before)
        assert len({entry.anchor for entry in found}) == 2 * times + 2
        return count

    # More than Python remembers the slugs of, in both cases.
    few, many = steps(1250), steps(5000)
    print(f"1,250 of each: {few:,} calls; 5,000: {many:,}, {many / few:.2f} times as many")
    assert many < 4.2 * few
