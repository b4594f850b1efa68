"""The documentation names every setting, price rule and shop that there is."""

from __future__ import annotations

import inspect
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from anodyne_blocks import conf
from anodyne_blocks.pricing import rules

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
SHOPS = [
    "medusa.Medusa",
    "merchant_feed.MerchantFeed",
    "product_page.ProductPage",
    "saleor.Saleor",
    "shopify.Shopify",
    "shopware.Shopware",
    "vendure.Vendure",
    "woocommerce.WooCommerce",
]
# For tests.
NOT_FOR_SETTINGS = {"now"}


@pytest.mark.parametrize("name", [*conf.DEFAULTS, *conf.MODELS])
def test_each_setting_is_documented(name: str) -> None:
    assert f"\n`{name}`\n: " in (REFERENCE / "settings.md").read_text()


def test_each_price_rule_is_documented() -> None:
    page = (REFERENCE / "price-rules.md").read_text()
    named = {
        name
        for name, rule in vars(rules).items()
        if isinstance(rule, type) and issubclass(rule, rules.PriceRule)
    }
    assert {name for name in named if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("shop", SHOPS)
def test_each_shop_has_a_page_that_names_its_options(shop: str) -> None:
    path = f"anodyne_blocks.shops.{shop}"
    pages = [page.read_text() for page in (DOCS / "how-to" / "shops").glob("*.md")]
    (page,) = (page for page in pages if f'"BACKEND": "{path}"' in page)
    options = [
        name
        for name, option in inspect.signature(import_string(path)).parameters.items()
        if option.kind is option.KEYWORD_ONLY and name not in NOT_FOR_SETTINGS
    ]
    assert options
    assert [name for name in options if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_and_pictures_lead_somewhere(name: str) -> None:
    """Whole addresses in the README, which an index shows without the files beside it."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    home = setup["metadata"]["url"]
    raw = home.replace("github.com", "raw.githubusercontent.com")
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text())
    assert links
    for link in links:
        path = link.removeprefix(f"{raw}/main/").removeprefix(f"{home}/blob/main/")
        assert (path != link) is (name == "README.md"), link
        assert (ROOT / path).is_file(), link


def test_each_version_has_upgrade_notes() -> None:
    _head, *versions = (ROOT / "CHANGELOG.md").read_text().split("\n## ")
    assert versions
    for version in versions:
        assert "\n### Upgrade notes\n" in version, version.partition("\n")[0]
