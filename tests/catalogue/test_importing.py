"""`import_products`: a whole catalogue from a feed, and what happens when it is broken."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue import importing
from anodyne_blocks.catalogue.store import store_offers
from anodyne_blocks.management.commands import import_products
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.shops import ShopOffer, get_shop
from anodyne_blocks.shops.dummy import Dummy
from anodyne_blocks.shops.merchant_feed import MerchantFeed

pytestmark = pytest.mark.django_db

ITEM = """<item><g:id>{id}</g:id><g:title>{id} titel</g:title>
<g:link>https://shop.example/{id}</g:link><g:availability>in_stock</g:availability>
<g:price>{price}</g:price></item>"""


@pytest.fixture
def feed(tmp_path: Path, settings):
    """Writes the Dutch feed of a shop: {id: price} or a broken text."""

    def write(items: dict[str, str], end: str = "</channel></rss>") -> None:
        rows = "".join(ITEM.format(id=key, price=price) for key, price in items.items())
        text = f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{rows}{end}'
        (tmp_path / "nl.xml").write_text(text, encoding="utf-8")

    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {
            "feed": {
                "BACKEND": "anodyne_blocks.shops.merchant_feed.MerchantFeed",
                "OPTIONS": {"location": str(tmp_path / "{market}.xml")},
            }
        },
    }
    return write


def run(**options) -> str:
    """The command's output, of both kinds."""
    out = StringIO()
    call_command("import_products", market="nl", stdout=out, stderr=out, **options)
    return out.getvalue()


def sold() -> set[str]:
    """The ids of products that are not withdrawn."""
    active = Product.objects.filter(status=Product.Status.ACTIVE)
    return set(active.values_list("external_id", flat=True))


def test_it_says_what_it_did_and_why_rows_were_skipped(feed):
    feed({"a": "10.00 EUR", "b": "10,00 EUR", "c": "10.00 DKK"})
    said = run()
    assert "1 new, 0 changed, 0 unchanged, 0 withdrawn, 2 skipped" in said
    assert "(b):" in said and "(c):" in said


def test_what_the_catalogue_no_longer_names_is_withdrawn_and_may_come_back(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR", "c": "3.00 EUR"})
    run()
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    assert "1 withdrawn" in run()
    assert sold() == {"a", "b"}
    assert Offer.objects.get(product__external_id="c").withdrawn_at is not None
    feed({"a": "1.00 EUR", "b": "2.00 EUR", "c": "3.00 EUR"})
    run()
    assert sold() == {"a", "b", "c"}


def test_a_product_gone_from_one_market_is_sold_in_the_others(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR", "c": "2.00 EUR"})
    run()
    product = Product.objects.get(external_id="c")
    Offer.objects.create(product=product, market="da", title="C", price=7, currency="DKK")
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    run()
    assert sold() == {"a", "b", "c"}


def test_a_skipped_row_is_not_taken_for_a_withdrawn_product(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    run()
    feed({"a": "1.00 EUR", "b": "two euros"})
    run()
    assert sold() == {"a", "b"}


def test_as_many_rows_as_products_may_still_lack_one(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    run()
    feed({"a": "1.00 EUR", "c": "2,00 EUR"})
    assert "1 withdrawn, 1 skipped" in run()
    assert sold() == {"a"}


def test_what_another_process_finds_meanwhile_is_not_withdrawn(feed, monkeypatch):
    """An editor chooses a product that the shop has had for a minute; its feed lacks it still."""
    feed({"a": "1.00 EUR", "b": "2.00 EUR", "c": "2.00 EUR"})
    run()
    catalogue = MerchantFeed.catalogue

    def then_chosen(self, market, known):
        yield from catalogue(self, market)
        offer = ShopOffer(external_id="new", title="N", price=Decimal(5), currency="EUR")
        store_offers("feed", market, [offer], timezone.now())

    monkeypatch.setattr(MerchantFeed, "catalogue", then_chosen)
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    assert "1 withdrawn" in run()
    assert sold() == {"a", "b", "new"}


def test_each_batch_is_stored_as_of_when_it_was_read(shop, monkeypatch):
    """What is read after ten minutes is no older than what a refresh said after five."""
    monkeypatch.setattr(importing, "BATCH", 2)
    minutes = iter([0, 1, 10, 20])
    monkeypatch.setattr(importing.time, "monotonic", lambda: next(minutes) * 60)
    shop({f"p{n}": {"title": "P", "price": {"nl": "1.00"}} for n in range(5)})
    now = timezone.now()
    with get_shop("webshop") as back_end:
        importing.import_catalogue(back_end, conf.markets()["nl"], now)
    moments = PriceChange.objects.order_by("pk").values_list("effective_from", flat=True)
    assert [(moment - now).seconds // 60 for moment in moments] == [1, 1, 10, 10, 20]


def test_an_id_that_comes_again_in_a_later_batch_is_skipped(shop, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    entries = [
        ShopOffer(external_id=key, title="P", price=Decimal(price), currency="EUR")
        for key, price in (("a", 10), ("b", 10), ("a", 9), ("c", 9))
    ]
    monkeypatch.setattr(Dummy, "catalogue", lambda self, market, known: iter(entries))
    shop({})
    said = run()
    assert "3 new, 0 changed, 0 unchanged, 0 withdrawn, 1 skipped" in said
    assert "row 3 (a): id appears more than once" in said
    assert Offer.objects.get(product__external_id="a").price == 10


def test_a_broken_feed_keeps_what_was_read_and_withdraws_nothing(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    run()
    feed({"a": "1.50 EUR"}, end="<item><g:id>")
    with pytest.raises(CommandError) as error:
        run()
    assert error.value.returncode == 1
    assert sold() == {"a", "b"}
    assert Offer.objects.get(product__external_id="a").price == 1.5


def test_a_catalogue_that_lost_most_of_its_products_withdraws_none_unless_told(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR", "c": "3.00 EUR"})
    run()
    feed({"a": "1.00 EUR"})
    with pytest.raises(CommandError):
        run()
    assert sold() == {"a", "b", "c"}
    run(withdraw_many=True)
    assert sold() == {"a"}


@pytest.mark.parametrize("dry_run", [True, False])
def test_new_products_do_not_make_up_for_lost_ones(feed, dry_run):
    """A shop that numbers its products anew lacks all that it had, in a dry run too."""
    feed({f"old{n}": "1.00 EUR" for n in range(10)})
    run()
    feed({f"new{n}": "1.00 EUR" for n in range(15)})
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_products", market="nl", dry_run=dry_run, stdout=out, stderr=out)
    assert "15 new, 0 changed, 0 unchanged, 0 withdrawn" in out.getvalue()
    assert "lacks 10 of 10 products" in out.getvalue()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(feed):
    feed({"a": "1.00 EUR", "b": "2.00 EUR", "c": "3.00 EUR"})
    assert "3 new" in run(dry_run=True)
    assert not Product.objects.exists()
    run()
    feed({"a": "1.00 EUR", "b": "2.50 EUR", "d": "4.00 EUR"})
    before = list(Offer.objects.values()), list(Product.objects.values())
    said = run(dry_run=True)
    assert "1 new, 1 changed, 1 unchanged, 1 withdrawn" in said
    assert (list(Offer.objects.values()), list(Product.objects.values())) == before
    assert said == run()


class Killed(BaseException):
    """The process ends here."""


def writes(statements: list[str]) -> Callable[..., Any]:
    """An execute wrapper that keeps the statements that write."""

    def wrapper(execute, sql, params, many, context):
        if sql.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            statements.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def test_an_import_that_was_killed_goes_on_where_it_was(feed, monkeypatch):
    """It dies while it writes the prices of the second of three batches."""
    monkeypatch.setattr(importing, "BATCH", 10)
    feed({f"p{n:02}": "5.00 EUR" for n in range(25)})
    prices = 0

    def kill(execute, sql, params, many, context):
        nonlocal prices
        if sql.startswith("INSERT") and PriceChange._meta.db_table in sql:
            prices += 1
            if prices == 2:
                raise Killed
        return execute(sql, params, many, context)

    with pytest.raises(Killed), connection.execute_wrapper(kill):
        run()
    assert sold() == {f"p{n:02}" for n in range(10)}
    assert (Offer.objects.count(), PriceChange.objects.count()) == (10, 10)
    stored = list(Offer.objects.order_by("pk").values())
    assert "15 new, 0 changed, 10 unchanged, 0 withdrawn" in run()
    assert list(Offer.objects.order_by("pk").values())[:10] == stored
    assert (Offer.objects.count(), PriceChange.objects.count()) == (25, 25)
    statements: list[str] = []
    with connection.execute_wrapper(writes(statements)):
        assert "0 new, 0 changed, 25 unchanged, 0 withdrawn" in run()
    assert statements == []


@pytest.mark.parametrize("end", ["as it should", "a broken feed", "a killed process"])
def test_the_process_collects_garbage_afterwards_as_before(feed, monkeypatch, end):
    """A worker goes on to other work: an import leaves it no larger threshold."""

    def killed(*args):
        raise Killed

    feed({"a": "1.00 EUR"}, **({"end": "<item><g:id>"} if end == "a broken feed" else {}))
    if end == "a killed process":
        monkeypatch.setattr(importing, "store_offers", killed)
    of_the_site = (gc.get_threshold()[0] + 1, *gc.get_threshold()[1:])
    gc.set_threshold(*of_the_site)
    try:
        with nullcontext() if end == "as it should" else pytest.raises((CommandError, Killed)):
            run()
        assert gc.get_threshold() == of_the_site
    finally:
        gc.set_threshold(of_the_site[0] - 1, *of_the_site[1:])


class Terminal(StringIO):
    """Somebody looks at it."""

    def isatty(self) -> bool:
        return True


def shown(**options: Any) -> str:
    """What the command writes to a terminal beside its report."""
    err = Terminal()
    call_command("import_products", market="nl", stdout=StringIO(), stderr=err, **options)
    return err.getvalue()


def test_a_terminal_sees_progress_with_rate_and_time_left(feed, monkeypatch):
    monkeypatch.setattr(import_products, "INTERVAL", 0)
    feed({f"p{n}": "5.00 EUR" for n in range(700)})
    said = shown()
    assert re.search(r"\rfeed · nl: 100 rows, [\d,]+ a second, [1-9]\d%, \d+:\d\d left", said)
    assert said.endswith("\r")
    assert "rows" not in run()


def test_a_shop_that_tells_no_size_is_measured_by_the_last_import(shop, monkeypatch):
    monkeypatch.setattr(import_products, "INTERVAL", 0)
    shop({f"p{n}": {"title": "P", "price": {"nl": "1.00"}} for n in range(400)})
    assert "100 rows" in (first := shown()) and "left" not in first
    assert re.search("200 rows, [\\d,]+ a second, 50%, 0:0", shown())


@pytest.mark.parametrize(
    ("rows", "share", "seconds", "line"),
    [
        (0, None, 0, "s: 0 rows, 0 a second"),
        (12000, None, 4, "s: 12,000 rows, 3,000 a second"),
        (12000, 0.25, 61, "s: 12,000 rows, 197 a second, 25%, 3:03 left"),
        (10, 1.0, 1, "s: 10 rows, 10 a second, 100%, 0:00 left"),
    ],
)
def test_progress_in_words(rows, share, seconds, line):
    assert import_products.progress_line("s", rows, share, seconds) == line


@pytest.mark.parametrize("features", [{}, {"can_return_rows_from_bulk_insert": False}])
def test_new_and_changed_offers_on_databases_that_tell_no_new_numbers(feed, monkeypatch, features):
    for name, value in features.items():
        monkeypatch.setattr(type(connection.features), name, value)
    feed({"a": "1.00 EUR", "b": "2.00 EUR"})
    run()
    feed({"a": "1.50 EUR", "b": "2.00 EUR", "c": "3.00 EUR"})
    assert "1 new, 1 changed, 1 unchanged" in run()
    changes = PriceChange.objects.order_by("pk").values_list("offer__product__external_id", "price")
    assert list(changes) == [("a", 1), ("b", 2), ("a", 1.5), ("c", 3)]


def test_no_shop_in_the_settings_is_an_error_that_says_so():
    with pytest.raises(CommandError, match="SHOPS"):
        run()
