"""What the API takes for a block, as a type that checks it: OpenAPI and validation are one.

Null and "" are nothing, as in a draft; what is required is asked for by the blocks themselves when
the page is published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from pydantic import AfterValidator, AllowInfNan, Field, JsonValue, Strict, WithJsonSchema
from pydantic import ValidationError as TypeErrors
from pydantic_core import PydanticCustomError
from typing_extensions import NotRequired
from wagtail import blocks

from anodyne_blocks.api.block_types import BlockTypes, list_of
from anodyne_blocks.article.stored import UNREAD
from anodyne_blocks.article.walking import stored_default
from anodyne_blocks.blocks.base import ElementBlock

# What no XML, CSV or database of all can hold: control characters and halves of pairs.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Ids are parts of paths to a block, which dots separate, and of HTML.
_ID = "^[A-Za-z0-9_-]{1,64}$"
_FORMATS = ("db_html", "db_markdown")
_RICH_TEXT = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "format": {"type": "string", "enum": list(_FORMATS), "default": "db_html"},
                "content": {"type": "string"},
            },
            "required": ["content"],
            "additionalProperties": False,
        },
        {"type": "null"},
    ]
}


def as_a_form_does(block: blocks.Block, value: Any, prefix: str) -> Any:
    """A value of the API as the block makes it of a form, in the way of Wagtail's own writing."""
    # Not at the top: with it Wagtail makes the schemas of all pages.
    from wagtail.api.v3.form_data import flatten_block_value

    data: MultiValueDict[str, Any] = MultiValueDict()
    flatten_block_value(block, value, prefix, data)
    return block.value_from_datadict(data, {}, prefix)


def storable(text: str) -> str:
    """The text; an error where it holds what cannot be stored."""
    if found := _UNSTORABLE.search(text):
        sign = f"U+{ord(found[0]):04X}"
        message = "The text holds {sign}, which cannot be stored."
        raise PydanticCustomError("unstorable", message, {"sign": sign})
    return text


@dataclass(frozen=True)
class Moment:
    """Checks a date or time that is written as text."""

    parse: Callable[[str], Any]
    example: str

    def __call__(self, text: str) -> str:
        try:
            found = self.parse(text)
        except ValueError:
            found = None
        if found is None:
            context = {"example": self.example}
            raise PydanticCustomError("date_or_time", "Write it as in “{example}”.", context)
        return text


@dataclass(frozen=True)
class Rich:
    """Checks rich text: Wagtail's own HTML, or an envelope that says the format."""

    features: tuple[str, ...] | None
    editor: str
    # Any of those with these features and this editor.
    block: Any = field(repr=False, compare=False)

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        known = isinstance(value, str) or (
            isinstance(value, dict)
            and isinstance(value.get("content"), str)
            and value.keys() <= {"format", "content"}
            and value.get("format", _FORMATS[0]) in _FORMATS
        )
        if not known:
            message = "Write a text, or an object of “format” ({formats}) and “content”."
            context = {"formats": " or ".join(_FORMATS)}
            raise PydanticCustomError("rich_text", message, context)
        storable(value if isinstance(value, str) else value["content"])
        try:
            as_a_form_does(self.block, value, "text")
        except (*UNREAD, AssertionError) as problem:
            # Wagtail's own say which format is wrong, or which tag.
            raise PydanticCustomError("rich_text", "{why}", {"why": _why(problem)}) from problem
        return value


def _rich(block: Any) -> Rich:
    features = None if block.features is None else tuple(block.features)
    return Rich(features, block.editor, block)


def _why(problem: BaseException) -> str:
    if isinstance(problem, TypeErrors):
        return str(problem.errors()[0]["msg"])
    return f"The text cannot be read: {problem}"


@dataclass(frozen=True, eq=False)
class Readable:
    """Checks a value of which only the site's own block knows what it may be."""

    block: Any

    def __call__(self, value: Any) -> Any:
        storable(json.dumps(value, ensure_ascii=False))
        try:
            as_a_form_does(self.block, value, "value")
        except UNREAD as problem:
            message = "The block cannot read this value."
            raise PydanticCustomError("unreadable", message) from problem
        except ValidationError as problem:
            raise PydanticCustomError("invalid", "{why}", {"why": problem.messages[0]}) from problem
        return value


def _options(block: Any) -> dict[str, Any]:
    """What a block says of its form field, which some can only make when all apps are ready."""
    if made := vars(block).get("field"):
        return vars(made)
    if isinstance(block, blocks.ChooserBlock):
        return {"required": block._required}
    return {"required": False, **getattr(block, "field_options", {})}


def _text(block: Any) -> Any:
    longest = _options(block).get("max_length")
    return Annotated[str, Field(max_length=longest), AfterValidator(storable)] | None


def _bounds(block: Any) -> Any:
    options = _options(block)
    return Field(ge=options.get("min_value"), le=options.get("max_value"))


def _integer(block: Any) -> Any:
    return Annotated[int, Strict(), _bounds(block)] | None


def _float(block: Any) -> Any:
    return Annotated[float, Strict(), AllowInfNan(False), _bounds(block)] | None


def _decimal(block: Any) -> Any:
    """What the block reads: a number, or a text in which no digit is lost."""
    kinds = [{"type": kind} for kind in ("string", "number", "null")]
    read = AfterValidator(_no_truth), AfterValidator(Readable(block))
    return Annotated[Any, read[0], read[1], WithJsonSchema({"anyOf": kinds})]


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("unreadable", "The block cannot read this value.")
    return value


def _keys(choices: Iterable[tuple[Any, Any]]) -> list[str]:
    """The keys of choices, also of those in groups."""
    keys: list[str] = []
    for key, label in choices:
        keys += _keys(label) if isinstance(label, (list, tuple)) else [str(key)]
    return keys


def _choice(block: Any) -> Any:
    """One of the keys; where a callable gives them, the block itself asks for it each time."""
    choices = block.deconstruct()[2].get("choices")
    if not isinstance(choices, (list, tuple)):
        return _plain_text
    return Literal[tuple(dict.fromkeys([*_keys(choices), ""]))]


_plain_text = Annotated[str, AfterValidator(storable)]


def _moment(parse: Callable[[str], Any], example: str, format: str) -> Any:
    shown = WithJsonSchema({"anyOf": [{"type": "string", "format": format}, {"type": "null"}]})
    checked = Annotated[str, AfterValidator(Moment(parse, example))] | None
    return Annotated[checked, shown]


MAKERS: tuple[tuple[type[blocks.Block], Callable[[Any], Any]], ...] = (
    (blocks.MultipleChoiceBlock, lambda block: list_of(_choice(block))),
    (blocks.BooleanBlock, lambda _: Annotated[bool, Strict()] | None),
    (blocks.IntegerBlock, _integer),
    (blocks.FloatBlock, _float),
    (blocks.DecimalBlock, _decimal),
    (blocks.DateBlock, lambda _: _moment(parse_date, "2025-10-25", "date")),
    (
        blocks.DateTimeBlock,
        lambda _: _moment(parse_datetime, "2025-10-25T14:30:00Z", "date-time"),
    ),
    (blocks.TimeBlock, lambda _: _moment(parse_time, "14:30", "time")),
    (blocks.StaticBlock, lambda _: None),
    (
        blocks.RichTextBlock,
        lambda block: Annotated[Any, AfterValidator(_rich(block)), WithJsonSchema(_RICH_TEXT)],
    ),
    (blocks.ChoiceBlock, lambda block: _choice(block) | None),
    (blocks.CharBlock, _text),
    (blocks.TextBlock, _text),
    (blocks.EmailBlock, _text),
    (blocks.RawHTMLBlock, _text),
    (blocks.RegexBlock, _text),
    (blocks.URLBlock, _text),
)


class WrittenTypes(BlockTypes):
    """Derives the types of what the API takes: strict, with bounds, choices and defaults."""

    suffixes = ("Input", "Input")

    def unknown(self, block: blocks.Block) -> Any:
        return Annotated[JsonValue, AfterValidator(Readable(block))]

    def leaf(self, block: blocks.Block) -> Any:
        if isinstance(block, blocks.ChooserBlock):
            key = super().leaf(block)
            if key is JsonValue:
                return self.unknown(block)
            return Annotated[int, Strict()] | None if key == int | None else key
        return next(
            (make(block) for class_, make in MAKERS if isinstance(block, class_)),
            self.unknown(block),
        )

    def item(self, name: str, child: blocks.Block) -> dict[str, Any]:
        id_ = Annotated[str, Field(pattern=_ID)] | None
        return {"type": Literal[name], "value": self.of(child), "id": NotRequired[id_]}

    def struct(self, block: blocks.BaseStructBlock) -> dict[str, Any]:
        """Required is what the block requires and has no default for."""
        fields: dict[str, Any] = {}
        for name, child in block.child_blocks.items():
            type_, default = self.of(child), default_of(child)
            has_default = default is not False and default not in (None, "", [])
            if must_be_given(child) and not has_default:
                fields[name] = type_
            elif isinstance(default, (str, int)):
                shown = Field(json_schema_extra={"default": default})
                fields[name] = NotRequired[Annotated[type_, shown]]
            else:
                fields[name] = NotRequired[type_]
        if isinstance(block, ElementBlock):
            # What was read may be written as it is.
            ignored = WithJsonSchema(
                {
                    "description": "Ignored: the element that was read.",
                    "anyOf": [
                        {"type": "object", "properties": {"type": {"type": "string"}}},
                        {"type": "null"},
                    ],
                }
            )
            fields["resolved"] = NotRequired[Annotated[Any, ignored]]
        return fields


def must_be_given(block: blocks.Block) -> bool:
    """Whether a child is required: a list, if it has a least number of items."""
    if isinstance(block, blocks.ListBlock):
        return bool(block.meta.min_num)
    if isinstance(block, (blocks.BaseStructBlock, blocks.BaseStreamBlock)):
        return False
    return bool(_options(block)["required"])


def default_of(block: blocks.Block) -> Any:
    """What stands for a child that is left out, in the API's words.

    The empty items of a list, which an editor is given to begin with, are none.
    """
    if isinstance(block, blocks.ListBlock):
        child = block.child_block
        given = [child.get_api_representation(item) for item in block.get_default()]
        empty = child.get_api_representation(child.get_default())
        return given if any(item != empty for item in given) else []
    if isinstance(block, blocks.BaseStreamBlock):
        return block.get_api_representation(block.get_default())
    if isinstance(block, blocks.BaseStructBlock):
        return {name: default_of(child) for name, child in block.child_blocks.items()}
    return stored_default(block)
