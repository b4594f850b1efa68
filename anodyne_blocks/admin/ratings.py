"""Shop ratings in the admin: listing, filters, chooser, and a flag for old figures."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, LocaleColumn, StatusFlagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from anodyne_blocks import clock, conf
from anodyne_blocks.admin.amounts import RatingField
from anodyne_blocks.admin.choosers import (
    ElementChoice,
    ElementChooseResultsView,
    ElementChooserViewSet,
    ElementChooseView,
)
from anodyne_blocks.admin.columns import UsageColumn
from anodyne_blocks.admin.filters import RadioFilter
from anodyne_blocks.admin.new_forms import NewForm, new_form
from anodyne_blocks.admin.own_forms import own_form
from anodyne_blocks.admin.search import SearchedListing
from anodyne_blocks.admin.translated import (
    VersionDeleteView,
    VersionEditView,
    VersionUsageView,
)
from anodyne_blocks.catalogue.usage import with_version_usage
from anodyne_blocks.models import AbstractShopRating, get_shop_rating_model
from anodyne_blocks.pricing.money import format_number

SEARCHED = ("name", "source")


def old_figures() -> str:
    """The flag's words: "Figures older than 90 days"."""
    days = conf.get("RATING_MAX_AGE_DAYS")
    text = ngettext("Figures older than %(days)d day", "Figures older than %(days)d days", days)
    return text % {"days": days}


def figures() -> list[Column]:
    return [
        Column("rating", label=_("Rating"), accessor=_rating, sort_key="rating"),
        Column("count", label=_("Number of reviews"), accessor=_count, sort_key="count"),
        Column("as_of", label=_("Figures of"), accessor=_as_of, sort_key="as_of"),
        StatusFlagColumn(
            "is_old",
            label=_("Check"),
            accessor=lambda rating: rating.is_old(),
            true_label=lazy(old_figures, str)(),
        ),
    ]


def _rating(rating: AbstractShopRating) -> str:
    language = get_language() or "en"
    return f"{format_number(rating.rating, language)} / {format_number(rating.scale, language)}"


def _count(rating: AbstractShopRating) -> str:
    return format_number(rating.count, get_language() or "en")


def _as_of(rating: AbstractShopRating) -> str:
    return date_format(rating.as_of, "DATE_FORMAT")


class ShopRatingFilterSet(WagtailFilterSet):
    figures = RadioFilter(
        label=_("Figures"),
        choices=[("old", _("Old")), ("recent", _("Recent"))],
        method="filter_figures",
    )

    class Meta:
        model = get_shop_rating_model()
        fields: list[str] = []

    def filter_figures(
        self, rows: QuerySet[AbstractShopRating], name: str, value: str
    ) -> QuerySet[AbstractShopRating]:
        oldest = clock.today() - datetime.timedelta(days=conf.get("RATING_MAX_AGE_DAYS"))
        return rows.filter(as_of__lt=oldest) if value == "old" else rows.filter(as_of__gte=oldest)


class ShopRatingChoice(ElementChoice):
    search_fields = SEARCHED

    @property
    def columns(self) -> list[Column]:
        flagged = figures()
        for column in flagged:
            column.sort_key = None
        return [*super().columns, *flagged]


class ShopRatingChooseView(ShopRatingChoice, ElementChooseView):
    pass


class ShopRatingChooseResultsView(ShopRatingChoice, ElementChooseResultsView):
    pass


class ShopRatingForm(WagtailAdminModelForm):
    """Takes a rating in the writing of the editor's language."""

    class Meta(WagtailAdminModelForm.Meta):
        field_classes = {"rating": RatingField}


class NewShopRatingForm(ShopRatingForm, NewForm):
    """All that the law and readers ask of figures."""


class ShopRatingChooserViewSet(ElementChooserViewSet):
    """The chooser's dialog, with the figures and their age."""

    choose_view_class = ShopRatingChooseView
    choose_results_view_class = ShopRatingChooseResultsView
    creation_form_class = new_form(
        NewShopRatingForm,
        get_shop_rating_model(),
        ["name", "source", "url", "rating", "scale", "count", "as_of", "verification"],
    )


class ShopRatingViewSet(SnippetViewSet):
    """What buyers say, in each language of the site."""

    model = get_shop_rating_model()
    edit_handler = ObjectList(model.panels, base_form_class=own_form(ShopRatingForm, model))
    icon = "anodyne-shop-rating"
    menu_order = 300
    index_view_class = SearchedListing
    edit_view_class = VersionEditView
    delete_view_class = VersionDeleteView
    usage_view_class = VersionUsageView
    chooser_viewset_class = ShopRatingChooserViewSet
    filterset_class = ShopRatingFilterSet
    search_fields = SEARCHED
    search_backend_name = None
    list_display = [
        "name",
        Column("source", label=_("Source"), sort_key="source"),
        *figures(),
        LocaleColumn(),
        UsageColumn(),
    ]

    def get_queryset(self, request: Any) -> QuerySet[AbstractShopRating]:
        return with_version_usage(get_shop_rating_model().objects.all())
