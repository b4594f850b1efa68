"""HTML is kept only where it is provably the same: where a template reads but its element."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.loader import get_template
from django.utils import translation

from anodyne_blocks.blocks import StandfirstBlock
from anodyne_blocks.elements import ELEMENTS
from anodyne_blocks.rendering import KEPT, html_of_element, reads_only_element
from tests import factories

NAME = "anodyne_blocks/standfirst.html"


@pytest.fixture
def theme(settings, tmp_path: Path):
    """`theme(name, source)` puts a template of a theme before the package's."""
    (first,) = settings.TEMPLATES
    settings.TEMPLATES = [{**first, "DIRS": [str(tmp_path)]}]

    def write(name: str, source: str) -> None:
        path = tmp_path / "anodyne_blocks" / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
        for engine in engines.all():
            for loader in engine.engine.template_loaders:
                loader.reset()

    return write


def standfirst(text: str = "Two sentences.") -> Any:
    """The stored value of a standfirst."""
    return StandfirstBlock().to_python({"text": text})


def render(text: str = "Two sentences.", language: str = "en", **variables: Any) -> str:
    """A standfirst as a site renders it."""
    return StandfirstBlock().render(
        standfirst(text), {"article_context": factories.context_of(language), **variables}
    )


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_packages_own_templates_read_nothing_but_their_element(element):
    name = element.model_fields["type"].default
    assert reads_only_element(get_template(f"anodyne_blocks/{name}.html").template)


@pytest.mark.parametrize(
    "source",
    [
        "{{ page.title }}",
        "{{ element.text }}{{ request.path }}",
        "{% if self.text %}x{% endif %}",
        "{% for word in words %}{{ word }}{% endfor %}",
        "{% with text=page.title %}{{ text }}{% endwith %}",
        "{% now 'Y' %}",
        "{{ element.words|random }}",
        "{% load tz %}{{ element.text }}",
        "{% include element.template %}",
        "{% include 'anodyne_blocks/other.html' %}",
        "{% csrf_token %}",
        "{{ element.text|add:page.title }}",
        "{% firstof page.title element.text %}",
    ],
)
def test_a_template_that_reads_more_is_rendered_every_time(theme, source):
    theme("other", "{{ page.title }}")
    theme("standfirst", source)
    assert html_of_element(NAME, an_element(), factories.context_of("en")) is None


@pytest.mark.parametrize(
    "source",
    [
        "{{ element.text|upper }}",
        "{% for x in element.text %}{{ forloop.counter }}{{ x }}{% empty %}-{% endfor %}",
        "{% with t=element.text %}{% if t and not element.x %}{{ t|default:'page' }}{% endif %}"
        "{% endwith %}",
        "{% extends 'anodyne_blocks/standfirst.html' %}",
        "{% comment %}page{% endcomment %}{# {{ page }} #}page",
    ],
)
def test_a_template_of_a_theme_may_be_kept_too(theme, source):
    theme("standfirst", source)
    assert html_of_element(NAME, an_element(), factories.context_of("en")) is not None


def an_element() -> Any:
    """A standfirst, resolved."""
    return StandfirstBlock().element(standfirst(), factories.context_of("en"))


def test_a_theme_that_reads_the_page_gets_the_page_of_each_rendering(theme):
    theme("standfirst", "{{ page.title }}: {{ element.text }}")
    assert render(page={"title": "One"}) == "One: Two sentences."
    assert render(page={"title": "Two"}) == "Two: Two sentences."


def test_a_changed_template_shows_at_once(theme):
    theme("standfirst", "<p>{{ element.text }}</p>")
    assert render() == "<p>Two sentences.</p>"
    theme("standfirst", "<b>{{ element.text }}</b>")
    assert render() == "<b>Two sentences.</b>"


def test_another_text_or_language_is_another_element():
    with translation.override("nl"):
        assert "One." in render("One.") and "Two." in render("Two.")
    first, second = (
        StandfirstBlock().element(standfirst(), factories.context_of(language))
        for language in ("en", "ar")
    )
    assert first != second


def test_no_more_than_a_bounded_number_is_kept(theme):
    from anodyne_blocks import rendering

    theme("standfirst", "{{ element.text }}")
    for number in range(KEPT + 50):
        render(str(number))
    template = get_template("anodyne_blocks/standfirst.html").template
    assert len(rendering._kept[template]._html) == KEPT
    assert render("0") == "0"
