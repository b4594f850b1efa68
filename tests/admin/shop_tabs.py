"""The chooser's tabs, as a browser uses them."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests import factories

CHOOSE = reverse("wagtailsnippetchoosers_anodyne_blocks_product:choose")
DUMMY = "anodyne_blocks.shops.dummy.Dummy"
BRACE = {
    "brace": {
        "title": {"nl": "Rugband", "da": "Rygbælte"},
        "price": {"nl": "39.75", "da": "299.00"},
        "availability": "in_stock",
        "image_url": "https://shop.example/brace.jpg",
        "url": "https://shop.example/brace",
    }
}


def html(answer: Any) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.json()["html"], "html.parser")


def tabs(page: BeautifulSoup) -> dict[str, str]:
    """{label: id of its panel}."""
    return {
        tab.find(string=True).strip(): tab["href"].removeprefix("#")
        for tab in page.select("[role=tab]")
    }


def ask(client: Client, tab: str, query: str = "", **fields: str) -> BeautifulSoup:
    """The panel of a tab after its form was sent; the modal opens at it."""
    data = {"tab": tab, **{f"{tab}-{name}": value for name, value in fields.items()}}
    answer = client.post(CHOOSE + query, data)
    assert answer.json()["step"] == "choose"
    page = html(answer)
    assert (
        page.select_one("[data-w-tabs-active-panel-id-value]")["data-w-tabs-active-panel-id-value"]
        == f"tab-{tab}"
    )
    return page.select_one(f"#tab-{tab}")


def text(panel: BeautifulSoup) -> str:
    return factories.plain(panel.get_text(" "))


def choose(client: Client, panel: BeautifulSoup, query: str = "") -> Any:
    """Send the form of the only result."""
    form = panel.select_one("form:has([name=take])")
    data = {field["name"]: field["value"] for field in form.select("input[name]")}
    return client.post(form["action"] + query, data)
