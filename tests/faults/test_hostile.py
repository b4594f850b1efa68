"""Hostile texts in every field of every outlet, parsed: none is markup, none ends an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail import blocks

from anodyne_blocks.models import Offer
from tests import factories
from tests.api.values import BODY, Stored
from tests.blocks.test_stored_bodies import store
from tests.faults.hostile import STRINGS
from tests.odd_values import changed, children

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

# Those in which editors' forms and listings are looked at, too: they are large.
SEARCHED = 40
TEXTS = (blocks.CharBlock, blocks.TextBlock, blocks.URLBlock)
# Not what a text is looked up by.
KEPT = {"market", "currency", "rule", "language_code", "shop", "source"}


def hostile_body(full: dict[str, Any], text: str) -> list[dict[str, Any]]:
    """Each block as full as can be, with this text in all of its texts."""
    body = []
    for name, block in BODY.child_blocks.items():
        value = full[name]
        for path, child in children(block, value):
            if isinstance(child, TEXTS):
                value = changed(value, path, text)
            elif isinstance(child, blocks.RichTextBlock):
                # What is stored as rich text is markup that Wagtail's editor has let through.
                value = changed(value, path, f"<p>{escape(text)}</p>")
        body.append({"type": name, "value": value, "id": name})
    return body


def lay(rows: list[Any], text: str) -> int:
    """The text in all text fields of these rows, whatever their forms would say; gives how many."""
    count = 0
    for row in rows:
        fields = [
            field.attname
            for field in type(row)._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField))
            and not field.choices
            and field.attname not in (*KEPT, "bio")
            and (field.max_length or 1000) > 20
            and getattr(row, field.attname) is not None
        ]
        longest = {name: type(row)._meta.get_field(name).max_length or 1000 for name in fields}
        texts = {name: text[: longest[name]] for name in fields if name != "external_id"}
        type(row).objects.filter(pk=row.pk).update(**texts)
        count += len(texts)
    return count


def is_tame(html: str) -> None:
    """No element, handler or address of the hostile text's own in a page; JSON in it is whole."""
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find("x-evil") is None
    assert soup.find("base") is None
    assert soup.find("meta", attrs={"http-equiv": "refresh"}) is None
    for script in soup.find_all("script"):
        if script.get("type", "").endswith("json"):
            json.loads(script.string or "null")
        else:
            assert script.get("src"), script
            assert "evil" not in script["src"]
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            assert not name.lower().startswith("on"), (name, value)
            if name in ("href", "src", "action", "formaction", "srcset", "data"):
                address = "".join(str(value).split()).lower()
                assert not address.startswith(("javascript:", "vbscript:", "data:text")), value


def test_every_text_in_every_field_of_every_outlet(client: Client, admin_client: Client) -> None:
    assert len(STRINGS) >= 250
    stored = Stored.make("en", "en", "GBP")
    full = stored.full()
    page = factories.page()
    rows = [stored.product, stored.person, stored.rating, *Offer.objects.all()]
    outlets = fields = 0
    for number, text in enumerate(STRINGS):
        store(page, hostile_body(full, text))
        fields = lay(rows, text)
        shown = client.get(page.url)
        assert shown.status_code == 200, text
        is_tame(shown.content.decode())
        answer = client.get(f"/api/v2/pages/{page.pk}/")
        assert answer.status_code == 200, text
        assert answer["Content-Type"].startswith("application/json")
        answer.json()
        outlets += 2
        if number % SEARCHED == 0:
            product = stored.product
            for address in (
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                reverse("wagtailsnippets_anodyne_blocks_product:list"),
                reverse("wagtailsnippets_anodyne_blocks_product:inspect", args=[product.pk]),
                reverse("wagtailsnippets_anodyne_blocks_person:edit", args=[stored.person.pk]),
                reverse("anodyne_blocks_attention"),
                reverse("anodyne_blocks_reviews"),
            ):
                answer = admin_client.get(address)
                assert answer.status_code == 200, (address, text)
                assert BeautifulSoup(answer.content, "html.parser").find("x-evil") is None, address
                outlets += 1
            answer = client.get(reverse("anodyne_blocks:products"), {"ids": product.pk})
            assert answer.status_code in (200, 400)
            json.loads(answer.content)
    counts = f"{len(STRINGS)} hostile texts in all blocks and {fields} columns"
    print(f"{counts}, {outlets} answers: scripts run 0, broken 0")
