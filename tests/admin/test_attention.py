"""Products that need attention: the report, its export, and what the page editor says."""

from __future__ import annotations

import csv
import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission

from anodyne_blocks.catalogue.attention import Kind, concerns, needs_attention
from anodyne_blocks.models import Product
from anodyne_blocks.panels import ProductsAttentionPanel
from tests import factories
from tests.testapp.models import ArticlePage

REPORT = reverse("anodyne_blocks_attention")
NOW = timezone.now()
OLD = NOW - datetime.timedelta(days=3)


def place(product: Product, language: str = "nl", **fields: Any) -> ArticlePage:
    return factories.page(("product_card", {"product": product.pk}), language=language, **fields)


def product(kind: Kind | None, **fields: Any) -> Product:
    """A Dutch product with this fault, on no page; None: a good one."""
    made = factories.from_shop(*([] if kind is Kind.MISSING else ["nl"]), **fields)
    offers = made.offers.filter(market="nl") if made.offers.exists() else None
    if kind is Kind.WITHDRAWN:
        offers.update(withdrawn_at=NOW)
    elif kind is Kind.SOLD_OUT:
        offers.update(availability="out_of_stock")
    elif kind is Kind.STALE:
        offers.update(checked_at=OLD)
    elif kind is Kind.UNSUPPORTED:
        offers.update(list_price=Decimal(80))
    elif kind is Kind.FAILING:
        Product.objects.filter(pk=made.pk).update(
            refresh_failures=2, refresh_error="shop.example answered 503."
        )
    return Product.objects.get(pk=made.pk)


def rows(page: Any) -> dict[str, str]:
    """{product: text of its row}."""
    return {
        row.select_one("td.title").get_text(strip=True): " ".join(row.get_text(" ").split())
        for row in page.select("table.listing tbody tr")
    }


WORDS = {
    Kind.WITHDRAWN: "nl The shop no longer sells it.",
    Kind.SOLD_OUT: "nl It is sold out.",
    Kind.STALE: "nl The shop has not confirmed the price since",
    Kind.MISSING: "nl It is not offered in this market.",
    Kind.UNSUPPORTED: "nl The shop claims a reduction that the price history does not prove.",
    Kind.FAILING: "The shop did not answer: shop.example answered 503.",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_fault_is_reported_with_its_pages_and_found_by_its_filter(soup, kind):
    bad, good = product(kind, name="Bad"), product(None, name="Good")
    page = place(bad, title="Knees")
    place(good)
    found = rows(soup(REPORT))
    assert list(found) == ["Bad"]
    assert WORDS[kind] in found["Bad"] and "Knees (nl)" in found["Bad"]
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert soup(REPORT).select_one(f"a[href='{edit}']")
    for other in Kind:
        assert list(rows(soup(REPORT, kind=other.value))) == (["Bad"] if other is kind else [])


@pytest.mark.parametrize("kind", Kind)
def test_what_no_live_page_shows_in_its_market_needs_none(soup, kind):
    bad = product(kind)
    place(bad, live=False)
    if kind is not Kind.FAILING:
        factories.offer(bad, "da")
        place(bad, "da") if bad.offers.filter(market="nl").exists() else None
        Product.objects.filter(pk=bad.pk).update(status="active")
    assert rows(soup(REPORT)) == {}


def test_a_product_withdrawn_everywhere_is_told_for_each_market_that_shows_it(soup):
    gone = factories.from_shop("nl", "da", name="Gone", status=Product.Status.WITHDRAWN)
    place(gone)
    place(gone, "da")
    text = rows(soup(REPORT))["Gone"]
    assert "nl, da The shop no longer sells it." in text
    assert list(rows(soup(REPORT, market="da"))) == ["Gone"]
    assert list(rows(soup(REPORT, market="sv"))) == []


def test_a_claim_that_the_history_proves_is_none(soup):
    proven = product(Kind.UNSUPPORTED)
    place(proven)
    assert len(rows(soup(REPORT))) == 1
    proven.offers.filter(market="nl").update(**factories.reduction("nl"))
    assert rows(soup(REPORT)) == {}
    # The proof ran out.
    proven.offers.filter(market="nl").update(announce_until=OLD)
    (text,) = rows(soup(REPORT)).values()
    assert "nl The shop claims a reduction that may not be announced any longer." in text


def test_a_market_that_announces_nothing_expects_no_proof(soup):
    place(product(Kind.UNSUPPORTED))
    Product.objects.get().offers.filter(market="nl").update(prior_status="disabled")
    assert rows(soup(REPORT)) == {}


def test_the_database_and_the_words_agree(db):
    for kind in (*Kind, None):
        product(kind)
    # Several faults at once, of which the first hides the others.
    for kind in (Kind.SOLD_OUT, Kind.STALE, Kind.UNSUPPORTED):
        everything = product(kind)
        everything.offers.filter(market="nl").update(
            availability="out_of_stock", checked_at=OLD, list_price=Decimal(80)
        )
        if kind is Kind.SOLD_OUT:
            Product.objects.filter(pk=everything.pk).update(status="withdrawn")
        elif kind is Kind.STALE:
            everything.offers.filter(market="nl").update(withdrawn_at=NOW)
    own = factories.product("nl", name="by hand")
    own.offers.filter(market="nl").update(checked_at=OLD)
    for each in Product.objects.all():
        place(each)
    numbers = {}
    for kind in Kind:
        rows = Product.objects.filter(needs_attention(NOW, [kind]))
        told = {
            each.pk
            for each in Product.objects.prefetch_related("offers")
            if kind in {c.kind for c in concerns(each, ["nl"], NOW, diagnostics=True)}
        }
        assert {row.pk for row in rows} == told, kind
        numbers[kind.value] = len(told)
    assert numbers == {
        "withdrawn": 3,
        "sold_out": 2,
        "stale": 2,
        "missing": 1,
        "unsupported": 1,
        "failing": 1,
    }


def test_the_shop_filter(soup):
    place(product(Kind.SOLD_OUT, name="Sold out"))
    by_hand = factories.product("nl", name="Own")
    by_hand.offers.filter(market="nl").update(availability="out_of_stock")
    place(by_hand)
    assert set(rows(soup(REPORT))) == {"Sold out", "Own"}
    assert set(rows(soup(REPORT, shop="-"))) == {"Own"}


@pytest.mark.parametrize("query", [{"kind": "x"}, {"market": "x"}, {"shop": "x"}])
def test_a_filter_that_nobody_offered_finds_nothing(soup, query):
    place(product(Kind.SOLD_OUT))
    assert rows(soup(REPORT, **query)) == {}


def test_it_is_exported_as_wagtails_reports_are(admin):
    place(product(Kind.SOLD_OUT, name="Brace"), title="Knees")
    answer = admin.get(REPORT, {"export": "csv"})
    lines = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert lines == [
        ["Product", "Shop", "What is wrong", "Shown on"],
        ["Brace", "webshop", "nl: It is sold out.", "Knees (nl)"],
    ]
    answer = admin.get(REPORT, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [[cell.value for cell in row] for row in sheet.rows] == lines


@pytest.mark.parametrize("query", [{}, {"export": "csv"}])
def test_the_report_costs_the_same_for_5_and_for_40(cost, query):
    def add(count: int) -> None:
        for kind in (list(Kind) * 7)[:count]:
            place(product(kind))

    add(5)
    five = cost(REPORT, **query)
    add(35)
    assert cost(REPORT, **query) == five


def test_fifty_rows_a_page(soup):
    for _ in range(51):
        place(product(Kind.SOLD_OUT))
    assert len(rows(soup(REPORT))) <= 50
    assert "Page 1 of 2" in soup(REPORT).get_text()


def test_it_stands_in_the_reports_menu(soup):
    menu = soup(reverse("wagtailadmin_home")).select_one("#wagtail-sidebar-props").get_text()
    assert REPORT in menu and "Products that need attention" in menu


@pytest.fixture
def writer(editor) -> Any:
    """Someone who may edit pages, and only look at products."""
    group = Group.objects.get(name="Editors of elements")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_product"]))
    for name in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(codename=name, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(
            group=group, page=factories.home().get_parent(), permission=permission
        )
    return editor


def test_who_may_not_change_products_learns_nothing_of_the_shops_answers(writer):
    place(product(Kind.FAILING))
    sold_out = product(Kind.SOLD_OUT, name="Brace")
    Product.objects.filter(pk=sold_out.pk).update(refresh_failures=1, refresh_error="503")
    place(sold_out)
    for query in ({}, {"kind": "failing"}):
        html = writer.get(REPORT, query).content.decode()
        assert "503" not in html and "does not answer" not in html
    assert "Brace" in writer.get(REPORT).content.decode()


def test_pages_that_one_may_not_edit_are_counted_not_named(editor):
    place(product(Kind.SOLD_OUT), title="Secret knees")
    html = editor.get(REPORT).content.decode()
    assert "1 page that you may not edit" in html and "Secret knees" not in html


def test_who_has_nothing_to_do_with_products_sees_no_report(editor):
    Group.objects.get(name="Editors of elements").permissions.set(
        Permission.objects.filter(codename="access_admin")
    )
    assert editor.get(REPORT).status_code == 302
    assert REPORT not in editor.get(reverse("wagtailadmin_home")).content.decode()


def messages(page: Any) -> str:
    return " ".join(page.select_one(".messages").get_text(" ").split())


def edit(page: ArticlePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_the_page_editor_says_it_by_itself(soup):
    page = place(product(Kind.SOLD_OUT, name="Brace"))
    text = messages(soup(edit(page)))
    assert "A product on this page needs attention. Brace : It is sold out." in text
    assert "Report" in text


def test_the_page_editor_knows_the_draft(soup):
    page = place(product(None))
    page.body = [("product_card", {"product": product(Kind.MISSING, name="Elsewhere")})]
    page.save_revision()
    assert "Elsewhere : It is not offered in this market." in messages(soup(edit(page)))


def test_the_page_editor_names_products_that_were_deleted(soup):
    kept, lost = product(None), product(None)
    grid = {"products": [{"product": lost.pk}, {"product": kept.pk}]}
    card = place(lost)
    page = factories.page(
        ("product_card", {"product": lost.pk}), ("product_grid", grid), language="nl"
    )
    lost.delete()
    for each in (card, page):
        text = messages(soup(edit(each)))
        assert "A product on this page needs attention." in text
        assert text.count("Product: The product of this card was deleted.") == 1


def test_a_page_in_order_has_no_message(soup):
    bad = product(Kind.SOLD_OUT)
    factories.offer(bad, "da")
    assert "attention" not in messages(soup(edit(place(bad, "da"))))


@pytest.fixture
def panel(monkeypatch) -> Any:
    """The article's editor has the panel."""
    panels = [ProductsAttentionPanel(), *ArticlePage.content_panels]
    monkeypatch.setattr(ArticlePage, "content_panels", panels)
    ArticlePage.get_edit_handler.cache_clear()
    yield
    monkeypatch.undo()
    ArticlePage.get_edit_handler.cache_clear()


def test_a_panel_says_it_in_place_of_the_message(panel, soup):
    editor = soup(edit(place(product(Kind.SOLD_OUT, name="Brace"))))
    section = editor.select_one("form .help-warning").find_parent("section")
    text = " ".join(section.get_text(" ").split())
    assert "Products that need attention" in text and "Brace : It is sold out." in text
    assert "attention" not in messages(editor)
    assert "need attention" not in soup(edit(place(product(None)))).select_one("form").get_text()


def test_the_panel_is_not_in_the_way_of_saving(panel, admin, soup):
    page = place(product(Kind.SOLD_OUT))
    form = soup(edit(page)).select_one("form[data-edit-form], #page-edit-form")
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field.get("type") != "checkbox"
    }
    data |= {"title": "New title", "slug": page.slug, "body-count": "0"}
    response = admin.post(edit(page), data)
    assert response.status_code == 302
    assert ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object().title == "New title"
