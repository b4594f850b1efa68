"""The product chooser: the catalogue, each shop live, and the product at a pasted address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn, Table
from wagtail.admin.views.generic.chooser import ChosenResponseMixin
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet

from anodyne_blocks import conf
from anodyne_blocks.admin.choices import market_choices, shop_name
from anodyne_blocks.admin.columns import OffersColumn, PictureColumn, with_picture
from anodyne_blocks.admin.paginator import BoundedPaginator
from anodyne_blocks.admin.search import SearchedChooser
from anodyne_blocks.admin.shop_search import (
    Answer,
    editors_market,
    page_shops,
    products_at,
    search_address,
    search_variants,
    search_words,
    searchable_shops,
    take,
)
from anodyne_blocks.models import AbstractProduct, get_product_model
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


class ProductChoice(SearchedChooser):
    search_fields = SEARCHED
    paginator_class = BoundedPaginator

    def get_object_list(self) -> QuerySet[AbstractProduct]:
        return with_picture(get_product_model().objects.prefetch_related("offers"), "image")

    @property
    def columns(self) -> list[Column]:
        return [
            PictureColumn("image", label=_("Image"), longest=80),
            *super().columns,
            OffersColumn(),
            Column("shop", label=_("Shop"), accessor=shop_name),
            status_column(sort_key=None),
        ]


class ProductChooseView(ProductChoice, ChosenResponseMixin, ChooseView):
    """The modal. A POST asks a shop and shows the modal again, or takes what the shop offers."""

    template_name = "anodyne_blocks/admin/product_chooser.html"
    response_data_title_key = "string"
    choose_url_name = ""
    search_tab_label = _("Catalogue")
    active_tab = ""
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
        shops = searchable_shops() if self.can_create() else []
        named = [(f"shop-{number}", alias) for number, alias in enumerate(shops, start=1)]
        posted = data.get("tab") if data else None
        tabs = [
            Tab(
                id=key,
                label=gettext("Shop: %(shop)s") % {"shop": alias},
                shop=alias,
                form=ShopForm(
                    data if posted == key else None,
                    prefix=key,
                    initial={"market": editors_market().key},
                ),
            )
            for key, alias in named
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
            tab.table = Table(self.columns, known)
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
            "active_tab": self.active_tab,
            "choose_url": self.append_preserved_url_parameters(reverse(self.choose_url_name)),
        }


class ProductChooseResultsView(ProductChoice, ChooseResultsView):
    pass


class ProductChooserViewSet(SnippetChooserViewSet):
    """The chooser's modal, with picture, prices and availability."""

    choose_view_class = ProductChooseView
    choose_results_view_class = ProductChooseResultsView
    search_tab_label = _("Catalogue")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        name = self.get_url_name("choose")
        return super().get_common_view_kwargs(**{"choose_url_name": name, **kwargs})
