"""The page editor's overview: what a form that nobody has saved comes to."""

from __future__ import annotations

import uuid
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from anodyne_blocks.models import Product
from anodyne_blocks.panels import ArticlePanel
from tests import factories
from tests.testapp.models import ArticlePage

OVERVIEW = reverse("anodyne_blocks_overview")
LONG = "Sit up, and walk about. "
GONE = "00000000-0000-4000-8000-000000000009"


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def add(parent: Any) -> str:
    return reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", parent.pk])


def heading(text: str, level: str = "2") -> tuple[str, Any]:
    return "heading", {"text": text, "level": level, "anchor": ""}


def paragraph(html: str) -> tuple[str, Any]:
    return "paragraph", {"text": rich_text(html, features=["bold", "cite"])}


def card(product: Product) -> tuple[str, Any]:
    return "product_card", {"product": str(product.pk), "relationship": "ad"}


def id_of(number: int) -> str:
    return str(uuid.UUID(int=number + 1))


def form_of(client: Client, editor: str, *blocks: tuple[str, Any], **fields: Any) -> Any:
    """The data of an editor's form that holds these blocks."""
    form = BeautifulSoup(client.get(editor).content, "html.parser").select_one("[data-edit-form]")
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field.get("type") != "checkbox"
    }
    body = streamfield(blocks)
    for number in range(len(blocks)):
        body[str(number)]["id"] = id_of(number)
    return data | nested_form_data({"body": body}) | fields


def ask(client: Client, editor: str, *args: Any, **fields: Any) -> Any:
    """The answer to this form in an editor."""
    data = form_of(client, editor, *args, **fields)
    return client.post(OVERVIEW, data, headers={"referer": f"http://testserver{editor}"})


def overview(*args: Any, **fields: Any) -> BeautifulSoup:
    answer = ask(*args, **fields)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words(part: Tag | None) -> str:
    assert part is not None
    return factories.plain(part.get_text(" "))


def links(part: Tag) -> dict[str, str]:
    """{text of a link: where it leads}."""
    return {words(link): link["href"] for link in part.select("a[href]")}


def test_a_form_is_told_in_one_place_and_not_saved(admin, make_product):
    page = factories.page(("heading", {"text": "As it is saved"}), language="nl")
    brace = make_product("Brace", {"nl": "39.75", "da": "1299.00"})
    text = paragraph(f"<p>{LONG * 100}</p>")
    shown = overview(
        admin, edit(page), heading("Sit"), heading("Stand", "3"), text, card(brace), card(brace)
    )
    assert "Reading time: 3 minutes · 502 words" in words(shown)
    assert "Nothing needs attention." in words(shown)
    contents = shown.select_one(".anodyne-overview__contents")
    assert words(contents) == "H2 Sit H3 Stand"
    assert links(contents) == {
        "Sit": f"#block-{id_of(0)}-section",
        "Stand": f"#block-{id_of(1)}-section",
    }
    (product,) = shown.select(".anodyne-overview__products > li")
    assert product.select_one("img")["src"]
    assert links(product) == {
        "Brace": reverse(Product.snippet_viewset.get_url_name("inspect"), args=[brace.pk])
    }
    own, others = product.select("div > ul, details > ul")
    no_badge = "in stock No badge: no earlier price is known."
    price = factories.plain(factories.written("39.75", "nl"))
    assert words(own) == f"nl {price} · {no_badge}"
    price = factories.plain(factories.written("1299", "da"))
    assert f"da {price} · {no_badge}" in words(others)
    assert "sv It is not offered in this market." in words(others)
    assert factories.again(page).get_latest_revision() is None
    assert factories.again(page).body[0].value["text"] == "As it is saved"


def test_every_message_leads_to_its_block(admin, make_product):
    page = factories.page(language="nl", title="Zitten")
    sold_out = make_product("Brace", {"nl": "39.75"}, availability="out_of_stock")
    deleted = factories.person()
    twice = paragraph(f"<p>{LONG * 3}</p>")
    citing = f'<p>It helps.<a linktype="anodyne-source" id="{GONE}">[*]</a></p>'
    box = "reviewer", {"person": str(deleted.pk), "date": "2026-01-01"}
    shown = overview(
        admin, edit(page), heading("Zitten"), twice, twice, card(sold_out), paragraph(citing), box
    )
    told = shown.select_one(".anodyne-overview__messages")
    led = {text: url for text, url in links(told).items() if url.startswith("#")}
    assert led["The first heading repeats the title."] == f"#block-{id_of(0)}-section"
    assert led["Brace"] == f"#block-{id_of(3)}-section"
    assert led["It helps."] == f"#block-{id_of(4)}-section"
    (again,) = [url for text, url in led.items() if "further up already" in text]
    assert again == f"#block-{id_of(2)}-section"
    assert "It is sold out." in words(told)
    # A form in the form would be the editor's, and confirm what is not saved.
    assert not shown.select("form, input, button")


def test_a_new_page_has_an_overview_and_a_new_one_is_empty(admin, make_product):
    parent = factories.home("da")
    shown = overview(admin, add(parent))
    assert "Reading time: 1 minute · 0 words" in words(shown)
    assert words(shown).count("There is nothing here yet.") == 2
    brace = make_product("Brace", {"nl": "39.75", "da": "1299.00"})
    shown = overview(admin, add(parent), heading("Rejs dig"), card(brace), title="Ryg")
    own = shown.select_one(".anodyne-overview__products div > ul")
    assert words(own).startswith("da ") and "1.299" in words(own)
    assert links(shown)["Rejs dig"] == f"#block-{id_of(0)}-section"
    assert not Page.objects.filter(title="Ryg").exists()


def test_it_is_for_who_may_edit_the_page(editor, admin, make_product):
    page = factories.page()
    referer = {"referer": f"http://testserver{edit(page)}"}
    form = nested_form_data({"body": streamfield([])}) | {"title": "A", "slug": "a"}
    assert editor.post(OVERVIEW, form, headers=referer).status_code in (302, 403)
    assert Client().post(OVERVIEW, form, headers=referer).status_code == 302
    assert admin.post(OVERVIEW, form).status_code == 404
    # Who edits pages, and no products, is led to none and told nothing of the shop.
    group = Group.objects.get(name="Editors of elements")
    group.permissions.set(group.permissions.filter(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=Page.objects.get(depth=1), permission_type="change"
    )
    brace = make_product("Brace", {"en": "35.00"}, shop="webshop")
    factories.change_offer(
        brace, "en", refresh_error="down.example", gap="silence", gap_from="2026-01-02T00:00:00Z"
    )
    shown = overview(editor, edit(page), card(brace))
    assert "Brace" in words(shown) and "down.example" not in words(shown)
    assert not shown.select(".anodyne-overview__products a")
    assert "down.example" in words(overview(admin, edit(page), card(brace)))


def test_a_form_with_errors_keeps_the_last_overview(admin):
    answer = ask(admin, edit(factories.page()), slug="no slug !")
    assert (answer.status_code, answer.content) == (204, b"")


def test_an_address_of_no_page_is_no_editor(admin):
    for names in (("auth", "user"), ("no", "model")):
        address = reverse("wagtailadmin_pages:add", args=[*names, factories.home().pk])
        assert admin.post(OVERVIEW, headers={"referer": address}).status_code == 404, names


def test_stored_content_that_nobody_checked_costs_no_error(admin):
    odd = [
        {"type": "heading", "value": {"text": 7, "level": "x"}, "id": id_of(0)},
        {"type": "product_card", "value": {"product": 10**30}, "id": id_of(1)},
        {"type": "gone", "value": None, "id": id_of(2)},
        {"type": "paragraph", "value": {"text": None}, "id": id_of(3)},
    ]
    page = factories.page()
    type(page).objects.filter(pk=page.pk).update(body=odd)
    # Wagtail's own form of it is posted back as it is.
    assert admin.get(edit(page)).status_code == 200
    assert overview(
        admin, edit(page), heading(""), paragraph(""), ("product_card", {"product": "9" * 30})
    )


def test_twenty_products_cost_as_many_queries_as_two(admin, make_product):
    """Beside what Wagtail asks for each choice in a form that it reads."""
    page = factories.page(language="nl")
    products = [make_product(f"Piece {n}", {"nl": f"{n + 1}", "da": "9"}) for n in range(20)]
    referer = {"referer": f"http://testserver{edit(page)}"}
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    def cost(*placed: Product) -> int:
        form = form_of(admin, edit(page), *map(card, placed))
        costs = []
        for url in (preview, OVERVIEW):
            admin.post(url, form, headers=referer)
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert admin.post(url, form, headers=referer).status_code == 200
            costs.append(len(queries))
        return costs[1] - costs[0]

    assert cost(*products) == cost(*products[:2])


def test_the_panel_is_in_a_page_s_form(monkeypatch, soup):
    monkeypatch.setattr(
        ArticlePage, "content_panels", [ArticlePanel(), *ArticlePage.content_panels]
    )
    ArticlePage.get_edit_handler.cache_clear()
    try:
        for editor in (edit(factories.page()), add(factories.home())):
            shown = soup(editor)
            (panel,) = shown.select("form[data-edit-form] anodyne-overview")
            assert panel["data-url"] == OVERVIEW
            assert words(panel.find_parent("section").select_one("h2")) == "Overview"
            assert shown.select("script[src*='admin-overview.js']")
    finally:
        monkeypatch.undo()
        ArticlePage.get_edit_handler.cache_clear()
