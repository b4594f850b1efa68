"""The product chooser: the catalogue, each shop live, and the product at a pasted address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, StatusTagColumn, Table
from wagtail.admin.views.generic.chooser import ChosenResponseMixin

from anodyne_blocks import conf
from anodyne_blocks.admin.choices import market_choices, shop_name
from anodyne_blocks.admin.choosers import (
    ElementChoice,
    ElementChooseResultsView,
    ElementChooserViewSet,
    ElementChooseView,
    ElementCreateView,
    at_least,
)
from anodyne_blocks.admin.columns import OffersColumn, PictureColumn, with_picture
from anodyne_blocks.admin.editing import edited_market, likely_market
from anodyne_blocks.admin.new_product import NewProduct
from anodyne_blocks.admin.paginator import MOST_ROWS, BoundedPaginator
from anodyne_blocks.admin.shop_search import (
    Answer,
    page_shops,
    products_at,
    search_address,
    search_variants,
    search_words,
    searchable_shops,
    take,
)
from anodyne_blocks.admin.summaries import SummariesView
from anodyne_blocks.admin.tables import PhoneTable
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model
from anodyne_blocks.shops import ShopError, shop_aliases

SEARCHED = ("name", "external_id", "offers__title")
ADDRESS = "address"


def status_column(**kwargs: Any) -> Column:
    """A tag, in the strong colour for what is on sale."""
    return StatusTagColumn(
        "status",
        label=_("Status"),
        accessor="get_status_display",
        primary=lambda product: not product.is_withdrawn,
        **kwargs,
    )


class ShopForm(forms.Form):
    """Words for a shop's own search."""

    # The modal's script would not send it, and say nothing.
    use_required_attribute = False
    q = forms.CharField(label=_("Look in the shop for"))
    market = forms.ChoiceField(label=_("Market"), choices=market_choices)


class AddressForm(forms.Form):
    """The address of a product's page."""

    use_required_attribute = False
    url = forms.CharField(
        label=_("Address of the product's page"),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


@dataclass
class Tab:
    """A way in besides the catalogue. `id` is fit for HTML; `shop` is "" for the address."""

    id: str
    label: str
    shop: str
    form: forms.Form
    answer: Answer | None = None
    table: Table | None = None


class MarketForm(BaseFilterForm):
    """Products that are offered in a market."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["market"] = forms.ChoiceField(
            label=_("Market"),
            choices=[("", _("All")), *market_choices()],
            required=False,
            widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
        )

    def filter(self, objects: QuerySet[AbstractProduct]) -> QuerySet[AbstractProduct]:
        if market := self.cleaned_data["market"]:
            objects = objects.filter(pk__in=Offer.objects.filter(market=market).values("product"))
        return super().filter(objects)


class MakesProduct:
    """The dialog's form is of a product and its offer in the page's market."""

    request: HttpRequest

    def get_creation_form(self) -> NewProduct:
        kwargs = self.get_creation_form_kwargs()  # type: ignore[attr-defined]
        return NewProduct(market=likely_market(self.request), **kwargs)


class ProductChoice(MakesProduct, ElementChoice):
    search_fields = SEARCHED
    paginator_class = BoundedPaginator
    narrowing = "market"
    more_elsewhere = _("In other markets: %(number)s more.")

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        form = super().get_filter_form_class()
        return type("FilterForm", (MarketForm, form), {}) if len(conf.markets()) > 1 else form

    def get_filter_form(self) -> BaseFilterForm:
        """At first with the market of the page."""
        data = self.request.GET.copy()
        if "market" not in data and (market := edited_market(self.request)):
            data["market"] = market.key
        return self.get_filter_form_class()(data)

    def shop_tabs(self) -> list[tuple[str, str, str]]:
        """(id, label, alias) of the tabs in which shops are searched."""
        shops = searchable_shops() if self.can_create() else []
        return [
            (f"shop-{number}", gettext("Shop: %(shop)s") % {"shop": alias}, alias)
            for number, alias in enumerate(shops, start=1)
        ]

    def other_ways(self) -> list[tuple[str, str]]:
        ways = [(f"tab-{key}", label) for key, label, _alias in self.shop_tabs()]
        if self.can_create() and page_shops():
            ways.append((f"tab-{ADDRESS}", gettext("Address")))
        return [*ways, *super().other_ways()]

    def hidden_number(self, rows: QuerySet[AbstractProduct]) -> str:
        """By two short counts: to look for what has no offer may read the whole catalogue."""
        shown = self.paginator.count
        all_in_all = rows.order_by().values("pk")[:MOST_ROWS].count()
        return at_least(all_in_all - shown, MOST_ROWS - shown)

    def get_object_list(self) -> QuerySet[AbstractProduct]:
        return with_picture(get_product_model().objects.prefetch_related("offers"), "image")

    @property
    def columns(self) -> list[Column]:
        return [
            PictureColumn("image", label=_("Image"), longest=80),
            *super().columns,
            OffersColumn(edited_market(self.request)),
            Column("shop", label=_("Shop"), accessor=shop_name),
            status_column(sort_key=None),
        ]


class ProductChooseView(ProductChoice, ChosenResponseMixin, ElementChooseView):
    """The modal. A POST asks a shop and shows the modal again, or takes what the shop offers."""

    response_data_title_key = "string"
    choose_url_name = ""
    search_tab_label = _("Catalogue")
    tabs: list[Tab]

    def get(self, request: HttpRequest) -> HttpResponse:
        self.tabs = self.make_tabs()
        return super().get(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        taken = request.POST.get("take", "")
        # The forms of a result hold no search.
        is_search = not taken and "variants" not in request.POST
        self.tabs = self.make_tabs(request.POST if is_search else None)
        tab = next((tab for tab in self.tabs if tab.id == request.POST.get("tab")), None)
        if tab is None:
            raise PermissionDenied
        self.active_tab = f"tab-{tab.id}"
        if taken:
            if not self.can_create():
                raise PermissionDenied
            shop = self.chosen_shop(tab)
            known = get_product_model().objects.filter(shop=shop, external_id=taken).first()
            if known is not None and not self.can_change():
                # To add products is not to change one.
                return self.get_chosen_response(known)
            try:
                product = take(shop, taken, diagnostics=self.can_change())
            except (ShopError, ImproperlyConfigured) as error:
                tab.answer = Answer(error=getattr(error, "reason", gettext("Wrong settings.")))
            else:
                return self.get_chosen_response(product)
        elif of := request.POST.get("variants", ""):
            tab.answer = search_variants(self.chosen_shop(tab), of, diagnostics=self.can_change())
        elif tab.shop:
            self.search(tab)
        else:
            self.look_up(tab)
        return super().get(request)

    def can_change(self) -> bool:
        """Whether the user may change products, and so read why a shop did not answer."""
        return self.get_permission_policy().user_has_permission(self.request.user, "change")

    def chosen_shop(self, tab: Tab) -> str:
        """The shop of a result; under an address it may be any that reads pages."""
        alias = tab.shop or self.request.POST.get("shop", "")
        if alias not in shop_aliases() or (not tab.shop and alias not in page_shops()):
            raise PermissionDenied
        return alias

    def make_tabs(self, data: Any = None) -> list[Tab]:
        """One for each shop that can be searched, and one for an address."""
        posted = data.get("tab") if data else None
        market = likely_market(self.request).key
        tabs = [
            Tab(
                id=key,
                label=label,
                shop=alias,
                form=ShopForm(
                    data if posted == key else None, prefix=key, initial={"market": market}
                ),
            )
            for key, label, alias in self.shop_tabs()
        ]
        form = AddressForm(data if posted == ADDRESS else None, prefix=ADDRESS)
        return [*tabs, Tab(ADDRESS, gettext("Address"), "", form)]

    def search(self, tab: Tab) -> None:
        """Put what the shop finds into its tab."""
        if not tab.form.is_valid():
            return
        words, market = tab.form.cleaned_data["q"], conf.markets()[tab.form.cleaned_data["market"]]
        tab.answer = search_words(tab.shop, words, market, diagnostics=self.can_change())

    def look_up(self, tab: Tab) -> None:
        """Look for an address in the catalogue, and else on the page itself."""
        if not tab.form.is_valid():
            return
        url = tab.form.cleaned_data["url"]
        known = list(self.get_object_list().filter(pk__in=products_at(url))[: self.per_page])
        if known:
            tab.table = PhoneTable(self.columns, known)
        elif not url.lower().startswith(("http://", "https://")):
            tab.answer = Answer(error=gettext("An address begins with https://."))
        elif self.can_create() and page_shops():
            tab.answer = search_address(url, diagnostics=self.can_change())
        else:
            tab.answer = Answer(error=gettext("No product of the catalogue has this address."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "tabs": self.tabs,
            "choose_url": self.append_preserved_url_parameters(reverse(self.choose_url_name)),
        }


class ProductChooseResultsView(ProductChoice, ElementChooseResultsView):
    pass


class ProductCreateView(MakesProduct, ElementCreateView):
    pass


class ProductChooserViewSet(ElementChooserViewSet):
    """The chooser's modal, with picture, prices and availability."""

    choose_view_class = ProductChooseView
    choose_results_view_class = ProductChooseResultsView
    create_view_class = ProductCreateView
    search_tab_label = _("Catalogue")
    summary_view = "summaries"

    def get_urlpatterns(self) -> list[Any]:
        view = self.construct_view(SummariesView)
        return [*super().get_urlpatterns(), path("summaries/", view, name=self.summary_view)]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        name = self.get_url_name("choose")
        return super().get_common_view_kwargs(**{"choose_url_name": name, **kwargs})
