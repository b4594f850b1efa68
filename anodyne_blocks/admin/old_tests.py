"""The report "Old tests": verdicts whose test is older than the site allows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from anodyne_blocks import clock
from anodyne_blocks.admin.report_base import PagesReport, addresses, my_pages
from anodyne_blocks.admin.reviews import day_of
from anodyne_blocks.article.article import page_language
from anodyne_blocks.blocks.verdict import is_old_test, tests_on
from anodyne_blocks.catalogue.usage import pages_with_products
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import get_product_model


class OldTestsReport(PagesReport):
    """Live pages with an old test, each with the products and days of these."""

    model = page_model()
    page_title = _("Old tests")
    header_icon = "anodyne-verdict"
    index_url_name = "anodyne_blocks_old_tests"
    index_results_url_name = "anodyne_blocks_old_tests_results"
    default_ordering = "title"
    columns: list[Any] = [
        TitleColumn("title", label=_("Page"), get_url=lambda page: page.edit_url),
        Column("language", label=_("Language")),
        Column("tests", label=_("Tested on")),
    ]
    list_export = ["title", "language", "tests"]
    export_headings = {"title": _("Page"), "language": _("Language"), "tests": _("Tested on")}
    export_filename = "old-tests"

    @cached_property
    def old(self) -> dict[int, list[tuple[int, Any]]]:
        """{page id: (product id, day) of its old tests}, read from what is stored."""
        today = clock.today()
        live = my_pages(self.request).filter(live=True, pk__in=pages_with_products())
        found = {}
        for page in live.specific().iterator(chunk_size=200):
            tests = [(pk, day) for pk, day in tests_on(page) if is_old_test(day, today)]
            if tests:
                found[page.pk] = tests
        return found

    def get_base_queryset(self) -> QuerySet[Any]:
        return page_model().objects.filter(pk__in=self.old).select_related("locale")

    def decorate(self, pages: Any) -> None:
        """Lay beside each page what the columns say: the names of all products in one query."""
        wanted = {pk for page in pages for pk, _day in self.old[page.pk]}
        names = dict(
            get_product_model().objects.filter(pk__in=wanted).values_list("pk", "name").order_by()
        )
        for page in pages:
            page.language = page_language(page)
            page.edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            page.tests = "; ".join(
                f"{names.get(pk, '')}: {day_of(day)}" for pk, day in self.old[page.pk]
            )


def urls() -> list[Any]:
    return addresses(OldTestsReport, "reports/tests/")
