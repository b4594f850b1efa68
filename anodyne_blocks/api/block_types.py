"""What a block looks like in the API, as a Python type: for OpenAPI and whoever reads it."""

from __future__ import annotations

import datetime
import inspect
import uuid
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, get_type_hints

from django.db import models
from django.utils.encoding import force_str
from pydantic import ConfigDict, Field, JsonValue, PlainSerializer, WrapValidator
from typing_extensions import TypedDict
from wagtail import blocks

from anodyne_blocks.blocks.base import ElementBlock

# A value may be None although its field is required: drafts, and data older than the field.
LEAVES: tuple[tuple[type[blocks.Block], Any], ...] = (
    (blocks.MultipleChoiceBlock, list[str]),
    (blocks.BooleanBlock, bool | None),
    (blocks.IntegerBlock, int | None),
    (blocks.FloatBlock, float | None),
    (blocks.DecimalBlock, Decimal | None),
    (blocks.DateBlock, datetime.date | None),
    (blocks.DateTimeBlock, datetime.datetime | None),
    (blocks.TimeBlock, datetime.time | None),
    (blocks.StaticBlock, None),
    (blocks.RichTextBlock, str),
    (blocks.CharBlock, str | None),
    (blocks.TextBlock, str | None),
    (blocks.ChoiceBlock, str | None),
    (blocks.EmailBlock, str | None),
    (blocks.RawHTMLBlock, str),
    (blocks.RegexBlock, str | None),
    (blocks.URLBlock, str | None),
)

KEYS: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.IntegerField, int),
    (models.UUIDField, uuid.UUID),
    (models.CharField, str),
)


class BlockTypes:
    """Derives the types of what the API gives from blocks; blocks of the same shape share one.

    A site's own block that makes its own representation is any JSON value.
    """

    # Behind the names of types of a stream's items, and of structs.
    suffixes = ("", "Value")

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}
        self._names: set[str] = set()

    def of(self, block: blocks.Block) -> Any:
        """The type of a block's value."""
        if not _is_plain(block):
            return self.unknown(block)
        if isinstance(block, blocks.BaseStreamBlock):
            return self._stream(block)
        if isinstance(block, blocks.ListBlock):
            return list_of(self.of(block.child_block))
        if isinstance(block, blocks.BaseStructBlock):
            return self._struct(block)
        return self.leaf(block)

    def unknown(self, block: blocks.Block) -> Any:
        """The type of a block of which only its site knows what it gives."""
        return JsonValue

    def leaf(self, block: blocks.Block) -> Any:
        """The type of a block without blocks in it."""
        if isinstance(block, blocks.ChooserBlock):
            return key_of(block.target_model)
        return next(
            (type_ for class_, type_ in LEAVES if isinstance(block, class_)), self.unknown(block)
        )

    def item(self, name: str, child: blocks.Block) -> dict[str, Any]:
        """The fields of a stream's item."""
        return {"type": Literal[name], "value": self.of(child), "id": str | None}

    def struct(self, block: blocks.BaseStructBlock) -> dict[str, Any]:
        """The fields of a struct."""
        fields = {name: self.of(child) for name, child in block.child_blocks.items()}
        if isinstance(block, ElementBlock) and block.is_resolved_alone:
            fields["resolved"] = element_of(block)
        return fields

    def _stream(self, block: blocks.BaseStreamBlock) -> Any:
        """A list of items that `type` tells apart."""
        items = []
        for name, child in block.child_blocks.items():
            camel = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
            title = f"{type(block).__name__}{camel}{self.suffixes[0]}"
            items.append(self._dict(title, self.item(name, child), child.meta.label))
        if not items:
            return list[JsonValue]
        if len(items) == 1:
            return list_of(items[0])
        return list_of(Annotated[reduce(or_, items), Field(discriminator="type")])

    def _struct(self, block: blocks.BaseStructBlock) -> Any:
        name = type(block).__name__ + self.suffixes[1]
        return self._dict(name, self.struct(block), inspect.getdoc(type(block)))

    def _dict(self, name: str, fields: dict[str, Any], description: Any) -> Any:
        """The TypedDict of this name and shape; one of another shape gets another name."""
        shape = (name, repr(fields))
        if shape not in self._known:
            unique, number = name, 2
            while unique in self._names:
                unique, number = f"{name}{number}", number + 1
            self._names.add(unique)
            made = TypedDict(unique, fields)  # type: ignore[misc]  # It is made at run time.
            made.__doc__ = force_str(description or "")
            # Pydantic looks for it there.
            made.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
            self._known[shape] = made
        return self._known[shape]


def list_of(item: Any) -> Any:
    """The type of a list of a type that is made at run time."""
    return list[item]


def element_of(block: ElementBlock) -> Any:
    """The element that a block resolves to, from the annotation of its `resolve`, or None."""
    try:
        returned = get_type_hints(type(block).resolve).get("return")
    except NameError:
        returned = None
    return JsonValue if returned is None else returned | None


def key_of(model: type[models.Model]) -> Any:
    """The type of a model's key, or None; any JSON for a key of an unknown kind."""
    key: Any = model._meta.pk
    while key.remote_field is not None:
        key = key.target_field
    kind = next((type_ for class_, type_ in KEYS if isinstance(key, class_)), JsonValue)
    return kind if kind is JsonValue else kind | None


def _is_plain(block: blocks.Block) -> bool:
    """Whether a block's representation is made by Wagtail or by this package."""
    makers = (type(block).get_api_representation, type(block).get_prep_value)
    return all(maker.__module__.split(".")[0] in ("wagtail", "anodyne_blocks") for maker in makers)


def described(type_: Any) -> Any:
    """A type for OpenAPI alone: blocks made the value, and old content must not fail to be read."""
    return Annotated[type_, WrapValidator(_unchecked), PlainSerializer(as_it_is)]


def _unchecked(value: Any, check: Any) -> Any:
    return value


# Without a return annotation, which would become the schema.
def as_it_is(value):  # type: ignore[no-untyped-def]
    return value
