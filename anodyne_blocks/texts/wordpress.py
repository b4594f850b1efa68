"""A WordPress export (WXR), read as a stream: posts, and the images that they name by number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from html import escape, unescape
from os import PathLike
from typing import Any
from urllib.parse import unquote
from xml.parsers.expat import ExpatError, ParserCreate

from django.utils.html import strip_tags
from django.utils.translation import gettext

from anodyne_blocks.texts.draft import Draft, Heading, Note, Picture
from anodyne_blocks.texts.reading import read_text, too_many, unreadable
from anodyne_blocks.texts.shaping import LONGEST_STANDFIRST

# Characters of one item; Expat hands over no more of a file than it is fed.
_MOST = 4_000_000
_CHUNK = 64 * 1024
_FIELDS = frozenset(
    "title link guid dc:creator content:encoded excerpt:encoded wp:post_id wp:post_date_gmt"
    " wp:post_name wp:status wp:post_type wp:attachment_url".split()
)
_BLOCK = re.compile(r"</?(?:p|h[1-6]|[uo]l|li|div|figure|blockquote|table|t[rdh]|pre|hr)\b", re.I)
_CAPTION = re.compile(r"\[caption[^\]]*\](.*?)\[/caption\]", re.DOTALL)
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_NUMBER = re.compile(r"wp-image-(\d+)")
_GALLERY = re.compile(r"""\[gallery[^\]]*\bids=["']([\d,\s]+)["'][^\]]*\]""")
_SHORTCODE = re.compile(r"\[([a-z][\w-]*)(?:\s[^\]\n]*=[^\]\n]*)\]|\[/([a-z][\w-]*)\]")


@dataclass(frozen=True)
class Attachment:
    """A file of the export's site: where it is, and what is said of it."""

    url: str
    alt: str = ""


@dataclass(frozen=True)
class Post:
    """A post or page. `published` is None for one that never was; `author` a person's name."""

    key: str
    title: str
    slug: str
    author: str
    published: datetime | None
    status: str
    kind: str
    link: str
    excerpt: str
    content: str
    thumbnail: str = ""


class Export:
    """An export's posts, with what the rest of the file says about them. `UnreadableText`."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = path
        self.attachments: dict[str, Attachment] = {}
        self.authors: dict[str, str] = {}
        for kind, item in self._items():
            if kind == "wp:author":
                self.authors[item.get("wp:author_login", "")] = item.get(
                    "wp:author_display_name", ""
                )
            elif item.get("wp:post_type") == "attachment":
                alt = item.get("_wp_attachment_image_alt", "")
                self.attachments[item.get("wp:post_id", "")] = Attachment(
                    item.get("wp:attachment_url", ""), alt
                )

    def posts(self) -> Iterator[Post]:
        """Posts and pages in the file's order, whatever their status."""
        for kind, item in self._items():
            if kind == "item" and item.get("wp:post_type") in ("post", "page"):
                yield self._post(item)

    def draft(self, post: Post) -> Draft:
        """What a post holds. `UnreadableText`."""
        html, notes = self._html(post.content)
        draft = read_text(html or f"<h1>{escape(post.title)}</h1>", "html", base=post.link)
        pieces = list(draft.pieces)
        if html and draft.title and draft.title != post.title:
            pieces.insert(0, Heading(2, draft.title))
        image = self.attachments.get(post.thumbnail)
        if image and image.url and all(image.url != picture.src for picture in draft.pictures):
            pieces.insert(0, Picture(image.url, image.alt))
        excerpt = " ".join(unescape(strip_tags(post.excerpt)).split())
        standfirst = draft.standfirst or (excerpt if len(excerpt) <= LONGEST_STANDFIRST else "")
        return replace(
            draft,
            title=post.title,
            standfirst=standfirst,
            pieces=tuple(pieces),
            notes=(*draft.notes, *notes),
        )

    def _post(self, item: dict[str, str]) -> Post:
        login = item.get("dc:creator", "")
        return Post(
            key=item.get("guid") or item.get("link") or item.get("wp:post_id", ""),
            title=" ".join(unescape(item.get("title", "")).split()),
            slug=unquote(item.get("wp:post_name", "")),
            author=self.authors.get(login) or login,
            published=_moment(item.get("wp:post_date_gmt", "")),
            status=item.get("wp:status", ""),
            kind=item.get("wp:post_type", ""),
            link=item.get("link", ""),
            excerpt=item.get("excerpt:encoded", ""),
            content=item.get("content:encoded", ""),
            thumbnail=item.get("_thumbnail_id", ""),
        )

    def _html(self, content: str) -> tuple[str, list[Note]]:
        """A post's content without WordPress's own marks; notes of those that meant something."""
        html = _CAPTION.sub(_figure, content)
        html = _GALLERY.sub(self._gallery, html)
        html = _IMAGE.sub(self._whole_image, html)
        reason = gettext("Embedded content is left out.")
        notes = [Note(reason, found[0][:200]) for found in _SHORTCODE.finditer(html) if found[1]]
        html = _SHORTCODE.sub("", html)
        return (html if "<p" in html or "<!-- wp:" in html else _paragraphs(html)), notes

    def _whole_image(self, found: re.Match[str]) -> str:
        """An image in the size that was uploaded, with the words that the site has for it."""
        number = _NUMBER.search(found[0])
        image = self.attachments.get(number[1]) if number else None
        return found[0] if image is None or not image.url else _tag(image, _alt(found[0]))

    def _gallery(self, found: re.Match[str]) -> str:
        images = (self.attachments.get(number.strip()) for number in found[1].split(","))
        return "".join(_tag(image) for image in images if image and image.url)

    def _items(self) -> Iterator[tuple[str, dict[str, str]]]:
        """("item" or "wp:author", its fields; of what WordPress calls meta, the two used here)."""
        reader = _Reader()
        try:
            with open(self.path, "rb") as file:
                while True:
                    piece = file.read(_CHUNK)
                    reader.parser.Parse(piece, not piece)
                    yield from reader.finished
                    reader.finished.clear()
                    if not piece:
                        break
        except ExpatError as error:
            raise unreadable(error) from None
        if not reader.is_export:
            raise unreadable("wp:wxr_version")


class _Reader:
    """Collects what is in an item; no tree is built, so that only one item is in memory."""

    def __init__(self) -> None:
        self.finished: list[tuple[str, dict[str, str]]] = []
        self.is_export = False
        self.fields: dict[str, str] = {}
        self.kind = ""
        self.text: list[str] = []
        self.length = 0
        self.parser: Any = ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data

    def refuse(self, *args: object) -> None:
        # It might declare entities that grow.
        raise unreadable("<!DOCTYPE")

    def start(self, name: str, attrs: dict[str, str]) -> None:
        self.is_export = self.is_export or name == "wp:wxr_version"
        if name in ("item", "wp:author"):
            self.kind, self.fields, self.length = name, {}, 0
        self.text = []

    def data(self, data: str) -> None:
        if self.kind:
            self.length += len(data)
            if self.length > _MOST:
                raise too_many(_MOST)
            self.text.append(data)

    def end(self, name: str) -> None:
        if not self.kind:
            return
        text = "".join(self.text)
        self.text = []
        if name == self.kind:
            self.finished.append((self.kind, self.fields))
            self.kind = ""
        elif name in _FIELDS or name.startswith("wp:author_") or name == "wp:meta_key":
            self.fields[name] = text if name == "content:encoded" else text.strip()
        elif name == "wp:meta_value":
            key = self.fields.get("wp:meta_key", "")
            if key in ("_thumbnail_id", "_wp_attachment_image_alt"):
                self.fields[key] = text.strip()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def _figure(found: re.Match[str]) -> str:
    image = _IMAGE.search(found[1])
    if image is None:
        return found[1]
    words = strip_tags(found[1].replace(image[0], ""))
    return f"<figure>{image[0]}<figcaption>{words}</figcaption></figure>"


def _alt(tag: str) -> str:
    found = re.search(r"""\salt=(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape(found[1] or found[2] or "") if found else ""


def _tag(image: Attachment, alt: str = "") -> str:
    return f'<img src="{escape(image.url)}" alt="{escape(alt or image.alt)}">'


def _paragraphs(text: str) -> str:
    """Paragraphs of what old editors stored: empty lines between them, no tags around them."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "".join(
        part if _BLOCK.match(part) else "<p>{}</p>".format(part.replace("\n", "<br>"))
        for part in parts
        if part
    )
