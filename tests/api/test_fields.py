"""Fields that a site adds to its API: elements of a page, and its structured data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework import serializers

from anodyne_blocks.api.fields import ElementField, JsonLdField
from anodyne_blocks.blocks.teasers import teaser_of
from anodyne_blocks.elements import Teaser
from anodyne_blocks.json_ld import page_json_ld
from tests import factories

pytestmark = pytest.mark.django_db


class Shown(serializers.Serializer):
    teaser = ElementField(Teaser)
    other = ElementField(Teaser)
    json_ld = JsonLdField()


def test_elements_and_structured_data_are_plain_values(rf: Any) -> None:
    page = factories.page(("standfirst", {"text": "Sit, stand, move."}))
    request = rf.get("/")
    said = SimpleNamespace(
        teaser=teaser_of(page), other=None, json_ld=lambda given: page_json_ld(page, given)
    )
    shown = Shown(said, context={"request": request}).data
    assert shown["teaser"]["standfirst"] == "Sit, stand, move."
    assert shown["teaser"]["image"] is None
    assert shown["other"] is None
    assert shown["json_ld"] == page_json_ld(page, request)
    # What API v3 describes.
    returned = Shown().fields["teaser"].to_representation.__annotations__["return"]
    assert returned is Teaser
