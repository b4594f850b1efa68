"""The report "Change events": what receivers were told, and what they answered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from anodyne_blocks.admin.pages import PageLinker
from anodyne_blocks.admin.paginator import BoundedPaginator
from anodyne_blocks.admin.report import PagesColumn
from anodyne_blocks.catalogue.receivers import has_receivers
from anodyne_blocks.models import ChangeEvent

POLICY = ModelPermissionPolicy(ChangeEvent)


def state_of(event: ChangeEvent) -> str:
    """Whether a message was sent, waits, or is no longer tried."""
    if event.sent_at is not None:
        return gettext("sent")
    return gettext("waiting") if event.due_at is not None else gettext("given up")


class EventsReport(ReportView):
    """The newest first."""

    model = ChangeEvent
    permission_policy = POLICY
    permission_required = "view"
    any_permission_required = ["view"]
    page_title = _("Change events")
    header_icon = "history"
    index_url_name = "anodyne_blocks_events"
    index_results_url_name = "anodyne_blocks_events_results"
    default_ordering = "-pk"
    paginator_class = BoundedPaginator
    is_searchable = False
    columns: list[Any] = [
        Column("created_text", label=_("Date")),
        Column("receiver", label=_("Receiver")),
        PagesColumn("pages", label=_("Pages")),
        Column("state", label=_("Status")),
        Column("answer", label=_("Last answer")),
    ]
    list_export: list[str] = []

    def get_base_queryset(self) -> QuerySet[ChangeEvent]:
        return ChangeEvent.objects.all()

    def get_table(self, object_list: Any) -> Any:
        events = list(object_list)
        told = {pk for event in events for pk in event.data["pages"]}
        linker = PageLinker(self.request.user, told)
        for event in events:
            event.created_text = date_format(localtime(event.created_at), "SHORT_DATETIME_FORMAT")
            event.pages = linker(event.data["pages"])
            event.state = state_of(event)
        return super().get_table(events)


class EventsMenuItem(MenuItem):
    """Shown where somebody is told, to who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return has_receivers() and POLICY.user_has_permission(request.user, "view")


def menu_item() -> MenuItem:
    """The report's place in Wagtail's "Reports" menu."""
    return EventsMenuItem(
        EventsReport.page_title,
        reverse(EventsReport.index_url_name),
        name="anodyne-events",
        icon_name=EventsReport.header_icon,
        order=1180,
    )


def urls() -> list[Any]:
    """The addresses of the report, below the admin's."""
    return [
        path("reports/events/", EventsReport.as_view(), name=EventsReport.index_url_name),
        path(
            "reports/events/results/",
            EventsReport.as_view(results_only=True),
            name=EventsReport.index_results_url_name,
        ),
    ]
