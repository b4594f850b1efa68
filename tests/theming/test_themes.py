"""Themes of three kinds, over every element in every state of the example site's style guide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import anodyne_blocks
from anodyne_blocks.checks.contracts import check_overrides
from anodyne_blocks.elements import ELEMENTS
from anodyne_blocks.elements.passages import NoticeKind
from anodyne_blocks.elements.products import Layout
from anodyne_blocks.elements.products import State as Stock
from example_site.styleguide.states import STATES, Shown, State, article_in
from example_site.themes import THEMES

PACKAGED = Path(anodyne_blocks.__file__).parent / "templates" / "anodyne_blocks"
TEMPLATES = {path.name: path.read_text() for path in sorted(PACKAGED.glob("*.html"))}
# The page in which Wagtail's editor shows an example.
TEMPLATES.pop("preview.html")
LANGUAGES = ("en", "ar")
Theme = Callable[[str, str], None]


def shown(*states: State) -> Iterator[tuple[str, Shown]]:
    """Every element of the states, in both directions of writing, by its name."""
    for language in LANGUAGES:
        article = article_in(language)
        for state in states or STATES:
            for number, one in enumerate(state.shown(article)):
                yield f"{state.key} {number} {language}", one


def pages() -> dict[str, str]:
    return {name: one.html for name, one in shown()}


def same(html: str) -> str:
    """Without what differs between two renderings: the second, and how a line is broken."""
    return " ".join(re.sub(r' datetime="[^"]+"|<!--own-->', "", html).split())


def first_line(template: str) -> str:
    return TEMPLATES[template].partition("#}")[0] + "#}"


def test_the_style_guide_has_every_element_layout_and_state() -> None:
    elements = [one.element for _name, one in shown()]
    assert None not in elements
    assert {element.type for element in elements} == {
        model.model_fields["type"].default for model in ELEMENTS
    }
    cards = [element for element in elements if element.type == "product_card"]
    assert {(card.layout, card.availability.state) for card in cards} == {
        (layout, state) for layout in get_args(Layout) for state in get_args(Stock)
    }
    assert any(card.stale for card in cards) and any(card.reduction for card in cards)
    assert {card.condition.state for card in cards if card.condition} == {"used", "refurbished"}
    assert any(card.image is None for card in cards)
    assert max(len(card.title) for card in cards) > 190
    notices = {element.kind for element in elements if element.type == "notice"}
    assert notices == set(get_args(NoticeKind))
    keys = [state.key for state in STATES]
    assert len(set(keys)) == len(keys)


def test_a_theme_that_extends_every_template_keeps_all_they_print(theme: Theme) -> None:
    before = pages()
    for name, source in TEMPLATES.items():
        blocks = dict.fromkeys(re.findall(r"{% block (\w+) %}", source))
        overridden = (
            f"{{% block {block} %}}<!--own-->{{{{ block.super }}}}{{% endblock %}}"
            for block in blocks
        )
        extends = f'{{% extends "anodyne_blocks/{name}" %}}'
        theme(name, "\n".join((first_line(name), extends, *overridden)))
    assert check_overrides() == []
    after = pages()
    # A paragraph is its text alone, without blocks.
    whole = {name for name in after if "<!--own-->" not in after[name]}
    assert {name.split("-")[0] for name in whole} <= {"paragraph"}
    assert {name: same(html) for name, html in after.items()} == {
        name: same(html) for name, html in before.items()
    }


def test_a_theme_that_replaces_two_templates_leaves_the_others_alone(theme: Theme) -> None:
    before = pages()
    theme(
        "product_card.html",
        first_line("product_card.html")
        + '<p class="own">{{ element.title }} {{ element.price_text }}'
        " {{ element.availability.text }} {{ element.stale_text }}</p>",
    )
    theme(
        "faq.html",
        first_line("faq.html") + "{% for item in element.items %}<dl><dt>{{ item.question }}</dt>"
        "<dd>{{ item.answer|safe }}</dd></dl>{% endfor %}",
    )
    assert check_overrides() == []
    for name, one in shown():
        html, element = one.html, one.element
        if element.type == "product_card":
            assert html.count('<p class="own">') == 1 and "anodyne-product-card" not in html
            assert element.title in html and element.price_text in html
        elif element.type == "product_grid":
            assert html.count('<p class="own">') == len(element.cards)
        elif element.type == "faq":
            assert html.count("<dt>") == len(element.items) and "<details" not in html
        else:
            assert same(html) == same(before[name])


def test_the_second_brand_is_custom_properties_and_two_templates() -> None:
    """What `docs/how-to/theme.md` says of it."""
    folder = THEMES["thirtythree"].folder
    assert len(list(folder.glob("templates/**/*.html"))) == 2
    css = re.sub(r"/\*.*?\*/", "", (folder / "static/magazine/theme.css").read_text(), flags=re.S)
    css = re.sub(r"@font-face\s*{[^}]*}", "", css)
    rules = re.findall(r"([^{}]+){([^{}]*)}", css)
    selectors = {selector.strip() for selector, _body in rules}
    assert selectors == {":root", ':root[dir="rtl"]'}
    properties = [line for _selector, body in rules for line in body.split(";") if line.strip()]
    assert properties and all(line.strip().startswith("--") for line in properties)
