"""Sources that are dead, moved or retracted: a report, and a message in the page's editor."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from anodyne_blocks import clock
from anodyne_blocks.admin.filters import RadioFilter
from anodyne_blocks.admin.pages import PageLinker
from anodyne_blocks.admin.report import PagesColumn
from anodyne_blocks.admin.report_base import PagesReport, addresses, my_pages
from anodyne_blocks.admin.telling import warn
from anodyne_blocks.catalogue.source_uses import faults_on, listed
from anodyne_blocks.models import SourceCheck, SourceUse
from anodyne_blocks.sources.identifiers import doi_url
from anodyne_blocks.sources.standing import DOI, notice_url

Status = SourceCheck.Status


def address_of(check: SourceCheck) -> str:
    """Where a reader of the source is led."""
    if check.reference.startswith(DOI):
        return doi_url(check.reference.removeprefix(DOI))
    return check.reference


def fault(check: SourceCheck) -> str:
    """What is wrong with a source, in a sentence; "" where it is in order."""
    if check.status == Status.RETRACTED:
        return gettext("It was retracted.")
    if check.status == Status.MOVED:
        return gettext("It has moved for good.")
    if check.status == Status.UNKNOWN:
        return gettext("It could not be checked: %(reason)s") % {"reason": check.reason}
    if check.status != Status.DEAD:
        return ""
    if check.reference.startswith(DOI):
        return gettext("Nobody knows this DOI.")
    if check.reason:
        return gettext("Its server fails on several days: %(reason)s") % {"reason": check.reason}
    return gettext("It is gone: its server answers %(code)s.") % {"code": check.code}


def links(check: SourceCheck) -> list[tuple[str, str]]:
    """(label, address) of what helps to mend it."""
    found = [
        (gettext("New address"), check.moved_to),
        (gettext("Notice"), notice_url(check.notice)),
        (gettext("Archived copy"), check.archived),
    ]
    return [(label, url) for label, url in found if url]


def tell(request: HttpRequest, page: Any) -> None:
    """Say in a page's editor which of its sources are dead, moved or retracted."""
    found = faults_on(page)
    if not found:
        return
    title = ngettext(
        "A source on this page needs attention.",
        "%(count)d sources on this page need attention.",
        len(found),
    ) % {"count": len(found)}
    rows = ((address_of(check), check.title, fault(check), _anchors(check)) for check in found)
    button = messages.button(reverse("anodyne_blocks_sources"), gettext("Report"))
    warn(request, title, '<a href="{}">{}</a>: {} {}', rows, [button])


def _anchors(check: SourceCheck) -> str:
    return format_html_join(" ", '<a href="{1}">{0}</a>', links(check))


class SourceFilterSet(WagtailFilterSet):
    """What is wrong with a source; what could not be checked is shown to who asks for it."""

    kind = RadioFilter(
        label=_("What is wrong"),
        method="of_kind",
        choices=[(status.value, status.label) for status in (*SourceCheck.FAULTS, Status.UNKNOWN)],
    )

    class Meta:
        model = SourceCheck
        fields: list[str] = []

    def of_kind(self, rows: QuerySet[SourceCheck], name: str, value: str) -> QuerySet[SourceCheck]:
        return rows.filter(status=value)

    def filter_queryset(self, queryset: QuerySet[SourceCheck]) -> QuerySet[SourceCheck]:
        if not self.form.cleaned_data["kind"]:
            queryset = queryset.filter(status__in=SourceCheck.FAULTS)
        return super().filter_queryset(queryset)


class FaultColumn(Column):
    """What is wrong, and the addresses that help."""

    cell_template_name = "anodyne_blocks/admin/source_cell.html"


class SourcesReport(PagesReport):
    """Sources of live pages that are dead, moved or retracted, each with these pages."""

    model = SourceCheck
    page_title = _("Sources that need attention")
    header_icon = "anodyne-sources"
    filterset_class = SourceFilterSet
    index_url_name = "anodyne_blocks_sources"
    index_results_url_name = "anodyne_blocks_sources_results"
    default_ordering = "title"
    columns: list[Any] = [
        TitleColumn("title", label=_("Source"), sort_key="title", get_url=address_of),
        FaultColumn("fault", label=_("What is wrong")),
        Column("checked", label=_("Checked on"), sort_key="checked_at"),
        PagesColumn("pages", label=_("Shown on")),
    ]
    list_export = [
        "title", "address", "get_status_display", "fault", "moved_to", "archived", "checked_at",
        "pages",
    ]  # fmt: skip
    export_headings = {
        "title": _("Source"),
        "address": _("Address"),
        "get_status_display": _("Kind"),
        "fault": _("What is wrong"),
        "moved_to": _("New address"),
        "archived": _("Archived copy"),
        "checked_at": _("Checked on"),
        "pages": _("Shown on"),
    }
    export_filename = "sources-that-need-attention"

    def get_base_queryset(self) -> QuerySet[SourceCheck]:
        return listed(my_pages(self.request))

    def decorate(self, rows: Any) -> None:
        uses = SourceUse.objects.filter(source__in=[check.pk for check in rows], page__live=True)
        showing: dict[int, set[int]] = {}
        for source, page in uses.values_list("source", "page"):
            showing.setdefault(source, set()).add(page)
        linker = PageLinker(self.request.user, set().union(*showing.values()))
        for check in rows:
            check.address = address_of(check)
            check.fault = fault(check)
            check.links = links(check)
            check.pages = linker(showing.get(check.pk, ()))
            day = check.checked_at and clock.day_of(check.checked_at)
            check.checked = date_format(day, "SHORT_DATE_FORMAT") if day else ""


def urls() -> list[Any]:
    """The addresses of the report, below the admin's."""
    return addresses(SourcesReport, "reports/sources/")
