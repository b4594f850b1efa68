"""Wagtail hooks: icons and the admin's views."""

from __future__ import annotations

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from anodyne_blocks.admin.group import ArticleElements

ICONS = (
    "byline",
    "contents",
    "faq",
    "heading",
    "image",
    "paragraph",
    "product",
    "product-grid",
    "reading-time",
    "reviewer",
    "share",
    "shop-rating",
    "sources",
    "standfirst",
)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """The package's own icons, each named anodyne-…"""
    return [*icons, *(f"anodyne_blocks/icons/anodyne-{name}.svg" for name in ICONS)]


register_snippet(ArticleElements)
