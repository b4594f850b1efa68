"""What an editor is told, in a preview of the page, of pieces that an element lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from wagtail.blocks import Block

from anodyne_blocks.article import Article
from anodyne_blocks.article.fetching import FetchedChooser, images_of
from anodyne_blocks.article.images import ImageRow, image_sizes
from anodyne_blocks.article.walking import walk


def notes(block: Block, value: Any, article: Article) -> SafeString:
    """A note for each piece that lacks; nothing but in a preview, which no reader sees."""
    if not getattr(article.request, "is_preview", False):
        return SafeString()
    lines = ((text,) for text in dict.fromkeys(lacks(block, value)))
    return format_html_join("", '<p class="anodyne-absent">{}</p>', lines)


def lacks(block: Block, value: Any) -> Iterator[str]:
    """What lacks in a block's value, in words."""
    for child, chosen in walk(block, value):
        if not isinstance(child, FetchedChooser):
            continue
        if chosen is None:
            if child.required:
                text = gettext("%(label)s: nothing is chosen, or it was deleted.")
                yield text % {"label": child.label}
            continue
        for image, role in images_of(chosen):
            if image is not None and not image_sizes(image, role):
                yield damaged(image)


def damaged(image: Any) -> str:
    """What an editor is told of an image that cannot be shown."""
    if isinstance(image, ImageRow):
        image = image.loaded()
    text = gettext("The file of the image “%(title)s” is missing or damaged.")
    return text % {"title": getattr(image, "title", "")}
