"""JSON for API v2: the same as Django REST framework's, written by pydantic's encoder."""

from __future__ import annotations

import re
import uuid
from typing import Any

from pydantic_core import to_json
from rest_framework.renderers import JSONRenderer

from anodyne_blocks.elements import ProductCard

# A strict subset of JavaScript escapes these two in its texts.
_ESCAPED = {"\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}

# The JSON of cards by their identity: equal cards are one object (see `blocks.products`), and took
# two thirds of the encoder's time. Each is held, because its identity would go to another.
_written: dict[int, tuple[ProductCard, bytes]] = {}
KEPT = 2048


class CompactJSONRenderer(JSONRenderer):
    """JSON without indentation, much faster; what settings want otherwise is DRF's.

    An instance serves one answer.
    """

    def __init__(self) -> None:
        self._cards: list[bytes] = []
        self._mark = uuid.uuid4().hex

    def writes_elements(self, accepted_media_type: str | None, renderer_context: Any) -> bool:
        """Whether pydantic's encoder writes an answer: then elements need not be made dicts."""
        indent = self.get_indent(accepted_media_type, renderer_context or {})
        return indent is None and not self.ensure_ascii and self.compact

    def place(self, element: Any) -> Any:
        """What is to stand in the data for an element (or None); a mark where JSON is kept."""
        if type(element) is not ProductCard:
            return element
        kept = _written.get(id(element))
        if kept is None or kept[0] is not element:
            if len(_written) >= KEPT:
                _written.clear()
            kept = _written[id(element)] = element, to_json(element)
        self._cards.append(kept[1])
        return f"{self._mark}{len(self._cards) - 1}"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if data is None or not self.writes_elements(accepted_media_type, renderer_context):
            return super().render(data, accepted_media_type, renderer_context)
        # Lazy texts and the like.
        text = to_json(data, fallback=self.encoder_class().default)
        if self._cards:
            parts = re.split(rf'"{self._mark}(\d+)"'.encode(), text)
            parts[1::2] = [self._cards[int(number)] for number in parts[1::2]]
            text = b"".join(parts)
        for found, escaped in _ESCAPED.items():
            # Looking for one byte takes a tenth of the time.
            if found[-1:] in text:
                text = text.replace(found, escaped)
        return text
