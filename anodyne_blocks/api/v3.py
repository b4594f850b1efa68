"""API v3 (Wagtail 8.0): an `ArticleField` in its page's language, described block by block.

So is a plain StreamField that holds elements when it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from pydantic import PlainSerializer, WrapValidator
from wagtail.api.v3.schemas import create_generator, patch_generator, read_generator
from wagtail.fields import StreamField

from anodyne_blocks.api.block_types import BlockTypes, as_it_is, described
from anodyne_blocks.api.writing import Written
from anodyne_blocks.api.written import WrittenTypes
from anodyne_blocks.article.walking import holds_elements
from anodyne_blocks.fields import ArticleField, ArticleStreamValue

READ = BlockTypes()
WRITE = WrittenTypes()


def register() -> None:
    """Teach Wagtail's schema generators the field."""
    read_generator.register_field_schema(ArticleField, read_schema)
    read_generator.register_field_schema(StreamField, read_plain_schema)
    for generator in (create_generator, patch_generator):
        # A site's own schema of StreamFields keeps its say.
        generator.register_field_schema(
            StreamField, partial(write_plain_schema, generator.field_schemas[StreamField])
        )
        generator.register_field_schema(ArticleField, write_schema)


def read_schema(generator: Any, field: ArticleField) -> tuple[Any, Any, Callable[..., Any]]:
    """Annotation, default and resolver of an `ArticleField` that is read."""
    return described(READ.of(field.stream_block)), [], _shown(field.name)


def read_plain_schema(generator: Any, field: StreamField) -> tuple[Any, Any, Callable[..., Any]]:
    """As Wagtail's, but a body that knows its page is shown as one, also in the answer to a write,
    whose blocks come from a form."""
    return list[Any], [], _shown(field.name)


def _shown(name: str) -> Callable[..., Any]:
    def resolve(obj: Any, context: dict[str, Any]) -> Any:
        value = getattr(obj, name)
        if isinstance(value, ArticleStreamValue):
            return value.represented(context)
        return value.stream_block.get_api_representation(value, context)

    return staticmethod(resolve)


def write_schema(generator: Any, field: StreamField) -> tuple[Any, Any]:
    """Annotation and default of a field that is written: its type describes and checks it."""
    type_ = WRITE.of(field.stream_block)
    return Annotated[type_, WrapValidator(Written(field)), PlainSerializer(as_it_is)], []


def write_plain_schema(wagtails: Any, generator: Any, field: StreamField) -> Any:
    """The same for a plain field that holds elements; Wagtail's for another."""
    makes = write_schema if holds_elements(field.stream_block) else wagtails
    return makes(generator, field)
