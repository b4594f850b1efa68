"""What the filters of products have in common: by shop, by market, and several taken together."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from anodyne_blocks.admin.choices import BY_HAND, market_choices, shop_choices
from anodyne_blocks.models import Product


class BaseProductFilterSet(WagtailFilterSet):
    """Shop and market. A subclass says in `filter_queryset` what `market` means."""

    shop = django_filters.ChoiceFilter(
        label=_("Shop"),
        choices=shop_choices,
        method="filter_shop",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    market = django_filters.ChoiceFilter(
        label=_("Market"),
        choices=market_choices,
        method="keep",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def filter_shop(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(shop="" if value == BY_HAND else value)

    def keep(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Nothing yet: `filter_queryset` takes these together."""
        return rows
