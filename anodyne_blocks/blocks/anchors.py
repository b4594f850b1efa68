"""The child `anchor`, which keeps the address that a block was published with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.blocks.untranslated import UntranslatedBlock


def anchor_block() -> UntranslatedBlock:
    """The child, for the block's class."""
    return UntranslatedBlock(
        label=_("Anchor"),
        required=False,
        max_length=250,
        help_text=_("For links to this place. Empty: made from the heading."),
    )


def anchored(value: Any, place: str, words: str | None) -> Iterable[Anchored]:
    """A block's value as what keeps its anchor; nothing where it has no such child."""
    return (
        (Anchored(value, place, words or "", value["anchor"] or ""),) if "anchor" in value else ()
    )
