"""What the filters of listings have in common: radio buttons; products by shop and by market."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from anodyne_blocks.admin.choices import BY_HAND, market_choices, shop_choices
from anodyne_blocks.models import AbstractProduct, get_product_model


class RadioFilter(django_filters.ChoiceFilter):
    """One of some choices, or all of them, as radio buttons."""

    def __init__(self, **options: Any) -> None:
        super().__init__(empty_label=_("All"), widget=forms.RadioSelect, **options)


class BaseProductFilterSet(WagtailFilterSet):
    """Shop and market. A subclass says in `filter_queryset` what `market` means."""

    shop = RadioFilter(label=_("Shop"), choices=shop_choices, method="filter_shop")
    market = RadioFilter(label=_("Market"), choices=market_choices, method="keep")

    class Meta:
        model = get_product_model()
        fields: list[str] = []

    def filter_shop(
        self, rows: QuerySet[AbstractProduct], name: str, value: str
    ) -> QuerySet[AbstractProduct]:
        return rows.filter(shop="" if value == BY_HAND else value)

    def keep(
        self, rows: QuerySet[AbstractProduct], name: str, value: str
    ) -> QuerySet[AbstractProduct]:
        """Nothing yet: `filter_queryset` takes these together."""
        return rows
