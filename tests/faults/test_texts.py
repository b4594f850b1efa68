"""What is stored can be held by every database, XML, CSV and XLSX; the rest ends at the door."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from anodyne_blocks.shops.base import ShopError, Skipped, Unknown, WebhookHint
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer

ODD = ["\x00", "\x01", "\x0e", "\x1b", "\x7f", "\x9f", "\ud800", "\udfff", "\ufffe", "\uffff"]


def offer(**fields: object) -> ShopOffer:
    said = {"external_id": "1", "title": "Mat", "price": Decimal(1), "currency": "EUR"}
    return ShopOffer(**said | fields)


@pytest.mark.parametrize("odd", ODD)
def test_an_offer_holds_none(odd: str) -> None:
    names = ("title", "name", "description", "image_alt", "brand", "notes")
    found = offer(**dict.fromkeys((*names, "sku", "seller", "unit_measure"), f"A{odd}b"))
    for name in (*names, "sku", "seller", "unit_measure"):
        text = getattr(found, name)
        assert odd not in text
        ElementTree.fromstring(f"<a>{text}</a>")
    assert "left out" in found.notes
    for name in ("external_id", "url"):
        with pytest.raises(InvalidOffer):
            offer(**{name: f"https://shop.example/{odd}"})
    assert offer(image_url=f"https://shop.example/{odd}").image_url == ""


def test_white_space_and_all_scripts_stay() -> None:
    text = "Mat\u00a0groß\u200d – 敷物 حصيرة 🧘🏽"
    assert offer(title=f" {text}\n").title == " ".join(text.split())


@pytest.mark.parametrize("odd", ODD)
def test_neither_do_reasons_and_hints(odd: str) -> None:
    said = f"The shop\n says {odd}"
    for reason in (ShopError(said).reason, Unknown("1", said).reason, Skipped("1", said).reason):
        assert reason == "The shop says \ufffd"
    hint = WebhookHint(f"d{odd}", ("1", f"2{odd}"))
    assert (hint.delivery_id, hint.external_ids, hint.ping) == ("d\ufffd", ("1",), False)
    # A hint at nothing that can be: not at everything.
    assert WebhookHint("d", (odd,)).ping
