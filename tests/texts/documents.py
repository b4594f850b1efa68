"""One article as a web page, as Google Docs exports it, as Markdown and as a Word document."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

WEB_PAGE = """<!doctype html><html><head><meta charset="utf-8">
<title>A back that moves | Site</title>
<style>.x{color:red}</style></head><body>
<header><nav><a href="/">Home</a></nav></header><h1>A back that moves</h1>
<article><p class="article__lead">Sitting is not the enemy; sitting still is.</p>
<h2>Moving helps</h2>
<p>Lying in bed <strong>does not</strong>.
   Ask <a href="/people/ada" onclick="track()">Ada</a>.</p>
<ul><li>Walk<ul><li>to work</li></ul></li><li><p>Swim</p></li></ul>
<h3>At the <em>desk</em></h3><p>Stand up <em>often</em>.</p>
<figure><img src="desk.png" alt="A desk"><figcaption>At work</figcaption></figure>
<blockquote><p>The best posture is the next one.</p></blockquote>
<iframe src="https://video.example/1"></iframe><aside><p>Read also: chairs</p></aside>
<h2>Frequently asked questions</h2>
<h3>Should I rest?</h3><p>No longer than you must.</p>
<h3>When should I see a doctor?</h3><p>When a leg goes numb.</p><ul><li>Soon.</li></ul>
<h2>Sources</h2><ol>
<li>Foster NE, Anema JR. <i>Prevention of low back pain</i>. Lancet. 2018.
<a href="https://doi.org/10.1016/S0140-6736(18)30489-6">doi</a></li>
<li>Sit well. <a href="https://sit.example/">https://sit.example/</a></li></ol></article>
<footer>All rights reserved</footer></body></html>"""

_DETOUR = "https://www.google.com/url?q={}&amp;sa=D&amp;source=editors&amp;ust=17"
_ADA = _DETOUR.format("https://site.example/people/ada")
_LANCET = _DETOUR.format("https://doi.org/10.1016/S0140-6736(18)30489-6")
GOOGLE_DOCS = f"""<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type">
<style type="text/css">.c0{{font-weight:400}}.c1{{font-weight:700}}.c2{{font-style:italic}}
ol.lst-kix_a-0{{list-style-type:none}}</style></head><body class="c9 doc-content">
<p class="c5 title" id="h.1"><span class="c0">A back that moves</span></p>
<p class="c5 subtitle" id="h.2"><span>Sitting is not the enemy; sitting still is.</span></p>
<h1 class="c4" id="h.3"><span class="c1">Moving helps</span></h1>
<p class="c3"><span class="c0">Lying in bed </span><span class="c1">does not</span><span
class="c0">. Ask </span><span><a class="c7" href="{_ADA}">Ada</a></span><span>.</span><sup><a
href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>
<ul class="c8 lst-kix_a-0 start"><li class="c3"><span>Walk</span><ul class="lst-kix_a-1 start"><li
><span>to work</span></li></ul></li><li class="c3"><span class="c0">Swim</span></li></ul>
<h2 class="c4"><span>At the desk</span></h2>
<p class="c3"><span>Stand up </span><span class="c2">often</span><span>.</span></p>
<p class="c3 c6"><span class="c0"></span></p>
<h1><span>Frequently asked questions</span></h1>
<p><span class="c1">Should I rest?</span></p><p><span>No longer than you must.</span></p>
<p><span class="c1">When should I see a doctor?</span></p><p><span>When a leg goes numb.</span></p>
<ul><li><span>Soon.</span></li></ul>
<h1><span>Sources</span></h1>
<p><span>Foster NE, Anema JR. </span><span class="c2">Prevention of low back pain</span><span>.
Lancet. 2018. </span><span><a href="{_LANCET}">https://doi.org/10.1016/S0140-6736(18)30489-6</a></span></p>
<p><span>Sit well. https://sit.example/</span></p></body></html>"""

MARKDOWN = """---
title: "Not this one"
description: Sitting is not the enemy; sitting still is.
---

# A back that moves

## Moving helps

Lying in bed **does not**.
Ask [Ada](https://site.example/people/ada).

* Walk
    * to work
* Swim

### At the desk

Stand up *often*.

![A desk](desk.png)

## Frequently asked questions

### Should I rest?

No longer than you must.

### When should I see a doctor?

When a leg goes numb.

- Soon.

## Sources

1. Foster NE, Anema JR. *Prevention of low back pain*. Lancet. 2018. https://doi.org/10.1016/S0140-6736(18)30489-6
2. Sit well. <https://sit.example/>
"""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _text(words: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def _paragraph(content: str, style: str = "", depth: int | None = None) -> str:
    listed = (
        ""
        if depth is None
        else (f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')
    )
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    content = content if content.startswith("<") else _text(content)
    return f"<w:p><w:pPr>{named}{listed}</w:pPr>{content}</w:p>"


_PICTURE = f"""<w:r><w:drawing><wp:inline xmlns:wp="{_WP}">
<wp:docPr id="1" name="1" descr="A desk"/>
<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}"><pic:blipFill>
<a:blip r:embed="rId2"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>
</w:drawing></w:r>"""
_STYLES = {
    "Title": "Title", "Subtitle": "Subtitle", "Heading1": "heading 1", "Heading2": "heading 2",
}  # fmt: skip
_LEVELS = "".join(
    f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="bullet"/></w:lvl>' for level in range(2)
)


def picture(size: int = 40, colour: bytes = b"\x00\x80\x80") -> bytes:
    """A PNG of one colour."""

    def chunk(name: bytes, content: bytes) -> bytes:
        length, check = (
            struct.pack(">I", len(content)),
            struct.pack(">I", zlib.crc32(name + content)),
        )
        return length + name + content + check

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\x00" + colour * size) * size)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def word() -> bytes:
    """The article with a picture, as a .docx."""
    bold, italic = "<w:b/>", "<w:i/>"
    link = f'<w:hyperlink r:id="rId1">{_text("Ada")}</w:hyperlink>'
    lancet = (
        _text("Foster NE, Anema JR. ") + _text("Prevention of low back pain", italic)
        + _text(". Lancet. 2018. https://doi.org/10.1016/S0140-6736(18)30489-6")
    )  # fmt: skip
    paragraphs = [
        _paragraph("A back that moves", "Title"),
        _paragraph("Sitting is not the enemy; sitting still is.", "Subtitle"),
        _paragraph("Moving helps", "Heading1"),
        _paragraph(
            _text("Lying in bed ") + _text("does not", bold) + _text(". Ask ") + link + _text(".")
        ),
        _paragraph("Walk", depth=0), _paragraph("to work", depth=1), _paragraph("Swim", depth=0),
        _paragraph("At the desk", "Heading2"),
        _paragraph(_text("Stand up ") + _text("often", italic) + _text(".")),
        _paragraph(_PICTURE),
        _paragraph("Frequently asked questions", "Heading1"),
        _paragraph("Should I rest?", "Heading2"), _paragraph("No longer than you must."),
        _paragraph("When should I see a doctor?", "Heading2"), _paragraph("When a leg goes numb."),
        _paragraph("Soon.", depth=0),
        _paragraph("Sources", "Heading1"), _paragraph(lancet),
        _paragraph("Sit well. https://sit.example/"),
    ]  # fmt: skip
    body = "".join(paragraphs)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )
    related = [("rId1", "hyperlink", 'https://site.example/people/ada" TargetMode="External'),
        ("rId2", "image", "media/1.png"), ("rId3", "styles", "styles.xml"),
        ("rId4", "numbering", "numbering.xml")]  # fmt: skip
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="png" ContentType="image/png"/></Types>',
        "_rels/.rels": _relationships([("rId1", "officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _relationships(related),
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body>'
        "</w:document>",
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">'
        f'{_LEVELS}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>",
    }
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("word/media/1.png", picture())
    return file.getvalue()


def _relationships(related: list[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{target}"/>'
        for key, kind, target in related
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'
