"""Reviews of pages: what is due or outdated, in the page's editor and as a report."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from anodyne_blocks import clock, conf
from anodyne_blocks.admin.filters import RadioFilter
from anodyne_blocks.admin.report_base import PagesReport, addresses, my_pages
from anodyne_blocks.article import reviews
from anodyne_blocks.article.article import page_language
from anodyne_blocks.article.workflow import AbstractReviewTask
from anodyne_blocks.catalogue.purging import purge_found
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import Review

POLICY = ModelPermissionPolicy(Review)
CONFIRM = "confirm"


def may_confirm(request: HttpRequest) -> bool:
    """Whether the user may confirm that a reviewed text is still right."""
    return POLICY.user_has_permission(request.user, CONFIRM)


def faults(is_outdated: bool, due: datetime.date | None, today: datetime.date) -> list[str]:
    """What is wrong with a review, in words."""
    found = [gettext("The text has changed since the review.")] if is_outdated else []
    if due is not None and due < today:
        found.append(gettext("The next review was due on %(date)s.") % {"date": day_of(due)})
    elif due is not None and due <= today + datetime.timedelta(days=conf.get("REVIEW_DUE_DAYS")):
        found.append(gettext("The next review is due on %(date)s.") % {"date": day_of(due)})
    return found


def day_of(day: datetime.date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def confirm_form(request: HttpRequest, page: Any, box: reviews.Box) -> str:
    """A button that confirms the text of a page as it is in memory; "" for who may not."""
    if not may_confirm(request):
        return ""
    return format_html(
        '<form method="post" action="{}" class="w-inline-block">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="person" value="{}"><input type="hidden" name="day" value="{}">'
        '<input type="hidden" name="text" value="{}"><input type="hidden" name="next" value="{}">'
        '<button class="button button-small button-secondary">{}</button></form>',
        reverse("anodyne_blocks_confirm_review", args=[page.pk]),
        get_token(request),
        box.said.person.translation_key,
        box.said.reviewed.isoformat(),
        reviews.digest_of(page),
        request.get_full_path(),
        gettext("Still right"),
    )


def tell(request: HttpRequest, page: Any, *, is_saved: bool = True) -> None:
    """Say in a page's editor what is wrong with its reviewer boxes; what is saved is confirmed."""
    today = clock.today()
    awaited = _awaited(page)
    for box in reviews.boxes_on(page):
        found = faults(box.standing.is_outdated, box.due, today)
        if box.said in awaited:
            found.append(gettext("The page can be approved when this text is confirmed."))
        if found:
            text = format_html("{}: {} ", box.said.person.name, " ".join(found))
            is_own = is_saved and not page.alias_of_id
            form = confirm_form(request, page, box) if is_own else ""
            url = reverse("anodyne_blocks_reviews")
            button = messages.button(url, gettext("Report"))
            messages.warning(request, format_html("{}{}", text, form), buttons=[button])
    if products := reviews.regulated_beside_box(page):
        messages.warning(request, reviews.regulated_words(products))


def _awaited(page: Any) -> list[Any]:
    """What the reviewer boxes say for which the page's workflow waits."""
    if not isinstance(page.current_workflow_task, AbstractReviewTask):
        return []
    return [box.said for box in reviews.unconfirmed(page)]


class ConfirmView(PermissionCheckedMixin, View):
    """Keeps that a reviewer found a text right: that which was on the screen, and no other."""

    http_method_names = ["post"]
    permission_policy = POLICY
    permission_required = CONFIRM

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = get_object_or_404(my_pages(request).filter(alias_of=None), pk=pk).specific
        found = [
            (text, box.said)
            for text in (page.get_latest_revision_as_object(), page)
            if request.POST.get("text") == reviews.digest_of(text)
            for box in reviews.boxes_on(text)
            if str(box.said.person.translation_key) == request.POST.get("person")
            and box.said.reviewed.isoformat() == request.POST.get("day")
        ]
        if found:
            text, said = found[0]
            reviews.confirm(text, said, request.user)
            reviews.record(page)
            aliases = page_model().objects.filter(alias_of=page.pk).values_list("pk", flat=True)
            purge_found([page.pk, *aliases])
            messages.success(request, gettext("The review is confirmed."))
        else:
            messages.error(
                request, gettext("The text is another now. Read it again, then confirm it.")
            )
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(back, None):
            back = reverse("anodyne_blocks_reviews")
        return redirect(back)


class ReviewFilterSet(WagtailFilterSet):
    """What is wrong with a review."""

    kind = RadioFilter(
        label=_("What is wrong"),
        method="of_kind",
        choices=[
            ("outdated", _("changed since the review")),
            ("overdue", _("review overdue")),
            ("due", _("review due soon")),
        ],
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def of_kind(self, rows: QuerySet[Review], name: str, value: str) -> QuerySet[Review]:
        today = clock.today()
        if value == "outdated":
            return rows.filter(is_outdated=True)
        if value == "overdue":
            return rows.filter(next_review__lt=today)
        return rows.filter(next_review__gte=today)


class FaultsColumn(Column):
    """What is wrong, and the button that confirms the text."""

    cell_template_name = "anodyne_blocks/admin/review_cell.html"


class RecordsReport(PagesReport):
    """All that is recorded of the reviews of a user's pages."""

    model = Review
    page_title = _("Records of reviews")
    header_icon = "anodyne-reviewer"
    index_url_name = "anodyne_blocks_review_records"
    index_results_url_name = "anodyne_blocks_review_records_results"
    default_ordering = "-recorded_at"
    columns: list[Any] = [
        TitleColumn("title", label=_("Page"), get_url=lambda review: review.edit_url),
        Column("language", label=_("Language")),
        Column("name", label=_("Reviewer"), sort_key="name"),
        Column("day_text", label=_("Reviewed on")),
        Column("recorded_by", label=_("User")),
    ]
    list_export = ["title", "language", "name", "day", "recorded_at", "recorded_by"]
    export_headings = {
        "title": _("Page"),
        "language": _("Language"),
        "name": _("Reviewer"),
        "day": _("Reviewed on"),
        "recorded_at": _("Date"),
        "recorded_by": _("User"),
        "next_review": _("Next review due"),
        "faults": _("What is wrong"),
        "address": _("Address"),
    }
    export_filename = "records-of-reviews"

    def get_base_queryset(self) -> QuerySet[Review]:
        mine = my_pages(self.request).order_by().values("pk")
        return Review.objects.filter(page__in=mine).select_related("page__locale", "recorded_by")

    def decorate(self, rows: Any) -> None:
        for review in rows:
            review.title = review.page.get_admin_display_title()
            review.language = page_language(review.page)
            review.edit_url = reverse("wagtailadmin_pages:edit", args=[review.page_id])
            review.day_text = day_of(review.day)


class ReviewsReport(RecordsReport):
    """Live pages whose review is due, overdue or of another text."""

    page_title = _("Reviews that need attention")
    filterset_class = ReviewFilterSet
    index_url_name = "anodyne_blocks_reviews"
    index_results_url_name = "anodyne_blocks_reviews_results"
    default_ordering = "next_review"
    columns = [
        *RecordsReport.columns[:-1],
        Column("next_text", label=_("Next review due"), sort_key="next_review"),
        FaultsColumn("faults", label=_("What is wrong")),
    ]
    list_export = ["title", "language", "address", "name", "day", "next_review", "faults"]
    export_filename = "reviews-that-need-attention"

    @cached_property
    def today(self) -> datetime.date:
        return clock.today()

    def get_base_queryset(self) -> QuerySet[Review]:
        soon = self.today + datetime.timedelta(days=conf.get("REVIEW_DUE_DAYS"))
        wanted = Q(is_outdated=True) | Q(next_review__lte=soon)
        return super().get_base_queryset().filter(wanted, is_shown=True, page__live=True)

    def decorate(self, rows: Any) -> None:
        super().decorate(rows)
        pages = page_model().objects.filter(pk__in={row.page_id for row in rows}).specific()
        forms = {}
        for page in pages if may_confirm(self.request) else ():
            for box in reviews.boxes_on(page):
                key = page.pk, box.said.person.name, box.said.reviewed
                forms[key] = confirm_form(self.request, page, box)
        for review in rows:
            review.address = review.page.full_url or ""
            review.next_text = day_of(review.next_review)
            review.faults = " ".join(faults(review.is_outdated, review.next_review, self.today))
            review.form = forms.get((review.page_id, review.name, review.reviewed), "")


def urls() -> list[Any]:
    """The addresses of the reports and of the button, below the admin's."""
    folder = "reports/reviews/"
    confirm = ConfirmView.as_view()
    return [
        *addresses(ReviewsReport, folder),
        *addresses(RecordsReport, f"{folder}records/"),
        path(f"{folder}<int:pk>/confirm/", confirm, name="anodyne_blocks_confirm_review"),
    ]
