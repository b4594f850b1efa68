"""Serializers of page properties for `APIField`, of which API v3 describes what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from rest_framework.fields import Field as SerializerField
from typing_extensions import TypeAliasType, TypedDict

from anodyne_blocks.api.block_types import described
from anodyne_blocks.elements.base import Part

__all__ = ["ElementField", "JsonLdField"]

if TYPE_CHECKING:
    _Field = SerializerField[Any, Any, Any, Any]
else:
    _Field = SerializerField

# What a property of schema.org says: a text, number or truth, a thing, or several. As deep as the
# package's own go, because generators of clients cannot make a type that holds itself.
_said: Any = TypeAliasType("JsonLdPlain", str | float | bool | list[str])
for _depth in (1, 2, 3):
    _thing = dict[str, _said]
    _some = str | float | bool | _thing | list[str | _thing]
    _said = TypeAliasType(f"JsonLdProperty{_depth}", _some)  # type: ignore[misc]

JsonLd = TypedDict(
    "JsonLd",
    {"@context": Literal["https://schema.org"], "@graph": described(list[dict[str, _said]])},  # type: ignore[misc]
)
JsonLd.__doc__ = "The page's structured data: one graph of schema.org."


class ElementField(_Field):
    """A property that gives an element, a part of one as `Image`, or None.

    `APIField("lead", serializer=ElementField(Image))`
    """

    def __init__(self, element: type[Part], **options: Any) -> None:
        super().__init__(**options)

        def to_representation(value: Any) -> Any:
            return value.model_dump(mode="json")

        # What API v3 describes.
        to_representation.__annotations__["return"] = element
        self.to_representation = to_representation  # type: ignore[method-assign]


class JsonLdField(_Field):
    """The structured data of a page with `JsonLdMixin`.

    `APIField("json_ld", serializer=JsonLdField())`
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"source": "*", **options})

    def to_representation(self, page: Any) -> JsonLd:
        return page.json_ld(self.context.get("request"))
