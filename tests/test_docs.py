"""The documentation names every setting, price rule and shop that there is."""

from __future__ import annotations

import inspect
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
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

_setup = ConfigParser()
_setup.read(ROOT / "setup.cfg")
HOME = _setup["metadata"]["url"]
RAW = HOME.replace("github.com", "raw.githubusercontent.com")
WRITTEN = sorted({*ROOT.glob("*.md"), *(ROOT / "packages").glob("*/*.md"), *DOCS.rglob("*.md")})
FENCE = re.compile(r"^( *)(```+)[^`\n]*\n.*?^\1\2", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"manage\.py (\w+)((?: +[^\s`#|]+)*)")


def links_in(page: Path) -> list[str]:
    """Where a page leads within the project, what stands in code left out."""
    text = re.sub(r"`[^`\n]+`", "", FENCE.sub("", page.read_text()))
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link for link in links if link.startswith((HOME + "/blob", RAW)) or ":" not in link]


def anchors_of(page: Path) -> set[str]:
    """The headings of a page as its anchors, as GitHub and Sphinx make them, and labels."""
    text = FENCE.sub("", page.read_text())
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))


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


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    """To a file, and to a heading of it. Links to other sites are not tried."""
    for link in links_in(page):
        # An index shows the README, and npm its package's, without the files beside them.
        path, _, anchor = (
            link.removeprefix(f"{RAW}/main/").removeprefix(f"{HOME}/blob/main/").partition("#")
        )
        is_whole = link.startswith((RAW, HOME))
        assert is_whole or page.name != "README.md", link
        target = (ROOT if is_whole else page.parent) / path if path else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors_of(target), link


def test_commands_in_the_docs_are_there_with_their_options() -> None:
    others = {"db_worker", "rqworker", "collectstatic"}
    found = 0
    for page in WRITTEN:
        for name, options in COMMAND.findall(page.read_text()):
            assert name in get_commands() or name in others, f"{page.name}: {name}"
            if get_commands().get(name) == "anodyne_blocks":
                found += 1
                parser = load_command_class("anodyne_blocks", name).create_parser("manage.py", name)
                for option in re.findall(r"--[a-z][a-z-]*", options):
                    assert option in parser.format_help(), f"{page.name}: {name} {option}"
    assert found > 20


def test_each_version_has_upgrade_notes() -> None:
    _head, *versions = (ROOT / "CHANGELOG.md").read_text().split("\n## ")
    assert versions
    for version in versions:
        assert "\n### Upgrade notes\n" in version, version.partition("\n")[0]
