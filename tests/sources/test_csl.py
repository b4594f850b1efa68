"""Sources in a style of the Citation Style Language; what a style cannot do is built in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from anodyne_blocks.blocks import SourceListBlock
from anodyne_blocks.sources.csl import Unusable, style_path, styled
from tests import factories
from tests.test_checks import messages

HOUSE = str(Path(__file__).with_name("house.csl"))
DOI = "10.1016/S0140-6736(18)30480-X"
LANCET = {
    "kind": "article",
    "authors": "Foster NE, de Vries JA, et al.",
    "title": "Low back pain",
    "container": "The Lancet",
    "year": 2018,
    "doi": DOI,
    "pubmed_id": "29573870",
}


def text(language: str = "en", style: str = HOUSE, **fields: Any) -> str:
    """The whole entry with its title in braces."""
    before, printed, after = styled({**LANCET, **fields}, style, language)
    return f"{before}{{{printed}}}{after}"


def test_an_article_without_its_links_and_number() -> None:
    expected = "Foster, N. E., J. A. de Vries, et al., 2018,{“Low back pain”}, The Lancet."
    assert text() == expected


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Foster NE", "Foster, N. E.,"),
        ("Foster NE, Anema JR", "Foster, N. E. and J. R. Anema,"),
        ("O’Neill S.; van der Berg M.-J.", "O’Neill, S. and M. J. van der Berg,"),
        ("World Health Organization", "World Health Organization,"),
        # Not all look like people: as they were typed.
        ("NICE, London", "NICE, London,"),
        ("Foster NE et al", "Foster, N. E., et al.,"),
        ("", ""),
    ],
)
def test_authors(authors: str, expected: str) -> None:
    before = styled({**LANCET, "authors": authors}, HOUSE, "en").before
    assert before == f"{expected} 2018,".strip()


def test_words_are_of_the_pages_language() -> None:
    assert "Foster, N. E. en J. R. Anema, z.d.," in text(
        "nl", authors="Foster NE, Anema JR", year=""
    )
    assert "„Low back pain“" in text("de")
    with pytest.raises(Unusable, match="'mt'"):
        text("mt")


@pytest.mark.parametrize("language", ["pt-br", "zh-hans", "nb", "uk", "ar", "ja"])
def test_shipped_languages_have_words(language: str) -> None:
    assert "{" in text(language)


def test_what_looks_like_markup_is_text() -> None:
    title = "<b>Pain</b> & p < 0.05 \ue000"
    assert styled({**LANCET, "title": title}, HOUSE, "en").printed == "“<b>Pain</b> & p < 0.05”"


def test_a_title_in_place_of_missing_authors_is_printed_once(tmp_path: Path) -> None:
    """Many styles do that, and citeproc-py prints it again."""
    titled = "<substitute><text variable='title'/></substitute></names>"
    style = tmp_path / "titled.csl"
    style.write_text(Path(HOUSE).read_text().replace("</names>", titled))
    printed = text(style=str(style), authors="", kind="report")
    assert printed.startswith("{") and printed.count("Low back pain") == 1, printed


def resolved(language: str = "en", *sources: dict[str, Any]) -> Any:
    block = SourceListBlock()
    value = block.to_python({"sources": list(sources or [LANCET])})
    return block.element(value, factories.context_of(language))


def test_html_json_and_structured_data_agree(settings: Any) -> None:
    plain = resolved()
    factories.setting(settings, SOURCES_STYLE=HOUSE)
    element = resolved()
    (entry,) = element.entries
    assert (entry.title, entry.printed) == ("Low back pain", "“Low back pain”")
    assert entry.text == (
        "Foster, N. E., J. A. de Vries, et al., 2018, “Low back pain”, The Lancet."
        f" doi:{DOI} PubMed 29573870"
    )
    html = SourceListBlock().render(
        SourceListBlock().to_python({"sources": [LANCET]}), {"anodyne": None}
    )
    assert factories.plain(entry.text) in factories.plain(_words(html))
    assert entry.links == plain.entries[0].links and entry.url == plain.entries[0].url


def _words(html: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "html.parser").select_one("li").get_text()


@pytest.mark.parametrize("style", ["nowhere.csl", "no-such-style", __file__.replace(".py", ".csl")])
def test_readers_get_the_built_in_style_where_one_cannot_be_used(settings: Any, style: str) -> None:
    expected = resolved()
    factories.setting(settings, SOURCES_STYLE=style)
    assert resolved() == expected


def test_a_language_without_words_has_the_built_in_style(settings: Any) -> None:
    factories.setting(settings, SOURCES_STYLE=HOUSE)
    assert resolved("mt").entries[0].before == "Foster NE, de Vries JA, et al."


def test_a_broken_style_is_told_and_readers_do_without(settings: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csl"
    broken.write_text("<style>")
    expected = resolved()
    factories.setting(settings, SOURCES_STYLE=broken)
    assert resolved() == expected
    assert list(messages()) == ["E023"]


def test_the_extra_that_is_missing_is_told(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "citeproc", None)
    with pytest.raises(Unusable, match=r"anodyne-blocks\[csl\]"):
        style_path(HOUSE)
    factories.setting(settings, SOURCES_STYLE=HOUSE)
    assert "anodyne-blocks[csl]" in messages()["E023"].msg
    assert resolved().entries[0].printed == "Low back pain"
