"""A site whose templates are Jinja2's: the tags, what is escaped, and overrides of elements."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Warning
from django.template import engines
from django.test import RequestFactory

from anodyne_blocks.checks.contracts import check_overrides
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

TITLE = 'Cushions & "covers" <b>'


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The folder of the site's Jinja2 templates, whose engine comes before Django's."""
    jinja2 = {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [tmp_path],
        "OPTIONS": {"extensions": ["wagtail.jinja2tags.core", "anodyne_blocks.jinja2tags.core"]},
    }
    settings.TEMPLATES = [jinja2, *settings.TEMPLATES]
    (tmp_path / "anodyne_blocks").mkdir()
    yield tmp_path


@pytest.fixture
def render(folder: Path) -> Callable[..., str]:
    """A template of the site, for a request of another language than the page's."""
    request = RequestFactory().get("/", headers={"accept-language": "da"})

    def rendered(source: str, **variables: Any) -> str:
        return engines["jinja2"].from_string(source).render(variables, request)

    return rendered


def page(model: type[Any] = ArticlePage) -> Any:
    """A page with what must be escaped and what must not."""
    question = {"question": TITLE, "answer": "<p>Two &amp; <b>more</b></p>", "anchor": ""}
    return factories.page(
        ("heading", {"text": TITLE}),
        ("faq", {"questions": [question], "is_faq_page": True}),
        ("product_card", {"product": factories.product("nl", "da").pk}),
        language="nl",
        model=model,
        title=TITLE,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "body"),
    [
        (ArticlePage, "{{ page.body }}"),
        (ArticlePage, "{% include_block page.body %}"),
        (ArticlePage, "{% for block in page.body %}{{ block }}{% endfor %}"),
        (ArticlePage, "{% for block in page.body %}{% include_block block %}{% endfor %}"),
        (PlainPage, "{{ page.body }}"),
        (PlainPage, "{% include_block page.body %}"),
        (PlainPage, "{% for block in page.body %}{% include_block block %}{% endfor %}"),
    ],
)
def test_a_body_is_escaped_once_and_is_the_same_as_in_a_template_of_django(render, model, body):
    shown = page(model)
    html = render(body, page=shown)
    assert "&amp;amp;" not in html and "&lt;p&gt;" not in html
    assert "Cushions &amp; &quot;covers&quot; &lt;b&gt;" in html
    assert "<p>Two &amp; <b>more</b></p>" in html
    assert html == factories.render(body, page=factories.again(shown))


@pytest.mark.django_db
def test_the_tags_are_functions(render):
    shown = page()
    source = (
        "{{ anodyne_css() }}|{{ anodyne_js() }}|{{ reading_time(page).text }}"
        "|{{ reading_time().minutes }}|{{ article_json_ld(page) }}"
    )
    css, js, text, minutes, graph = render(source, page=shown).split("|")
    assert css == '<link rel="stylesheet" href="/static/anodyne_blocks/anodyne.css">'
    assert js == '<script src="/static/anodyne_blocks/anodyne.js" defer></script>'
    assert text == "Leestijd: 1 minuut" and minutes == "1"
    django = factories.render("{% article_json_ld page %}", page=factories.again(shown))
    assert graph == django
    start, end = '<script type="application/ld+json">', "</script>"
    assert json.loads(graph.removeprefix(start).removesuffix(end))["@graph"][0]["name"] == TITLE


@pytest.mark.django_db
def test_an_override_is_given_its_element_and_prints_others(folder, render):
    (folder / "anodyne_blocks" / "faq.html").write_text(
        "{% for item in element.items %}<b>{{ item.question }}</b>{{ item.answer|safe }}"
        "{% endfor %}{{ request.path }}"
    )
    html = render("{% include_block page.body %}", page=page())
    assert "<b>Cushions &amp; &#34;covers&#34; &lt;b&gt;</b><p>Two " in html
    assert "</p>/" in html
    (folder / "anodyne_blocks" / "product_grid.html").write_text(
        "<ul>{% for card in element.cards %}<li>{{ anodyne_element(card) }}</li>{% endfor %}</ul>"
    )
    cards = [{"product": factories.product("nl").pk} for _ in range(2)]
    shown = factories.page(("product_grid", {"cards": cards}), language="nl")
    html = render("{% include_block page.body %}", page=shown)
    assert html.count("<li>") == html.count('__title">') == 2


def messages() -> dict[str, Warning]:
    return {str(message.id).partition(".")[2]: message for message in check_overrides()}


def test_an_override_is_checked_against_its_contract(folder):
    own = folder / "anodyne_blocks" / "product_card.html"
    own.write_text("{# anodyne_blocks: product_card, contract 1.0 #}{{ element.title }}")
    found = messages()
    assert list(found) == ["W010"]
    assert str(own) in found["W010"].msg and "price_text" in found["W010"].hint
    own.write_text("{{ element.title }}")
    assert list(messages()) == ["W011"]
    own.write_text("{# anodyne_blocks: product_card, contract 1.1 #}{{ element.title }}")
    found = messages()
    assert list(found) == ["W010"]
    assert "price_text" not in found["W010"].hint and "other_language" in found["W010"].hint
    own.write_text("{# anodyne_blocks: product_card, contract 1.3 #}{{ element.title }}")
    assert messages() == {}


def test_an_override_whose_engine_comes_too_late_is_told(folder, settings):
    settings.TEMPLATES = settings.TEMPLATES[::-1]
    (folder / "anodyne_blocks" / "faq.html").write_text("<details></details>")
    found = messages()
    assert list(found) == ["W014"]
    assert str(folder) in found["W014"].msg
    assert "put the engine 'jinja2' before 'django'" in found["W014"].hint
