"""Deleting a translation says which pages show it, also those that name another one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from anodyne_blocks.catalogue.usage import references_to_version
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
    # All that the admin says of the Danish one and of the Swedish one.
    for thing, times in ((danish, 1), (swedish, 0), (chosen, 2)):
        assert listed(soup, thing) == f"Used {times} time{'s' * (times != 1)}"
        assert f"Used {times} time" in told(thing, "edit")
        bulk = reverse(
            "wagtail_bulk_action", args=["anodyne_blocks", thing._meta.model_name, "delete"]
        )
        assert f"{times} time" in soup(bulk, id=thing.pk).select_one("main").get_text(" ")


def listed(soup, thing: object) -> str:
    """What the listing of a thing's language says of its usage."""
    address = reverse(thing.snippet_viewset.get_url_name("list"))
    links = soup(address, locale=thing.locale.language_code).select("a[href*='/usage/']")
    (link,) = (link for link in links if f"/usage/{thing.pk}/" in link["href"])
    return " ".join(link.get_text(" ").split())


def test_the_listing_counts_what_regions_and_aliases_show(settings, soup) -> None:
    codes = ["en", "de", "de-at", "de-ch"]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [(code, code) for code in codes]
    english = factories.person()
    german, swiss = (factories.translation(english, code) for code in ("de", "de-ch"))
    placed = ("reviewer", {"person": english.pk, "reviewed": "2025-10-25"})
    pages = {code: factories.page(placed, language=code) for code in codes}
    # It is in German, wherever it stands.
    pages["de"].create_alias(update_slug="alias", update_locale=factories.locale("en"))
    # The Austrian page shows the German one.
    assert listed(soup, german) == "Used 3 times"
    assert listed(soup, swiss) == "Used 1 time"
    assert listed(soup, english) == "Used 5 times"
    shown = references_to_version(german).group_by_source_object()
    assert shown.count() == 3
