"""People, products and ratings that are made in the chooser's dialog, and what its filter hides."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupCollectionPermission, ModelLogEntry, Page, Site

from anodyne_blocks.admin.new_forms import NewForm, new_form
from anodyne_blocks.blocks import ProductChooserBlock
from anodyne_blocks.models import Offer, Person, Product, ShopRating
from tests.admin.shop_tabs import DUMMY
from tests.testapp.models import ArticlePage

RATING = {
    "name": "Shop",
    "source": "Reviews.example",
    "url": "https://reviews.example/shop",
    "rating": "4,7",
    "scale": "5",
    "count": "3312",
    "verification": "Only buyers are invited.",
}


def url(model: str, view: str = "choose", query: str = "") -> str:
    return reverse(f"wagtailsnippetchoosers_anodyne_blocks_{model}:{view}") + query


def made(client: Client, model: str, query: str = "", **fields: Any) -> dict[str, Any]:
    """What the editor's form gets after the dialog's was sent without a fault."""
    headers = {"referer": fields.pop("referer", "")}
    answer = client.post(url(model, "create", query), fields, headers=headers).json()
    assert answer["step"] == "chosen", answer
    return answer["result"]


def refused(client: Client, model: str, **fields: Any) -> BeautifulSoup:
    """The form as it comes back into the dialog."""
    answer = client.post(url(model, "create"), fields).json()
    assert answer["step"] == "reshow_creation_form"
    panel = BeautifulSoup(answer["htmlFragment"], "html.parser").select_one("#tab-create")
    assert not panel.has_attr("hidden")
    return panel


def note(page: BeautifulSoup) -> str:
    found = page.select_one("[data-anodyne-show-all]")
    return " ".join(found.parent.get_text(" ").split()) if found else ""


def ways(page: BeautifulSoup) -> list[str]:
    return [button["data-anodyne-open"] for button in page.select("[data-anodyne-open]")]


def test_a_person_is_made_in_the_language_of_the_page_and_found_there(editor, soup, dutch):
    result = made(editor, "person", "?locale=nl", name="Nora Lind", job_title="fysiotherapeut")
    person = Person.objects.get()
    assert (person.name, person.job_title, person.locale) == ("Nora Lind", "fysiotherapeut", dutch)
    assert (result["id"], result["string"]) == (str(person.pk), "Nora Lind")
    assert result["edit_url"]
    assert "Nora Lind" in soup(url("person"), locale="nl").select_one("td.title").get_text()
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user.username) == ("wagtail.create", "editor")


def test_a_person_of_no_known_language_is_in_that_of_the_site(editor):
    made(editor, "person", "?locale=xx", name="Nora Lind")
    assert Person.objects.get().locale.language_code == "en"


def test_what_is_wrong_is_said_in_the_dialog_and_nothing_is_stored(editor):
    panel = refused(editor, "person", name="", job_title="physiotherapist")
    assert panel.select_one("[name=name]")["aria-invalid"] == "true"
    assert panel.select_one("[name=job_title]")["value"] == "physiotherapist"
    assert panel.select_one("[data-w-focus-target-value]")
    assert not Person.objects.exists()


def test_a_rating_is_made_with_all_that_readers_are_told(editor, dutch):
    made(editor, "shoprating", "?locale=nl", **RATING, as_of=timezone.localdate().isoformat())
    rating = ShopRating.objects.get()
    assert (rating.rating, rating.count, rating.locale) == (Decimal("4.7"), 3312, dutch)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    panel = refused(editor, "shoprating", **RATING, as_of=tomorrow.isoformat())
    assert "Figures cannot be of a day to come." in panel.get_text()


def test_a_product_is_offered_in_the_market_of_the_page(editor, soup):
    first = soup(url("product"), locale="da")
    market = first.select_one("#tab-create [name=offer-market] [selected]")["value"]
    assert market == "da"
    made(
        editor,
        "product",
        "?locale=da",
        **{
            "name": "Rygbælte",
            "offer-market": market,
            "offer-price": "1.299,50",
            "offer-currency": "",
            "offer-url": "https://shop.example/belt",
        },
    )
    product = Product.objects.get()
    offer = product.offers.get()
    assert (product.name, product.shop) == ("Rygbælte", "")
    assert (offer.title, offer.market, offer.currency) == ("Rygbælte", "da", "DKK")
    assert (offer.price, offer.url) == (Decimal("1299.5"), "https://shop.example/belt")
    assert offer.price_changes.get().price == Decimal("1299.5")
    assert "Rygbælte" in soup(url("product"), locale="da").select_one("td.title").get_text()


def test_a_name_is_enough_for_a_product(editor):
    made(editor, "product", name="Brace", **{"offer-market": "nl"})
    offer = Offer.objects.get()
    assert (offer.title, offer.price, offer.currency) == ("Brace", None, "EUR")


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("offer-price", "1.299"), ("offer-url", "shop")]
)
def test_a_product_with_a_fault_is_not_stored(editor, field, value):
    fields = {"name": "Brace", "offer-market": "nl", field: value}
    panel = refused(editor, "product", **fields)
    (wrong,) = panel.select("[aria-invalid]")
    assert wrong["name"] == field
    assert not Product.objects.exists()


def test_a_market_without_a_currency_asks_for_one(editor, soup, settings):
    settings.ANODYNE_BLOCKS = {}
    fields = soup(url("product")).select("#tab-create .fields [name]")
    assert [field["name"] for field in fields] == [
        "name",
        "offer-price",
        "offer-currency",
        "offer-url",
        "picture",
    ]
    assert not soup(url("product")).select("[data-chooser-modal-search] [name=market]")
    made(editor, "product", name="Brace", **{"offer-market": "default", "offer-currency": "EUR"})


def test_the_market_is_that_of_the_site_on_which_the_page_stands(editor, admin, settings):
    """Two sites, one language, two currencies."""
    markets = {
        "uk": {"LOCALES": ["en"], "COUNTRY": "GB", "CURRENCY": "GBP", "SITES": ["uk.example"]},
        "us": {"LOCALES": ["en"], "COUNTRY": "US", "CURRENCY": "USD", "SITES": ["us.example"]},
    }
    settings.ANODYNE_BLOCKS = {"MARKETS": markets}
    root = Page.objects.get(depth=1)
    for name in ("uk", "us"):
        home = root.add_child(instance=ArticlePage(title=name))
        Site.objects.create(hostname=f"{name}.example", root_page=home)
    edit = reverse("wagtailadmin_pages:edit", args=[home.pk])
    add = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    for path in (edit, add):
        answer = admin.get(
            url("product"), {"locale": "en"}, headers={"referer": f"http://testserver{path}"}
        )
        page = BeautifulSoup(answer.json()["html"], "html.parser")
        chosen = [option["value"] for option in page.select("[name$=market] [selected]")]
        assert chosen == ["us", "us"]


def test_a_shop_is_asked_about_the_market_of_the_page_first(soup, shops):
    shops(webshop=(DUMMY, {}))
    page = soup(url("product"), locale="sv")
    assert page.select_one("[name=shop-1-market] [selected]")["value"] == "sv"


@pytest.mark.parametrize("model", ["person", "product", "shoprating"])
def test_who_may_not_add_is_not_asked_to(editor, model):
    Group.objects.get(name="Editors of elements").permissions.remove(
        *Permission.objects.filter(codename=f"add_{model}")
    )
    page = BeautifulSoup(editor.get(url(model)).json()["html"], "html.parser")
    assert not page.select("#tab-create") and not ways(page)
    assert "There is nothing here yet." in page.get_text()
    assert editor.post(url(model, "create"), {"name": "Nora"}).status_code == 302
    assert not Person.objects.exists()


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("nora.png", get_test_image_file().file.getvalue(), "image/png")


def test_a_picture_goes_into_the_library_of_who_may_add_one(editor):
    form = BeautifulSoup(editor.get(url("person")).json()["html"], "html.parser")
    assert not form.select("[name=picture]")
    made(editor, "person", name="No picture", picture=picture())
    assert not get_image_model().objects.exists()
    group = Group.objects.get(name="Editors of elements")
    collection = Collection.get_first_root_node().add_child(name="Faces")
    may_add = Permission.objects.get(codename="add_image")
    GroupCollectionPermission.objects.create(group=group, collection=collection, permission=may_add)
    made(editor, "person", name="Nora Lind", picture=picture())
    photo = Person.objects.get(name="Nora Lind").photo
    assert (photo.title, photo.collection) == ("Nora Lind", collection)
    assert photo.uploaded_by_user.username == "editor"
    # The same file is one image.
    made(editor, "product", name="Brace", picture=picture(), **{"offer-market": "nl"})
    assert Product.objects.get().image == photo
    panel = refused(editor, "person", name="Ada", picture=SimpleUploadedFile("a.png", b"none"))
    assert panel.select_one("[aria-invalid]")["name"] == "picture"


def test_all_that_a_model_needs_is_in_the_form() -> None:
    form = new_form(NewForm, Site, ["site_name"])
    assert list(form.base_fields) == ["site_name", "hostname", "root_page"]
    # A chooser within a dialog would close it.
    assert form().fields["root_page"].widget.input_type == "select"


def test_the_dialog_says_how_many_the_language_hides(soup, dutch):
    for name in ("Ada", "Nora", "Nils"):
        Person.objects.create(name=name, locale=dutch)
    nina = Person.objects.create(name="Nina")
    # Who is there in this language is not missing.
    nina.copy_for_translation(dutch).save()
    assert note(soup(url("person"), locale="en")) == "In other languages: 3 more. Show all"
    assert note(soup(url("person", "choose_results"), locale="en", q="n")) == (
        "In other languages: 2 more. Show all"
    )
    assert note(soup(url("person", "choose_results"), locale="en", q="ada")).startswith(
        "In other languages: 1 "
    )
    for query in ({"locale": ""}, {"locale": "nl", "q": "nora"}):
        assert note(soup(url("person", "choose_results"), **query)) == ""


def test_the_dialog_says_how_many_the_market_hides(soup, make_product):
    make_product("Brace", {"nl": "1", "da": "2"})
    make_product("Roll", {"nl": "1"})
    page = soup(url("product"), locale="da")
    assert [a.get_text(strip=True) for a in page.select("td.title a")] == ["Brace"]
    assert note(page) == "In other markets: 1 more. Show all"
    # That of the page stands first.
    assert [b.get_text() for b in page.select("tbody li b")] == ["da", "nl"]
    page = soup(url("product", "choose_results"), locale="da", market="")
    assert len(page.select("td.title a")) == 2 and not note(page)


def test_a_new_site_says_where_to_begin(soup, shops):
    assert ways(soup(url("person"))) == ["tab-create"]
    assert ways(soup(url("product"))) == ["tab-create"]
    shops(webshop=(DUMMY, {}), pages=("anodyne_blocks.shops.product_page.ProductPage", {}))
    page = soup(url("product"), locale="nl")
    assert ways(page) == ["tab-shop-1", "tab-address", "tab-create"]
    assert "There is nothing here yet." in page.get_text()
    assert all(page.select_one(f"#{panel}") for panel in ways(page))


def test_a_search_without_result_offers_to_create(soup):
    Person.objects.create(name="Ada")
    page = soup(url("person", "choose_results"), locale="en", q="nora")
    assert ways(page) == ["tab-create"]


def test_the_focus_finds_the_button_that_chooses() -> None:
    """Wagtail focuses the first button of a new block's chooser."""
    html = ProductChooserBlock().widget.render("product", None, {"id": "p"})
    first = BeautifulSoup(html, "html.parser").select_one("#p-chooser button")
    assert first.has_attr("data-chooser-action-choose") and first.find_parent(class_="unchosen")
