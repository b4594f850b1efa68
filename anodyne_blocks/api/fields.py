"""Serializers of page properties for `APIField`: API v2 shows, and API v3 describes, what they give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import WithJsonSchema
from rest_framework.fields import Field as SerializerField
from typing_extensions import TypedDict

from anodyne_blocks.elements.base import ElementJSON, Part

__all__ = ["ElementField", "JsonLdField"]

# Whatever a property of schema.org says. A plain recursive type no generator of clients reads.
_NODE = {
    "type": "object",
    "properties": {"@type": {"type": "string"}, "@id": {"type": "string"}},
    "required": ["@type"],
    "additionalProperties": {
        "anyOf": [
            {"type": "string"},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
            {"type": "object"},
        ]
    },
}
JsonLd = TypedDict(
    "JsonLd",
    {
        "@context": Literal["https://schema.org"],
        "@graph": list[Annotated[dict[str, Any], WithJsonSchema(_NODE)]],
    },
)
JsonLd.__doc__ = "The page's structured data: one graph of schema.org."


class ElementField(SerializerField):
    """A property that gives an element, a part of one as `Image`, or None.

    `APIField("lead", serializer=ElementField(Image))`
    """

    def __init__(self, element: type[Part], **options: Any) -> None:
        super().__init__(**options)

        def to_representation(value: Any) -> Any:
            return ElementJSON(value.model_dump(mode="json"))

        # What API v3 describes.
        to_representation.__annotations__["return"] = element
        self.to_representation = to_representation  # type: ignore[method-assign]


class JsonLdField(SerializerField):
    """The structured data of a page with `JsonLdMixin`: `APIField("json_ld", serializer=JsonLdField())`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"source": "*", **options})

    def to_representation(self, page: Any) -> JsonLd:
        return page.json_ld(self.context.get("request"))  # type: ignore[no-any-return]
