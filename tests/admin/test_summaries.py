"""What the page editor says of a card's product, beside its chooser."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.test.client import Client
from django.urls import reverse
from wagtail.models import Page

from anodyne_blocks.models import Product
from tests import factories
from tests.testapp.models import ArticlePage

SUMMARIES = reverse("wagtailsnippetchoosers_anodyne_blocks_product:summaries")


def text(client: Client, product: Product, **query: str) -> str:
    """The words of the only summary."""
    answer = client.get(SUMMARIES, {"id": product.pk, **query}).json()
    assert list(answer) == [str(product.pk)]
    return factories.plain(BeautifulSoup(answer[str(product.pk)], "html.parser").get_text(" "))


def test_the_card_s_price_and_badge_are_those_of_the_page_s_market(editor, make_product):
    product = make_product("Brace", {"nl": "39.75", "da": "1299.00"})
    assert factories.plain(factories.written("39.75", "nl")) in text(editor, product, locale="nl")
    danish = text(editor, product, locale="da")
    assert factories.plain(f"{factories.written('1299', 'da')} · in stock") in danish
    assert "Brace (da)" in danish and "39,75" not in danish
    assert "No badge: no earlier price is known." in danish
    assert "It is not offered in this market." in text(editor, product, locale="sv")


def test_the_editor_sees_how_much_of_the_text_a_card_shows(editor, make_product):
    product = make_product("Brace", {"nl": "39.75"})
    factories.change_offer(product, "nl", description="Firm foam. " * 60)
    answer = editor.get(SUMMARIES, {"id": product.pk, "locale": "nl"}).json()[str(product.pk)]
    shown = BeautifulSoup(answer, "html.parser").select_one("details")
    assert shown.summary.get_text().count("foam") == 21
    assert shown.get_text().count("foam") == 60


def test_the_market_is_known_by_the_page_where_no_language_is_sent(editor, make_product, dutch):
    product = make_product("Brace", {"nl": "39.75", "en": "35.00"})
    root = Page.objects.get(depth=1)
    page = root.add_child(instance=ArticlePage(title="Stuk", locale=dutch))
    referer = "http://testserver" + reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = editor.get(SUMMARIES, {"id": product.pk}, headers={"referer": referer})
    assert "39,75" in answer.content.decode()
    answer = editor.get(SUMMARIES, {"id": product.pk}, headers={"referer": "http://testserver/x"})
    assert "35.00" in answer.content.decode()


def test_what_the_shop_answered_is_for_those_who_may_change_products(editor, make_product):
    product = make_product("Brace", {"nl": "39.75"}, shop="webshop")
    product.offers.get_live_queryset().update(
        refresh_error="secret.example is down", gap="silence", gap_from="2026-01-02T00:00:00Z"
    )
    assert "secret.example" in text(editor, product, locale="nl")
    may_change = Permission.objects.get(codename="change_product")
    Group.objects.get(name="Editors of elements").permissions.remove(may_change)
    assert "secret.example" not in text(editor, product, locale="nl")


@pytest.mark.parametrize("id", ["x", "999999", "9" * 40, "-1", ""])
def test_what_is_no_product_is_left_out(editor, id):
    assert editor.get(SUMMARIES, {"id": id}).json() == {}


def test_fifty_cards_cost_as_many_queries_as_two(cost, make_product):
    def address(numbers: range) -> str:
        products = [make_product(f"Piece {n}", {"nl": str(Decimal(n + 1))}) for n in numbers]
        return SUMMARIES + "?locale=nl&" + "&".join(f"id={product.pk}" for product in products)

    two = cost(address(range(2)))
    assert cost(address(range(50))) == two
