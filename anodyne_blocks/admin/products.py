"""Products in the admin: listing, filters, chooser, forms and price history."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateEditViewOptionalFeaturesMixin
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from anodyne_blocks import conf
from anodyne_blocks.admin.choices import market_choices, shop_name
from anodyne_blocks.admin.columns import (
    OffersColumn,
    PictureColumn,
    UsageColumn,
    with_picture,
    with_usage,
)
from anodyne_blocks.admin.filters import BaseProductFilterSet, RadioFilter
from anodyne_blocks.admin.mistakes import MistakeView
from anodyne_blocks.admin.offer_form import OfferForm
from anodyne_blocks.admin.offers import offers_table
from anodyne_blocks.admin.own_forms import own_form
from anodyne_blocks.admin.paginator import BoundedPaginator
from anodyne_blocks.admin.product_chooser import SEARCHED, ProductChooserViewSet, status_column
from anodyne_blocks.admin.product_view import ProductInspectView, RefreshView
from anodyne_blocks.admin.replace_view import ReplaceView
from anodyne_blocks.admin.search import SearchedListing
from anodyne_blocks.catalogue.store import record_hand_edit
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model


class MarketSelect(forms.Select):
    """A choice of the markets that the setting has when the form is shown."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        # An offer may stand in a market that the settings name no more.
        gone = [(key, key) for key in value if key and key not in conf.markets()]
        self.choices = [("", "---------"), *market_choices(), *gone]
        if len(self.choices) == 2 and value in ([""], []):
            value = [self.choices[1][0]]
        return super().optgroups(name, value, attrs)


class ProductFilterSet(BaseProductFilterSet):
    """Status, shop, and offers: market and availability together mean one and the same offer."""

    availability = RadioFilter(label=_("Availability"), choices=Offer.AVAILABILITY, method="keep")

    class Meta(BaseProductFilterSet.Meta):
        fields = ["status"]

    def filter_queryset(self, queryset: QuerySet[AbstractProduct]) -> QuerySet[AbstractProduct]:
        rows = super().filter_queryset(queryset)
        market, availability = (self.form.cleaned_data[name] for name in ("market", "availability"))
        # The index begins with the market: all markets are named, rather than none.
        offers = Offer.objects.filter(market__in=[market] if market else list(conf.markets()))
        if availability:
            rows = rows.filter(pk__in=offers.filter(availability=availability).values("product"))
        elif market:
            rows = rows.filter(pk__in=offers.values("product"))
        return rows


class ProductListing(SearchedListing):
    paginator_class = BoundedPaginator

    @cached_property
    def columns(self) -> list[Any]:
        checkbox, title, *others = super().columns
        return [checkbox, PictureColumn("image", label=_("Image")), title, *others]


class OffersFormSet(BaseChildFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        if "market" in unique_check:
            return gettext("One offer for each market.")
        return super().get_unique_error_message(unique_check)


class OffersInline(InlinePanel):
    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name].update(form=OfferForm, formset=OffersFormSet)
        return options


# What a shop says of its products.
TOLD = ("name", "status")


class ShopProductForm(WagtailAdminModelForm):
    """Writes its own fields only: a refresh may have written the others since it was read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TOLD:
            self.fields.pop(name, None)

    def save(self, commit: bool = True) -> AbstractProduct:
        product = super().save(commit=False)
        if commit:
            many = {field.name for field in product._meta.many_to_many}
            product.save(update_fields=[*(set(self.fields) - many), *self.formsets])
            self.save_m2m()
        return product


class SavesHandPrices(CreateEditViewOptionalFeaturesMixin):
    """Makes a price that someone typed part of the price history, with the product itself."""

    def save_instance(self) -> AbstractProduct:
        product = super().save_instance()
        if not product.shop:
            record_hand_edit(product, timezone.now())
        return product


class ProductCreateView(SavesHandPrices, CreateView):
    pass


class ProductEditView(SavesHandPrices, EditView):
    """The form of a product by hand, or of a shop's product: what the shop says stays."""

    def get_panel(self) -> Any:
        return shop_form() if self.object.shop else super().get_panel()

    def get_form_class(self) -> type[WagtailAdminModelForm]:
        return self.panel.get_form_class()


class OffersPanel(HelpPanel):
    """What the shop says, to be read only."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return {**context, "offers": offers_table(self.instance)}


class ProductViewSet(SnippetViewSet):
    """Products: those of shops as the shop says, those by hand with their offers inline."""

    model = get_product_model()
    icon = "anodyne-product"
    menu_order = 100
    index_view_class = ProductListing
    add_view_class = ProductCreateView
    edit_view_class = ProductEditView
    inspect_view_class = ProductInspectView
    inspect_view_enabled = True
    inspect_template_name = "anodyne_blocks/admin/product_inspect.html"
    # A copy would be a second product of the same name; there is one of each.
    copy_view_enabled = False
    chooser_viewset_class = ProductChooserViewSet
    filterset_class = ProductFilterSet
    search_fields = SEARCHED
    search_backend_name = None
    list_display = [
        "name",
        Column("shop", label=_("Shop"), accessor=shop_name, sort_key="shop"),
        OffersColumn(),
        status_column(sort_key="status"),
        UsageColumn(),
    ]
    panels = [
        *get_product_model().panels,
        OffersInline(
            "offers",
            [
                FieldRowPanel(
                    [FieldPanel("market", widget=MarketSelect), "availability", "condition"]
                ),
                "title",
                "brand",
                "description",
                "image_alt",
                "url",
                FieldRowPanel(["price", "currency", "tax_included"]),
                FieldRowPanel(["list_price", "unit_price", "unit_measure"]),
                FieldRowPanel(["rating", "rating_count"]),
            ],
            label=_("Offer"),
            heading=_("Offers"),
        ),
    ]

    @property
    def refresh_view(self) -> Any:
        return self.construct_view(RefreshView, inspect_url_name=self.get_url_name("inspect"))

    @property
    def mistake_view(self) -> Any:
        return self.construct_view(MistakeView, inspect_url_name=self.get_url_name("inspect"))

    @property
    def replace_view(self) -> Any:
        return self.construct_view(ReplaceView, inspect_url_name=self.get_url_name("inspect"))

    def get_urlpatterns(self) -> list[Any]:
        route = f"refresh/<{self.pk_path_converter}:pk>/"
        return [
            *super().get_urlpatterns(),
            path(route, self.refresh_view, name="refresh"),
            path(f"replace/<{self.pk_path_converter}:pk>/", self.replace_view, name="replace"),
            path("prices/<int:pk>/mistake/", self.mistake_view, name="mistake"),
        ]

    def get_queryset(self, request: Any) -> QuerySet[AbstractProduct]:
        products = get_product_model().objects.prefetch_related("offers")
        return with_usage(with_picture(products, "image"))


@cache
def shop_form() -> Any:
    """The form of a shop's product: what the shop says to be read, all else to be edited."""
    model = get_product_model()
    told = [FieldPanel(name, read_only=True) for name in TOLD]
    return ObjectList(
        [
            HelpPanel(template="anodyne_blocks/admin/shop_note.html"),
            MultiFieldPanel(told, _("Product")),
            *model.panels,
            OffersPanel(template="anodyne_blocks/admin/offers_panel.html", heading=_("Offers")),
        ],
        base_form_class=own_form(ShopProductForm, model),
    ).bind_to_model(model)
