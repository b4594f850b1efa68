"""The graph of a page: what it says, that it says no more, and that no content can leave it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.api import APIField

from anodyne_blocks.article import Article
from anodyne_blocks.elements import Image, ImageSize
from anodyne_blocks.json_ld import JsonLdMixin, builders, page_json_ld, script
from tests import factories
from tests.json_ld import house_rules
from tests.json_ld.pages import full_page, node, nodes, question, whole
from tests.testapp.models import ArticlePage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


class TestPage:
    def test_a_full_page_breaks_no_rule(self) -> None:
        assert house_rules.problems(page_json_ld(full_page())) == []

    def test_an_empty_page_breaks_no_rule(self) -> None:
        assert house_rules.problems(page_json_ld(factories.page())) == []

    def test_page_and_article_name_each_other(self) -> None:
        page = full_page(title="Zitten", seo_title="Zitten | Magazine")
        page_node, article = whole(page), node(page, "Article")
        assert page_node["@id"] == page_node["url"] == page.full_url
        assert page_node["name"] == "Zitten | Magazine"
        assert article["headline"] == "Zitten"
        assert article["mainEntityOfPage"] == {"@id": page_node["@id"]}
        assert page_node["mainEntity"] == {"@id": article["@id"]}
        assert page_node["inLanguage"] == article["inLanguage"] == "nl"

    def test_moments_have_the_sites_zone(self, settings: Any) -> None:
        settings.TIME_ZONE = "Europe/Amsterdam"
        article = node(full_page(), "Article")
        assert article["datePublished"] == "2025-10-01T09:30:00+02:00"
        assert article["dateModified"] == "2025-11-02T10:00:00+01:00"

    def test_types_are_the_sites(self, settings: Any) -> None:
        settings.ANODYNE_BLOCKS = {
            **settings.ANODYNE_BLOCKS,
            "JSON_LD_PAGE_TYPE": "MedicalWebPage",
            "JSON_LD_ARTICLE_TYPE": "NewsArticle",
        }
        page = full_page()
        assert node(page, "MedicalWebPage")["reviewedBy"]
        assert node(page, "NewsArticle")["timeRequired"] == "PT1M"

    def test_identifiers_stay_and_link_up(self) -> None:
        page = full_page()
        graph = page_json_ld(page)
        again = page_json_ld(ArticlePage.objects.get(pk=page.pk))
        assert graph == again
        named = {found["@id"] for found in house_rules.nodes(graph) if "@id" in found}
        assert all(name.startswith(page.full_url) and " " not in name for name in named)
        text = json.dumps(graph)
        for reference in house_rules.nodes(graph):
            for value in reference.values():
                if isinstance(value, dict) and set(value) == {"@id"}:
                    assert value["@id"] in named, text

    def test_every_address_is_absolute(self) -> None:
        for found in house_rules.nodes(page_json_ld(full_page())):
            for name in ("url", "@id", "item", "image"):
                if isinstance(found.get(name), str):
                    assert found[name].startswith("http"), found


class TestImages:
    def test_illustrate_the_article(self) -> None:
        (image,) = node(full_page(), "Article")["image"]
        assert image["url"].startswith("http://localhost/media/")
        assert image["caption"] == "Stoel"
        assert image["width"].endswith(" px")

    def test_a_pages_lead_image_comes_first(self) -> None:
        page = full_page()
        size = ImageSize(name="large", url="/media/lead.webp", width=1200, height=675)
        page.json_ld_image = Image(
            alt="", url=size.url, width=1200, height=675, srcset="", sizes=(size,)
        )
        lead = {
            "@type": "ImageObject",
            "url": "http://localhost/media/lead.webp",
            "width": "1200 px",
            "height": "675 px",
        }
        images = node(page, "Article")["image"]
        assert (images[0], len(images)) == (lead, 2)
        assert whole(page)["primaryImageOfPage"] == lead


class TestBreadcrumbs:
    def test_lead_from_the_front_page(self) -> None:
        page = full_page(title="Zitten")
        front = page.get_parent()
        crumbs = node(page, "BreadcrumbList")["itemListElement"]
        assert [(step["position"], step["name"], step["item"]) for step in crumbs] == [
            (1, front.title, front.full_url),
            (2, "Zitten", page.full_url),
        ]

    def test_are_none_on_the_front_page(self) -> None:
        assert nodes(factories.home().specific, "BreadcrumbList") == []

    def test_leave_out_what_is_above_the_site(self) -> None:
        page = factories.page()
        below = ArticlePage(title="Below", slug="below", locale=page.locale)
        page.add_child(instance=below)
        site = factories.home().sites_rooted_here.get()
        site.root_page = page
        site.save()
        steps = node(ArticlePage.objects.get(pk=below.pk), "BreadcrumbList")["itemListElement"]
        assert [step["name"] for step in steps] == [page.title, "Below"]

    def test_are_those_that_the_page_has(self) -> None:
        page = full_page()
        page.json_ld_breadcrumbs = [("Home", "https://a.example/"), ("Zitten", page.full_url)]
        steps = node(page, "BreadcrumbList")["itemListElement"]
        assert [step["name"] for step in steps] == ["Home", "Zitten"]
        page.json_ld_breadcrumbs = []
        assert nodes(page, "BreadcrumbList") == []


class TestQueries:
    def test_the_elements_cost_none_and_the_breadcrumbs_one(self) -> None:
        page = ArticlePage.objects.get(pk=full_page().pk)
        request = RequestFactory().get("/")
        template = Template("{% load wagtailcore_tags %}{% include_block page.body %}")
        template.render(Context({"page": page, "request": request}))
        # Wagtail caches the addresses of its sites.
        page.get_full_url(request)
        with CaptureQueriesContext(connection) as captured:
            page_json_ld(page, request)
        assert len(captured) == 1
        page.json_ld_breadcrumbs = []
        with CaptureQueriesContext(connection) as captured:
            page_json_ld(page, request)
        assert len(captured) == 0


class TestEscaping:
    @pytest.mark.parametrize(
        "words",
        [
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "-->",
            "]]>",
            "a\u2028b\u2029c",
            "R&amp;D &lt;/script&gt;",
            'quote " and \\ backslash',
            "<\u0000/script>".replace("\u0000", ""),
        ],
    )
    def test_no_content_can_leave_the_script(self, words: str) -> None:
        page = factories.page(
            ("standfirst", {"text": words}),
            ("faq", {"questions": [question(words, f"<p>{words}</p>")], "is_faq_page": True}),
            title=f"Title {words}",
        )
        html = Template("{% load anodyne_blocks %}<head>{% article_json_ld page %}</head>").render(
            Context({"page": page, "request": RequestFactory().get("/")})
        )
        (text,) = house_rules.script_texts(html)
        assert not any(sign in text for sign in "<>&\u2028\u2029")
        graph = house_rules.strictly(text)
        assert graph == json.loads(json.dumps(page_json_ld(page)))
        article = next(found for found in graph["@graph"] if found["@type"] == "Article")
        assert article["description"] == words

    def test_other_scripts_are_readable_in_the_source(self) -> None:
        assert "وسادة" in script({"name": "وسادة"})


def own_faq(element: Any, graph: Any) -> None:
    """A site's builder, which says more than the package's."""
    builders.faq(element, graph)
    graph.put(graph.page, about=element.heading)


def own_page(page: Any, graph: Any) -> None:
    """A site's builder of the page, which adds its publisher."""
    builders.page(page, graph)
    publisher = graph.node("https://a.example/#us", "Organization", name="Us")
    graph.put(graph.article, publisher=graph.ref(publisher))


def own_share(element: Any, graph: Any) -> None:
    """A builder for an element of which the package says nothing."""
    graph.put(graph.page, relatedLink=element.links[0].url)


class TestBuilders:
    def test_are_replaced_by_a_sites_own(self, settings: Any) -> None:
        settings.ANODYNE_BLOCKS = {
            **settings.ANODYNE_BLOCKS,
            "JSON_LD_BUILDERS": {
                "faq": f"{__name__}.own_faq",
                "page": f"{__name__}.own_page",
                "share": f"{__name__}.own_share",
            },
        }
        page = factories.page(
            ("faq", {"heading": "Rest", "questions": [question("Q?")], "is_faq_page": True}),
            ("share", {}),
        )
        said = whole(page)
        assert said["about"] == "Rest" and said["relatedLink"].startswith("mailto:")
        assert node(page, "FAQPage") and node(page, "Article")["headline"]
        assert node(page, "Article")["publisher"] == {"@id": "https://a.example/#us"}


class TestWays:
    def test_tag_method_and_api_say_the_same(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ArticlePage, "json_ld", JsonLdMixin.json_ld, raising=False)
        monkeypatch.setattr(ArticlePage, "api_fields", [APIField("json_ld")])
        page = full_page()
        html = Template("{% load anodyne_blocks %}{% article_json_ld page %}").render(
            Context({"page": page, "request": RequestFactory().get("/")})
        )
        said = json.loads(json.dumps(page_json_ld(page)))
        assert house_rules.graph_of(html) == said
        assert json.loads(json.dumps(page.json_ld())) == said
        fields = {"fields": "json_ld"}
        assert client.get(f"/api/v2/pages/{page.pk}/", fields).json()["json_ld"] == said

    def test_an_articles_language_is_its_own(self) -> None:
        page = full_page()
        request = RequestFactory().get("/", headers={"accept-language": "da"})
        assert page_json_ld(page, request) == page_json_ld(page)
        assert Article.for_page(page).language == "nl"


def test_a_misspelt_variable_is_told_in_words():
    with pytest.raises(TypeError, match="are of a page, and this is none: ''"):
        Template("{% load anodyne_blocks %}{% article_json_ld pge %}").render(Context())
