"""Reads a finished text: HTML (a web page, Google Docs), Markdown, or Word's `.docx`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from io import BytesIO
from zipfile import ZipFile

from django.utils.translation import gettext

from anodyne_blocks.texts.draft import Draft
from anodyne_blocks.texts.markup import DEEPEST, MOST_TAGS, TooMuch, lines_of
from anodyne_blocks.texts.shaping import asked_in, shaped

#: Formats of a text, as `guess_format` names them.
FORMATS = ("html", "markdown", "docx")
#: Bytes of a file, with the pictures in it; characters of a text without these.
LONGEST = 20 * 1024 * 1024
LONGEST_TEXT = 1_000_000
# Bytes of a Word document once it is unpacked.
_UNPACKED = 100 * 1024 * 1024
_UNPACKED_XML = 20 * 1024 * 1024
_ENDINGS = {
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown", ".txt": "markdown",
    ".docx": "docx",
}  # fmt: skip
_TAG = re.compile(
    r"<(?:!doctype|html|body|article|main|div|section|p|h[1-6]|[uo]l|span|meta|b|table)\b[^>]*>",
    re.IGNORECASE,
)
_DATA = re.compile(r"data:image/[\w+.-]+;base64,[A-Za-z0-9+/=\s]+")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# "1." or "Q:" before a question, "##" before a heading.
_COUNTED = re.compile(r"^\s*(?:#+|[-*•–]|\d{1,3}[.)]|\w\d{0,2}:)\s+")
_STYLES = "\n".join(
    (
        "p[style-name='Title'] => h1.title:fresh",
        "p[style-name='Subtitle'] => p.lead:fresh",
        "p[style-name='Quote'] => blockquote:fresh",
        "p[style-name='Intense Quote'] => blockquote:fresh",
        "p[style-name='Caption'] => figcaption:fresh",
    )
)


class UnreadableText(ValueError):
    """A text cannot be read; the message says why, and what to do."""


def unreadable(error: object) -> UnreadableText:
    """The refusal of a file that is not what it was taken for; `error` says where or what."""
    text = gettext("This file is damaged, or of another kind: %(error)s")
    return UnreadableText(text % {"error": error})


def too_long() -> UnreadableText:
    """The refusal of a file of more than `LONGEST` bytes."""
    text = gettext("This is too long: at most %(count)d MB.")
    return UnreadableText(text % {"count": LONGEST // 1024**2})


def too_many(characters: int) -> UnreadableText:
    """The refusal of a text of more characters than these."""
    text = gettext("This is too long: at most %(count)d characters.")
    return UnreadableText(text % {"count": characters})


def guess_format(name: str, content: bytes | str) -> str:
    """One of `FORMATS`, by the ending of a file's name or else by what is in it."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    start = content[:2000]
    if isinstance(start, bytes):
        if start.startswith(b"PK"):
            return "docx"
        start = start.decode("latin-1")
    return "html" if _TAG.search(start) else "markdown"


def read_text(content: bytes | str, format: str, *, base: str = "") -> Draft:
    """What a text holds. Nothing is fetched and nothing stored.

    `format` is one of `FORMATS`; `content` is the file's bytes, or the text itself. Links and
    pictures of HTML and Markdown are relative to the address `base`. `UnreadableText` for what is
    no such text, is too long, or needs a package that is not installed.
    """
    if format not in FORMATS:
        raise UnreadableText(f"{format!r} is no format. Known: {', '.join(FORMATS)}.")
    if len(content) > LONGEST:
        raise too_long()
    front: Mapping[str, str] = {}
    if format == "docx":
        html = _html_of_docx(content)
    else:
        text = content if isinstance(content, str) else _decoded(content)
        if len(_DATA.sub("", text)) > LONGEST_TEXT:
            raise too_many(LONGEST_TEXT)
        if format == "markdown":
            front, text = _front_matter(text)
            text = _html_of_markdown(text)
        html = text
    try:
        lines, notes, title = lines_of(html.replace("\x00", ""), base)
    except TooMuch:
        raise unreadable(f"HTML, > {MOST_TAGS} × <…>, > {DEEPEST} × <…<…") from None
    draft = shaped(
        lines,
        notes,
        title=front.get("title") or title,
        standfirst=front.get("description") or front.get("summary") or "",
    )
    if not (draft.title or draft.standfirst or draft.pieces):
        raise UnreadableText(gettext("No text can be read in this."))
    return draft


def read_questions(text: str) -> list[tuple[str, str]]:
    """(question, answer as HTML) of each in a pasted list, which is HTML or lines of text.

    Numbers and letters such as "1." or "Q:" before them go. [] for a text that is none.
    """
    if len(text) > LONGEST_TEXT:
        raise too_many(LONGEST_TEXT)
    if guess_format("", text) == "html":
        # A question and its answer are often two lines of one paragraph.
        text = _BREAK.sub("</p><p>", text)
    else:
        said = (_COUNTED.sub("", line) for line in text.splitlines())
        text = "".join(f"<p>{escape(line)}</p>" for line in said if line.strip())
    try:
        lines, _notes, _title = lines_of(text.replace("\x00", ""), "")
    except TooMuch:
        return []
    items = asked_in(lines)
    return [(_COUNTED.sub("", question), answer) for question, answer in items]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    named = _CHARSET.search(content[:4096])
    for encoding in ("utf-8-sig", named[1].decode("ascii") if named else "", "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _html_of_markdown(text: str) -> str:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise UnreadableText(
            gettext("%(format)s needs another package: install anodyne-blocks[texts].")
            % {"format": "Markdown"}
        ) from None
    html: str = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    return html


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """What stands between the first two lines of dashes as {name: text}, and the rest."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    found = _FRONT.match(text)
    if not found:
        return {}, text
    pairs = (line.partition(":") for line in found[1].splitlines() if not line[:1].isspace())
    front = {name.strip().lower(): value.strip().strip("\"'") for name, _, value in pairs}
    return front, text[found.end() :]


def _html_of_docx(content: bytes | str) -> str:
    try:
        import mammoth
    except ImportError:
        raise UnreadableText(
            gettext("%(format)s needs another package: install anodyne-blocks[texts].")
            % {"format": "Word"}
        ) from None
    if isinstance(content, str):
        raise unreadable(".docx")
    try:
        with ZipFile(BytesIO(content)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
        of_xml = sum(size for name, size in sizes.items() if name.endswith((".xml", ".rels")))
        if sum(sizes.values()) > _UNPACKED or of_xml > _UNPACKED_XML:
            raise too_long()
        html: str = mammoth.convert_to_html(BytesIO(content), style_map=_STYLES).value
    except UnreadableText:
        raise
    # A file of strangers: parsers raise whatever they meet.
    except Exception:
        raise unreadable(".docx") from None
    return html
