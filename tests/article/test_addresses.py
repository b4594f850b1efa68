"""The address that share links and structured data name: where readers find the page."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from wagtail.models import Page, Site

from anodyne_blocks.article import Article
from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.json_ld import house_rules
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

FAQ = {"questions": [{"question": "Why?", "answer": "<p>So.</p>", "anchor": "why"}]}


def article(**fields: Any) -> ArticlePage:
    return factories.page(("share", {}), ("faq", FAQ), **fields)


def named(page: Any, request: Any = None) -> tuple[str | None, str]:
    """(address that is shared, `@id` in structured data) of a page."""
    share = factories.elements(page, Article.for_page(page, request))[0]
    return share and share.url, page_json_ld(page, request)["@graph"][0]["@id"]


class TestOutsideAnySite:
    @pytest.fixture
    def page(self) -> ArticlePage:
        top = Page.get_first_root_node()
        home = top.add_child(instance=Page(title="Elsewhere", slug="elsewhere"))
        page = article()
        page.move(home, pos="last-child")
        page = ArticlePage.objects.get(pk=page.pk)
        assert page.full_url is None
        return page

    @pytest.mark.parametrize("request_", [None, RequestFactory().get("/admin/")])
    def test_nothing_is_shared_and_no_address_is_made_up(self, page, request_) -> None:
        assert named(page, request_) == (None, "#/page")
        html = factories.render("{% include_block page.body %}", page=page, request=request_)
        assert "anodyne-share" not in html and 'href=""' not in html and "facebook" not in html
        graph = page_json_ld(page, request_)
        text = str(graph)
        assert page.url_path not in text and "/admin/" not in text
        for node in house_rules.nodes(graph):
            assert "" not in node.values()
        assert not any(node.get("@type") == "BreadcrumbList" for node in house_rules.nodes(graph))


def test_an_alias_names_the_page_whose_text_it_shows() -> None:
    page = article(slug="original")
    section = factories.page(slug="section")
    alias = page.create_alias(parent=section, update_slug="copy")
    assert alias.full_url == "http://localhost/section/copy/"
    assert named(alias) == ("http://localhost/original/",) * 2
    assert named(page) == ("http://localhost/original/",) * 2


def test_a_draft_is_at_the_address_it_will_have() -> None:
    page = article(slug="before", live=False)
    page.slug = "after"
    page.save_revision()
    draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert named(draft) == ("http://localhost/after/",) * 2


class TestPreview:
    @pytest.fixture
    def admin(self) -> Client:
        user = get_user_model().objects.create_superuser("admin", "a@example.com", "pw")
        client = Client()
        client.force_login(user)
        return client

    @pytest.fixture
    def page(self) -> ArticlePage:
        """A draft on a site of its own; the admin is on another."""
        top = Page.get_first_root_node()
        front = top.add_child(instance=Page(title="Shop", slug="shop"))
        Site.objects.create(hostname="shop.example", port=443, root_page=front)
        page = article(slug="draft", live=False)
        page.move(front, pos="last-child")
        page = ArticlePage.objects.get(pk=page.pk)
        page.save_revision()
        return page

    def test_of_a_draft_names_the_address_on_its_site(self, admin: Client, page: Any) -> None:
        answer = admin.get(f"/admin/pages/{page.pk}/view_draft/")
        assert answer.status_code == 200
        share = BeautifulSoup(answer.content, "html.parser").select_one(".anodyne-share")
        assert share["data-url"] == "https://shop.example/draft/"
