"""What is stored, as far as its block can read it.

Imports, scripts, older versions and other programs store what no form has checked. What is of a
wrong type is as if it had never been stored: its block shows less or nothing, and all beside it
stands.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from wagtail import blocks
from wagtail.rich_text import RichText

from anodyne_blocks.article.reading_time import strip_html

logger = logging.getLogger(__name__)

_NONE = type(None)
_TEXTS = (
    blocks.CharBlock,
    blocks.TextBlock,
    blocks.URLBlock,
    blocks.EmailBlock,
    blocks.RegexBlock,
    blocks.RawHTMLBlock,
    blocks.RichTextBlock,
)
# What the JSON of a value may be; None is nothing.
_CLASSES: tuple[tuple[tuple[type[blocks.Block], ...], frozenset[type]], ...] = (
    ((*_TEXTS, blocks.ChoiceBlock), frozenset({str, _NONE})),
    ((blocks.BooleanBlock,), frozenset({bool, _NONE})),
    ((blocks.IntegerBlock,), frozenset({int, _NONE})),
    ((blocks.FloatBlock,), frozenset({int, float, _NONE})),
    ((blocks.DecimalBlock,), frozenset({str, int, Decimal, _NONE})),
    ((blocks.DateBlock,), frozenset({str, datetime.date, _NONE})),
    ((blocks.DateTimeBlock,), frozenset({str, datetime.datetime, _NONE})),
    ((blocks.TimeBlock,), frozenset({str, datetime.time, _NONE})),
    ((blocks.ListBlock, blocks.BaseStreamBlock, blocks.MultipleChoiceBlock), frozenset({list})),
    ((blocks.BaseStructBlock,), frozenset({dict})),
)
# What blocks of others raise for what they cannot read.
UNREAD = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


def classes_of(block: blocks.Block) -> frozenset[type] | None:
    """What the JSON of a block's value may be; None where only its site knows."""
    makers = (type(block).to_python, type(block).get_prep_value)
    if any(
        maker.__module__.partition(".")[0] not in ("wagtail", "anodyne_blocks") for maker in makers
    ):
        return None
    return next((classes for kinds, classes in _CLASSES if isinstance(block, kinds)), None)


class Reading:
    """How a struct's children read what is stored; many values are looked at in a few calls."""

    def __init__(self, children: Mapping[str, blocks.Block]) -> None:
        self.children = children
        known = {name: classes_of(child) for name, child in children.items()}
        self.classes = {name: classes for name, classes in known.items() if classes is not None}
        self.texts = frozenset(name for name, classes in self.classes.items() if str in classes)
        # Those whose items are texts; blocks in lists read their own.
        self.lists = [
            name
            for name, child in children.items()
            if isinstance(child, blocks.ListBlock)
            and isinstance(child.child_block, _TEXTS)
            and classes_of(child.child_block)
        ]
        self.bounds = [
            (name, *_bounds(child))
            for name, child in children.items()
            if isinstance(child, blocks.IntegerBlock) and known[name]
        ]

    def mended(self, values: list[Any]) -> list[Any]:
        """The values, each a dict of children that can be read; the same list if all can."""
        wrong = [raw for raw in values if raw.__class__ is not dict]
        if not wrong:
            wrong = [
                raw
                for raw in values
                for name, part in raw.items()
                if name in self.classes and part.__class__ not in self.classes[name]
            ]
        if not wrong:
            wrong = [
                raw
                for raw in values
                for name, least, most in self.bounds
                if name in raw and raw[name] is not None and not least <= raw[name] <= most
            ]
        if not wrong:
            wrong = [raw for raw in values for name in self.lists if _is_odd_list(raw.get(name))]
        if not wrong:
            said = [
                part
                for raw in values
                for name, part in raw.items()
                if name in self.texts and part.__class__ is str
            ]
            if is_writable("".join(said)):
                return values
        return [self._mended(raw) for raw in values]

    def _mended(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            return {}
        faults = self.faults(raw)
        instead = {name: _instead(self.children[name], raw[name]) for name in faults}
        kept = {name: part for name, part in raw.items() if name not in faults}
        return kept | {name: part for name, part in instead.items() if part is not None}

    def faults(self, raw: Mapping[str, Any]) -> set[str]:
        """The children whose stored values cannot be read."""
        found = {
            name
            for name, classes in self.classes.items()
            if name in raw and raw[name].__class__ not in classes
        }
        found |= {
            name
            for name, least, most in self.bounds
            if name not in found and raw.get(name) is not None and not least <= raw[name] <= most
        }
        found |= {name for name in self.lists if name not in found and _is_odd_list(raw.get(name))}
        for name in self.texts:
            if isinstance(raw.get(name), str) and not is_writable(raw[name]):
                found.add(name)
        return found


def _bounds(block: Any) -> tuple[float, float]:
    least, most = block.field.min_value, block.field.max_value
    return (-float("inf") if least is None else least, float("inf") if most is None else most)


def _instead(block: blocks.Block, raw: Any) -> Any:
    """What can be made of a value that cannot be read: a choice of its number, a text without
    halves of pairs, a list of the texts in it; else None."""
    if isinstance(raw, list) and isinstance(block, blocks.ListBlock):
        return [item for item in raw if not _is_odd_list([item])]
    if isinstance(raw, str) and isinstance(block, _TEXTS):
        return raw.encode(errors="replace").decode()
    if isinstance(block, blocks.ChoiceBlock) and type(raw) is int:
        keys = [str(key) for key, _label in block.field.choices]
        return str(raw) if str(raw) in keys else None
    return None


def _is_odd_list(raw: list[Any] | None) -> bool:
    """Whether there is an item in a stored list of texts that is none."""
    texts = (item["value"] if is_item(item) else item for item in raw or ())
    return any(text.__class__ is not str or not is_writable(text) for text in texts)


def is_item(raw: Any) -> bool:
    """Whether an item of a list says that it is one; those before Wagtail 2.16 are bare values."""
    return raw.__class__ is dict and "value" in raw and raw.get("type") == "item"


def is_writable(text: str) -> bool:
    """Whether a text can be written in any encoding: it holds no half of a pair of surrogates."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read(block: blocks.Block, stored: list[Any]) -> list[Any]:
    """`bulk_to_python`; the default in the place of each value that the block cannot read."""
    try:
        return list(block.bulk_to_python(stored))
    except UNREAD:
        return [_read_one(block, raw) for raw in stored]


def _read_one(block: blocks.Block, raw: Any) -> Any:
    try:
        return block.to_python(raw)
    except UNREAD:
        # It may be the site's own code that is wrong.
        logger.warning("A stored value of %r cannot be read.", block.name, exc_info=True)
        return block.get_default()


def form_state(block: blocks.Block, value: Any) -> Any:
    """`get_form_state`; of a rich text that Wagtail's editor cannot read, that of its words."""
    try:
        return block.get_form_state(value)
    except (*UNREAD, AssertionError):
        if not isinstance(value, RichText):
            raise
        return block.get_form_state(RichText(f"<p>{escape(strip_html(value.source))}</p>"))


def items(raw: Any) -> Any:
    """The items of a stored stream that are some; none of what is no list."""
    if not isinstance(raw, list):
        return raw if raw is None else []
    return [
        item
        for item in raw
        if item.__class__ is dict
        and "value" in item
        and "type" in item
        and item["type"].__class__ is str
    ]
