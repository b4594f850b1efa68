"""What the package's reports have in common: rows decorated at once, menu items, addresses."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies.pages import PagePermissionPolicy

from anodyne_blocks.admin.exports import SafeExportMixin
from anodyne_blocks.admin.paginator import BoundedPaginator
from anodyne_blocks.admin.tables import PhoneTableMixin


class BaseReport(PhoneTableMixin, SafeExportMixin, ReportView):
    """A report whose rows get what their columns say all at once, in `decorate`."""

    paginator_class = BoundedPaginator

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # A filter that nobody offered finds nothing, rather than every row.
        if self.filters is not None and not self.filters.is_valid():
            return queryset.none()
        return super().filter_queryset(queryset)

    def get_filtered_queryset(self) -> QuerySet[Any]:
        # ReportView would filter once more what get_queryset has filtered.
        return self.get_queryset()

    def get_table(self, object_list: Any) -> Any:
        self.decorate(object_list)
        return super().get_table(object_list)

    def decorate(self, rows: Any) -> None:
        """Lay beside each row what the columns say."""
        raise NotImplementedError


class PagesReport(BaseReport):
    """A report about pages: for whoever has anything to do with some."""

    permission_policy = PagePermissionPolicy()
    any_permission_required = ["add", "change", "publish", "bulk_delete", "lock", "unlock"]
    is_searchable = False


def my_pages(request: HttpRequest) -> Any:
    """The pages that a user finds in the explorer."""
    return PagePermissionPolicy().explorable_instances(request.user)


class ReportMenuItem(MenuItem):
    """Shown to whoever may see the report."""

    def __init__(self, report: type[BaseReport], order: int) -> None:
        self.report = report
        super().__init__(
            report.page_title,
            reverse(report.index_url_name),
            name=report.index_url_name.replace("_", "-"),
            icon_name=report.header_icon,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        policy, wanted = self.report.permission_policy, self.report.any_permission_required
        return policy.user_has_any_permission(request.user, wanted)


def addresses(report: type[BaseReport], folder: str) -> list[Any]:
    """Those of a report and of its rows alone, below the admin's; `folder` ends in a slash."""
    rows = report.as_view(results_only=True)
    return [
        path(folder, report.as_view(), name=report.index_url_name),
        path(f"{folder}results/", rows, name=report.index_results_url_name),
    ]
