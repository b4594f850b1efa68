"""`import_price_history`: what a shop says of past prices, and files that cannot be right."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anodyne_blocks.models import Offer, PriceChange

pytestmark = pytest.mark.django_db

HEADER = "market,external_id,effective_from,price"
GOOD = "nl,a,2025-12-01,9"


@pytest.fixture
def hand_over(shop, tmp_path: Path) -> Callable[..., str]:
    """`hand_over(row, …)` imports a file with these rows for a product sold at 7.50; the output."""
    shop({"a": {"title": "A", "price": {"nl": "7.50"}}})
    call_command("import_products", market="nl", verbosity=0)
    history = tmp_path / "history.csv"

    def run(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> str:
        history.write_text("\n".join([header, *rows, ""]), encoding=encoding)
        out = StringIO()
        call_command("import_price_history", history, shop="webshop", stdout=out, stderr=out)
        return out.getvalue()

    return run


def days_ago(days: float) -> str:
    return (timezone.now() - datetime.timedelta(days=days)).isoformat()


def test_a_handed_over_history_proves_a_reduction_at_once(hand_over):
    rows = f"nl,a,{days_ago(100)},10.00", f"nl,a,{days_ago(3)},7.50", f"nl,b,{days_ago(3)},7.50"
    said = hand_over(*rows)
    assert "2 prices appended, 1 rows skipped" in said
    assert "Line 4 (b): There is no offer" in said
    offer = Offer.objects.get()
    assert offer.announces_reduction(timezone.now())
    assert offer.prior_price == 10


def test_days_are_as_good_as_moments(hand_over):
    assert "2 prices appended, 0 rows skipped" in hand_over(GOOD, "nl,a,2026-01-01,10")
    assert PriceChange.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("nl,a,soon,10", "'soon' is no date"),
        ("nl,a,2026-13-01,10", "no date"),
        ("nl,a,0001-01-01,10", "no date"),
        ("nl,a,0001-01-01T00:00:00+14:00,10", "no date"),
        ("nl,a,2026-01-01,a", "with a point"),
        ('nl,a,2026-01-01,"10,50"', "with a point"),
        ("nl,a,2026-01-01,10,50", "more values than the file has columns"),
        ("nl,a,2026-01-01,-5", "price -5 is no amount"),
        ("nl,a,2026-01-01,NaN", "price NaN is no amount"),
        ("nl,a,2026-01-01,sNaN", "price sNaN is no amount"),
        ("nl,a,2026-01-01,Infinity", "price Infinity is no amount"),
        ("nl,a,2026-01-01,1e30", "below 10 billion"),
        ("nl,a,2026-01-01,9999999999.99999", "more than four decimals"),
        ("nl,a,2026-01-01,", "has no price"),
        ("nl,a,2026-01-01", "has no price"),
        ("nl,a", "has no effective_from, price"),
        (",,,", "has no market, external_id, effective_from, price"),
        ("nl,a,2026-01-01," + "1" * 200_000, "no CSV"),
    ],
)
def test_a_bad_line_of_a_history_changes_nothing_and_is_named(hand_over, row, message):
    with pytest.raises(CommandError, match=f"^Line 3.*{message}") as error:
        hand_over(GOOD, row)
    assert error.value.returncode == 1
    assert len(str(error.value)) < 400
    assert PriceChange.objects.count() == 1


@pytest.mark.parametrize("amount", ["-1", "NaN", "1e10", "x"])
def test_a_bad_list_price_is_named(hand_over, amount):
    with pytest.raises(CommandError, match="Line 2: (list_price|write prices)"):
        hand_over(GOOD + "," + amount, header=HEADER + ",list_price")
    assert PriceChange.objects.count() == 1


def test_a_list_price_may_be_missing(hand_over):
    rows = GOOD + ",", "nl,a,2025-12-02,9,12.00", "nl,a,2025-12-03,9"
    assert "3 prices appended" in hand_over(*rows, header=HEADER + ",list_price")
    assert {change.list_price for change in PriceChange.objects.all()} == {None, 12}


def test_a_file_that_is_not_utf_8_is_told(hand_over):
    with pytest.raises(CommandError, match=r"history\.csv is not UTF-8"):
        hand_over(GOOD, "nl,mælk,2025-12-01,9", encoding="latin-1")
    assert PriceChange.objects.count() == 1


def test_what_this_site_saw_itself_is_not_told_otherwise(hand_over):
    """A file that says more than the site saw would make a price before a reduction of its own."""
    own = PriceChange.objects.get()
    seen = timezone.now() - datetime.timedelta(days=60)
    PriceChange.objects.filter(pk=own.pk).update(effective_from=seen, price=5)
    rows = [f"nl,a,{days_ago(days)},10.00" for days in (100, 59, 31)]
    said = hand_over(f"nl,a,{seen.isoformat()},10.00", *rows)
    assert "1 prices appended, 3 rows skipped" in said
    assert "Line 4 (a): This site has seen the price itself since 20" in said
    told = PriceChange.objects.get(origin=PriceChange.Origin.HISTORY)
    assert told.effective_from < seen
    assert "1 prices appended, 0 rows skipped" in hand_over(f"nl,a,{days_ago(90)},11.00")
