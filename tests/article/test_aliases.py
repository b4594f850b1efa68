"""An alias shows the text of another page: it is in its language, and names that page."""

from __future__ import annotations

from typing import Any

import pytest

from anodyne_blocks.article import Article
from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db


def alias_of(page: Any, language: str) -> Any:
    """What stands in a language's tree for a page that is not translated yet."""
    made = page.create_alias(update_slug="elsewhere", update_locale=factories.locale(language))
    return ArticlePage.objects.get(pk=made.pk)


def test_it_is_of_the_language_and_address_of_its_text() -> None:
    ada = factories.person(job_title="Physiotherapist")
    factories.translation(ada, "da", job_title="Fysioterapeut")
    text = f"<p>{'word ' * 230}</p>"
    page = factories.page(
        ("paragraph", {"text": text}),
        ("reading_time", {}),
        ("share", {}),
        ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}),
    )
    alias = alias_of(page, "da")
    assert alias.locale.language_code == "da" and alias.full_url != page.full_url
    _text, reading, share, reviewer = factories.elements(alias)
    assert (reading.language, reading.text) == ("en", "Reading time: 1 minute")
    assert (reviewer.job_title, share.url) == ("Physiotherapist", page.full_url)
    assert Article.for_page(alias).address == page.full_url
    first, second = page_json_ld(alias)["@graph"][:2]
    assert first["url"] == page.full_url
    assert (first["inLanguage"], second["inLanguage"]) == ("en", "en")


def test_the_words_are_read_at_the_speed_of_their_language() -> None:
    # A minute of English, and more than one of Danish.
    page = factories.page(("paragraph", {"text": f"<p>{'word ' * 230}</p>"}))
    assert Article.for_page(alias_of(page, "da")).minutes == Article.for_page(page).minutes == 1
    danish = factories.page(("paragraph", {"text": f"<p>{'word ' * 230}</p>"}), language="da")
    assert Article.for_page(danish).minutes == 2


def test_a_translated_alias_is_a_page_of_its_own() -> None:
    page = factories.page(("share", {}))
    alias = alias_of(page, "da")
    alias.alias_of = None
    alias.save()
    own = factories.again(alias)
    assert Article.for_page(own).language == "da"
    assert Article.for_page(own).address == own.full_url
