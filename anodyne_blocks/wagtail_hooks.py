"""Wagtail hooks: icons and the admin's views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from anodyne_blocks.admin import (
    attention,
    citing,
    pieces,
    repeats,
    report,
    reviews,
    sources,
    unread,
)
from anodyne_blocks.admin.group import ArticleElements
from anodyne_blocks.signals import fetch_pictures

_TEMPLATES = Path(__file__).parent / "templates"


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """The package's own icons, each named anodyne-…"""
    own = sorted(_TEMPLATES.glob("anodyne_blocks/icons/*.svg"))
    return [*icons, *(path.relative_to(_TEMPLATES).as_posix() for path in own)]


@hooks.register("register_rich_text_features")
def register_features(features: Any) -> None:
    """`cite`, which rich texts of a site may have, too."""
    citing.register(features)


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    return report.menu_item()


@hooks.register("register_reports_menu_item")
def register_reviews() -> MenuItem:
    """ "Reviews that need attention" in the Reports menu."""
    return reviews.menu_item(reviews.ReviewsReport, 1160)


@hooks.register("register_reports_menu_item")
def register_records() -> MenuItem:
    """ "Records of reviews" in the Reports menu."""
    return reviews.menu_item(reviews.RecordsReport, 1170)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group may be given that belongs to no listing."""
    return Permission.objects.filter(
        content_type__app_label="anodyne_blocks", codename__in=("confirm_review", "mark_mistaken")
    )


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """The addresses of the reports, and of the dialogs for sources."""
    return [*report.urls(), *reviews.urls(), *sources.urls()]


@hooks.register("insert_editor_js")
def insert_source_dialogs() -> str:
    """The dialogs for sources and citations, in every editor."""
    return sources.dialogs()


@hooks.register("before_edit_page")
def tell_of_page(request: HttpRequest, page: Any) -> None:
    """Say in the page editor what cannot be read, lacks, needs attention or stands twice."""
    if request.method == "GET":
        unread.tell(request, page)
        pieces.tell(request, page)
        attention.tell(request, page)
        repeats.tell(request, page)
        reviews.tell(request, page)
        citing.tell_of_gone(request, page)


@hooks.register("after_publish_page")
def tell_of_citations(request: HttpRequest, page: Any) -> None:
    """Say what has just been published without its source."""
    citing.tell_of_gone(request, page)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def fetch_pictures_of_products(request: HttpRequest, page: Any) -> None:
    """Have the pictures of newly placed products imported."""
    fetch_pictures(page)


register_snippet(ArticleElements)
