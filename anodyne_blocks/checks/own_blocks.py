"""Checks of what is said of a site's own blocks: by the key `OWN_BLOCKS`, and by their Meta."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string
from wagtail.blocks import BaseStreamBlock, Block

from anodyne_blocks.article.own_blocks import LEVELS, WORDS
from anodyne_blocks.article.walking import ArticleBlock, block_definitions
from anodyne_blocks.checks.messages import Messages, error, not_a_dict, warning, where

SHAPES = {
    "heading": lambda said: said is True or isinstance(said, str),
    "anchor": lambda said: isinstance(said, str),
    "level": lambda said: isinstance(said, str) or (type(said) is int and said in LEVELS),
    "read": lambda said: isinstance(said, (list, tuple)),
    "images": lambda said: isinstance(said, bool),
}


def check_own_blocks(name: str, value: dict[Any, Any]) -> Messages:
    """Each key names blocks, and what is said of them is known."""
    for key, said in value.items():
        found, messages = _named(name, key)
        yield from messages
        if not isinstance(said, dict):
            yield from not_a_dict(said, name, key)
        else:
            yield from what_is_wrong(said, where(name, key), found)


def _named(name: str, key: Any) -> tuple[list[dict[str, Any]], list[Any]]:
    """The children of each block that a key names, and what is wrong with the key."""
    if not isinstance(key, str) or "." not in key:
        return _named_by_name(name, key)
    try:
        named = import_string(key)
    except ImportError as reason:
        problem = f"it cannot be imported: {reason}"
    else:
        if isinstance(named, type) and issubclass(named, Block):
            if not issubclass(named, ArticleBlock):
                used = [block for block in site_blocks() if isinstance(block, named)]
                return [children_of(block) for block in used or [named]], []
            problem = "that is the block of an element, which says itself what it is."
        else:
            problem = "that is no block."
    hint = "Write the dotted path of a block of the site's own, or its name in a StreamField."
    return [], [error(50, f"{where(name, key)}: {problem}", hint)]


def _named_by_name(name: str, key: Any) -> tuple[list[dict[str, Any]], list[Any]]:
    streams = [block for block in site_blocks() if isinstance(block, BaseStreamBlock)]
    pairs = [pair for stream in streams for pair in stream.child_blocks.items()]
    own = {known: block for known, block in pairs if not isinstance(block, ArticleBlock)}
    if key in own:
        return [children_of(block) for known, block in pairs if known == key], []
    names = get_close_matches(str(key), own) or sorted(own)
    message = f"{where(name, key)}: no StreamField has a block of the site's own of this name."
    return [], [warning(50, message, f"It has no effect. Names: {', '.join(names) or 'none'}.")]


def site_blocks() -> Iterator[Block]:
    """The definitions of all blocks in the site's StreamFields."""
    for model in apps.get_models():
        yield from block_definitions(model)


def children_of(block: Block | type[Block]) -> dict[str, Any]:
    """{name: child} of a StructBlock or its class; {} of any other block."""
    names = "child_blocks" if isinstance(block, Block) else "base_blocks"
    found: dict[str, Any] = getattr(block, names, {})
    return found


def what_is_wrong(said: dict[str, Any], place: str, blocks: list[dict[str, Any]]) -> Messages:
    """Words that are unknown, say what they cannot, or name children that the blocks lack."""
    for word, value in said.items():
        if word not in WORDS:
            hint = f"Words: {', '.join(WORDS)}."
            yield error(51, f"{place} has an unknown word {word!r}.", hint)
        elif not SHAPES[word](value):
            yield error(51, f"{place}[{word!r}] is {value!r}.", f"Write {WORDS[word]}.")
        else:
            names = value if isinstance(value, (list, tuple)) else [value]
            yield from _children(f"{place}[{word!r}]", names, blocks)


def _children(place: str, names: Any, blocks: list[dict[str, Any]]) -> Messages:
    for child in names:
        lacking = [known for known in blocks if isinstance(child, str) and child not in known]
        if lacking:
            has = f"Its children: {', '.join(lacking[0])}." if lacking[0] else "It has no children."
            yield error(52, f"{place}: the block has no child {child!r}.", has)
            return
