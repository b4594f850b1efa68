"""Feeds as text: columns, quotation marks, and rows that are named and not lost."""

from __future__ import annotations

import pytest

from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.merchant_feed.offer import PROBLEM
from anodyne_blocks.shops.merchant_feed.tsv import read_rows

HEAD = "id\ttitle\tprice\n"


def rows(text: str, size: int = 7) -> list[dict[str, str]]:
    """The rows of a feed that comes in small pieces."""
    data = text.encode()
    return list(read_rows([data[n : n + size] for n in range(0, len(data), size)]))


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("image_link", "image_link"), ("Image link", "image_link"), ("g:image_link", "image_link"),
        ("IMAGE-LINK", "image_link"), (" image  link ", "image_link"),
        ("Image link [image_link]", "image_link"), ("c:season", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_columns(name: str, field: str | None) -> None:
    (row,) = rows(f"id\t{name}\n1\thttps://s.example/1.jpg\n")
    assert row == {"id": "1"} | ({field: "https://s.example/1.jpg"} if field else {})


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ("Mat", "Mat"),
        ("  Mat ", "Mat"),
        ('"Mat\tand ""cover"""', 'Mat\tand "cover"'),
        ('"Mat\n\nand cover"', "Mat\nand cover"),
        ('Pan 12" wide', 'Pan 12" wide'),
        ('"Best" mat', '"Best" mat'),
        ('""', None),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_quotation_marks(cells: str, title: str | None, line_end: str) -> None:
    text = f"{HEAD}1\t{cells}\t2.00 EUR\n2\tLamp\t3.00 EUR".replace("\n", line_end)
    first, second = rows(text, size=1000)
    assert first == {"id": "1"} | ({"title": title} if title else {}) | {"price": "2.00 EUR"}
    assert second == {"id": "2", "title": "Lamp", "price": "3.00 EUR"}


def test_a_quotation_that_does_not_end_hides_no_row() -> None:
    found = rows(f'{HEAD}1\t"Mat\t2.00 EUR\n2\t"Lamp"\t3.00 EUR\n3\t"Rug\t4.00 EUR\n')
    assert [row["id"] for row in found] == ["1", "2", "3"]
    assert [row.get(PROBLEM) for row in found] == [
        "line 2 begins a quotation that does not end",
        None,
        "line 4 begins a quotation that does not end",
    ]


def test_a_row_of_too_many_columns_is_named() -> None:
    short, trailing, long = rows(f"{HEAD}1\tMat\n2\tMat\t1.00 EUR\t\t\n3\tMat\t1.00 EUR\tx\n")
    assert short == {"id": "1", "title": "Mat"}
    assert PROBLEM not in trailing
    assert long[PROBLEM] == "line 4 has 4 columns, the first line 3"


def test_parts_of_columns() -> None:
    head = "id\tsubscription_cost(period:period_length:amount)\tstructured title(a:content)"
    (row,) = rows(f'{head}\n1\tmonth:24:39.00 EUR\t:"Mat: soft"\n')
    assert row == {
        "id": "1",
        "subscription_cost.period": "month",
        "subscription_cost.period_length": "24",
        "subscription_cost.amount": "39.00 EUR",
        "structured_title.content": "Mat: soft",
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"sku,title\n1,Mat\n", 'no column of its first line is "id"'),
        (b"{}", "neither XML nor a text feed"),
        (b"id\ttitle\n1\tCaf\xe9\n", "no UTF-8 in line 2"),
        (b"id\t" + b"\t".join(b"f%d" % n for n in range(600)), "more than 500 columns"),
        (b"id\ttitle\n" + b"x" * 5_000_000, "more than four mebibytes"),
        (b'id\ttitle\n1\t"' + b"x\n" * 3_000_000, "more than four mebibytes"),
    ],
)
def test_what_is_no_text_feed_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ShopError, match=reason):
        list(read_rows([data[n : n + 65536] for n in range(0, len(data), 65536)]))


def test_a_quotation_over_lines_may_end_the_row_or_be_one_of_several() -> None:
    text = 'id\tprice\ttitle\n1\t2.00 EUR\t"Mat\nand ""soft""\ncover"\n2\t3.00 EUR\t"Lamp"\n'
    first, second = rows(text)
    assert first["title"] == 'Mat\nand "soft"\ncover'
    assert (second["id"], second["title"]) == ("2", "Lamp")
    text = f'{HEAD}1\t"Mat\nsoft"\t"2.00 EUR"\n2\t"Lamp\nred"\t3.00 EUR\n'
    assert [row["price"] for row in rows(text)] == ["2.00 EUR", "3.00 EUR"]
