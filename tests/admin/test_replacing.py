"""A product is replaced on all pages at once: what is shown, who may, what becomes of each page."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    ReferenceIndex,
    Workflow,
    WorkflowTask,
)
from wagtail.signals import page_published
from wagtail.snippets.blocks import SnippetChooserBlock

from anodyne_blocks.blocks import ProductCardBlock, ProductChooserBlock
from anodyne_blocks.catalogue.replacing import named_in
from anodyne_blocks.models import Product
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def old() -> Product:
    return factories.product("en", "nl", name="Old brace")


@pytest.fixture
def new() -> Product:
    return factories.product("en", name="New brace")


def address(product: Product, name: str = "replace") -> str:
    return reverse(f"wagtailsnippets_anodyne_blocks_product:{name}", args=[product.pk])


def card(product: Product, **said: Any) -> tuple[str, dict[str, Any]]:
    return ("product_card", {"product": product.pk, **said})


def products_on(page: Any) -> list[int]:
    """The products that a page's cards name, in its latest draft and as it is published."""
    page = factories.again(page)
    bodies = page.get_latest_revision_as_object().body, page.body
    return [child.value["product"].pk for body in bodies for child in body]


def rows(client: Client, old: Product, new: Product, **query: Any) -> dict[str, Any]:
    """{title: row} of the pages that are shown."""
    answer = client.get(address(old), {"new": new.pk, **query})
    assert answer.status_code == 200
    found = BeautifulSoup(answer.content, "html.parser").select(".anodyne-replaced tbody tr")
    return {row.select_one("td.title a").get_text(): row for row in found}


def key(row: Any) -> str:
    return str(row.select_one("[name=pages]")["value"])


def post(client: Client, old: Product, new: Product, *keys: str) -> BeautifulSoup:
    answer = client.post(address(old), {"new": new.pk, "pages": keys})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def results(page: BeautifulSoup) -> dict[str, list[str]]:
    """{heading: titles and reasons} of what became of the pages."""
    return {
        section.h2.get_text(): [" ".join(item.get_text().split()) for item in section.select("li")]
        for section in page.select("section.anodyne-part")
    }


def writer(*permissions: str, **fields: Any) -> Client:
    """A client of someone who sees products, and may this on all pages."""
    group = Group.objects.create(name="Writers")
    group.permissions.set(Permission.objects.filter(codename__in=("access_admin", "view_product")))
    for codename in permissions:
        GroupPagePermission.objects.create(
            group=group,
            page=Page.objects.get(depth=1),
            permission=Permission.objects.get(codename=codename),
        )
    user = get_user_model().objects.create_user("writer", "w@example.org", "pw", **fields)
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def test_what_is_shown_is_replaced_published_and_can_be_undone(admin, old, new):
    plain = factories.page(card(old), card(old))
    other = factories.page(card(factories.product("en")))
    told = factories.page(card(old, title="Our old brace", badge="Bestseller"))
    both = factories.page(
        ("product_grid", {"cards": [{"product": new.pk}, {"product": old.pk, "text": "Soft"}]}),
        language="nl",
    )
    # As a script leaves it: the history knows no revision but as published.
    both.save_revision().publish()
    Product.objects.filter(pk=old.pk).update(status=Product.Status.WITHDRAWN)
    for door in (address(old, "inspect"), reverse("anodyne_blocks_attention")):
        assert f'href="{address(old)}"' in admin.get(door).content.decode()
    assert admin.get(address(old)).status_code == 200

    shown = rows(admin, old, new)
    assert set(shown) == {plain.title, told.title, both.title}
    assert [link.get_text() for link in shown[plain.title].select("td div > a")] == [
        "1. Product card",
        "2. Product card",
    ]
    # Words of its own are shown, and the page is for the editor to tick.
    assert shown[plain.title].input.has_attr("checked")
    assert not shown[told.title].input.has_attr("checked")
    text = shown[told.title].get_text(" ")
    assert "Our old brace" in text and "Bestseller" in text
    text = shown[both.title].get_text(" ")
    assert "1. Product grid › 2. Product" in text and "Soft" in text
    assert "stands there already" in text and "not offered in this market" in text

    # Looking changes nothing.
    assert products_on(plain) == [old.pk] * 4
    done = results(post(admin, old, new, key(shown[plain.title]), key(shown[both.title])))
    assert list(done) == ["Published"] and len(done["Published"]) == 2
    assert products_on(plain) == [new.pk] * 4
    assert products_on(told) == [old.pk] * 2
    assert old.pk not in products_on(other)
    plain, both = factories.again(plain), factories.again(both)
    assert [one.value["product"] for one in both.body[0].value["cards"].bound_blocks] == [new] * 2
    assert plain.live and not plain.has_unpublished_changes

    # Neither had a revision that its history offers: what was there can be brought back.
    for page in (plain, both):
        history = admin.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
        assert "Replaced “Old brace” with “New brace”" in history
        before = page.revisions.order_by("-pk")[1]
        assert reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, before.pk]) in history
    first = plain.revisions.order_by("pk").first()
    first.as_object().save_revision(previous_revision=first).publish()
    assert products_on(plain) == [old.pk] * 4


def test_drafts_stay_drafts_and_are_found(old, new):
    client = writer("change_page", "publish_page")
    other = factories.product("en", name="Other")
    changed = factories.page(card(old))
    changed.title = "Changed"
    changed.save_revision()
    # Wagtail's index knows the published text alone.
    drafted = factories.page(card(other), title="Drafted")
    drafted.body = [("product_card", {"product": old})]
    drafted.save_revision()
    done = rows(client, old, new)
    assert set(done) == {"Changed", "Drafted"}
    left = factories.page(card(old), title="Left")
    left.body = [("product_card", {"product": other})]
    left.save_revision()
    shown = rows(client, old, new)
    assert "publish the draft" in shown["Left"].get_text() and not shown["Left"].input

    (heading,) = results(post(client, old, new, key(done["Changed"]), key(done["Drafted"])))
    assert heading.startswith("Saved as drafts")
    assert products_on(changed) == [new.pk, old.pk] and products_on(drafted) == [new.pk, other.pk]
    assert factories.again(changed).get_latest_revision_as_object().title == "Changed"
    assert factories.again(changed).title != "Changed"


def test_who_may_not_publish_leaves_drafts(old, new):
    page = factories.page(card(old))
    client = writer("change_page")
    (row,) = rows(client, old, new).values()
    assert "draft" in row.get_text()
    (heading,) = results(post(client, old, new, key(row)))
    assert heading.startswith("Saved as drafts")
    assert products_on(page) == [new.pk, old.pk]


def test_what_may_not_be_changed_is_told_and_not_changed(old, new, admin):
    client = writer("change_page", "publish_page")
    free = factories.page(card(old), title="Free")
    locked = factories.page(card(old), title="Locked", locked=True)
    alias = free.create_alias(update_slug="mirrored")
    held = factories.page(card(old), title="Held")
    workflow = Workflow.objects.create(name="Moderation")
    WorkflowTask.objects.create(workflow=workflow, task=_approval(), sort_order=1)
    held.save_revision()
    workflow.start(held, get_user_model().objects.get(username="admin"))
    shown = rows(client, old, new)
    assert shown[locked.title].input is None and "locked" in shown[locked.title].get_text()
    assert shown[held.title].input is None and "moderation" in shown[held.title].get_text()
    assert shown["Free"].input is None and "alias" in shown["Free"].get_text()
    # Nor where somebody sends it all the same.
    forged = [f"{page.pk}-{page.latest_revision_id or 0}" for page in (locked, held, alias)]
    done = results(post(client, old, new, *forged, "99999-0", "nonsense"))
    assert list(done) == ["Not replaced"] and len(done["Not replaced"]) == 3
    for page in (free, locked, held, alias):
        assert products_on(page) == [old.pk] * 2

    # Pages of others are counted, and not named; who may edit none is let in nowhere.
    GroupPagePermission.objects.all().delete()
    assert client.get(address(old)).status_code == 302
    assert address(old) not in client.get(address(old, "inspect")).content.decode()


def _approval() -> GroupApprovalTask:
    task = GroupApprovalTask.objects.create(name="Approval")
    task.groups.add(Group.objects.create(name="Approvers"))
    return task


def test_one_page_that_fails_stops_none_of_the_others(admin, old, new):
    broken, changed, fine = (
        factories.page(card(old), title=title) for title in ("Broken", "Edited", "Fine")
    )
    shown = rows(admin, old, new)
    changed.save_revision()

    def refuse(instance: Any, **kwargs: Any) -> None:
        if instance.pk == broken.pk:
            raise RuntimeError("The search is down.")

    page_published.connect(refuse)
    try:
        page = post(admin, old, new, *(key(shown[one.title]) for one in (broken, changed, fine)))
    finally:
        page_published.disconnect(refuse)
    done = results(page)
    assert [text.split()[0] for text in done["Published"]] == ["Fine"]
    assert [text.split()[0] for text in done["Not replaced"]] == ["Broken", "Edited"]
    assert "changed since you looked" in done["Not replaced"][1]
    assert products_on(broken) == [old.pk] * 2 and not factories.again(broken).latest_revision
    assert products_on(fine) == [new.pk] * 2


def test_nothing_is_replaced_without_a_choice(admin, old, new):
    page = factories.page(card(old))
    (row,) = rows(admin, old, new).values()
    assert "Choose pages." in post(admin, old, new).get_text()
    assert "Choose another product." in post(admin, old, old, key(row)).get_text()
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(username="admin"))
    answer = client.post(address(old), {"new": new.pk, "pages": [key(row)]})
    assert answer.status_code == 403
    assert products_on(page) == [old.pk] * 2


def refer(source: Any, product: Product) -> None:
    """Let Wagtail's index know a reference of another kind: a site's own field."""
    kind = ContentType.objects.get_for_model(type(source))
    base = Page if isinstance(source, Page) else type(source)
    ReferenceIndex.objects.create(
        base_content_type=ContentType.objects.get_for_model(base),
        content_type=kind,
        object_id=str(source.pk),
        to_content_type=ContentType.objects.get_for_model(Product),
        to_object_id=str(product.pk),
        model_path="favourite",
        content_path="favourite",
        content_path_hash=uuid.uuid4(),
    )


def test_what_names_it_elsewhere_is_listed_and_stays(admin, old, new):
    both, field = factories.page(card(old), title="Both"), factories.page(title="Field")
    for source in (both, field, factories.person("Ada Holm")):
        refer(source, old)
    shown = rows(admin, old, new)
    assert "outside of the texts" in shown["Both"].get_text() and shown["Both"].input
    assert not shown["Both"].input.has_attr("checked")
    assert "outside of the texts" in shown["Field"].get_text() and not shown["Field"].input
    page = BeautifulSoup(admin.get(address(old)).content, "html.parser")
    (listed,) = results(page).values()
    assert listed == ["person: Ada Holm"]
    # Who may not edit people reads no name.
    page = BeautifulSoup(writer("change_page").get(address(old)).content, "html.parser")
    assert list(results(page).values()) == [["person"]]


def test_the_queries_are_bounded(admin, old, new, django_assert_max_num_queries):
    for _ in range(30):
        factories.page(card(old), card(old))
    with django_assert_max_num_queries(25 * 8 + 40):
        assert len(rows(admin, old, new)) == 25
    assert len(rows(admin, old, new, p=2)) == 5


class OwnBlock(blocks.StructBlock):
    """A site's own block, with choosers wherever they may stand."""

    slogan = blocks.CharBlock(label="Slogan")
    made_for = blocks.StructBlock([("product", ProductChooserBlock())])
    many = blocks.ListBlock(SnippetChooserBlock("anodyne_blocks.Product"))
    table = TypedTableBlock([("product", ProductChooserBlock()), ("note", blocks.CharBlock())])
    inner = blocks.StreamBlock([("card", ProductCardBlock())])


def test_every_nesting_is_found_with_the_words_beside_it(old):
    stream = blocks.StreamBlock([("own", OwnBlock(label="Own"))])
    value = {
        "slogan": "For backs",
        "made_for": {"product": old.pk},
        "many": [old.pk, {"type": "item", "value": old.pk, "id": "a"}, old.pk + 1, None],
        "table": {
            "columns": [{"type": "product", "heading": "P"}, {"type": "note", "heading": "N"}],
            "rows": [{"values": [old.pk, "cheap"]}, {"values": [None, "dear"]}],
            "caption": "",
        },
        "inner": [
            {"type": "card", "value": {"product": old.pk, "text": "Soft"}, "id": "b"},
            {"type": "gone", "value": {"product": old.pk}, "id": "c"},
        ],
    }
    raw = [{"type": "own", "value": value, "id": "x"}]
    found = list(named_in(stream, raw, old.pk))
    assert [[text for _label, text in placed.words] for placed in found] == [
        ["For backs"],
        ["For backs"],
        ["For backs"],
        ["cheap"],
        ["Soft"],
    ]
    assert {placed.child for placed in found} == {"x"}
    for placed in found:
        placed.holder[placed.key] = 7
    assert not list(named_in(stream, raw, old.pk))
    assert value["many"] == [7, {"type": "item", "value": 7, "id": "a"}, old.pk + 1, None]
    assert value["table"]["rows"][0]["values"] == [7, "cheap"]


def test_the_words_beside_it_are_as_editors_read_them(old):
    """Rich text without its tags, days in the editor's format, and those of blocks inside."""
    own = blocks.StructBlock(
        [
            ("intro", blocks.RichTextBlock()),
            ("tested", blocks.DateBlock()),
            ("odd", blocks.DateBlock()),
            ("inner", blocks.StructBlock([("note", blocks.CharBlock())])),
            ("kind", blocks.ChoiceBlock(choices=[("a", "A")])),
            ("product", ProductChooserBlock()),
        ]
    )
    value = {
        "intro": "<p>Soft <b>and</b> warm</p>",
        "tested": "2026-03-01",
        "odd": "2026-13-01",
        "inner": {"note": "For  backs"},
        "kind": "a",
        "product": old.pk,
    }
    (found,) = named_in(
        blocks.StreamBlock([("own", own)]), [{"type": "own", "value": value}], old.pk
    )
    words = [text for _label, text in found.words]
    assert words == ["Soft and warm", "March 1, 2026", "For backs"]
