"""What page models say in `graphql_fields` of this package's things, beside grapple's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grapple.models import GraphQLField

from anodyne_blocks.elements.base import Part

__all__ = ["GraphQLElement", "GraphQLJsonLd"]


def GraphQLElement(name: str, element: type[Part], **options: Any) -> Callable[[], GraphQLField]:
    """A property of a page that gives an element or a part of one, as `Image` or `ReadingTime`."""

    def made() -> GraphQLField:
        # Not at the top: models are still being made.
        from anodyne_blocks.api.graphql import TYPES

        return GraphQLField(name, TYPES.of(element, name), **options)

    return made


def GraphQLJsonLd(name: str = "json_ld") -> Callable[[], GraphQLField]:
    """The page's structured data, as one JSON object; see `JsonLdMixin`."""

    def made() -> GraphQLField:
        from graphene.types.generic import GenericScalar

        return GraphQLField(name, GenericScalar, source="graphql_json_ld")

    return made
