"""Pasted lists of sources: what is understood, line by line, and what it costs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest

from anodyne_blocks.sources.reading import LONGEST, MOST, Row, TooLong, read

DOI = "10.1016/S0140-6736(18)30489-6"

LINES = [
    (
        "1. Foster NE, Anema JR, Cherkin D, et al. Prevention and treatment of low back pain:"
        " evidence, challenges, and promising directions. Lancet. 2018;391(10137):2368-2383."
        f" doi:{DOI}. PMID: 29573872.",
        {
            "authors": "Foster NE, Anema JR, Cherkin D, et al",
            "title": "Prevention and treatment of low back pain: evidence, challenges, and"
            " promising directions",
            "container": "Lancet",
            "year": "2018",
            "doi": DOI,
            "pubmed_id": "29573872",
        },
    ),
    (
        "Hartvigsen, J., Hancock, M. J., & Kongsted, A. (2018). What low back pain is. The Lancet,"
        f" 391(10137), 2356–2367. https://doi.org/{DOI}",
        {
            "authors": "Hartvigsen, J., Hancock, M. J., & Kongsted, A",
            "title": "What low back pain is",
            "container": "The Lancet",
            "year": "2018",
            "doi": DOI,
        },
    ),
    (
        "[12] Gezondheidsraad. Ischias. Den Haag: Gezondheidsraad; 1999.",
        {
            "authors": "Gezondheidsraad",
            "title": "Ischias",
            "container": "Den Haag: Gezondheidsraad",
            "year": "1999",
        },
    ),
    (
        "• Thuisarts.nl. Ik heb ischias. 2021. www.thuisarts.nl/ischias#rug",
        {
            "kind": "website",
            "authors": "Thuisarts.nl",
            "title": "Ik heb ischias",
            "year": "2021",
            "url": "https://www.thuisarts.nl/ischias#rug",
        },
    ),
    (
        "Koes BW, van Tulder MW. Does rest help? BMJ. 2007;334:1313-7.",
        {
            "authors": "Koes BW, van Tulder MW",
            "title": "Does rest help?",
            "container": "BMJ",
            "year": "2007",
        },
    ),
    ("Sitting less", {"title": "Sitting less"}),
    (DOI, {"doi": DOI}),
    (f"https://doi.org/{DOI}", {"doi": DOI}),
    ("https://pubmed.ncbi.nlm.nih.gov/29573870/", {"pubmed_id": "29573870"}),
    ("29573870", {"kind": "article", "pubmed_id": "29573870"}),
    ("PMID: 29573870", {"pubmed_id": "29573870"}),
    ("https://a.example/page", {"kind": "website", "url": "https://a.example/page"}),
]


def fields(text: str) -> list[dict[str, str]]:
    return [row.fields for row in read(text)]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line[:20] for line, _ in LINES])
def test_a_line_is_understood(line: str, expected: dict[str, str]) -> None:
    assert fields(line) == [expected]


def test_a_list_is_read_line_by_line_and_each_row_shows_what_was_pasted() -> None:
    rows = read("\n".join(line for line, _expected in LINES[:1] + LINES[2:6]))
    assert len(rows) == 5
    assert rows[1].pasted == LINES[2][0]


def test_wrapped_lines_belong_to_the_number_above_them() -> None:
    text = "1. Foster NE. Prevention of\n   low back pain. Lancet. 2018.\n\n2. Sitting less"
    assert [row["title"] for row in fields(text)] == ["Prevention of low back pain", "Sitting less"]


def test_six_sources_of_one_title_are_six() -> None:
    publishers = ("NHG", "NVN", "Thuisarts", "Hersenstichting", "KNGF", "Gezondheidsraad")
    rows = read("\n".join(f"{publisher}. Ischias. 2020." for publisher in publishers))
    assert [row.fields["authors"] for row in rows] == list(publishers)
    assert {row.same_as for row in rows} == {None}


def test_a_source_that_is_in_the_list_or_in_the_text_already_is_found_again() -> None:
    listed = [{"title": "One"}, {"title": "What low back pain is", "doi": DOI.lower()}]
    rows = read(f"A title. doi:{DOI}\nSitting less\nSitting less", listed)
    assert [row.same_as for row in rows] == [2, None, 3]


BIBTEX = r"""
% exported
@string{lancet = "The Lancet"}
@article{foster2018,
  title = {{Prevention} and treatment of low back pain: "evidence"},
  author = {Foster, Nadine E. and M{\"u}ller, J{\'e}r{\^o}me and {World Health Organization}},
  journal = "The {L}ancet", year = 2018, doi = {10.1016/S0140-6736(18)30489-6}
}
@book(x, title = "Standing " # "up", author = "Nadine E Foster", publisher = {Arts \& Co},
  date = {2023-12-07})
"""


def test_bibtex() -> None:
    assert fields(BIBTEX) == [
        {
            "kind": "article",
            "authors": "Foster NE, Müller J, World Health Organization",
            "title": 'Prevention and treatment of low back pain: "evidence"',
            "container": "The Lancet",
            "year": "2018",
            "doi": DOI,
        },
        {
            "kind": "book",
            "authors": "Foster NE",
            "title": "Standing up",
            "container": "Arts & Co",
            "year": "2023",
        },
    ]


def test_ris() -> None:
    text = (
        "TY  - JOUR\nAU  - Foster, Nadine E\nAU  - Anema, J R\nTI  - Prevention\nJO  - Lancet\n"
        f"PY  - 2018/06/09\nDO  - {DOI}\nER  - \n\nTY  - ELEC\nTI  - A page\n"
        "UR  - https://a.example/\n"
    )
    assert fields(text) == [
        {
            "kind": "article",
            "authors": "Foster NE, Anema JR",
            "title": "Prevention",
            "container": "Lancet",
            "year": "2018",
            "doi": DOI,
        },
        {"kind": "website", "title": "A page", "url": "https://a.example/"},
    ]


def test_csl_json() -> None:
    item = {
        "type": "article-journal",
        "title": "Prevention of <i>pain</i> &amp; rest",
        "author": [{"family": "Foster", "given": "Nadine E."}, {"literal": "WHO"}],
        "container-title": ["Lancet"],
        "issued": {"date-parts": [[2018, 3, 21]]},
        "DOI": DOI,
        "PMID": "29573872",
        "URL": f"https://doi.org/{DOI}",
    }
    expected = {
        "kind": "article",
        "authors": "Foster NE, WHO",
        "title": "Prevention of pain & rest",
        "container": "Lancet",
        "year": "2018",
        "doi": DOI,
        "pubmed_id": "29573872",
    }
    for text in (json.dumps([item]), json.dumps(item), json.dumps({"items": [item]}, indent=2)):
        assert fields(text) == [expected]


@pytest.mark.parametrize(
    "text", ["[{", '{"a": ' * 90, "[" + "[" * 190_000, '[{"a": 1}, 3'], ids=range(4)
)
def test_json_that_is_none_is_refused_as_such(text: str) -> None:
    with pytest.raises(ValueError):
        read(text if text.startswith(("{", "[{")) else "[\n" + text)


def test_what_a_form_would_refuse_is_left_out() -> None:
    item = {"title": "T" * 900, "DOI": "none", "PMID": "PMC1", "URL": "javascript:alert(1)"}
    (found,) = fields(json.dumps([{**item, "issued": "in print"}]))
    assert list(found) == ["title"]
    assert len(found["title"]) <= 400


def test_nothing_is_no_source() -> None:
    assert read(" \n\n") == []


def test_too_long_a_text_is_refused_and_many_sources_are_cut() -> None:
    with pytest.raises(TooLong):
        read("a" * (LONGEST + 1))
    assert len(read("\n".join(f"Title {n}" for n in range(MOST + 9)))) == MOST


def test_files_that_programs_cut_or_joined_keep_what_they_hold() -> None:
    """RIS without ends, and with more of them; BibTeX that stops; JSON with odd things between."""
    ris = "TY  - BOOK\nTI  - One\nTI  - \nTY  - BOOK\nTI  - Two\nER  - \nER  - \n"
    assert [found["title"] for found in fields(ris)] == ["One", "Two"]
    assert [found["title"] for found in fields("@book{a, title = {One")] == ["One"]
    assert fields("@book{a, title = ") == [{"kind": "book"}]
    assert [found["title"] for found in fields('[{"title": "One"}, 3, null]')] == ["One"]


def test_a_doi_in_the_place_of_the_address_is_one() -> None:
    (found,) = fields(json.dumps({"title": "One", "URL": f"https://doi.org/{DOI}"}))
    assert found["doi"] == DOI
    assert "url" not in found


HOSTILE: dict[str, Callable[[int], str]] = {
    "entries": lambda n: "@a{" * (n // 3),
    "braces": lambda n: "@a{k, title = " + "{" * n,
    "quotes": lambda n: "@a{k, title = " + '"{' * (n // 2),
    "accents": lambda n: "@a{k, title = {" + "\\'{" * (n // 3),
    "joins": lambda n: "@a{k, a = " + "x#" * (n // 2),
    "names": lambda n: "@a{k, author = {" + " and " * (n // 5),
    "tags": lambda n: "@a{k, title = {" + "<a " * (n // 3),
    "dois": lambda n: "10.1234/" * (n // 8),
    "sentences": lambda n: "a. " * (n // 3),
    "capitals": lambda n: "A " * (n // 2),
    "numbers": lambda n: "1. " * (n // 3),
    "volumes": lambda n: "a. b. " + "1990;" * (n // 5),
    "parentheses": lambda n: "(" * n,
    "lines": lambda n: "a\n" * (n // 2),
    "records": lambda n: "TY  - A\n" * (n // 8),
    "years": lambda n: "x (" * (n // 3) + "1999",
}


def steps(work: Callable[[], list[Row]]) -> int:
    """The lines of Python that run."""
    count = 0

    def trace(frame: object, event: str, arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_steps_in_their_length(name: str) -> None:
    small, large = HOSTILE[name](5_000), HOSTILE[name](20_000)
    assert steps(lambda: read(large)) <= 6 * steps(lambda: read(small)) + 2_000
