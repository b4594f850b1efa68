"""What editors paste and export: no character that cannot be stored, and no formula."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.blocks import CharBlock, RichTextBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import RichText

from anodyne_blocks.admin.exports import SafeExportMixin
from anodyne_blocks.article.walking import definitions
from anodyne_blocks.blocks.base import CompleteBlock
from anodyne_blocks.models import get_person_model, get_product_model, get_shop_rating_model
from anodyne_blocks.sources.characters import is_storable
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

ODD = "A\x00\x01\x0e\x1b\x7f\x9f\ud800\udfff\ufffe\uffff\x0bB"


def test_no_field_of_a_model_holds_what_cannot_be_stored() -> None:
    """All texts of all models of ours that have a form, saved by whoever."""
    models_with_forms = [get_person_model(), get_shop_rating_model(), get_product_model()]
    assert set(models_with_forms) <= set(apps.get_app_config("anodyne_blocks").get_models())
    person, rating, product = factories.person(), factories.rating(), factories.product("en")
    tried = 0
    for row in (person, rating, product, product.offers.get()):
        for field in type(row)._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
                longest = min(field.max_length or 99, 99)
                setattr(row, field.attname, ODD if longest >= len(ODD) else "\x01")
                models.signals.pre_save.send(type(row), instance=row, raw=False)
                assert is_storable(getattr(row, field.attname)), field
                tried += 1
    assert tried > 30
    person.name = ODD
    person.save()
    person.refresh_from_db()
    assert person.name == "A B"
    print(f"{tried} fields of models, 0 hold what cannot be stored")


def test_no_text_of_a_block_holds_what_cannot_be_stored() -> None:
    tried = 0
    for block in definitions(ArticlePage.body.field.stream_block):
        if not isinstance(block, CompleteBlock):
            continue
        for name, child in block.child_blocks.items():
            if isinstance(child, (CharBlock, TextBlock, RichTextBlock)):
                is_rich = isinstance(child, RichTextBlock)
                value = block.normalize({name: RichText(f"<p>{ODD}</p>") if is_rich else "\x01"})
                # Other children may be required; a draft is cleaned all the same.
                with suppress(StructBlockValidationError):
                    block.clean(value)
                text = value[name].source if is_rich else value[name]
                assert is_storable(text), (block.label, name)
                tried += 1
    assert tried > 20
    print(f"{tried} texts of blocks, 0 hold what cannot be stored")


FORMULAS = ['=HYPERLINK("https://evil.example","x")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"]


def _views(patterns: Any = None) -> list[Any]:
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            found += [view] if view else []
        else:
            found += _views(pattern.url_patterns)
    return found


def test_every_export_of_ours_is_a_safe_one() -> None:
    ours = {
        view
        for view in _views()
        if view.__module__.startswith("anodyne_blocks.")
        and issubclass(view, SpreadsheetExportMixin)
        and view.list_export
    }
    assert len(ours) == 5
    assert all(issubclass(view, SafeExportMixin) for view in ours), ours


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_an_export_is_a_formula(admin_client: Client, formula: str) -> None:
    product = factories.product("en", name=f"{formula}")
    get_product_model().objects.update(name=f"{formula}\x0b" if formula == "+1" else formula)
    page = factories.page(("product_card", {"product": product.pk}), language="en")
    factories.change_offer(product, "en", availability="out_of_stock")
    assert page.live
    address = reverse("anodyne_blocks_attention")
    answer = admin_client.get(address, {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1][0] == f"'{rows[1][0][1:]}"
    answer = admin_client.get(address, {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).strip() == formula.strip()
