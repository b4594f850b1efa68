"""HTML is kept only where it is provably the same: where a template reads but its element."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import pytest
from django.template import engines
from django.template.loader import get_template
from django.utils import translation
from django.utils.timezone import override
from wagtail.blocks import CharBlock

from anodyne_blocks.blocks import ElementBlock, StandfirstBlock
from anodyne_blocks.elements import ELEMENTS, Element
from anodyne_blocks.purity import reads_only_element
from anodyne_blocks.rendering import KEPT, LONGEST, html_of_element
from tests import factories

NAME = "anodyne_blocks/standfirst.html"


@pytest.fixture
def theme(settings, tmp_path: Path):
    """`theme(name, source)` puts a template of a theme before the package's, or of the site."""
    (first,) = settings.TEMPLATES
    settings.TEMPLATES = [{**first, "DIRS": [str(tmp_path / "site"), str(tmp_path / "theme")]}]

    def write(name: str, source: str, folder: str = "theme") -> None:
        path = tmp_path / folder / "anodyne_blocks" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
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
        "{% with page=element.text %}{{ page }}{% endwith %}{{ page.title }}",
        "{% for page in element.text %}{{ page }}{% endfor %}{{ page.title }}",
        "{% for x in element.text %}{{ x }}{% empty %}{{ x }}{% endfor %}",
        "{{ forloop.counter }}",
        "{{ block.id }}{{ element.text }}",
        "{% include 'anodyne_blocks/mark.html' with id=element.text only %}<p id='{{ id }}'>",
        "{% include 'anodyne_blocks/self.html' %}",
        "{% include 'anodyne_blocks/'|add:element.type|add:'.html' %}",
        "{{ é }}",
        "{{ only }}",
        "{% firstof element.text as page %}{{ page }}",
        "{% if element.language == 'xx' %}{% include 'anodyne_blocks/nowhere.html' %}{% endif %}",
        "{% comment %}{% with page=element.text %}{% endcomment %}{{ page }}",
    ],
)
def test_a_template_that_reads_more_is_rendered_every_time(theme, source):
    theme("other", "{{ page.title }}")
    theme("mark", "{{ element.text }}{{ id }}")
    theme("self", "{% if element.x %}{% include 'anodyne_blocks/self.html' %}{% endif %}")
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
        "{% comment 'why' %}{{ page }}{% endwith %}{% endcomment %}{{ element.text }}",
        "{% include './mark.html' with id=element.language only %}{{ element.text }}",
        "{% extends '../anodyne_blocks/base.html' %}{% block x %}{{ block.super }}!{% endblock %}",
        "{% for x in element.text reversed %}{% include 'anodyne_blocks/base.html' %}{% endfor %}",
    ],
)
def test_a_template_of_a_theme_may_be_kept_too(theme, source):
    theme("mark", "<i>{{ id }}</i>")
    theme("base", "{% block x %}{{ element.text }}{% endblock %}")
    theme("standfirst", source)
    assert html_of_element(NAME, an_element(), factories.context_of("en")) is not None


def an_element() -> Any:
    """A standfirst, resolved."""
    return StandfirstBlock().element(standfirst(), factories.context_of("en"))


def test_a_theme_that_reads_the_page_gets_the_page_of_each_rendering(theme):
    theme("standfirst", "{{ page.title }}: {{ element.text }}")
    assert render(page={"title": "One"}) == "One: Two sentences."
    assert render(page={"title": "Two"}) == "Two: Two sentences."


def test_three_layers_of_one_name(theme):
    over = "{%% extends 'anodyne_blocks/standfirst.html' %%}{%% block text %%}%s {{ block.super }}"
    theme("standfirst", over % "site" + "{% endblock %}", folder="site")
    theme("standfirst", over % "theme" + "{% endblock %}")
    assert "site theme Two sentences." in render()


def test_a_loader_that_chooses_by_site_keeps_no_html(settings, tmp_path: Path):
    """As themes for each site have it: what a kept template includes may be another's."""
    (first,) = settings.TEMPLATES
    kind = "django.template.loaders"
    folders = (f"{kind}.filesystem.Loader", [str(tmp_path)])
    options = {**first["OPTIONS"], "loaders": [folders, f"{kind}.app_directories.Loader"]}
    settings.TEMPLATES = [{**first, "APP_DIRS": False, "OPTIONS": options}]
    assert html_of_element(NAME, an_element(), factories.context_of("en")) is None
    assert "Two sentences." in render()


class Shouted(StandfirstBlock):
    """A site's block with variables of its own."""

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        variables = super().get_context(value, parent_context)
        element = variables["element"]
        return {**variables, "element": element.model_copy(update={"text": element.text.upper()})}


def test_a_block_s_own_variables_count():
    html = Shouted().render(standfirst(), {"article_context": factories.context_of("en")})
    assert "TWO SENTENCES." in html


class Tagged(Element):
    """A site's element."""

    type: Literal["tagged"] = "tagged"
    tags: list[str]
    when: datetime = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


class Headless(ElementBlock):
    """A site's block without a template."""

    text = CharBlock()

    def resolve(self, value: Any, context: Any) -> Tagged:
        return Tagged(language="en", direction="ltr", tags=value["text"].split())


class TaggedBlock(Headless):
    class Meta:
        template = "anodyne_blocks/tagged.html"


def test_a_site_s_element_is_printed_anew_in_each_time_zone(theme):
    theme("tagged", "{% for tag in element.tags %}{{ tag }};{% endfor %}{{ element.when }}")
    block, variables = TaggedBlock(), {"article_context": factories.context_of("en")}
    shown = []
    for zone in ("Asia/Tokyo", "America/New_York"):
        with override(zone):
            shown.append(block.render(block.to_python({"text": "a b"}), variables))
    assert shown == ["a;b;March 1, 2026, 9 p.m.", "a;b;March 1, 2026, 7 a.m."]


class Counted(Element):
    """A site's element that says that its HTML may be kept."""

    type: Literal["counted"] = "counted"
    keeps_html = True


class Heir(Counted):
    """One that does not say so itself."""


def test_a_site_s_element_may_say_that_its_html_is_kept(theme):
    theme("counted", "{{ element.language }}")
    name, context = "anodyne_blocks/counted.html", factories.context_of("en")
    given = {"language": "en", "direction": "ltr"}
    assert html_of_element(name, Counted(**given), context) == "en"
    assert html_of_element(name, Heir(**given), context) is None


def test_a_block_without_a_template_is_shown_as_wagtail_shows_it():
    block = Headless()
    html = block.render(
        block.to_python({"text": "a b"}), {"article_context": factories.context_of("en")}
    )
    assert "a b" in html


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
    long = "x" * (LONGEST + 1)
    assert render(long) == long
    assert not [html for html in rendering._kept[template]._html.values() if html == long]
