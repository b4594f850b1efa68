"""Each element's template: its contract, its overriding, and what it must never print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from pydantic import BaseModel

import anodyne_blocks
from anodyne_blocks.elements import ELEMENTS, Element

FOLDER = Path(anodyne_blocks.__file__).parent / "templates" / "anodyne_blocks"
TYPES = [model.model_fields["type"].default for model in ELEMENTS]
CARD_BUDGET = 1600  # bytes of one card without its content


@pytest.mark.parametrize("name", TYPES)
def test_the_first_line_states_the_contract(name: str) -> None:
    """`manage.py check` compares it with that of a theme's override."""
    first = (FOLDER / f"{name}.html").read_text().splitlines()[0]
    assert re.match(rf"{{# anodyne_blocks: {name}, contract \d+\.\d+(, reads element)? #}}", first)


@pytest.mark.parametrize("name", TYPES)
def test_the_root_has_the_documented_class(name: str, render: Callable[[str], str]) -> None:
    block = {"figure": "image"}.get(name, name)
    root = re.match(r"\s*<\w+ class=\"([^\"]+)\"", render(block))
    assert root is not None
    assert root[1] == f"anodyne-{name.replace('_', '-')}"


@pytest.mark.parametrize("name", TYPES)
def test_a_template_has_no_words_of_its_own(name: str) -> None:
    """Words in a template would stay in one language; all words are in the element."""
    source = (FOLDER / f"{name}.html").read_text()
    printed = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source)
    assert not re.findall(r"(?:aria-label|alt|title|placeholder)=\"[^\"]+\"", printed)
    text = re.sub(r"<[^>]*>", "", printed)
    assert not re.findall(r"[^\W\d_]+", text)


def test_a_theme_overrides_one_block_and_keeps_the_rest(
    theme: Callable[[str, str], None], render: Callable[[str], str]
) -> None:
    theme(
        "product_card.html",
        "{% extends 'anodyne_blocks/product_card.html' %}"
        "{% block price %}<b>Ask us</b>{% endblock %}",
    )
    html = render("product_card")
    assert "<b>Ask us</b>" in html
    assert "anodyne-product-card__price" not in html
    assert "anodyne-product-card__title" in html
    assert "anodyne-product-card__button" in html


def test_a_themes_card_is_also_the_card_of_a_grid(
    theme: Callable[[str, str], None], render: Callable[[str], str]
) -> None:
    theme("product_card.html", "<p class='own'>{{ element.title }}</p>")
    html = render("product_grid")
    assert html.count("<p class='own'>Lumbar support</p>") == 2
    assert "anodyne-product-grid" in html


def test_numbers_in_attributes_are_not_localised(settings, element) -> None:
    """A width of "1.200" is one pixel to a browser."""
    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override("da"):
        html = render_to_string("anodyne_blocks/figure.html", {"element": element("image", "da")})
    assert 'width="1200"' in html


def test_text_is_escaped(element: Callable[..., Element]) -> None:
    card = element("product_card").model_copy(update={"title": "<script>alert(1)</script>"})
    html = render_to_string("anodyne_blocks/product_card.html", {"element": card})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_withdrawn_product_has_nothing_to_click(element: Callable[..., Element]) -> None:
    card = element("product_card").model_copy(
        update={"link": None, "button": None, "price": None, "reduction": None, "badges": ()}
    )
    html = render_to_string("anodyne_blocks/product_card.html", {"element": card})
    assert "<a " not in html
    assert "anodyne-product-card__price" not in html
    assert card.title in html


def test_the_two_links_of_a_card_have_names_of_their_own(render: Callable[[str], str]) -> None:
    html = render("product_card")
    links = re.findall(r"<a [^>]*>(.*?)</a>", html, re.DOTALL)
    names = [re.sub(r"<[^>]+>", "", link) for link in links]
    assert len(names) == len(set(names)) == 2
    assert all("Lumbar support" in name for name in names)


def test_an_answer_is_one_disclosure_with_a_heading(render: Callable[[str], str]) -> None:
    html = render("faq")
    summaries = re.findall(r"<summary[^>]*>(.*?)</summary>", html, re.DOTALL)
    assert len(summaries) == html.count("<details") == 2
    assert all(re.fullmatch(r"<h3 [^>]*>[^<]+</h3>", summary) for summary in summaries)


def test_a_link_to_an_answer_opens_it(render: Callable[[str], str]) -> None:
    """Browsers open the disclosure around a fragment's target, not one that is the target."""
    answers = re.findall(r"</summary>(.*?)</details>", render("faq"), re.DOTALL)
    assert len(answers) == 2
    for answer in answers:
        anchor = re.search(r" href=\"#([^\"]+)\"", answer)
        assert anchor is not None
        assert f' id="{anchor[1]}"' in answer


def test_a_long_list_of_sources_is_folded(element: Callable[..., Element]) -> None:
    sources = element("sources")
    folded = sources.model_copy(update={"collapsed": True, "summary": "Show all 9 sources"})
    template = "anodyne_blocks/sources.html"
    assert "<details" not in render_to_string(template, {"element": sources})
    html = render_to_string(template, {"element": folded})
    assert re.search(r"<details.*<summary[^>]*>Show all 9 sources</summary>.*<ol", html, re.DOTALL)
    assert html.count("<details") == html.count("</details>") == 1


def _strings(value: object) -> set[str]:
    if isinstance(value, BaseModel):
        return set().union(*(_strings(item) for item in value.__dict__.values()))
    if isinstance(value, tuple):
        return set().union(*(_strings(item) for item in value))
    return {value} if isinstance(value, str) else set()


def test_a_card_is_light(element: Callable[..., Element]) -> None:
    """A page may hold fifty: what surrounds their content is kept small."""
    card = element("product_card")
    html = render_to_string("anodyne_blocks/product_card.html", {"element": card})
    content = {text for text in _strings(card) if len(text) > len("in_stock")}
    for text in sorted(content, key=len, reverse=True):
        html = html.replace(text, "")
    assert len(html.encode()) <= CARD_BUDGET
