"""The page editor's message about what stands twice on the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from anodyne_blocks.admin.telling import warn
from anodyne_blocks.article.walking import page_streams
from anodyne_blocks.blocks.repeats import repeats, title_again


def tell(request: HttpRequest, page: Any) -> None:
    """A warning that leads to each place; that a draft may be published is not its matter."""
    found = []
    for _block, body in page_streams(page):
        for index, text in {**repeats(body), **title_again(body, page.title)}.items():
            found.append((f"#block-{body[index].id}-section", text))
    if found:
        title = gettext("Something stands twice on this page.")
        warn(request, title, '<a href="{}">{}</a>', found)
