"""Which blocks of a page model depend on more than is stored and fetched for them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import lru_cache

from wagtail.blocks import (
    Block,
    ChooserBlock,
    FieldBlock,
    ListBlock,
    StaticBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField

from anodyne_blocks.fetching import FetchedChooser
from anodyne_blocks.walk import definitions

# What a site's own block may define without changing an answer.
HARMLESS = {"__init__", "clean", "sample"}
KNOWN = {"wagtail", "anodyne_blocks", "django", "builtins"}
# Those that `walk` looks into, and those with nothing inside.
UNDERSTOOD = (StructBlock, StreamBlock, ListBlock, TypedTableBlock, FieldBlock, StaticBlock)


@lru_cache(maxsize=256)
def unknown_blocks(model: type) -> tuple[str, ...]:
    """The dotted names of a page model's blocks that do not say what they depend on."""
    return tuple(
        f"{type(block).__module__}.{type(block).__qualname__}"
        for block in _blocks_of(model)
        if (_own_methods(type(block)) or not isinstance(block, UNDERSTOOD))
        and not hasattr(block, "api_facts")
    )


@lru_cache(maxsize=256)
def says_its_facts(model: type) -> bool:
    """Whether a page model has blocks of which each stored value has facts of its own."""
    return any(
        hasattr(block, "api_facts") or is_plain_chooser(block) for block in _blocks_of(model)
    )


def is_plain_chooser(block: Block) -> bool:
    """Whether Wagtail looks up what a block refers to: the API says None for what is gone."""
    return isinstance(block, ChooserBlock) and not isinstance(block, FetchedChooser)


def _own_methods(class_: type[Block]) -> set[str]:
    """What the site's classes define in a block, beside children and `Meta`."""
    return {
        name
        for made in class_.__mro__
        if made.__module__.partition(".")[0] not in KNOWN
        for name, member in vars(made).items()
        if inspect.isroutine(member) or isinstance(member, property)
    } - HARMLESS


def _blocks_of(model: type) -> Iterator[Block]:
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            yield from definitions(field.stream_block)
