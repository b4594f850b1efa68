"""Wagtail hooks: icons and the admin's views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.snippets.models import register_snippet

from anodyne_blocks.admin import (
    citing,
    events,
    old_tests,
    overview,
    pasting,
    replacing,
    report,
    reviews,
    source_report,
    sources,
    texts,
    untranslated,
)
from anodyne_blocks.admin.group import ArticleElements
from anodyne_blocks.admin.report_base import ReportMenuItem
from anodyne_blocks.admin.translated import VersionDeleteAction
from anodyne_blocks.api import cache_tags, written_headings
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


@hooks.register("register_rich_text_features", order=1000)
def keep_written_headings(features: Any) -> None:
    """After Wagtail and the site have said what headings are."""
    written_headings.register(features)


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    """ "Products that need attention" in the Reports menu, after Wagtail's aging pages."""
    return ReportMenuItem(report.AttentionReport, 1150)


@hooks.register("register_reports_menu_item")
def register_reviews() -> MenuItem:
    """ "Reviews that need attention" in the Reports menu."""
    return ReportMenuItem(reviews.ReviewsReport, 1160)


@hooks.register("register_reports_menu_item")
def register_records() -> MenuItem:
    """ "Records of reviews" in the Reports menu."""
    return ReportMenuItem(reviews.RecordsReport, 1170)


@hooks.register("register_reports_menu_item")
def register_sources() -> MenuItem:
    """ "Sources that need attention" in the Reports menu."""
    return ReportMenuItem(source_report.SourcesReport, 1180)


@hooks.register("register_reports_menu_item")
def register_events() -> MenuItem:
    """ "Change events" in the Reports menu."""
    return events.EventsMenuItem(events.EventsReport, 1200)


@hooks.register("register_reports_menu_item")
def register_old_tests() -> MenuItem:
    """ "Old tests" in the Reports menu."""
    return ReportMenuItem(old_tests.OldTestsReport, 1190)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group may be given that belongs to no listing."""
    return Permission.objects.filter(
        content_type__app_label="anodyne_blocks",
        codename__in=("confirm_review", "mark_mistaken", "view_changeevent"),
    )


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    """What histories of pages say of the package's own actions."""
    actions.register_action(replacing.ACTION)(replacing.ReplacedFormatter)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """The addresses of the reports, and of the dialogs for sources."""
    return [
        *report.urls(),
        *reviews.urls(),
        *old_tests.urls(),
        *source_report.urls(),
        *sources.urls(),
        *texts.urls(),
        *pasting.urls(),
        *events.urls(),
        *overview.urls(),
    ]


@hooks.register("insert_editor_js")
def insert_source_dialogs() -> str:
    """The dialogs for sources and citations, in every editor."""
    return sources.dialogs()


@hooks.register("insert_editor_js")
def insert_next() -> str:
    """The key for another block or item, in every editor."""
    script = versioned_static("anodyne_blocks/admin-next.js")
    return format_html('<script src="{}"></script>', script)


@hooks.register("register_page_header_buttons")
def bring_in_text(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """ "Bring in a text" in the menu of a page's editor."""
    return texts.button(page, user, view_name)


@hooks.register("before_serve_page")
def note_page(page: Any, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """A page's answer has the page's cache tag, whatever it shows."""
    cache_tags.note(request, pages=[page.pk])


@hooks.register("before_edit_page")
def tell_of_page(request: HttpRequest, page: Any) -> None:
    """Say in the page editor what cannot be read, lacks, needs attention or stands twice."""
    if request.method == "GET":
        overview.tell(request, page)


@hooks.register("after_publish_page")
def tell_of_citations(request: HttpRequest, page: Any) -> None:
    """Say what has just been published without its source, or before it was translated."""
    citing.tell_of_gone(request, page)
    untranslated.tell(request, page)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def fetch_pictures_of_products(request: HttpRequest, page: Any) -> None:
    """Have the pictures of newly placed products imported."""
    fetch_pictures(page)


# After Wagtail's own: of two actions of one type a model has the last.
hooks.register("register_bulk_action", VersionDeleteAction, order=1)
register_snippet(ArticleElements)
