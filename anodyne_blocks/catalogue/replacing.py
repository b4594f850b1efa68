"""Where a page names a product, what its own texts say there, and another product in its place.

All of it in bodies as they are stored: no object is fetched, and what nobody can read stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import Truncator
from wagtail.blocks import (
    Block,
    BooleanBlock,
    ChoiceBlock,
    ChooserBlock,
    DateBlock,
    FieldBlock,
    ListBlock,
    MultipleChoiceBlock,
    RawHTMLBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock

from anodyne_blocks.article.reading_time import strip_html
from anodyne_blocks.article.walking import definitions, raw_slots, row_slots, stream_fields
from anodyne_blocks.blocks.untranslated import Untranslated
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import AbstractProduct, get_product_model

# Drafts that are looked through for a product: Wagtail's index knows what is published.
MOST_DRAFTS = 500
# Blocks that hold no words: choices, keys, anchors.
_WORDLESS = (Untranslated, BooleanBlock, ChoiceBlock, ChooserBlock, MultipleChoiceBlock)
_SHOWN = 200

Slot = tuple[Block, Any, Any]


class Placement(NamedTuple):
    """A place where a product is chosen. `place` is such as "3. Product grid › 2. Product".

    `child` is the id of the stream's child that it is in; `words` are (label, text) of what is
    written beside the product. `holder[key]` is its primary key in the stored JSON.
    """

    place: str
    child: str
    words: tuple[tuple[str, str], ...]
    holder: Any
    key: Any


def placements_of(page: Any, product: AbstractProduct) -> list[Placement]:
    """Where the StreamFields of a page in memory name a product, in reading order."""
    return [
        placement
        for field in stream_fields(page)
        for placement in named_in(field.stream_block, _stored(page, field), product.pk)
    ]


def replace_in(page: Any, old: AbstractProduct, new: AbstractProduct) -> int:
    """Put `new` wherever a page in memory names `old`; the number of these places."""
    replaced = 0
    for field in stream_fields(page):
        raw = deepcopy(_stored(page, field))
        found = list(named_in(field.stream_block, raw, old.pk))
        for placement in found:
            placement.holder[placement.key] = new.pk
        if found:
            setattr(page, field.name, raw)
        replaced += len(found)
    return replaced


def drafts_naming(pages: QuerySet[Any], product: AbstractProduct) -> set[int]:
    """The ids of those pages whose draft names a product: of the newest `MOST_DRAFTS` drafts."""
    drafts = pages.filter(has_unpublished_changes=True, alias_of=None)
    newest = drafts.order_by("-latest_revision_created_at").values_list("pk", flat=True)
    # No database is to sort the texts themselves.
    rows = page_model().objects.order_by().filter(pk__in=list(newest[:MOST_DRAFTS]))
    rows = rows.values_list("pk", "content_type", "latest_revision__content")
    return {
        pk
        for pk, kind, content in rows.iterator(chunk_size=50)
        if content and _names(ContentType.objects.get_for_id(kind).model_class(), content, product)
    }


def _names(model: Any, content: dict[str, Any], product: AbstractProduct) -> bool:
    """Whether what a revision of a model holds names a product."""
    for field in stream_fields(model):
        stored = content.get(field.name)
        try:
            raw = json.loads(stored) if isinstance(stored, str) else stored
        except ValueError:
            continue
        if any(named_in(field.stream_block, raw, product.pk)):
            return True
    return False


def _stored(page: Any, field: Any) -> list[Any]:
    stored: list[Any] = field.stream_block.get_prep_value(getattr(page, field.name))
    return stored


def named_in(stream: StreamBlock, raw: Any, pk: Any) -> Iterator[Placement]:
    """Where a stream as it is stored names the product with this primary key."""
    for number, slot in enumerate(raw_slots(stream, raw), start=1):
        child, item, _key = slot
        yield from _below(slot, pk, (f"{number}. {child.label}",), str(item.get("id") or ""), ())


def _below(
    slot: Slot, pk: Any, trail: tuple[str, ...], child: str, beside: tuple[Slot, ...]
) -> Iterator[Placement]:
    """The placements in a slot; `beside` are those of the nearest struct that can have words."""
    block, holder, key = slot
    raw = holder[key]
    if _chooses_product(block):
        # Content that no form has checked may hold the number as a text.
        if str(raw) == str(pk):
            said = tuple(words for other in beside for words in _words(other))
            yield Placement(" › ".join(trail), child, said, holder, key)
        return
    if isinstance(block, BaseTypedTableBlock) and isinstance(raw, dict):
        for row in raw.get("rows", ()):
            cells = tuple(row_slots(block, raw, row))
            for cell in cells:
                yield from _below(cell, pk, trail, child, _others(cells, cell) or beside)
        return
    slots = tuple(raw_slots(block, raw))
    for number, below in enumerate(slots, start=1):
        inner, around = trail, beside
        if isinstance(block, (ListBlock, StreamBlock)):
            inner = (*trail, f"{number}. {below[0].label}".rstrip(". "))
        elif isinstance(block, StructBlock) and _has_words(block):
            around = _others(slots, below)
        yield from _below(below, pk, inner, child, around)


def _others(slots: tuple[Slot, ...], one: Slot) -> tuple[Slot, ...]:
    return tuple(slot for slot in slots if slot is not one)


def _has_words(block: StructBlock) -> bool:
    """Whether something can be written in a struct's own children."""
    return any(
        isinstance(child, FieldBlock) and not isinstance(child, _WORDLESS)
        for child in block.child_blocks.values()
    )


def _words(slot: Slot) -> Iterator[tuple[str, str]]:
    """(label, text) of what is written in a slot; nothing of what holds products of its own."""
    block, holder, key = slot
    if any(map(_chooses_product, definitions(block))):
        return
    text = " · ".join(_texts(block, holder[key]))
    if text:
        yield str(block.label), Truncator(text).chars(_SHOWN)


def _chooses_product(block: Block) -> bool:
    return isinstance(block, ChooserBlock) and block.target_model is get_product_model()


def _texts(block: Block, raw: Any) -> Iterator[str]:
    if isinstance(block, _WORDLESS):
        return
    if isinstance(block, FieldBlock):
        if type(raw) in (str, int, float) and (text := _plain(block, raw)):
            yield text
        return
    for child, holder, key in raw_slots(block, raw):
        yield from _texts(child, holder[key])


def _plain(block: FieldBlock, raw: Any) -> str:
    if isinstance(block, (RichTextBlock, RawHTMLBlock)):
        raw = strip_html(raw) if isinstance(raw, str) else ""
    if isinstance(block, DateBlock):
        try:
            day = parse_date(str(raw))
        except ValueError:
            day = None
        return date_format(day, "DATE_FORMAT") if day else ""
    return " ".join(str(raw).split())
