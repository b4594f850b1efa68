"""The report "Products that need attention"."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy

from anodyne_blocks import conf
from anodyne_blocks.admin.choices import shop_name
from anodyne_blocks.admin.filters import BaseProductFilterSet, RadioFilter
from anodyne_blocks.admin.pages import PageLinker
from anodyne_blocks.admin.replacing import replace_url
from anodyne_blocks.admin.report_base import BaseReport, addresses
from anodyne_blocks.article.markets import markets_of_pages
from anodyne_blocks.catalogue.attention import Kind, concerns, grouped, needs_attention
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import AbstractProduct, get_product_model

POLICY = ModelPermissionPolicy(get_product_model())
ANY_PERMISSION = ["add", "change", "delete", "view"]


def may_see_diagnostics(request: HttpRequest) -> bool:
    """Whether the user may know how the shop answers: who may change products."""
    return POLICY.user_has_permission(request.user, "change")


def kinds_for(request: HttpRequest) -> list[Kind]:
    diagnostics = may_see_diagnostics(request)
    return [kind for kind in Kind if diagnostics or kind is not Kind.FAILING]


class AttentionFilterSet(BaseProductFilterSet):
    """What is wrong, in which market, at which shop."""

    kind = RadioFilter(label=_("What is wrong"), method="keep")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds_for(self.request)
        self.filters["kind"].extra["choices"] = [(kind.value, kind.label) for kind in self.kinds]

    def filter_queryset(self, queryset: QuerySet[AbstractProduct]) -> QuerySet[AbstractProduct]:
        data = self.form.cleaned_data
        kinds = [Kind(data["kind"])] if data["kind"] else self.kinds
        wanted = needs_attention(timezone.now(), kinds, data["market"])
        return super().filter_queryset(queryset).filter(wanted)


class ConcernsColumn(Column):
    cell_template_name = "anodyne_blocks/admin/concerns_cell.html"


class PagesColumn(Column):
    cell_template_name = "anodyne_blocks/admin/pages_cell.html"


class AttentionReport(BaseReport):
    """Products that live pages show not as they should, each with these pages."""

    model = get_product_model()
    permission_policy = POLICY
    any_permission_required = ANY_PERMISSION
    page_title = _("Products that need attention")
    header_icon = "warning"
    filterset_class = AttentionFilterSet
    index_url_name = "anodyne_blocks_attention"
    index_results_url_name = "anodyne_blocks_attention_results"
    default_ordering = "name"
    columns = [
        TitleColumn(
            "name",
            label=_("Product"),
            sort_key="name",
            get_url=lambda product: inspect_url(product),
        ),
        Column("shop", label=_("Shop"), accessor=shop_name, sort_key="shop"),
        ConcernsColumn("concerns", label=_("What is wrong")),
        PagesColumn("pages", label=_("Shown on")),
    ]
    list_export = ["name", "shop_name", "concerns_text", "pages"]
    export_headings = {
        "name": _("Product"),
        "shop_name": _("Shop"),
        "concerns_text": _("What is wrong"),
        "pages": _("Shown on"),
    }
    export_filename = "products-that-need-attention"

    def get_base_queryset(self) -> QuerySet[AbstractProduct]:
        return get_product_model().objects.prefetch_related("offers")

    def decorate(self, products: Any) -> None:
        now = timezone.now()
        showing = pages_showing([product.pk for product in products])
        markets = markets_of_pages(set().union(*showing.values()))
        linker = PageLinker(self.request.user, markets)
        diagnostics = may_see_diagnostics(self.request)
        for product in products:
            pages = showing.get(product.pk, set())
            shown_in = {key for pk in pages for key in markets.get(pk, ())}
            served = [key for key in conf.markets() if key in shown_in]
            found = concerns(product, served, now, diagnostics=diagnostics)
            product.concerns = grouped(found)
            product.pages = linker(pages)
            product.replace_url = replace_url(product, self.request.user)
            product.shop_name = shop_name(product)
            product.concerns_text = "; ".join(
                f"{keys}: {text}" if keys else text for keys, text in product.concerns
            )


def inspect_url(product: AbstractProduct) -> str:
    return reverse(product.snippet_viewset.get_url_name("inspect"), args=[product.pk])


def urls() -> list[Any]:
    """The addresses of the report, below the admin's."""
    return addresses(AttentionReport, "reports/products/")
