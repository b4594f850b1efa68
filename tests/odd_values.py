"""Values of every kind for every child of every block, and which of them a child may take."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from wagtail import blocks

Path = tuple[Any, ...]

LONG = "long " * 2000
MISSING = object()
VALUES: dict[str, Any] = {
    "null": None,
    "missing": MISSING,
    "empty text": "",
    "a word": "x",
    "zero": 0,
    "minus one": -1,
    "a fraction": 1.5,
    "true": True,
    "a list": [],
    "an object": {},
    # 1 is the id of a page.
    "a list of a number": [10**9],
    "an object of a number": {"a": 1},
    "a long text": LONG,
    "half a pair": "a\ud800b",
    "NUL": "a\x00b",
}

# What is taken of these, but for nothing; texts and choices take "" too.
_TAKEN: tuple[tuple[type[blocks.Block], set[str]], ...] = (
    (blocks.RichTextBlock, {"a word", "a long text"}),
    (blocks.URLBlock, set()),
    (blocks.RegexBlock, set()),
    (blocks.BooleanBlock, {"true"}),
    (blocks.IntegerBlock, set()),
    (blocks.DecimalBlock, {"zero", "a fraction"}),
    (blocks.DateBlock, set()),
    (blocks.ChoiceBlock, set()),
    (blocks.ChooserBlock, set()),
    (blocks.ListBlock, {"a list"}),
    (blocks.CharBlock, {"a word"}),
    (blocks.TextBlock, {"a word"}),
)
_WITHOUT_EMPTY = (
    blocks.BooleanBlock,
    blocks.IntegerBlock,
    blocks.DateBlock,
    blocks.ChooserBlock,
    blocks.ListBlock,
)
# These look like texts of any kind.
# No DOI, no tag of a page, and no number of a comparison.
_OTHER_TEXTS = {"doi": {"a word"}, "tag": {"a word"}, "value": {"a word"}}


def children(block: blocks.Block, value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """(path, block) of each child below a full value."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield (*path, name), child
            if name in value:
                yield from children(child, value[name], (*path, name))
    elif isinstance(block, blocks.ListBlock):
        yield from children(block.child_block, value[0], (*path, 0))


def changed(value: Any, path: Path, odd: Any) -> Any:
    """A copy of a value with something odd, or nothing, at a path."""
    made = holder = copy.deepcopy(value)
    for step in path[:-1]:
        holder = holder[step]
    if odd is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = odd
    return made


def is_taken(block: blocks.Block, path: Path, name: str) -> bool:
    """Whether a draft takes the value of a name for a child."""
    if path[-1] == "criterion":
        # A value is of one of the criteria, and of no other.
        return False
    is_required = block.meta.min_num if isinstance(block, blocks.ListBlock) else block.required
    if name == "missing":
        return not is_required or bool(block.get_default() and not isinstance(block, LISTS))
    if name == "null":
        return not isinstance(block, blocks.ListBlock)
    if name == "empty text":
        return not isinstance(block, _WITHOUT_EMPTY)
    taken = next(taken for kind, taken in _TAKEN if isinstance(block, kind))
    return name in taken and name not in _OTHER_TEXTS.get(path[-1], ())


LISTS = (blocks.ListBlock,)
