"""wagtail-localize: words go to translators and come back; all the rest is copied as it is."""

from __future__ import annotations

import json
import re
from typing import Any

import polib
import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail_localize.models import Translation, TranslationSource

from anodyne_blocks.blocks import ArticleBody
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

SOURCE = {
    "kind": "article",
    "authors": "Foster NE, Anema JR, et al.",
    "title": "Prevention and treatment",
    "container": "The Lancet",
    "year": 2018,
    "url": "https://health.example/back",
    "doi": "10.1016/S0140-6736(18)30489-6",
    "pubmed_id": "29573872",
    "accessed": "2025-01-01",
    "key": "back",
}
TEXT = (
    '<h3 data-block-key="a">Why it hurts</h3><p data-block-key="b">It <b>does</b>'
    '<a linktype="anodyne-source" id="back"></a>, see'
    ' <a href="https://health.example/why">why</a>.</p>'
)


JSON: Any = {"ensure_ascii": False, "sort_keys": True, "default": str}


def item(number: int, value: Any) -> dict[str, Any]:
    """One of a list, as Wagtail stores it."""
    return {"type": "item", "id": f"00000000-0000-4000-9000-{number:012d}", "value": value}


@pytest.fixture
def person() -> Any:
    link = {"text": "Register", "url": "https://register.example/ada"}
    return factories.person(
        credentials="MSc",
        job_title="Physiotherapist",
        organisation="The clinic",
        bio="<p>Works with backs.</p>",
        working_since=2001,
        photo=factories.image(),
        profile_url="https://ada.example/",
        licence_number="0F3K2",
        links=json.dumps([{"type": "link", "id": item(9, 0)["id"], "value": link}]),
    )


@pytest.fixture
def page(person: Any) -> Any:
    """An article with every block, each filled in."""
    factories.home("de")
    product = factories.product("en", "de").pk
    placed = {
        "product": product,
        "relationship": "ad",
        "title": "Our cushion",
        "text": "Holds your back.",
        "badge": "Bestseller",
        "button_text": "To the cushion",
    }
    answer = '<p data-block-key="d">Yes<a linktype="anodyne-source" id="back"></a>.</p>'
    question = {"question": "May I sit?", "answer": answer, "anchor": "sitting"}
    byline = [{"person": person.pk, "organisation": ""}, {"person": None, "organisation": "Acme"}]
    image = {
        "image": factories.image().pk,
        "alt_text": "A chair",
        "caption": "Chairs move",
        "decorative": False,
        "credit": "Photo: Ada",
    }
    return factories.page(
        ("standfirst", {"text": "What helps."}),
        (
            "byline",
            {
                "authors": [item(n, author) for n, author in enumerate(byline)],
                "show_updated": True,
                "show_reading_time": True,
            },
        ),
        ("reading_time", {"minutes": 3}),
        ("contents", {"label": "In this article", "depth": "3"}),
        ("heading", {"text": "Sitting well", "level": "2", "anchor": "sitting-well"}),
        ("paragraph", {"text": TEXT}),
        ("image", image),
        ("product_card", {**placed, "layout": "card"}),
        ("product_grid", {"heading": "More to sit on", "cards": [item(2, placed)]}),
        ("shop_rating", {"rating": factories.rating().pk}),
        (
            "faq",
            {
                "heading": "You ask",
                "introduction": '<p data-block-key="c">We answer.</p>',
                "questions": [item(3, question)],
                "heading_level": "3",
                "one_at_a_time": True,
                "is_faq_page": True,
            },
        ),
        ("sources", {"heading": "What it rests on", "sources": [item(4, SOURCE)]}),
        (
            "reviewer",
            {
                "person": person.pk,
                "reviewed": "2025-10-25",
                "next_review": "2027-10-25",
                "scope": "All facts.",
            },
        ),
        ("share", {"label": "Tell others"}),
        *in_passages(person, product),
        title="On sitting",
        slug="sitting",
    )


def in_passages(person: Any, product: int) -> list[tuple[str, Any]]:
    """The other blocks, those with choices of their own among them."""
    related = factories.page(title="Another", slug="another").pk
    step = {
        "title": "Stand",
        "text": "<p>Up.</p>",
        "image": factories.image().pk,
        "alt_text": "Someone stands",
        "minutes": 2,
        "seconds": 30,
    }
    criterion = {"name": "Weight", "kind": "text", "unit": "kg", "better": "", "key": "weight"}
    compared = {
        "product": product,
        "is_choice": True,
        "reason": "It is light.",
        "values": [
            item(7, {"criterion": "weight", "value": "very light"}),
            item(14, {"criterion": "warmth", "value": "3"}),
            item(15, {"criterion": "cover", "value": "yes"}),
        ],
        "relationship": "",
        "title": "The light one",
        "badge": "Light",
        "button_text": "To the light one",
    }
    verdict = {
        "product": product,
        "verdict": "We like it.",
        "score": "8.5",
        "good": [item(11, "Soft")],
        "bad": [item(12, "Hot")],
        "audience": "Those who sit.",
        "method": "We sat.",
        "tested": "2025-05-01",
        "tester": person.pk,
        "relationship": "",
        "title": "The cushion, judged",
        "button_text": "Get it",
    }
    return [
        ("disclosure", {"text": "We earn."}),
        ("key_points", {"points": [item(5, "<p>Move.</p>")], "heading": "In short"}),
        ("quote", {"text": "<p>Rest is rust.</p>", "attribution": "<p>A proverb</p>"}),
        (
            "notice",
            {"notice": None, "kind": "caution", "heading": "Mind", "text": "<p>Not so far.</p>"},
        ),
        (
            "steps",
            {"heading": "How to", "introduction": "<p>Slowly.</p>", "steps": [item(6, step)]},
        ),
        (
            "product_comparison",
            {
                "heading": "Side by side",
                "criteria": [item(8, criterion)],
                "products": [item(10, compared)],
            },
        ),
        ("product_verdict", verdict),
        ("picks", {"label": "Our picks"}),
        (
            "related_articles",
            {"pages": [item(13, related)], "tag": "", "heading": "Read on", "most": 3},
        ),
    ]


def to_german(thing: Any) -> Translation:
    """A thing, on its way to German."""
    source, _ = TranslationSource.update_or_create_from_instance(thing)
    german = factories.locale("de")
    return Translation.objects.get_or_create(source=source, target_locale=german)[0]


def sent(translation: Translation) -> list[str]:
    """All that a translator is sent, in order."""
    return [entry.msgid for entry in translation.export_po()]


def translate(translation: Translation) -> None:
    """Have each text sent to a translator, who puts it in quotes, and take them in."""
    file = translation.export_po()
    for entry in file:
        entry.msgstr = f"«{entry.msgid}»"
    translation.import_po(polib.pofile(str(file)))
    translation.save_target()


def test_the_page_has_every_block(page: Any) -> None:
    assert {child.block_type for child in page.body} == set(ArticleBody().child_blocks)


def test_only_words_are_sent(page: Any) -> None:
    card = ["Our cushion", "Holds your back.", "Bestseller", "To the cushion"]
    assert sorted(sent(to_german(page))) == sorted(
        [
            *["On sitting", "sitting", "What helps.", "In this article", "Sitting well"],
            *["Why it hurts", 'It <b>does</b><a id="a1"></a>, see <a id="a2">why</a>.'],
            *["A chair", "Chairs move", "Photo: Ada"],
            # Once for the card, once for the grid.
            *[*card, *card, "More to sit on"],
            *["You ask", "We answer.", "May I sit?", 'Yes<a id="a1"></a>.'],
            *["What it rests on", "Prevention and treatment"],
            *["All facts.", "Tell others"],
            *["We earn.", "Move.", "In short", "Rest is rust.", "A proverb", "Mind", "Not so far."],
            *["How to", "Slowly.", "Stand", "Up.", "Someone stands"],
            *["Side by side", "Weight", "kg", "It is light.", "very light"],
            *["The light one", "Light", "To the light one"],
            *["We like it.", "Soft", "Hot", "Those who sit.", "We sat."],
            *["The cushion, judged", "Get it", "Our picks", "Read on"],
        ]
    )


def test_the_words_come_back_and_all_else_is_kept(
    page: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        translate(to_german(page))
    german = page.get_translation(factories.locale("de")).specific
    assert (german.live, german.title) == (True, "«On sitting»")
    # As an editor would store it: a script may have written a choice or a number otherwise.
    stored = [
        json.dumps(
            [[c.id, c.block_type, c.block.get_prep_value(c.value)] for c in one.body], **JSON
        )
        for one in (page, german)
    ]
    assert "«" in stored[1]
    # The order of attributes is all that the way through HTML changes.
    one, other = r"id=\"back\"", r"linktype=\"anodyne-source\""
    source, target = (text.replace(f"{one} {other}", f"{other} {one}") for text in stored)
    anchored = r'(data-anodyne-anchor=\S+) (data-block-key=\\"\w+\\")'
    source, target = (re.sub(anchored, r"\2 \1", text) for text in (source, target))
    assert re.sub("[«»]", "", target) == source
    elements = [element for element in factories.elements(german) if element]
    assert len(elements) > 10 and {element.language for element in elements} == {"de"}
    (entry,) = next(e for e in elements if e.type == "sources").entries
    assert len(entry.mentions) == 2
    card = next(e for e in elements if e.type == "product_card")
    assert card.price.currency == "EUR"


def test_names_and_figures_of_snippets_are_copied(page: Any, person: Any) -> None:
    english = page.body[9].value["rating"]
    rating, ada = to_german(english), to_german(person)
    assert sent(rating) == ["Every review belongs to an order."]
    words = ["MSc", "Physiotherapist", "The clinic", "Works with backs.", "Register"]
    assert sorted(sent(ada)) == sorted(words)
    translate(rating)
    translate(ada)
    german = person.get_translation(factories.locale("de"))
    assert (german.job_title, german.name, german.licence_number, german.working_since) == (
        "«Physiotherapist»",
        "Ada Holm",
        "0F3K2",
        2001,
    )
    assert (german.photo, german.profile_url) == (person.photo, person.profile_url)
    english.count = 4000
    english.save()
    to_german(english).save_target()
    copied = english.get_translation(factories.locale("de"))
    assert (copied.count, copied.verification) == (4000, "«Every review belongs to an order.»")


def test_an_untranslated_page_is_submitted_and_edited_in_the_admin(
    page: Any, client: Any, person: Any
) -> None:
    client.force_login(get_user_model().objects.create_superuser("editor"))
    german = factories.locale("de")
    submit = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    answer = client.post(submit, {"locales": [german.pk]})
    assert answer.status_code == 302, answer.content
    made = page.get_translation(german).specific
    # Nobody reads it until it is published.
    assert not made.live
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[made.pk]))
    assert edit.status_code == 200
    shown = edit.content.decode()
    for words in ("May I sit?", "Prevention and treatment", "Our cushion"):
        assert words in shown
    for rest in (SOURCE["doi"], SOURCE["url"], SOURCE["container"], SOURCE["authors"], "29573872"):
        assert rest not in shown
    # The person whom the page shows is to be translated, too; until then no English word shows.
    copy = person.get_translation(german)
    assert (copy.job_title, copy.bio) == (person.job_title, person.bio)
    box = next(element for element in factories.elements(made) if element.type == "reviewer")
    assert (box.person.name, box.job_title, box.bio) == ("Ada Holm", "", "")
