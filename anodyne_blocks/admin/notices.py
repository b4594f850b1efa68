"""Shared notices in the admin: listing and chooser."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LocaleColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from anodyne_blocks.admin.choosers import (
    ElementChoice,
    ElementChooseResultsView,
    ElementChooserViewSet,
    ElementChooseView,
)
from anodyne_blocks.admin.columns import UsageColumn
from anodyne_blocks.admin.search import SearchedListing
from anodyne_blocks.admin.translated import VersionDeleteView, VersionEditView, VersionUsageView
from anodyne_blocks.catalogue.usage import with_version_usage
from anodyne_blocks.models import Notice

SEARCHED = ("name", "heading", "text")


def kind() -> Column:
    return Column("kind", label=_("Kind"), accessor="get_kind_display")


class NoticeChoice(ElementChoice):
    search_fields = SEARCHED

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, kind(), Column("heading", label=_("Heading"))]


class NoticeChooseView(NoticeChoice, ElementChooseView):
    pass


class NoticeChooseResultsView(NoticeChoice, ElementChooseResultsView):
    pass


class NoticeChooserViewSet(ElementChooserViewSet):
    """The chooser's dialog, with kind and heading; what many pages show is not made in passing."""

    choose_view_class = NoticeChooseView
    choose_results_view_class = NoticeChooseResultsView


class NoticeViewSet(SnippetViewSet):
    """Notices that many pages show, in each language of the site."""

    model = Notice
    icon = "anodyne-notice"
    menu_order = 400
    index_view_class = SearchedListing
    edit_view_class = VersionEditView
    delete_view_class = VersionDeleteView
    usage_view_class = VersionUsageView
    chooser_viewset_class = NoticeChooserViewSet
    search_fields = SEARCHED
    search_backend_name = None
    list_display = [
        "name",
        kind(),
        Column("heading", label=_("Heading"), sort_key="heading"),
        LocaleColumn(),
        UsageColumn(),
    ]

    def get_queryset(self, request: Any) -> QuerySet[Notice]:
        return with_version_usage(Notice.objects.all())
