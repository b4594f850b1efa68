"""A product by hand and its offer in one market, made in the chooser's dialog."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anodyne_blocks import conf
from anodyne_blocks.admin.choices import market_choices
from anodyne_blocks.admin.new_forms import NewForm, new_form
from anodyne_blocks.admin.offer_form import OfferForm
from anodyne_blocks.admin.uploads import PictureForm
from anodyne_blocks.catalogue.store import record_hand_edit
from anodyne_blocks.conf import Market
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model


class _ProductForm(PictureForm):
    picture_field = "image"


class _OfferForm(OfferForm, NewForm):
    """What a card needs; without what there is no choice of."""

    class Meta(OfferForm.Meta):
        model = Offer
        fields = ["market", "price", "currency", "url"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = conf.markets().values()
        self.fields["market"] = forms.ChoiceField(label=_("Market"), choices=market_choices)
        if len(markets) == 1:
            self.fields["market"].widget = forms.HiddenInput()
        if all(market.currency for market in markets):
            self.fields["currency"].widget = forms.HiddenInput()


class NewProduct:
    """Both forms as one, as far as the dialog asks. The product's name is the offer's title."""

    def __init__(self, *, market: Market | None, **kwargs: Any) -> None:
        model = get_product_model()
        self.product = new_form(_ProductForm, model, ["name"])(instance=model(), **kwargs)
        key = market.key if market else ""
        offer = Offer(product=self.product.instance, market=key)
        self.offer = _OfferForm(instance=offer, prefix="offer", **kwargs)
        self.is_bound = self.product.is_bound
        self.media = self.product.media + self.offer.media

    def is_valid(self) -> bool:
        """Whether both are; each says its errors."""
        return all([self.product.is_valid(), self.offer.is_valid()])

    def is_multipart(self) -> bool:
        return self.product.is_multipart()

    def visible_fields(self) -> list[Any]:
        """In the order of the dialog: the picture, which may take a while to find, is last."""
        fields = [*self.product.visible_fields(), *self.offer.visible_fields()]
        return sorted(fields, key=lambda field: field.name == "picture")

    def hidden_fields(self) -> list[Any]:
        return [*self.product.hidden_fields(), *self.offer.hidden_fields()]

    @property
    def non_field_errors(self) -> list[Any]:
        return [*self.product.non_field_errors(), *self.offer.non_field_errors()]

    def save(self) -> AbstractProduct:
        """The product with its offer, whose price is the first of its history."""
        product: AbstractProduct = self.product.save()
        offer = self.offer.save(commit=False)
        offer.product, offer.title = product, product.name
        offer.save()
        record_hand_edit(product, timezone.now())
        return product
