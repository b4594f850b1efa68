"""Key points, steps and quotes, as readers, clients and search engines get them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from anodyne_blocks.blocks import KeyPointsBlock, StepsBlock
from anodyne_blocks.json_ld import page_json_ld
from anodyne_blocks.pricing.units import duration_text
from tests import factories

pytestmark = pytest.mark.django_db

CITED = '<p><i>Ada</i>, 2018<a linktype="anodyne-source" id="rest"></a></p>'
SOURCES = ("sources", {"sources": [{"title": "Chairs"}, {"title": "Rest", "key": "rest"}]})


def test_key_points_are_three_to_seven_lines_when_published() -> None:
    block = KeyPointsBlock()
    for count, allowed in ((2, False), (3, True), (7, True), (8, False)):
        value = block.to_python({"points": ["<p>Move.</p>"] * count})
        if allowed:
            block.clean(value)
        else:
            with pytest.raises(ValidationError):
                block.clean(value)


def test_key_points_are_read_and_stand_in_no_table_of_contents() -> None:
    points = ["<p>Move.</p>", "<p></p>", "<p>Sleep on your <b>side</b>.</p>"]
    page = factories.page(
        ("contents", {}),
        ("key_points", {"points": points}),
        ("heading", {"text": "What helps"}),
    )
    contents, shown, _heading = factories.elements(page)
    assert [point.html for point in shown.points] == [points[0], points[2]]
    assert [entry.text for entry in contents.entries] == ["What helps"]
    assert shown.heading_level == 2


def test_steps_say_how_long_they_take_and_stand_in_the_table_of_contents() -> None:
    steps = [
        {"title": "Lie down", "text": "<p>On your back.</p>", "minutes": 1, "seconds": 30},
        {"title": "", "text": "<p>Rest.</p>", "minutes": 2},
        {"title": "", "text": "<p>Breathe.</p>", "minutes": 0, "seconds": 0},
        {"title": "", "text": ""},
    ]
    page = factories.page(
        ("heading", {"text": "What helps"}),
        ("contents", {"depth": "3"}),
        ("steps", {"heading": "An exercise", "steps": steps}),
        language="da",
    )
    _heading, contents, shown = factories.elements(page)
    assert [entry.text for entry in contents.entries] == ["What helps", "An exercise"]
    assert (shown.heading_level, shown.title_level) == (3, 4)
    assert [step.duration for step in shown.steps] == ["PT1M30S", "PT2M", ""]
    assert [step.duration_text for step in shown.steps] == [
        duration_text(1, 30, "da"),
        duration_text(2, 0, "da"),
        "",
    ]
    assert "30" in shown.steps[0].duration_text and "min" in shown.steps[1].duration_text
    html = factories.render("{% include_block page.body %}", page=page)
    assert '<time class="anodyne-steps__duration" datetime="PT1M30S">' in html


@pytest.mark.parametrize("language", ["ar", "ja", "tlh"])
def test_a_duration_is_written_in_every_language(language: str) -> None:
    assert duration_text(1, 30, language) and duration_text(0, 0, language) == ""


def test_a_picture_of_a_step_counts_as_reading_if_it_says_something() -> None:
    block = StepsBlock()
    step = {"text": "<p>Lie down.</p>", "image": factories.image().pk}
    for alt, images in (("A figure lies down", 1), ("", 0)):
        value = block.to_python({"steps": [{**step, "alt_text": alt}]})
        assert block.reading_images(value) == images


def test_a_quote_cites_a_source_of_the_page() -> None:
    quote = ("quote", {"text": "<p>Rest is overrated.</p>", "attribution": CITED})
    page = factories.page(quote, SOURCES)
    element, sources = factories.elements(page)
    assert 'aria-label="Source 1"' in element.attribution
    assert [(entry.number, entry.title) for entry in sources.entries][0] == (1, "Rest")
    assert element.sources == (sources.entries[0].anchor,)
    (told,) = article_of(page)["hasPart"]
    assert told == {
        "@type": "Quotation",
        "text": "Rest is overrated.",
        "creditText": "Ada, 2018",
        "citation": [{"@id": f"{page.full_url}#{sources.entries[0].anchor}"}],
    }
    assert article_of(page)["citation"][0]["@id"] == told["citation"][0]["@id"]


def test_a_quote_whose_source_is_gone_says_the_rest() -> None:
    page = factories.page(("quote", {"text": "<p>Rest.</p>", "attribution": CITED}))
    (element,) = factories.elements(page)
    assert (element.attribution, element.sources) == ("<p><i>Ada</i>, 2018</p>", ())
    empty = factories.page(("quote", {"text": "<p></p>", "attribution": CITED}))
    assert factories.elements(empty) == [None]


def article_of(page: Any) -> dict[str, Any]:
    (node,) = [node for node in page_json_ld(page)["@graph"] if node["@type"] == "Article"]
    return node
