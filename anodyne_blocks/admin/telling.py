"""How the page editor is told of several things at once: a title, and a list beneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages


def linked(text: str, url: str | None) -> str:
    """`text` as a link to a place in the editor, where it has one."""
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def warn(
    request: HttpRequest,
    title: str,
    line: str,
    rows: Iterable[Sequence[Any]],
    buttons: Sequence[Any] = (),
) -> None:
    """A warning with an item for each of `rows`; `line` is a format of `format_html`."""
    items = format_html_join("", f"<li>{line}</li>", rows)
    messages.warning(request, format_html("{} <ul>{}</ul>", title, items), buttons=[*buttons])
