"""A site's own blocks in an article: what they say of themselves, or the setting says of them.

`Meta.in_article` of a block says it, or `OWN_BLOCKS` in the setting of a block that nobody can
change, by its class or by its name in a stream; both are a dictionary of `WORDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string
from django.utils.safestring import SafeData, mark_safe
from wagtail.blocks import Block, BoundBlock
from wagtail.rich_text import RichText

from anodyne_blocks import conf
from anodyne_blocks.article.headings import (
    Anchored,
    Part,
    anchored_in,
    headings_in,
    with_anchors,
    with_stored,
)

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

# {word: what it says}. All are optional.
WORDS = {
    "heading": "the child that is a heading, or True: the value, or the headings in a rich text",
    "anchor": "the child that keeps the heading's anchor once it is published",
    "level": "a heading's level from 2 to 6, or the child that says it",
    "read": "a list of the children that count as reading; without it all do",
    "images": "True: its images load eagerly on the first screen, else lazily",
}
LEVELS = range(2, 7)

_IMAGE = re.compile(r"<img(?=[\s/>])(?![^>]*\sloading\s*=)", re.IGNORECASE)


@dataclass(frozen=True)
class OwnBlock:
    """A block that is no element, as an article sees it: `said` of it is a mapping of `WORDS`."""

    said: Mapping[str, Any]

    def anchored(self, owner: Any, place: str) -> Iterable[Anchored]:
        """Headings in a rich text, and one beside a child that keeps its anchor."""
        value = value_of(owner)
        found = _child(value, self.said.get("heading"))
        if isinstance(found, RichText):
            return anchored_in(found.source, owner, place)
        name = self.said.get("anchor")
        if not isinstance(value, Mapping) or name not in value:
            return ()
        stored = str(value[name] or "")
        return [Anchored(Part(owner, 0), place, text, stored) for _, text in self._headings(value)]

    def keep(self, owner: Any, anchors: Sequence[str]) -> None:
        """Store the anchors of what is `anchored`, in its order."""
        value: Any = value_of(owner)
        found = _child(value, self.said.get("heading"))
        if isinstance(found, RichText):
            found.source = with_stored(found.source, anchors)
        else:
            value[self.said["anchor"]] = anchors[0]

    def set_minutes(self, owner: Any) -> int | None:
        return None

    def set_days(self, owner: Any) -> tuple[None, None]:
        return None, None

    def review(self, owner: Any) -> None:
        return None

    def outline(self, owner: Any, outline: Outline) -> None:
        for level, text in self._headings(value_of(owner)):
            outline.own_section(owner, text, min(max(level, LEVELS[0]), LEVELS[-1]))

    def _headings(self, value: Any) -> list[tuple[int, str]]:
        """(level, text) of each heading in a value."""
        found = _child(value, self.said.get("heading"))
        if isinstance(found, RichText):
            return [heading[:2] for heading in headings_in(found.source)]
        text = " ".join(str(found or "").split())
        return [(self._level(value), text)] if text else []

    def _level(self, value: Any) -> int:
        """The level as a number; editors may choose "h3", "3" or nothing."""
        level = self.said.get("level")
        if isinstance(level, str):
            level = _child(value, level)
        digit = re.search(r"\d", str(level))
        return int(digit[0]) if digit else LEVELS[0]


UNSAID = OwnBlock({})


def own_block(block: Block, in_stream: bool) -> OwnBlock | None:
    """What is said of a block; None where nothing is. The setting comes before the block's Meta."""
    said = said_of(block, in_stream)
    return OwnBlock(said) if said else None


def said_of(block: Block, in_stream: bool) -> Mapping[str, Any]:
    """What is said of a block; nothing is {}."""
    for key, said in _by_key():
        if isinstance(key, type) and isinstance(block, key):
            return said
        if in_stream and key == block.name:
            return said
    said_by_itself: Mapping[str, Any] = getattr(block.meta, "in_article", {})
    return said_by_itself


@conf.remembered(maxsize=1)
def _by_key() -> list[tuple[type | str, Mapping[str, Any]]]:
    """The setting's entries, by a class or by a name in a stream."""
    named = conf.get("OWN_BLOCKS").items()
    return [(import_string(key) if "." in key else key, said) for key, said in named]


def owner_of(child: BoundBlock) -> Any:
    """What stands for a stream's child: its value, which templates have, or else the child.

    Two children may have one and the same text, image or None.
    """
    return child.value if isinstance(child.value, Mapping) else child


def value_of(owner: Any) -> Any:
    """The value of an owner."""
    return owner.value if isinstance(owner, BoundBlock) else owner


def _child(value: Any, name: Any) -> Any:
    """The child of this name, or the value itself (True); None where there is none."""
    if name is True:
        return value
    return value.get(name) if isinstance(value, Mapping) else None


def marked(html: str, own: Iterable[tuple[OwnBlock, Any]], outline: Outline) -> str:
    """The HTML of a site's own block, with the anchors of its headings and its images' loading.

    `own` are the (block, owner) in it. What its template says itself stays as it is.
    """
    if not isinstance(html, SafeData):
        return html
    own = list(own)
    html = with_anchors(html, [entry for _, owner in own for entry in outline.own_headings(owner)])
    for block, owner in own:
        if block.said.get("images"):
            html = _IMAGE.sub(f'<img loading="{outline.loading(owner)}"', html)
    return mark_safe(html)  # noqa: S308  safe before, and so is what was added
