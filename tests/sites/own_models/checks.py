"""What a site with its own models has, run by pytest with this site's settings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import VERSION

from anodyne_blocks import conf
from anodyne_blocks import models as packages
from anodyne_blocks.catalogue.usage import pages_showing, pages_showing_version
from anodyne_blocks.checks.models import check_models, check_tables
from anodyne_blocks.models import Offer, PriceChange
from tests import factories
from tests.sites.own_models.models import Author, NotedPage, Product, Rating

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

OFFER = {
    "id": "",
    "market": "nl",
    "title": "Rugbrace",
    "price": "53.00",
    "currency": "EUR",
    "availability": "in_stock",
    "tax_included": "true",
}
SHOP = {
    "webshop": {
        "BACKEND": "anodyne_blocks.shops.dummy.Dummy",
        "OPTIONS": {"products": {"B-17": {"title": "Brace", "price": {"nl": "39.75"}}}},
    }
}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin", "a@example.com", "pw"))
    return client


@pytest.fixture
def shop(settings: Any) -> None:
    factories.setting(settings, SHOPS=SHOP)


def url(model: Any, view: str, *args: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name(view), args=args)


def chooser(model: Any) -> str:
    return reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose"))


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    is_json = response["Content-Type"].startswith("application/json")
    return response.json()["html"] if is_json else response.content.decode()


def page(*blocks: tuple[str, Any], **fields: Any) -> Any:
    return factories.page(*blocks, language="nl", model=NotedPage, **fields)


def product(*markets: str, **fields: Any) -> Product:
    return factories.product(*markets, sku_note="Only with strap", **fields)


def test_the_database_has_the_site_s_tables_and_not_the_package_s() -> None:
    tables = set(connection.introspection.table_names())
    ours = {apps.get_model("anodyne_blocks", name) for name in ("Product", "Person", "ShopRating")}
    assert not tables & {model._meta.db_table for model in ours}
    assert {model._meta.db_table for model in (Product, Author, Rating)} <= tables
    # The test pages' own migration names the package's models.
    apps_ = ["anodyne_blocks", "own_models"]
    call_command("makemigrations", *apps_, check=True, dry_run=True, verbosity=0)
    call_command("check", databases=["default"])


def test_the_package_s_models_say_that_they_are_replaced() -> None:
    with pytest.raises(AttributeError, match="swapped for 'own_models.Product'"):
        packages.Product.objects.count()


def test_a_product_by_hand_is_made_and_changed_with_its_note(admin: Client) -> None:
    data = {"name": "Brace", "status": "active", "image": "", "sku_note": "Only with strap"}
    data |= {f"offers-0-{name}": value for name, value in OFFER.items()}
    data |= {"offers-TOTAL_FORMS": "1", "offers-INITIAL_FORMS": "0"}
    data |= {"offers-MIN_NUM_FORMS": "0", "offers-MAX_NUM_FORMS": "1000"}
    assert 'name="sku_note"' in text(admin, url(Product, "add"))
    assert admin.post(url(Product, "add"), data).status_code == 302
    made = Product.objects.get()
    assert made.sku_note == "Only with strap"
    assert PriceChange.objects.get().offer.product == made
    data |= {"sku_note": "Sold out soon", "offers-INITIAL_FORMS": "1"}
    data |= {"offers-0-id": str(made.offers.get().pk), "offers-0-price": "39.75"}
    assert admin.post(url(Product, "edit", made.pk), data).status_code == 302
    made.refresh_from_db()
    assert (made.sku_note, PriceChange.objects.count()) == ("Sold out soon", 2)
    assert "Sold out soon" in text(admin, url(Product, "inspect", made.pk))


def test_of_a_shop_s_product_only_what_the_shop_says_not_is_edited(admin: Client) -> None:
    made = product("nl", shop="webshop", external_id="B-17")
    form = BeautifulSoup(text(admin, url(Product, "edit", made.pk)), "html.parser")
    names = {field["name"] for field in form.select("#main input[name], #main select[name]")}
    assert {"sku_note", "image"} <= names and not {"name", "status"} & names
    data = {"sku_note": "New", "image": "", "name": "Mine", "status": "withdrawn"}
    assert admin.post(url(Product, "edit", made.pk), data).status_code == 302
    made.refresh_from_db()
    assert (made.sku_note, made.name, made.status) == ("New", "Lumbar cushion", "active")


def test_people_and_ratings_are_made_with_what_the_site_adds(admin: Client) -> None:
    person = {"name": "Ada Holm", "orcid": "0000-0001", "bio": "null", "links-count": "0"}
    assert admin.post(url(Author, "add"), person).status_code == 302
    assert Author.objects.get().orcid == "0000-0001"
    rating = {"name": "The shop", "source": "Reviews", "url": "https://r.example/", "scale": "5"}
    rating |= {"rating": "4,6", "count": "12", "as_of": "2025-10-01", "verification": "By order."}
    rating |= {"profile": "the-shop"}
    assert admin.post(url(Rating, "add"), rating).status_code == 302
    made = Rating.objects.get()
    # The amount is read in the editor's writing, as in the package's own form.
    assert (made.profile, made.rating) == ("the-shop", Decimal("4.6"))


@pytest.mark.parametrize("model", [Product, Author, Rating])
def test_things_are_listed_searched_chosen_and_previewed(admin: Client, model: Any) -> None:
    made = {Product: product, Author: factories.person, Rating: factories.rating}[model](
        name="Rugband"
    )
    for address in (url(model, "list"), chooser(model)):
        assert "Rugband" in text(admin, f"{address}?q=rugb")
        assert "Rugband" not in text(admin, f"{address}?q=knie")
    chosen = reverse(model.snippet_viewset.chooser_viewset.get_url_name("chosen"), args=[made.pk])
    assert admin.get(chosen).json()["result"]["id"] == str(made.pk)


def test_permissions_are_those_of_the_site_s_models(client: Client) -> None:
    names = {"view_product", "change_product", "audit_product"}
    permissions = Permission.objects.filter(codename__in=names)
    assert {found.content_type.app_label for found in permissions} == {"own_models"}
    group = Group.objects.create(name="Editors of elements")
    group.permissions.set([*permissions, Permission.objects.get(codename="access_admin")])
    user = get_user_model().objects.create_user("editor", "e@example.com", "pw")
    user.groups.add(group)
    client.force_login(user)
    made = product("nl")
    assert client.get(url(Product, "edit", made.pk)).status_code == 200
    assert client.get(reverse("anodyne_blocks_attention")).status_code == 200
    # What the permissions do not name is refused: back to the admin's front page.
    assert client.get(url(Product, "add")).status_code == 302
    assert client.get(url(Author, "list")).status_code == 302


def test_the_admin_offers_the_site_s_permissions_to_groups(admin: Client) -> None:
    form = text(admin, reverse("wagtailusers_groups:add"))
    assert "Can audit products" in form


def test_elements_show_the_site_s_things_in_html_and_api(client: Client) -> None:
    card, author = product("nl"), factories.person(language="nl", orcid="0000-0001")
    shown = page(
        ("product_card", {"product": card.pk}),
        ("shop_rating", {"rating": factories.rating(language="nl").pk}),
        ("note", {"product": card.pk}),
        ("reviewer", {"person": author.pk, "reviewed": "2025-10-01"}),
    )
    html = str(shown.body.render_as_block())
    for words in (factories.TITLES["nl"], "Ada Holm", '<p class="note">Only with strap</p>'):
        assert words in html
    for address in (f"/api/v2/pages/{shown.pk}/", f"/api/v3/pages/{shown.pk}/"):
        if "v3" in address and VERSION < (8, 0):
            continue
        body = client.get(address).json()["body"]
        kinds = [block["value"]["resolved"]["type"] for block in body]
        assert kinds == ["product_card", "shop_rating", "note", "reviewer"]
        assert body[2]["value"]["resolved"]["text"] == "Only with strap"
    fresh = client.get(f"/anodyne/products/?ids={card.pk}&market=nl")
    assert factories.TITLES["nl"] in fresh.content.decode()


def test_what_the_site_adds_costs_no_query_for_each_product() -> None:
    def cost(number: int) -> int:
        made = page(*(("note", {"product": product("nl").pk}) for _ in range(number)))
        with CaptureQueriesContext(connection) as queries:
            html = str(factories.again(made).body.render_as_block())
        assert html.count("Only with strap") == number
        return len(queries)

    assert cost(2) == cost(12)


def test_catalogues_are_imported_and_refreshed(shop: None, settings: Any) -> None:
    call_command("import_products")
    made = Product.objects.get(external_id="B-17")
    Product.objects.update(sku_note="Ours")
    lower = {"B-17": {"title": "Brace", "price": {"nl": "35.00"}}}
    dummy = {**SHOP["webshop"], "OPTIONS": {"products": lower}}
    factories.setting(settings, SHOPS={"webshop": dummy})
    call_command("refresh_products", "--all")
    made.refresh_from_db()
    assert (made.offers.get().price, made.sku_note) == (Decimal(35), "Ours")
    assert PriceChange.objects.count() == 2
    call_command("import_products")
    assert Product.objects.count() == 1


def test_the_report_names_a_product_that_needs_attention(admin: Client) -> None:
    made = product("nl")
    shown = page(("product_card", {"product": made.pk}))
    report = reverse("anodyne_blocks_attention")
    assert "Lumbar cushion" not in text(admin, report)
    Offer.objects.update(availability="out_of_stock")
    assert "Lumbar cushion" in text(admin, report)
    assert "needs attention" in text(admin, reverse("wagtailadmin_pages:edit", args=[shown.pk]))


def test_usage_is_known_and_deletion_says_where_something_is_used(admin: Client) -> None:
    made, author = product("nl"), factories.person(language="nl")
    shown = page(("product_card", {"product": made.pk}), ("byline", {"authors": []}))
    reviewed = page(("reviewer", {"person": author.pk, "reviewed": "2025-10-01"}), author=author)
    assert pages_showing([made.pk]) == {made.pk: {shown.pk}}
    assert pages_showing_version(author) == {reviewed.pk}
    assert shown.title in text(admin, url(Product, "usage", made.pk))
    for thing in (made, author):
        assert admin.post(url(type(thing), "delete", thing.pk)).status_code == 302
    assert not Product.objects.exists() and not Offer.objects.exists()
    reviewed = factories.again(reviewed)
    assert reviewed.author is None
    assert "Ada Holm" not in str(reviewed.body.render_as_block())
    assert factories.TITLES["nl"] not in str(factories.again(shown).body.render_as_block())


def test_a_setting_that_is_taken_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = conf.stored_model
    use = {conf.PERSON_MODEL: packages.Person}
    monkeypatch.setattr(conf, "stored_model", lambda name: use.get(name) or stored(name))
    assert [message.id for message in check_tables(["default"])] == ["anodyne_blocks.E045"]
    assert [message.id for message in check_models()] == ["anodyne_blocks.W041"]
