"""What a web page's HTML holds of use: its JSON-LD scripts, its addresses, its language."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from anodyne_blocks.shops.product_page.values import clean_url
from anodyne_blocks.shops.text import unescape

# Every search begins where the last one ended, so that no page takes long.
_NEXT = re.compile(r"<!--|<(?:script|link|html|base)\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_MAX_TAG = 4096
# A ">" in quotes does not end a tag.
_TAG_END = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
# Tags whose quotes do not match are read to their first ">"; so are all when there are many.
_MAX_UNMATCHED = 200
_MAX_TAGS = 10_000
# JSON-LD beyond this is not read: in memory it is thirty times as large.
_MAX_SCRIPTS = 2 * 1024 * 1024
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,400}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE
)
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What browsers read where a page names these.
_SUPERSETS = dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii"), "cp1252")
_ATTRIBUTE = re.compile(
    r"""(?<![a-zA-Z-])([a-zA-Z-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)


@dataclass
class Html:
    """`base`: what relative addresses are read against. `alternates`: addresses by language."""

    base: str
    scripts: list[str] = field(default_factory=list)
    canonical: str = ""
    language: str = ""
    alternates: dict[str, str] = field(default_factory=dict)


def read_html(body: bytes, url: str, content_type: str = "") -> Html:
    """The HTML page `body` that came from `url`: 10,000 of its tags, and 2 MiB of JSON-LD."""
    text = decoded(body, content_type)
    page = Html(url)
    links: list[tuple[str, str]] = []
    has_base = False
    at = unmatched = held = tags = 0
    while found := _NEXT.search(text, at):
        if found[0] == "<!--":
            if (end := text.find("-->", found.end())) == -1:
                break
            at = end + 3
            continue
        if (tags := tags + 1) > _MAX_TAGS:
            break
        tag = None
        if unmatched < _MAX_UNMATCHED:
            tag = _TAG_END.match(text, found.end(), found.end() + _MAX_TAG)
            unmatched += tag is None
        end = tag.end() - 1 if tag else text.find(">", found.end())
        if end == -1:
            break
        at = end + 1
        attributes = _attributes(text[found.end() : min(end, found.end() + _MAX_TAG)])
        kind = found[0][1:].lower()
        if kind == "html":
            page.language = page.language or attributes.get("lang", "").strip().lower()
        elif kind == "base":
            if not has_base and (href := attributes.get("href")):
                has_base, page.base = True, clean_url(href, url) or url
        elif kind == "link":
            rel = attributes.get("rel", "").lower().split()
            language = attributes.get("hreflang", "").strip().lower().replace("_", "-")
            if "canonical" in rel:
                links.append(("", attributes.get("href", "")))
            elif "alternate" in rel and language:
                links.append((language, attributes.get("href", "")))
        else:
            close = _SCRIPT_END.search(text, at)
            if close is None:
                break
            kind = attributes.get("type", "").lower().partition(";")[0].strip()
            if kind == "application/ld+json":
                held += close.start() - at
                page.scripts.append(text[at : close.start()] if held <= _MAX_SCRIPTS else "")
            at = close.end()
    for language, href in links:
        page.alternates.setdefault(language, clean_url(href, page.base) if href.strip() else "")
    page.canonical = page.alternates.pop("", "")
    return page


def decoded(body: bytes, content_type: str) -> str:
    """The text of a page: by its byte order mark, its server's word, its own, or as UTF-8."""
    for mark, name in _BOMS.items():
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff")
    found = _CHARSET.search(content_type.encode("ascii", "ignore"))
    found = found or _META_CHARSET.search(body[:4096])
    name = found[1].decode().lower() if found else ""
    try:
        if name:
            return body.decode(_SUPERSETS.get(name, name), "replace")
    except (LookupError, ValueError):
        pass  # No codec, or one that is none for text.
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("utf-8" if name else "cp1252", "replace")


def _attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(tag):
        found.setdefault(key.lower(), unescape(double or single or bare))
    return found
