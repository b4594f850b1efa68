"""Deleting a translation says which pages show it, also those that name another one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories


@pytest.mark.parametrize("kind", ["person", "rating", "notice"])
def test_a_page_that_chose_another_translation_is_told_of(soup, kind) -> None:
    chosen = getattr(factories, kind)()
    danish = factories.translation(chosen, "da")
    swedish = factories.translation(chosen, "sv")
    placed = {
        "person": ("reviewer", {"person": chosen.pk, "reviewed": "2025-10-25"}),
        "rating": ("shop_rating", {"rating": chosen.pk}),
        "notice": ("notice", {"notice": chosen.pk}),
    }[kind]
    factories.page(placed, language="da", title="Danish page")
    factories.page(placed, title="English page")

    def told(thing: object, view: str) -> str:
        name = thing.snippet_viewset.get_url_name(view)
        page = soup(reverse(name, args=[thing.pk]))
        return " ".join(page.select_one("main").get_text(" ").split())

    assert "Danish page" in told(danish, "usage") and "English page" not in told(danish, "usage")
    assert "1 time" in told(danish, "delete") and "0 times" in told(swedish, "delete")
    both = told(chosen, "usage")
    assert "Danish page" in both and "English page" in both
