"""The product card of the documentation says what the server's card says, in every state."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from tests import factories
from tests.conftest import ROOT
from tests.e2e.test_fresh_prices import OFFER, STATES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

GUIDE = ROOT / "docs" / "how-to" / "headless.md"
TOOLS = ROOT / "build" / "tools" / "vue"


@pytest.fixture(scope="module")
def vue() -> Path:
    """Where Vue is, in the version that requirements/vue locks."""
    command = [str(ROOT / "scripts" / "npm-ci.sh"), str(ROOT / "requirements" / "vue"), str(TOOLS)]
    subprocess.run(command, check=True, capture_output=True)
    return TOOLS


def cards() -> dict[str, Any]:
    """{state: the card that is shown}, of those that are shown in it."""
    product = factories.from_shop("nl")
    own = {"badge": "Bestseller", "relationship": "ad"}
    shown = {}
    for state, (offer, options) in STATES.items():
        if not options:
            said = {**OFFER, "market": "nl", "currency": "EUR", **offer()}
            product.offers.update(**said)
            product.fetched_offers = None
            shown[state] = factories.card(product, **own)
    return {state: card for state, card in shown.items() if card is not None}


def words(html: str) -> list[str]:
    return BeautifulSoup(html, "html.parser").get_text(" ").split()


def test_the_vue_card_says_what_the_servers_card_says(vue: Path) -> None:
    (component,) = re.findall(r"```vue\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    shown = cards()
    given = {
        "component": component,
        "cards": [card.model_dump(mode="json") for card in shown.values()],
    }
    command = ["node", str(Path(__file__).with_name("vue_card.mjs")), str(vue)]
    result = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    printed = dict(zip(shown, map(words, json.loads(result.stdout)), strict=True))
    template = "anodyne_blocks/product_card.html"
    expected = {
        state: words(render_to_string(template, {"element": card})) for state, card in shown.items()
    }
    assert printed == expected
    assert len(expected) > 20
    assert "Laagste" in expected["a unit price"] and "g" in expected["a unit price"]
