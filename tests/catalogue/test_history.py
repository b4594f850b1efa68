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
from anodyne_blocks.pricing.history import Gap

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


def test_of_two_prices_of_one_moment_the_lower_one_counts(hand_over):
    said = hand_over(GOOD, GOOD.replace(",9", ",8"), "nl,a,2025-12-02,9", "nl,a,2025-12-02,9")
    assert "2 prices appended, 1 rows skipped" in said
    assert "(a): The file names a lower price of this moment, which counts." in said
    history = PriceChange.objects.filter(origin=PriceChange.Origin.HISTORY)
    assert [change.price for change in history.order_by("effective_from")] == [8, 9]


def test_what_is_no_past_price_is_skipped(hand_over):
    said = hand_over(f"nl,a,{days_ago(-1)},9", f"nl,a,{days_ago(9)},0", GOOD)
    assert "1 prices appended, 2 rows skipped" in said
    assert "Line 2 (a): The date is in the future." in said
    assert "Line 3 (a): 0 is no price." in said


def test_a_file_may_be_handed_over_again(hand_over):
    assert "1 prices appended, 0 rows skipped" in hand_over(GOOD)
    assert "0 prices appended, 0 rows skipped" in hand_over(GOOD)
    said = hand_over(GOOD.replace(",9", ",8"))
    assert "0 prices appended, 1 rows skipped" in said
    assert "Another price is known of this moment: 9.00" in said


def test_a_file_that_is_not_there_or_lacks_columns_is_told(hand_over, tmp_path: Path):
    with pytest.raises(CommandError, match="Cannot read .*: No such file"):
        call_command("import_price_history", tmp_path / "none.csv", shop="webshop")
    with pytest.raises(CommandError, match="lacks the columns effective_from, price"):
        hand_over("nl,a", header="market,external_id")
    assert PriceChange.objects.count() == 1


@pytest.fixture
def silence(hand_over) -> PriceChange:
    """The price after ten days in which the shop was not heard; it had asked 10.00 before."""
    after = PriceChange.objects.get()
    gap = {"gap": Gap.SILENCE.value, "gap_from": timezone.now() - datetime.timedelta(days=20)}
    began = timezone.now() - datetime.timedelta(days=10)
    PriceChange.objects.filter(pk=after.pk).update(effective_from=began, **gap)
    heard = timezone.now() - datetime.timedelta(days=60)
    PriceChange.objects.create(
        offer=after.offer, price=10, currency="EUR", effective_from=heard, observed_at=heard
    )
    return after


def test_what_a_shop_tells_of_a_gap_closes_it(hand_over, silence):
    """The price that it asked when it was last heard is the one that was heard."""
    said = hand_over(f"nl,a,{days_ago(61)},10.00", f"nl,a,{days_ago(15)},12.00")
    assert "3 prices appended, 0 rows skipped" in said
    silence.refresh_from_db()
    assert silence.gap_closed_at is not None
    # From the gap's first moment on the price is known.
    assert PriceChange.objects.filter(effective_from=silence.gap_from, price=10).exists()
    closed = silence.gap_closed_at
    hand_over(f"nl,a,{days_ago(61)},10.00")
    silence.refresh_from_db()
    assert silence.gap_closed_at == closed


def test_a_history_that_tells_another_price_than_was_heard_closes_no_gap(hand_over, silence):
    said = hand_over(f"nl,a,{days_ago(61)},11.00")
    assert "this site saw another price: 10.00" in said
    silence.refresh_from_db()
    assert silence.gap_closed_at is None


def test_a_history_that_begins_within_a_gap_closes_none(hand_over, silence):
    assert "1 prices appended, 0 rows skipped" in hand_over(f"nl,a,{days_ago(15)},12.00")
    silence.refresh_from_db()
    assert silence.gap_closed_at is None
