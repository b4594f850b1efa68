"""The facts of database rows that an answer may show, with those of the rows fetched with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Model
from pydantic_core import to_json
from wagtail.fields import RichTextField, StreamField

from anodyne_blocks.walk import stored_blocks

# Columns of a page that say how its draft stands, not what a reader sees.
DRAFT = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision_id",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by_id",
}


class Columns(NamedTuple):
    """The columns of a model: all names, a getter of plain facts, and names by kind."""

    names: frozenset[str]
    plain: itemgetter
    streams: tuple[str, ...]
    rich_texts: tuple[str, ...]


class Facts:
    """The facts of rows, each row once, and the texts in them that hold links or embeds."""

    def __init__(self) -> None:
        self.facts: list[str] = []
        self.texts: list[str] = []
        self._seen: set[Any] = set()

    def add(self, row: Any) -> None:
        """Note a row's columns, and those of all rows that were fetched with it."""
        key = (type(row), row.pk)
        if key in self._seen:
            return
        self._seen.add(key)
        for name in row.get_deferred_fields():
            # Reading it loads it.
            getattr(row, name)
        columns, values = _columns(type(row)), vars(row)
        streams = [stored_blocks(values[name]) for name in columns.streams]
        stored = to_json(streams, fallback=repr).decode()
        self.facts += (repr((row._meta.label, columns.plain(values))), stored)
        self.texts += (values[name] for name in columns.rich_texts if _links(values[name] or ""))
        if _links(stored):
            self.texts += _linking(streams)
        for related in row._state.fields_cache.values():
            self._add_rows_in(related)
        for name in sorted(values.keys() - columns.names):
            # Others lay theirs under such names: the parent of a page, with its count of children.
            if not name.startswith("_"):
                self._add_rows_in(values[name])

    def _add_rows_in(self, value: Any) -> None:
        """Note rows that were laid beside another: as they are, in a dict, or in a list."""
        if isinstance(value, Model):
            self.add(value)
        elif isinstance(value, (dict, list, tuple)):
            for part in value.values() if isinstance(value, dict) else value:
                if isinstance(part, Model):
                    self.add(part)


def _links(text: str) -> bool:
    return "linktype" in text or "<embed" in text


def _linking(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        if _links(raw):
            yield raw
    elif isinstance(raw, (dict, list)):
        for part in raw.values() if isinstance(raw, dict) else raw:
            yield from _linking(part)


@lru_cache(maxsize=256)
def _columns(model: type[Model]) -> Columns:
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    streams = tuple(field.attname for field in fields if isinstance(field, StreamField))
    texts = tuple(field.attname for field in fields if isinstance(field, RichTextField))
    plain = [name for name in names if name not in DRAFT and name not in streams]
    return Columns(frozenset(names), itemgetter(*plain), streams, texts)
