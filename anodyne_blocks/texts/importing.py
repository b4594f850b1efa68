"""Whole folders of texts, or an export of WordPress, into pages: each text once.

A page's translation key is made of its text's name: no table remembers what was imported, a page
that was moved or renamed is known, and a run that was killed goes on.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator, slugify

from anodyne_blocks.blocks import BylineBlock
from anodyne_blocks.catalogue.pictures import MAX_BYTES
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import get_person_model
from anodyne_blocks.texts import LONGEST, Draft, Note, UnreadableText, guess_format, read_text
from anodyne_blocks.texts.pictures import Reader, pictures_of
from anodyne_blocks.texts.placing import bring_in
from anodyne_blocks.texts.reading import too_long
from anodyne_blocks.texts.wordpress import Export, Post

_NAMES = uuid.UUID("5b1d0a0e-6d2c-5b0e-9a57-0d8f0f6f9a11")
ENDINGS = frozenset({".html", ".htm", ".md", ".markdown", ".docx"})


@dataclass(frozen=True)
class Found:
    """A text to import. `key` names it for good; `left_out` says why it is none."""

    key: str
    name: str
    draft: Callable[[], Draft]
    read: Reader = lambda src: None
    slug: str = ""
    author: str = ""
    published: datetime.datetime | None = None
    left_out: str = ""


@dataclass
class Imported:
    """What became of a text. `state`: new, there already, or left out."""

    name: str
    state: str
    page: Any = None
    blocks: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)


def in_folder(folder: Path, source: str = "") -> Iterator[Found]:
    """The texts in a folder and those below, by name; pictures lie beside them."""
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() in ENDINGS and path.is_file():
            name = path.relative_to(root).as_posix()
            yield Found(
                key=f"{source or root.name}/{name}",
                name=name,
                draft=_drafter(path),
                read=_reader(root, path.parent),
            )


def in_export(path: Path) -> Iterator[Found]:
    """The posts and pages of a WordPress export. `UnreadableText`."""
    export = Export(path)
    for post in export.posts():
        yield Found(
            key=post.key,
            name=post.title or post.key,
            draft=_draft_of(export, post),
            slug=slugify(post.slug, allow_unicode=True),
            author=post.author,
            published=post.published,
            left_out="It is in the trash of WordPress." if post.status == "trash" else "",
        )


def key_of(name: str) -> uuid.UUID:
    """The translation key of the page that a text with this name becomes."""
    return uuid.uuid5(_NAMES, name)


def import_text(
    found: Found, parent: Any, model: Any, body: Any, *, dry_run: bool = False
) -> Imported:
    """Make a draft page below `parent`, with the text in the field `body`, if there is none yet.

    Nothing is raised for what a text holds: it is left out, and a note says why.
    """
    result = Imported(found.name, "left out")
    key = key_of(found.key)
    known = page_model().objects.filter(translation_key=key, locale=parent.locale).first()
    if known is not None:
        return Imported(found.name, "there already", known)
    if found.left_out:
        result.notes.append(Note(found.left_out))
        return result
    try:
        draft = found.draft()
        images, lost = ({}, []) if dry_run else pictures_of(draft, read=found.read)
        page = model(
            title=Truncator(draft.title or Path(found.name).stem).chars(255),
            slug=_free(found.slug, parent),
            locale=parent.locale,
            translation_key=key,
            live=False,
            has_unpublished_changes=True,
            first_published_at=found.published,
        )
        result.notes += [*draft.notes, *lost]
        if dry_run:
            images = {picture.src: _Unsaved() for picture in draft.pictures}
        bring_in(page, body, draft, images)
        result.blocks.update(item["type"] for item in getattr(page, body.name).raw_data)
        if not dry_run:
            with transaction.atomic():
                _add_author(page, body, found.author, result.notes)
                parent.add_child(instance=page)
                page.save_revision()
    except (UnreadableText, ValidationError, OSError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        result.notes.append(Note(" ".join(messages)))
        return result
    result.state, result.page = "new", page
    return result


class _Unsaved:
    """Stands for an image that a dry run does not fetch."""

    pk = None


def _drafter(path: Path) -> Callable[[], Draft]:
    def draft() -> Draft:
        if path.stat().st_size > LONGEST:
            raise too_long()
        content = path.read_bytes()
        return read_text(content, guess_format(path.name, content))

    return draft


def _draft_of(export: Export, post: Post) -> Callable[[], Draft]:
    return lambda: export.draft(post)


def _reader(root: Path, beside: Path) -> Reader:
    def read(src: str) -> bytes | None:
        """A picture of the folder; no file elsewhere, whatever a text says."""
        path = (beside / unquote(src)).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        return path.read_bytes() if path.stat().st_size <= MAX_BYTES else None

    return read


def _free(slug: str, parent: Any) -> str:
    """The slug, or "" for one that Wagtail makes, where it is taken."""
    is_taken = bool(slug) and parent.get_children().filter(slug=slug).exists()
    return "" if is_taken else slug[:255]


def _add_author(page: Any, body: Any, name: str, notes: list[Note]) -> None:
    """A byline of the person with this name, who is made where nobody is called so."""
    blocks = body.stream_block.child_blocks.items()
    kind = next((key for key, block in blocks if isinstance(block, BylineBlock)), "")
    if not name or not kind:
        return
    people = get_person_model()
    person = people.objects.filter(name=name, locale=page.locale).first()
    if person is None:
        person = people(name=name, locale=page.locale)
        try:
            person.full_clean()
        except ValidationError as error:
            notes.append(Note(" ".join(error.messages), name))
            return
        person.save()
    author = {"type": "item", "value": {"person": person.pk}, "id": str(uuid.uuid4())}
    stored = getattr(page, body.name).get_prep_value()
    place = 1 if stored and stored[0]["type"] == "standfirst" else 0
    byline = {"type": kind, "value": {"authors": [author]}, "id": str(uuid.uuid4())}
    setattr(page, body.name, [*stored[:place], byline, *stored[place:]])
