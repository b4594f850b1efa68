"""What the fast renderer writes is what DRF writes, for data of every kind."""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from rest_framework.renderers import JSONRenderer

from anodyne_blocks.api.renderers import NotPlain, PlainJSONRenderer, plain
from anodyne_blocks.elements import Figure, Image
from anodyne_blocks.elements.base import ElementJSON

UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2026, 3, 10, 12, 0, 0, 120, UTC)


@pytest.mark.parametrize(
    ("value", "is_plain"),
    [
        ({"a": [1, True, None, 'é\x1f\x7f"\\/\u2028\u2029😀'], "b": {}, "c": ()}, True),
        (datetime.date(2026, 3, 10), True),
        (Decimal("1.10"), False),
        (1e-7, False),
        (MOMENT, False),
        (datetime.timedelta(days=1), False),
        (lazystr("lazy"), False),
        (mark_safe("<b>"), False),
        ({1: "one", None: "none"}, False),
    ],
)
def test_to_the_letter(value: Any, is_plain: bool) -> None:
    for data in (value, [value], {"items": [{"value": value}]}):
        with nullcontext() if is_plain else pytest.raises(NotPlain):
            plain(data)
        assert PlainJSONRenderer().render(data) == JSONRenderer().render(data)


def test_with_indentation_and_without_anything() -> None:
    asked = "application/json; indent=4"
    assert PlainJSONRenderer().render({"a": 1}, asked) == JSONRenderer().render({"a": 1}, asked)
    assert PlainJSONRenderer().render(None) == b""


@pytest.mark.parametrize("beside", [1, Decimal("1.10")])
def test_an_element_is_written_as_it_was_read_and_changed(beside: Any) -> None:
    image = Image(alt="", url="/a.png", width=2, height=1, srcset="", sizes=())
    figure = Figure(language="nl", direction="ltr", image=image, caption="A\u2028", credit="")
    expected = figure.as_json()

    def written() -> bytes:
        return PlainJSONRenderer().render({"resolved": shown, "beside": beside})

    def by_drf() -> bytes:
        rendered: bytes = JSONRenderer().render({"resolved": expected, "beside": beside})
        return rendered

    shown = ElementJSON(figure)
    assert written() == by_drf()
    assert shown == expected and "caption" in shown
    assert written() == by_drf()
    for one in (shown, expected):
        one["image"]["url"] = "https://example.org/a.png"
        del one["credit"]
    assert written() == by_drf()
    assert figure.image.url == "/a.png"
