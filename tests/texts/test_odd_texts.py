"""Texts as pages, programs and people really leave them: nothing of theirs is lost unsaid."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail import blocks

from anodyne_blocks.blocks import FAQBlock, HeadingBlock, ParagraphBlock
from anodyne_blocks.sources.reading import MOST
from anodyne_blocks.texts import (
    LONGEST,
    Draft,
    Heading,
    Picture,
    Questions,
    Sources,
    Text,
    UnreadableText,
    read_text,
)
from anodyne_blocks.texts.pictures import MOST_PICTURES, pictures_of
from anodyne_blocks.texts.placing import placed
from anodyne_blocks.texts.shaping import MOST_PIECES

BEYOND = "The text is too long: its end is left out."
OUTSIDE = "This stands outside of the text: it is left out."
LANCET = "Foster NE. Prevention of low back pain. Lancet. 2018."


def pieces(html: str) -> tuple[Any, ...]:
    return read_text(html, "html").pieces


def reasons(draft: Draft) -> list[str]:
    return [note.reason for note in draft.notes]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>One<hr>two", "<p>One</p><p>two</p>"),
        ("<p>One</p><div/><p>two", "<p>One</p><p>two</p>"),
        ("<p>One</b></i></section> two", "<p>One two</p>"),
        ("<p>Well <img class='emoji' alt='🙂' src='s.png'> done", "<p>Well 🙂 done</p>"),
        ("<p>One<img src='t.png' width=1 height=1><img><p>two", "<p>One</p><p>two</p>"),
        ("<p>One <input type=checkbox> two", "<p>One two</p>"),
        ("<p><br><br>One<br> <br></p>", "<p>One</p>"),
    ],
    ids=["rule", "closed itself", "never opened", "emoji", "tracker", "tick", "empty lines"],
)
def test_what_pages_hold_beside_words_costs_none(html: str, shown: str) -> None:
    draft = read_text(html, "html")
    assert draft.pieces == (Text(shown),)
    assert not draft.notes


@pytest.mark.parametrize("name", ["data-src", "data-lazy-src"])
def test_a_picture_that_loads_later_is_found(name: str) -> None:
    later = f"<img src='data:image/svg+xml,%3Csvg/%3E' {name}='/desk.png' alt='A desk'>"
    html = f"<base href='https://shop.example/a/'><p>One</p>{later}"
    assert pieces(html) == (Text("<p>One</p>"), Picture("https://shop.example/desk.png", "A desk"))


def test_a_page_without_a_heading_is_called_as_it_is_shared() -> None:
    shared = "<meta property='og:title' content=' Sit  well '>"
    canonical = "<link rel=canonical href='https://site.example/sit/'>"
    draft = read_text(f"<head>{shared}{canonical}</head><p><a href='more/'>More</a>", "html")
    assert draft.title == "Sit well"
    assert draft.pieces == (Text('<p><a href="https://site.example/sit/more/">More</a></p>'),)


@pytest.mark.parametrize(
    "content",
    [
        "<p>Très bien</p>".encode("utf-16"),
        "<p>Très bien</p>".encode("utf-8-sig"),
        "<meta charset=iso-8859-1><p>Très bien</p>".encode("latin-1"),
        "<meta charset=of-ours><p>Très bien</p>".encode("cp1252"),
        # No character in cp1252, which everything else is read as.
        "<p>Très bien</p><!-- \x81 -->".encode("latin-1"),
    ],
    ids=["UTF-16", "with a mark", "named", "named wrongly", "in none"],
)
def test_letters_are_read_in_every_encoding(content: bytes) -> None:
    assert read_text(content, "html").pieces == (Text("<p>Très bien</p>"),)


@pytest.mark.parametrize(
    ("content", "format", "message"),
    [
        ("One", "odt", "'odt' is no format"),
        ("a" * (LONGEST + 1), "html", "20"),
        ("One", "docx", ".docx"),
    ],
    ids=["unknown", "too long", "no file"],
)
def test_what_is_no_text_is_refused(content: str, format: str, message: str) -> None:
    with pytest.raises(UnreadableText, match=message):
        read_text(content, format)


def test_a_text_without_an_end_is_cut_and_it_is_told() -> None:
    draft = read_text("<h2>A</h2><p>b</p>" * MOST_PIECES, "html")
    assert len(draft.pieces) == MOST_PIECES
    assert BEYOND in reasons(draft)


def test_sources_without_an_end_are_cut_and_it_is_told() -> None:
    listed = "".join(f"<li>Book number {n}. 2020.</li>" for n in range(MOST + 1))
    draft = read_text(f"<h2>Sources</h2><ol>{listed}</ol>", "html")
    (sources,) = draft.pieces
    assert len(sources.items) == MOST
    assert BEYOND in reasons(draft)


def test_a_picture_among_sources_stands_after_them() -> None:
    draft = read_text(
        f"<h2>Sources</h2><ol><li>{LANCET}</li></ol><img src='https://a.example/b.png'>", "html"
    )
    assert [type(piece) for piece in draft.pieces] == [Sources, Picture]
    assert "A picture among questions or sources now stands after them." in reasons(draft)


def test_a_caption_without_a_picture_is_told() -> None:
    draft = read_text("<p>One<figure><figcaption>A desk</figcaption></figure>", "html")
    assert draft.pieces == (Text("<p>One</p>"),)
    assert [(note.reason, note.words) for note in draft.notes] == [(OUTSIDE, "A desk")]


class Small(blocks.StreamBlock):
    """A body that has neither questions, quotes nor sources."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()


class Plain(blocks.StreamBlock):
    """A body of Wagtail's own text alone."""

    text = blocks.RichTextBlock()


FULL = (
    "<h2>Moving helps</h2><blockquote><p>Sit less.</p></blockquote>"
    "<h2>FAQ</h2><p>In short.</p><h3>Should I rest?</h3><p>No.</p>"
    f"<h2>Sources</h2><ol><li>{LANCET}</li></ol>"
)


def words_of(stream: type[blocks.StreamBlock], html: str) -> list[tuple[str, str]]:
    """(name, all that is stored) of the blocks that a text becomes."""
    return [(name, str(value)) for name, value, *_ in placed(read_text(html, "html"), stream())]


@pytest.mark.parametrize("stream", [Small, Plain])
def test_what_a_body_has_no_block_for_becomes_running_text(
    stream: type[blocks.StreamBlock],
) -> None:
    assert {Heading, Questions, Sources} <= {type(piece) for piece in pieces(FULL)}
    found = words_of(stream, FULL)
    assert {name for name, _ in found} == set(stream.base_blocks)
    said = " ".join(value for _, value in found)
    for words in ("Moving helps", "Sit less.", "In short.", "Should I rest?", "No.", "Foster NE"):
        assert said.count(words) == 1, words


def test_a_block_that_a_body_has_once_is_not_made_twice() -> None:
    class Once(Small):
        faq = FAQBlock()

    names = [name for name, _ in words_of(Once, FULL)]
    assert names.count("faq") == 1


@pytest.mark.django_db
def test_pictures_without_an_end_and_broken_ones_are_left_out_and_told() -> None:
    broken = [f"data:image/png;base64,{n}" for n in range(MOST_PICTURES + 1)]
    images, notes = pictures_of(Draft(pieces=tuple(Picture(src, "") for src in broken)))
    assert images == {}
    assert len(notes) == len(broken)
    assert BEYOND in notes[-1].reason
    assert BEYOND not in notes[-2].reason
