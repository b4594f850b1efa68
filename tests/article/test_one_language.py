"""Without Wagtail's internationalisation the site has one language: `LANGUAGE_CODE`.

Wagtail keeps the locale that it made at the first `migrate`, whatever language was set then.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from anodyne_blocks.article import Article
from anodyne_blocks.catalogue.attention import Kind, concerns_on, needs_attention
from anodyne_blocks.json_ld import page_json_ld
from anodyne_blocks.models import Person, Product, ShopRating
from tests import factories
from tests.testapp.models import PlainPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def danish_site(settings: Any) -> None:
    """A Danish site, whose only locale was made when the settings still said English."""
    settings.WAGTAIL_I18N_ENABLED = False
    settings.LANGUAGE_CODE = "da"
    del settings.WAGTAIL_CONTENT_LANGUAGES


@pytest.fixture
def cushion() -> Product:
    return factories.product("en", "da")


@pytest.fixture
def page(cushion: Product) -> Any:
    return written(cushion)


def written(product: Product, **fields: Any) -> Any:
    made = factories.page(
        ("product_card", {"product": product.pk}), ("reading_time", {"minutes": 6}), **fields
    )
    assert made.locale.language_code == "en"
    return made


@pytest.mark.parametrize("accepted", ["en", "nl", "da"])
def test_a_page_speaks_the_sites_language_whatever_is_asked_for(
    client: Client, page: Any, accepted: str
) -> None:
    html = client.get(page.url, headers={"accept-language": accepted}).content.decode()
    for word in factories.words("da"):
        assert word in html
    for word in (*factories.words("en"), *factories.words("nl")):
        assert word not in html
    assert factories.written("39.75", "da") in html


def test_a_plain_field_speaks_it_too(client: Client, cushion: Product) -> None:
    page = written(cushion, model=PlainPage)
    html = client.get(page.url, headers={"accept-language": "nl"}).content.decode()
    assert all(word in html for word in factories.words("da"))


def test_a_block_on_no_page_speaks_it() -> None:
    with translation.override("nl"):
        assert Article.for_page(None).language == "da"


def test_apis_and_structured_data_speak_it(client: Client, page: Any) -> None:
    answer = client.get(f"/api/v2/pages/{page.pk}/").json()
    card = answer["body"][0]["value"]["resolved"]
    assert (card["language"], card["market"], card["title"]) == ("da", "da", "Lændepude")
    assert page_json_ld(page)["@graph"][0]["inLanguage"] == "da"


@pytest.mark.parametrize("query", ["market=da", "language=da"])
def test_the_endpoint_of_products_knows_it(client: Client, page: Any, cushion, query) -> None:
    answer = client.get(f"/anodyne/products/?ids={cushion.pk}&{query}").json()
    (fresh,) = answer["products"]
    assert (fresh["language"], fresh["price"]["currency"]) == ("da", "DKK")


def test_a_regional_code_is_a_language_of_the_endpoint(client, settings, page, cushion) -> None:
    settings.LANGUAGE_CODE = "en-us"
    (fresh,) = client.get(f"/anodyne/products/?ids={cushion.pk}&language=en-us").json()["products"]
    assert (fresh["language"], fresh["market"]) == ("en-us", "en")


def test_the_report_knows_its_market(page: Any, cushion: Product) -> None:
    cushion.offers.filter(market="en").delete()
    now = timezone.now()
    assert concerns_on(factories.again(page), now) == []
    assert not Product.objects.filter(needs_attention(now)).exists()
    cushion.offers.filter(market="da").delete()
    assert len(concerns_on(factories.again(page), now)) == 1
    assert Product.objects.filter(needs_attention(now, [Kind.MISSING], "da")).exists()


def test_people_and_ratings_can_be_made_and_shown(client: Client) -> None:
    user = get_user_model().objects.create_superuser("admin", "a@example.com", "pw")
    client.force_login(user)
    address = reverse(Person.snippet_viewset.get_url_name("add"))
    sent = {"name": "Ada Holm", "job_title": "fysioterapeut", "bio": "null", "links-count": "0"}
    assert client.post(address, sent).status_code == 302
    ada = Person.objects.get()
    assert ShopRating(name="The shop").get_default_locale() == ada.locale
    reviewer = {"person": ada.pk, "reviewed": "2025-10-25"}
    html = client.get(factories.page(("reviewer", reviewer)).url).content.decode()
    assert "fysioterapeut" in html and factories.day("2025-10-25", "da") in html


def test_with_internationalisation_a_page_speaks_its_own(settings: Any, page: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    assert Article.for_page(factories.again(page)).language == "en"
