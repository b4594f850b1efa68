"""The worked example of docs/how-to/shops/write-your-own.md runs, and keeps the contract."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import base
from anodyne_blocks.shops.testing import ShopContract

DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "shops"
TEXT = (DOCS / "write-your-own.md").read_text()
_class, _tests, _settings = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
_module = ModuleType("in_house")
exec(_class, vars(_module))
sys.modules["in_house"] = _module
exec(_tests)


class TestInHouse(TestInHouse):  # noqa: F821 (the page defines it)
    """The page's own test class, and what only its example promises."""

    def test_it_says_how_much_of_the_catalogue_was_read(self, shop: Any, market: Market) -> None:
        assert shop.share_read() is None
        list(shop.catalogue(market))
        assert shop.share_read() == 1

    def test_what_is_not_translated_has_no_title(self, shop: Any, market: Market) -> None:
        names = {offer.title: offer.name for offer in shop.catalogue(market)}
        assert names == {"Balansmat": "Balance mat", "": "Lumbar brace"}


def test_its_options_are_checked() -> None:
    options = {"url": "shop.example", "token": "x"}
    assert _module.InHouse.check_options(options)[0][0] == "url is no http(s) address."


def public(kind: type) -> set[str]:
    """The names that a class gives to those who use it."""
    return {name for name in {*vars(kind), *kind.__annotations__} if not name.startswith("_")}


def test_the_page_names_all_that_a_back_end_may_use() -> None:
    constants = {name for name in vars(base) if name.isupper()} - {"TYPE_CHECKING"}
    own = {
        n for n, thing in vars(base).items() if getattr(thing, "__module__", "") == base.__name__
    }
    kinds = [thing for thing in vars(base).values() if isinstance(thing, type)]
    attributes = set().union(*(public(kind) for kind in kinds if kind.__name__ in own))
    contract = {name for name in public(ShopContract) if not name.startswith("test_")}
    promised = {name for name in constants | own | attributes | contract if name[0] != "_"}
    assert promised - set(re.findall(r"\w+", TEXT)) == set()
