"""The source list: numbers, citations, links, and no source twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from anodyne_blocks.blocks import SourceBlock, SourceListBlock
from tests import factories

LANCET = {
    "authors": "Hartvigsen J, Hancock MJ, et al.",
    "title": "What low back pain is",
    "container": "The Lancet",
    "year": 2018,
}
DOI = "10.1016/S0140-6736(18)30480-X"


def cleaned(*sources: dict[str, Any]) -> Any:
    block = SourceListBlock()
    return block.clean(block.to_python({"sources": list(sources)}))


def resolved(*sources: dict[str, Any], language: str = "en") -> Any:
    block = SourceListBlock()
    value = block.to_python({"sources": list(sources)})
    return block.element(value, factories.context_of(language))


def errors_of(*sources: dict[str, Any]) -> dict[int, dict[str, str]]:
    """{index of the source: {field: message}} of a list that is refused."""
    with pytest.raises(ValidationError) as refused:
        cleaned(*sources)
    errors = refused.value.as_json_data()["blockErrors"]["sources"]["blockErrors"]
    pairs = errors.items() if isinstance(errors, dict) else enumerate(errors)
    return {
        int(index): {name: field["messages"][0] for name, field in error["blockErrors"].items()}
        for index, error in pairs
        if error
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"doi": DOI}, {"doi": DOI.lower(), "title": "Another title"}),
        ({"doi": DOI}, {"doi": f"https://doi.org/{DOI}"}),
        ({"doi": DOI}, {"url": f"https://doi.org/{DOI}"}),
        ({"pubmed_id": "29573870"}, {"pubmed_id": "29573870", "title": "Another title"}),
        ({"doi": DOI, "pubmed_id": "29573870"}, {"pubmed_id": "29573870"}),
        ({"url": "https://a.example/page"}, {"url": "https://A.example/page/"}),
        ({"url": "https://a.example/page"}, {"url": "http://www.a.example/page"}),
        ({}, {"title": "  what LOW back pain is "}),
    ],
)
def test_a_source_twice_is_refused_at_its_second_place(first: Any, second: Any) -> None:
    between = {"title": "Another source"}
    errors = errors_of({**LANCET, **first}, between, {**LANCET, **second})
    assert errors == {2: {"title": "This source is already number 1 of the list."}}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"url": "https://a.example/?id=1"}, {"url": "https://a.example/?id=2"}),
        ({"doi": DOI}, {"doi": "10.1016/another"}),
        ({"year": 2018}, {"year": 2020}),
        ({"authors": "Health Council"}, {"authors": "College of GPs"}),
        ({"container": "Leaflets"}, {"container": "Guidelines"}),
        ({"url": "https://a.example/book#2"}, {"url": "https://a.example/book#3"}),
    ],
)
def test_different_sources_are_welcome(first: Any, second: Any) -> None:
    assert len(cleaned({**LANCET, **first}, {**LANCET, **second})["sources"]) == 2


@pytest.mark.parametrize(
    "typed",
    [
        DOI,
        f" {DOI} ",
        f"https://doi.org/{DOI}",
        f"http://dx.doi.org/{DOI}",
        f"https://www.doi.org/{DOI}",
        f"doi.org/{DOI}",
        f"doi:{DOI}",
        f"DOI: {DOI}",
        f"doi:{DOI}.",
        f"doi:https://doi.org/{DOI}",
        f"https://doi.org/https://doi.org/{DOI}",
        f"https://doi.org/doi:{DOI}",
        f"info:doi/{DOI}",
        f"urn:doi:{DOI}",
        "https://doi.org/10.1016/S0140-6736%2818%2930480-X",
    ],
)
def test_a_doi_is_kept_bare_however_it_is_pasted(typed: str) -> None:
    value = cleaned({**LANCET, "doi": typed})
    assert value["sources"][0]["doi"] == DOI
    (entry,) = SourceListBlock().element(value, factories.context_of("en")).entries
    assert entry.url == f"https://doi.org/{DOI}"


@pytest.mark.parametrize("typed", ["10.21/AB1", "10.1000.10/123"])
def test_registrants_may_be_short_or_subdivided(typed: str) -> None:
    assert cleaned({**LANCET, "doi": typed})["sources"][0]["doi"] == typed


@pytest.mark.parametrize("typed", ["11.1016/x", "10.1/x", "29573870", "https://a.example/x"])
def test_what_is_no_doi_is_refused(typed: str) -> None:
    (errors,) = errors_of({**LANCET, "doi": typed}).values()
    assert "begins with “10.”" in errors["doi"]


def test_a_year_to_come_is_refused() -> None:
    assert "year" in errors_of({**LANCET, "year": 2999})[0]


def test_what_is_no_pubmed_id_is_refused_in_words() -> None:
    assert "29573872" in errors_of({**LANCET, "pubmed_id": "PMC123"})[0]["pubmed_id"]


def test_a_draft_may_hold_unfinished_sources() -> None:
    block = SourceListBlock()
    value = block.to_python({"sources": [LANCET, {"title": ""}, {"title": ""}]})
    block.defer_required_validation()
    try:
        value = block.clean(value)
    finally:
        block.restore_deferred_validation()
    assert len(block.element(value, factories.context_of("en")).entries) == 1


def test_a_draft_may_hold_a_source_twice() -> None:
    block = SourceListBlock()
    value = block.clean_deferred(block.to_python({"sources": [LANCET, LANCET]}))
    assert len(value["sources"]) == 2


def test_numbers_skip_what_is_empty() -> None:
    entries = resolved({"title": "One"}, {"title": ""}, {"title": "Two"}).entries
    assert [(e.number, e.title, e.anchor) for e in entries] == [
        (1, "One", "sources-1"),
        (2, "Two", "sources-2"),
    ]


def test_a_citation_reads_as_one_sentence_after_the_other() -> None:
    source = {**LANCET, "doi": DOI, "pubmed_id": "29573870", "accessed": "2025-10-25"}
    (entry,) = resolved(source).entries
    assert entry.text == (
        "Hartvigsen J, Hancock MJ, et al. What low back pain is. The Lancet. 2018."
        f" Accessed {factories.day('2025-10-25', 'en')}. doi:{DOI} PubMed 29573870"
    )
    assert [link.url for link in entry.links] == [
        f"https://doi.org/{DOI}",
        "https://pubmed.ncbi.nlm.nih.gov/29573870/",
    ]


@pytest.mark.parametrize("title", ["Does rest help?", "هل تفيد الراحة؟", "休息有用吗？", "Rest!"])
def test_a_title_that_ends_with_a_sign_gets_no_full_stop(title: str) -> None:
    (entry,) = resolved({"title": title}).entries
    assert entry.text == title


def test_a_title_links_to_the_page_else_to_the_doi_else_to_pubmed() -> None:
    both = {"doi": DOI, "pubmed_id": "1"}
    entries = resolved(
        {"title": "a", "url": "https://a.example/", **both},
        {"title": "b", **both},
        {"title": "c", "pubmed_id": "1"},
        {"title": "d"},
    ).entries
    assert [entry.url for entry in entries] == [
        "https://a.example/",
        f"https://doi.org/{DOI}",
        "https://pubmed.ncbi.nlm.nih.gov/1/",
        "",
    ]


def test_a_doi_with_angle_brackets_makes_a_whole_link() -> None:
    doi = "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2"
    (entry,) = resolved({"title": "a", "doi": doi}).entries
    assert "<" not in entry.url
    assert entry.url.startswith("https://doi.org/10.1002/(SICI)1097-0258(19980815)17%3A15%3C")


def test_only_a_long_list_is_folded(settings: Any) -> None:
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SOURCES_OPEN_UP_TO": 2}
    titles = [{"title": title} for title in "abc"]
    assert not resolved(*titles[:2]).collapsed
    folded = resolved(*titles)
    assert folded.collapsed
    assert folded.summary == "Show all 3 sources"


def test_a_list_of_nothing_shows_nothing() -> None:
    assert resolved({"title": ""}) is None


def test_no_two_places_of_a_page_share_an_anchor(db: None) -> None:
    page = factories.page(
        ("sources", {"sources": [{"title": "a"}, {"title": "b"}]}),
        ("sources", {"sources": [{"title": "c"}]}),
        ("heading", {"text": "Sources 1"}),
    )
    first, second, heading = factories.elements(page)
    anchors = [
        first.anchor,
        second.anchor,
        heading.anchor,
        *(entry.anchor for entry in (*first.entries, *second.entries)),
    ]
    assert len(set(anchors)) == len(anchors)


def test_a_source_keeps_its_stored_shape_when_cleaned() -> None:
    block = SourceBlock()
    value = block.clean(block.to_python({**LANCET, "doi": f"https://doi.org/{DOI}"}))
    assert block.get_prep_value(value)["doi"] == DOI
