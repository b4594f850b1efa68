"""The documentation names every setting, price rule and shop that there is."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from anodyne_blocks import conf
from anodyne_blocks.pricing import rules

DOCS = Path(__file__).parent.parent / "docs"
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


def test_each_version_has_upgrade_notes() -> None:
    _head, *versions = (DOCS.parent / "CHANGELOG.md").read_text().split("\n## ")
    assert versions
    for version in versions:
        assert "\n### Upgrade notes\n" in version, version.partition("\n")[0]
