"""The same passage twice in a body: a standfirst as the first paragraph, a text pasted twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext
from wagtail.blocks import StreamBlock, StreamBlockValidationError, StreamValue
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks.blocks.text import HeadingBlock, ParagraphBlock, StandfirstBlock

# In letters: what is shorter may well be said twice.
SHORTEST = 40
_END = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>")


def repeats(body: StreamValue) -> dict[int, str]:
    """{index of a block: the sentence about its passage that stands further up already}."""
    seen: set[str] = set()
    found: dict[int, str] = {}
    for index, passage in _passages(body):
        key = passage.casefold()
        if key in seen and index not in found:
            text = gettext("This stands further up already: “%(words)s”")
            found[index] = text % {"words": Truncator(passage).chars(60)}
        seen.add(key)
    return found


def title_again(body: StreamValue, title: str) -> dict[int, str]:
    """The same about the first heading, where it is the page's title."""
    for index, child in enumerate(body):
        if isinstance(child.block, HeadingBlock):
            same = _plain(child.value.get("text") or "").casefold() == _plain(title).casefold()
            return {index: gettext("The first heading repeats the title.")} if same else {}
    return {}


class TellsRepeats(StreamBlock):
    """A StreamBlock that refuses to publish a passage twice, at its place; drafts are saved."""

    def clean(self, value: Any) -> Any:
        errors: dict[int, ValidationError] = {}
        general = cleaned = None
        try:
            cleaned = super().clean(value)
        except StreamBlockValidationError as error:
            errors, general = dict(error.block_errors), error.non_block_errors
        if not self.is_deferred_validation:
            for index, text in repeats(value).items():
                wrong = StructBlockValidationError(block_errors={"text": ValidationError(text)})
                errors.setdefault(index, wrong)
        if errors or general:
            raise StreamBlockValidationError(block_errors=errors, non_block_errors=general)
        return cleaned


def _passages(body: StreamValue) -> Iterator[tuple[int, str]]:
    """(index of the block, passage) in order, without what is short."""
    for index, child in enumerate(body):
        if not isinstance(child.block, (ParagraphBlock, StandfirstBlock)):
            continue
        text = child.value.get("text") or ""
        for part in _END.split(getattr(text, "source", text)):
            passage = _plain(part)
            if len(passage) >= SHORTEST:
                yield index, passage


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())
