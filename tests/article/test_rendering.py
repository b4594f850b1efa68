"""HTML is kept where its template declares that it reads nothing but its element."""

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

from anodyne_blocks.article import rendering
from anodyne_blocks.article.rendering import KEPT, LONGEST
from anodyne_blocks.blocks import ElementBlock, StandfirstBlock
from anodyne_blocks.elements import ELEMENTS, Element
from tests import factories

NAME = "anodyne_blocks/standfirst.html"

pytestmark = pytest.mark.django_db


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


DECLARED = "{# anodyne_blocks: standfirst, contract 1.0, reads element #}"


def kept(name: str = NAME) -> Any:
    """What is kept of a template; None where nothing may be."""
    return rendering._kept_by(get_template(name))


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_packages_own_templates_declare_what_they_read(element):
    """But the grid's, which prints its cards by their template: a theme's may read more."""
    name = element.model_fields["type"].default
    is_kept = kept(f"anodyne_blocks/{name}.html") is not None
    assert is_kept == (name != "product_grid")


@pytest.mark.parametrize(
    "first",
    [
        "",
        "{# anodyne_blocks: standfirst, contract 1.0 #}",
        "{# anodyne_blocks: standfirst, contract 1.0, reads page #}",
        "<p>" + DECLARED,
    ],
)
def test_a_template_that_does_not_declare_it_gets_everything_each_time(theme, first):
    theme("standfirst", first + "{{ page.title }}: {{ element.text }}")
    assert kept() is None
    for title in ("One", "Two"):
        assert render(page={"title": title}).endswith(f"{title}: Two sentences.")


@pytest.mark.parametrize(
    "source",
    ["{{ element.text|upper }}", "{% extends 'anodyne_blocks/standfirst.html' %}"],
)
def test_a_template_of_a_theme_may_declare_it(theme, source):
    theme("standfirst", DECLARED + source)
    html = render(page={"title": "One"})
    assert kept() == {an_element(): html}


def test_whoever_declares_it_wrongly_sees_it_at_once(theme):
    """In the first rendering as in all others: it is given nothing else."""
    theme("standfirst", DECLARED + "{{ page.title }}: {{ element.text }}")
    assert render(page={"title": "One"}) == ": Two sentences."


def test_a_card_in_a_grid_is_printed_by_its_own_template(theme):
    theme("product_card", "{{ page.title }}: {{ element.title }};")
    product = factories.product("en")
    grid = ("product_grid", {"cards": [{"product": product.pk}]})
    for title in ("One", "Two"):
        page = factories.page(grid, title=title)
        html = factories.render("{% include_block page.body %}", page=page)
        assert f"{title}: Lumbar cushion;" in html


def an_element() -> Any:
    """A standfirst, resolved."""
    return StandfirstBlock().element(standfirst(), factories.context_of("en"))


def test_three_layers_of_one_name(theme):
    over = "{%% extends 'anodyne_blocks/standfirst.html' %%}{%% block text %%}%s {{ block.super }}"
    theme("standfirst", over % "site" + "{% endblock %}", folder="site")
    theme("standfirst", over % "theme" + "{% endblock %}")
    assert "site theme Two sentences." in render()


def test_a_loader_that_is_asked_each_time_keeps_no_html(settings, tmp_path: Path):
    """As themes for each site have it."""
    (first,) = settings.TEMPLATES
    kind = "django.template.loaders"
    folders = (f"{kind}.filesystem.Loader", [str(tmp_path)])
    options = {**first["OPTIONS"], "loaders": [folders, f"{kind}.app_directories.Loader"]}
    settings.TEMPLATES = [{**first, "APP_DIRS": False, "OPTIONS": options}]
    for text in ("Of one site.", "Of another."):
        folder = tmp_path / "anodyne_blocks"
        folder.mkdir(exist_ok=True)
        (folder / "standfirst.html").write_text(DECLARED + text)
        assert render() == text


class Shouted(StandfirstBlock):
    """A site's block with variables of its own."""

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        variables = super().get_context(value, parent_context)
        element = variables["element"]
        return {**variables, "element": element.model_copy(update={"text": element.text.upper()})}


def test_a_block_s_own_variables_count():
    html = Shouted().render(standfirst(), {"article_context": factories.context_of("en")})
    assert "TWO SENTENCES." in html


class Bare(StandfirstBlock):
    """A site's block whose template gets its own variables alone."""

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        return {"shown": parent_context["element"].text}


def test_a_block_may_give_its_template_nothing_else(theme):
    theme("standfirst", "{{ shown }}{{ element }}{{ page }}")
    variables = {"article_context": factories.context_of("en"), "page": "A page"}
    assert Bare().render(standfirst(), variables) == "Two sentences."


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


def test_a_site_s_element_may_be_kept_or_hold_a_list(theme):
    theme("tagged", DECLARED.replace("standfirst", "tagged") + "{{ element.tags|join:', ' }}")
    block, variables = TaggedBlock(), {"article_context": factories.context_of("en")}
    assert block.render(block.to_python({"text": "a b"}), variables) == "a, b"


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
    theme("standfirst", DECLARED + "{{ element.text }}")
    for number in range(KEPT + 50):
        assert render(str(number)) == str(number)
    assert 0 < len(kept()) <= KEPT
    long = "x" * (LONGEST + 1)
    assert render(long) == long
    assert long not in kept().values()
