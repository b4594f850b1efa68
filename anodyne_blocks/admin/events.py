"""The report "Change events": what receivers were told, and what they answered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy

from anodyne_blocks.admin.pages import PageLinker
from anodyne_blocks.admin.report import PagesColumn
from anodyne_blocks.admin.report_base import BaseReport, ReportMenuItem, addresses
from anodyne_blocks.catalogue.receivers import has_receivers
from anodyne_blocks.models import ChangeEvent

POLICY = ModelPermissionPolicy(ChangeEvent)


def state_of(event: ChangeEvent) -> str:
    """Whether a message was sent, waits, or is no longer tried."""
    if event.sent_at is not None:
        return gettext("sent")
    return gettext("waiting") if event.due_at is not None else gettext("given up")


class EventsReport(BaseReport):
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

    def decorate(self, rows: Any) -> None:
        told = {pk for event in rows for pk in event.data["pages"]}
        linker = PageLinker(self.request.user, told)
        for event in rows:
            event.created_text = date_format(localtime(event.created_at), "SHORT_DATETIME_FORMAT")
            event.pages = linker(event.data["pages"])
            event.state = state_of(event)


class EventsMenuItem(ReportMenuItem):
    """Shown where somebody is told, to who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return has_receivers() and super().is_shown(request)


def urls() -> list[Any]:
    """The addresses of the report, below the admin's."""
    return addresses(EventsReport, "reports/events/")
