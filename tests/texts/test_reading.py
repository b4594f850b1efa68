"""Finished texts of any origin become the parts of an article; hostile ones do no harm."""

from __future__ import annotations

import builtins
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from anodyne_blocks.texts import (
    Draft,
    Heading,
    Note,
    Picture,
    Questions,
    Quote,
    Sources,
    Text,
    UnreadableText,
    guess_format,
    read_text,
)
from tests.texts.documents import GOOGLE_DOCS, MARKDOWN, WEB_PAGE, word

DOI = "10.1016/S0140-6736(18)30489-6"
LANCET = {
    "authors": "Foster NE, Anema JR",
    "title": "Prevention of low back pain",
    "container": "Lancet",
    "year": "2018",
    "doi": DOI,
}
# What each of the documents says.
PIECES = (
    Heading(2, "Moving helps"),
    Text(
        '<p>Lying in bed <b>does not</b>. Ask <a href="https://site.example/people/ada">Ada</a>.'
        "</p><ul><li>Walk<ul><li>to work</li></ul></li><li>Swim</li></ul>"
    ),
    Heading(3, "At the desk"),
    Text("<p>Stand up <i>often</i>.</p>"),
    Questions(
        heading="Frequently asked questions",
        level=2,
        introduction="",
        items=(
            ("Should I rest?", "<p>No longer than you must.</p>"),
            ("When should I see a doctor?", "<p>When a leg goes numb.</p><ul><li>Soon.</li></ul>"),
        ),
    ),
    Sources(
        "Sources", (LANCET, {"kind": "website", "title": "Sit well", "url": "https://sit.example/"})
    ),
)
STANDFIRST = "Sitting is not the enemy; sitting still is."


def reasons(draft: Draft) -> list[str]:
    return [note.reason for note in draft.notes]


def test_a_web_page_without_what_surrounds_its_article() -> None:
    draft = read_text(WEB_PAGE, "html", base="https://site.example/posts/back/")
    assert (draft.title, draft.standfirst) == ("A back that moves", STANDFIRST)
    picture = Picture("https://site.example/posts/back/desk.png", "A desk", "At work")
    quote = Quote("<p>The best posture is the next one.</p>")
    assert draft.pieces == (*PIECES[:4], picture, quote, *PIECES[4:])
    assert draft.notes == (
        Note("Embedded content is left out.", "https://video.example/1"),
        Note("This stands outside of the text: it is left out.", "Read also: chairs"),
    )


def test_google_docs_with_its_classes_detours_and_comments() -> None:
    draft = read_text(GOOGLE_DOCS, "html")
    assert (draft.title, draft.standfirst) == ("A back that moves", STANDFIRST)
    assert draft.pieces == PIECES
    assert draft.notes == ()


def test_markdown_with_front_matter() -> None:
    draft = read_text(MARKDOWN, "markdown")
    assert (draft.title, draft.standfirst) == ("A back that moves", STANDFIRST)
    assert draft.pieces == (*PIECES[:4], Picture("desk.png", "A desk"), *PIECES[4:])


def test_word_with_its_styles_and_picture() -> None:
    draft = read_text(word(), "docx")
    assert (draft.title, draft.standfirst) == ("A back that moves", STANDFIRST)
    (picture,) = draft.pictures
    assert picture.src.startswith("data:image/png;base64,") and picture.alt == "A desk"
    assert tuple(piece for piece in draft.pieces if piece != picture) == PIECES


@pytest.mark.parametrize(
    ("heading", "questions"),
    [
        ("<h2>Veelgestelde vragen over rugpijn</h2>", "<h3>Moet ik rusten?</h3><p>Nee.</p>"),
        ("<h2>Häufige Fragen</h2>", "<p><b>Soll ich ruhen?</b></p><p>Nein.</p>"),
        ("<h2>الأسئلة الشائعة</h2>", "<h2>هل أرتاح؟</h2><p>لا.</p>"),
        ("<h2>FAQ</h2>", "<details><summary>Rest?</summary><p>No.</p></details>"),
        ("<h2>Συχνές ερωτήσεις</h2>", "<p><strong>Να ξεκουραστώ;</strong></p><p>Όχι.</p>"),
    ],
)
def test_questions_are_known_in_each_language_and_form(heading: str, questions: str) -> None:
    draft = read_text(f"<p>Text</p>{heading}{questions}<h2>Ende</h2><p>More</p>", "html")
    _text, found, *rest = draft.pieces
    assert isinstance(found, Questions) and len(found.items) == 1 and found.items[0][1]
    assert rest == [Heading(2, "Ende"), Text("<p>More</p>")]


def test_what_only_looks_like_questions_or_sources_stays_text() -> None:
    html = "<h2>Questions</h2><p>We had many.</p><h2>Sources</h2><h3>Water</h3><p>Clean.</p>"
    assert [type(piece) for piece in read_text(html, "html").pieces] == [
        Heading, Text, Heading, Heading, Text,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "cited"),
    [
        ("<ol><li>One. 2001.<li>Two. 2002.<li>One. 2001.<li>Four. 2004.</ol>", "1 2 1 3"),
        ("<p>[4] One. 2001.<p>[1] Two. 2002.<p>[2] Three. 2003.<p>[3] Four. 2004.", "2 3 4 1"),
        # Nobody knows which is meant.
        ("<ul><li>One. 2001.<li>Two. 2002.<li>Three. 2003.<li>Four. 2004.</ul>", ""),
        ("<p>[1] One. 2001.<p>[1] Two. 2002.<p>[3] Three. 2003.<p>[4] Four. 2004.", ""),
        ("<ol><li>One. 2001.<li>Two. 2002.</ol><h2>References</h2><ol><li>A. 2003.</ol>", ""),
    ],
)
def test_marks_cite_the_text_s_own_list(listed: str, cited: str) -> None:
    html = (
        "<p>A[1] b <sup>[2][3]</sup>, m<sup>2</sup> and [1, 4] or [1, 9]."
        ' <a href="https://x.example/?a[1]">[1]</a></p>'
        f"<h2>FAQ</h2><h3>So?</h3><p>Yes [4].</p><h2>Sources</h2>{listed}"
    )
    text, questions, *_sources = read_text(html, "html").pieces
    assert isinstance(text, Text) and isinstance(questions, Questions)
    marks = {n: f"[{n}]" for n in "1234"}
    if cited:
        places = dict(zip("1234", cited.split(), strict=True))
        marks = {n: f'<a href="#source-{places[n]}">[{n}]</a>' for n in "1234"}
    raised = f"{marks['2']}{marks['3']}" if cited else "<sup>[2][3]</sup>"
    both = f"{marks['1']}{marks['4']}" if cited else "[1, 4]"
    assert text.html == (
        f"<p>A{marks['1']} b {raised}, m<sup>2</sup> and {both} or [1, 9]."
        ' <a href="https://x.example/?a[1]">[1]</a></p>'
    )
    assert questions.items == (("So?", f"<p>Yes {marks['4']}.</p>"),)


def test_what_is_not_as_it_was_is_told() -> None:
    draft = read_text(
        "<h2>Prices</h2><table><tr><th>Chair<th>€ 90<tr><td>Desk<td>€ 200</table>"
        "<h2>FAQ</h2><h3>Rest?</h3>"
        "<h2>References</h2><ol><li>29573870<li>29573870</ol><p>Read in May.</p>",
        "html",
    )
    assert draft.pieces[1] == Text("<ul><li>Chair · € 90</li><li>Desk · € 200</li></ul>")
    assert sorted(reasons(draft)) == [
        "A table became a list.",
        "This question has no answer yet.",
        "This source has no title yet.",
        "This source is already number 1 of the list.",
        "This stands outside of the text: it is left out.",
    ]


def test_hostile_html_leaves_its_words_at_most() -> None:
    draft = read_text(
        "<p onclick=a()>One <a href=' java\nscript:a()'>two</a> <a href='//[bad'>three</a>"
        '<a data-linktype="page" data-id="1">four</a><embed data-embedtype="image" data-id="1">'
        '<img src="http://[x"><img src="x.png" onerror="a()" alt="<script>">'
        "<svg><text>five</text></svg>"
        "<!-- six -->"
        "<script>seven</script><p hidden>eight<p style='display:none'>nine"
        "<p>&lt;script&gt;ten&lt;/script&gt;",
        "html",
    )
    assert draft.pieces == (
        Text("<p>One two threefour</p>"),
        Picture("x.png", "<script>"),
        Text("<p>&lt;script&gt;ten&lt;/script&gt;</p>"),
    )


def test_a_source_whose_address_is_none_spoils_no_list() -> None:
    html = "<h2>Sources</h2><ul><li>A book. http://[x<li>Another. 2020.</ul>"
    (sources,) = read_text(html, "html").pieces
    assert isinstance(sources, Sources)
    assert [fields["title"] for fields in sources.items] == ["A book", "Another"]
    # What looks like JSON is a text.
    draft = read_text("<h2>Sources</h2><ul><li>[ 2 ] Another. 2020.</ul>", "html")
    assert [type(piece) for piece in draft.pieces] == [Heading, Text]


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 5000,
        "<b>" * 200_000,
        "<a " * 300_001,
        "word " * 300_000,
        "",
        "<script>1</script>",
    ],
    ids=["deep", "many", "never ends", "long", "empty", "nothing to read"],
)
def test_what_is_no_article_is_refused(content: str) -> None:
    with pytest.raises(UnreadableText):
        read_text(content, "html")


def test_paragraphs_and_items_that_nobody_closed_are_no_depth() -> None:
    draft = read_text("<p>x" * 3000 + "<ul>" + "<li>y" * 3000, "html")
    (text,) = draft.pieces
    assert isinstance(text, Text) and text.html.count("<p>") == text.html.count("<li>") == 3000


def packed(**files: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        packed(**{"word/document.xml": b"<w:document"}),
        packed(**{"word/document.xml": b" " * (21 * 1024 * 1024)}),
        packed(**{"other.txt": b"none"}),
        word()[:2000],
    ],
    ids=["no archive", "broken", "bomb", "no document", "cut off"],
)
def test_a_damaged_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableText):
        read_text(content, "docx")


@pytest.mark.parametrize(("format", "module"), [("docx", "mammoth"), ("markdown", "markdown_it")])
def test_without_the_extra_it_says_what_to_install(
    format: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == module:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UnreadableText, match=r"anodyne-blocks\[texts\]"):
        read_text(b"x", format)


def test_formats_are_told_apart() -> None:
    told = {
        guess_format("a.HTML", b""): "html",
        guess_format("", "<p>One</p>"): "html",
        guess_format("notes.md", b"<p>"): "markdown",
        guess_format("", "# One\n\nTwo"): "markdown",
        guess_format("upload", word()): "docx",
    }
    assert all(found == expected for found, expected in told.items()) and len(told) == 3
