"""The editor is told of a copy in another tree that nobody has translated yet."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories
from tests.sites.forms import form_of


def warnings(soup: Any, page: Any) -> str:
    """What the page editor says above the form."""
    shown = soup(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    return " ".join(item.get_text(" ") for item in shown.select(".messages li"))


@pytest.fixture
def page(db: None) -> Any:
    factories.home("da")
    text = {"text": "<p>Sit less.</p>"}
    box = {"person": factories.person().pk, "reviewed": "2025-10-25"}
    return factories.page(("paragraph", text), ("reviewer", box))


def test_a_copy_is_told_of_until_its_words_are_others(soup: Any, page: Any) -> None:
    copy = page.copy_for_translation(factories.locale("da"))
    told = warnings(soup, copy)
    assert "still that of its translation in English" in told and "dansk" in told
    # Of two the older one is the original.
    assert "still that" not in warnings(soup, page)
    copy.body[0].value["text"].source = "<p>Sid mindre.</p>"
    copy.save_revision().publish()
    assert "still that" not in warnings(soup, copy)


def test_whoever_publishes_one_is_told(admin: Any, page: Any) -> None:
    copy = page.copy_for_translation(factories.locale("da"))
    address = reverse("wagtailadmin_pages:edit", args=[copy.pk])
    data = form_of(copy, **{"action-publish": "yes"})
    answer = admin.post(address, data, follow=True)
    told = answer.content.decode()
    assert factories.again(copy).live, told
    assert "still that of its translation in English" in told


def test_regions_of_a_language_and_pages_without_words_are_not(
    settings: Any, soup: Any, page: Any
) -> None:
    codes = ["en", "en-gb", "da"]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [(code, code) for code in codes]
    factories.home("en-gb")
    assert "still that" not in warnings(soup, page.copy_for_translation(factories.locale("en-gb")))
    empty = factories.page(("reading_time", {}))
    assert "still that" not in warnings(soup, empty.copy_for_translation(factories.locale("da")))
