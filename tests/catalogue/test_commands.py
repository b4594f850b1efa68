"""The commands' options: what is wrong is said in words and by an exit code."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.core.management.base import SystemCheckError

from anodyne_blocks.models import Offer

COMMANDS = ["import_products", "import_price_history", "refresh_products", "prune_price_changes"]
PAGES = {"BACKEND": "anodyne_blocks.shops.product_page.ProductPage"}
WRONG = [
    {"MARKETS": {"nl": {"CURRENCY": "EUR"}}},
    {"MARKETS": ["nl"]},
    {"SHOPS": ["webshop"]},
    {"SHOPS": 5},
    [],
]


def run(command: str, *args: str, **options) -> str:
    """A command's output, of both kinds."""
    out = StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_settings_hide_no_help(settings, command, wrong):
    settings.ANODYNE_BLOCKS = wrong
    parser = load_command_class("anodyne_blocks", command).create_parser("manage.py", command)
    assert f"manage.py {command}" in parser.format_help()


@pytest.mark.parametrize("command", ["import_products", "refresh_products"])
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_settings_stop_a_command_with_the_message_of_a_check(settings, command, wrong):
    settings.ANODYNE_BLOCKS = wrong
    with pytest.raises(SystemCheckError, match=r"anodyne_blocks\.E"):
        run(command, skip_checks=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("import_products", ["--shop=shopify"]),
        ("refresh_products", ["--shop=shopify"]),
        ("import_price_history", ["prices.csv", "--shop=shopify"]),
    ],
)
def test_an_unknown_shop_is_told_with_those_that_are_known(shop, command, args):
    shop({})
    with pytest.raises(CommandError, match="--shop 'shopify' is unknown. Known: webshop.") as error:
        run(command, *args)
    assert error.value.returncode == 2


@pytest.mark.django_db
def test_an_unknown_market_is_told_with_those_that_are_known(shop):
    shop({})
    with pytest.raises(CommandError, match="--market 'fr' is unknown. Known: nl, da.*") as error:
        run("import_products", "--market=fr")
    assert error.value.returncode == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("refresh_products", "--limit=-1"),
        ("refresh_products", "--seconds=0"),
        ("refresh_products", "--seconds=nan"),
        ("refresh_products", "--seconds=inf"),
        ("prune_price_changes", "--older-than=-1"),
        ("prune_price_changes", "--older-than=739000"),
        ("prune_price_changes", "--older-than=9999999999"),
    ],
)
def test_an_impossible_number_is_told(shop, command, option):
    shop({})
    with pytest.raises(CommandError, match=f"{option.partition('=')[0]} is a number") as error:
        run(command, option)
    assert error.value.returncode == 2


@pytest.fixture
def pages_too(shop, settings) -> None:
    """Beside the dummy shop, one that has no catalogue."""
    shop({"a": {"title": "A", "price": {"nl": "1.00"}}})
    settings.ANODYNE_BLOCKS["SHOPS"]["pages"] = PAGES


@pytest.mark.django_db
def test_a_shop_that_has_no_catalogue_is_passed_over_and_named(pages_too):
    said = run("import_products", market="nl")
    assert "pages: passed over, this kind of shop has no catalogue" in said
    assert "webshop · nl: 1 new" in said
    assert Offer.objects.count() == 1
    assert run("import_products", verbosity=0) == ""


@pytest.mark.django_db
def test_a_shop_that_has_no_catalogue_is_an_error_when_it_is_named(pages_too):
    with pytest.raises(CommandError) as error:
        run("import_products", shop="pages")
    assert error.value.returncode == 1


@pytest.mark.django_db
def test_without_a_shop_there_is_nothing_to_refresh():
    with pytest.raises(CommandError, match="No shop is configured"):
        run("refresh_products")


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["refresh_products", "check_sources"])
def test_what_only_a_background_can_do_is_refused_without_one(shop, command):
    shop({})
    with pytest.raises(CommandError, match="The TASKS setting has no background"):
        run(command, "--background")
    with pytest.raises(CommandError, match="neither --limit nor --seconds"):
        run(command, "--background", "--limit=1")


@pytest.mark.django_db
def test_quiet_commands_say_nothing():
    assert run("check_sources", verbosity=0) == ""
    assert run("prune_price_changes", "--older-than=5000", verbosity=0) == ""
