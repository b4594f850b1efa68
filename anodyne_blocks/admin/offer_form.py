"""The form of an offer by hand: what is typed is what is meant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from anodyne_blocks import conf
from anodyne_blocks.admin.amounts import AmountField, MeasureField, RatingField
from anodyne_blocks.admin.columns import isolated, written
from anodyne_blocks.pricing.money import currency_decimals, is_currency

# A price that changes by more than this factor is more often a slip than a price.
FACTOR = 5


class ConfirmedField(forms.CharField):
    """Says unseen which price was asked about, when the form comes back."""

    widget = forms.HiddenInput
    asked = ""

    def bound_data(self, data: Any, initial: Any) -> str:
        return self.asked


class OfferForm(WagtailAdminModelForm):
    """An offer whose currency may be left to its market, and whose price may not leap unasked."""

    confirmed_price = ConfirmedField(required=False)

    class Meta(WagtailAdminModelForm.Meta):
        field_classes = {
            "price": AmountField,
            "list_price": AmountField,
            "unit_price": AmountField,
            "unit_measure": MeasureField,
            "rating": RatingField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.fields["currency"]
        if all(market.currency for market in conf.markets().values()):
            currency.required = False
            currency.help_text = _("Empty: that of the market.")
        sent = self._sent_currency()
        for name, field in self.fields.items():
            if isinstance(field, AmountField):
                field.stored = getattr(self.instance, name)
                if not isinstance(field, RatingField):
                    field.currency = self.instance.currency
                    field.thousandths = is_currency(sent) and currency_decimals(sent) > 2

    def _sent_currency(self) -> str:
        """The currency that the form says, or its market has: amounts are read before either."""
        sent = str(self.data.get(self.add_prefix("currency")) or "").strip().upper()
        return sent or self._currency_of(self.data.get(self.add_prefix("market")))

    def _currency_of(self, market: Any) -> str:
        known = conf.markets().get(market)
        return known.currency if known else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("currency") == "":
            cleaned["currency"] = self._currency_of(cleaned.get("market"))
            if not cleaned["currency"] and "market" in cleaned:
                self.add_error("currency", self.fields["currency"].error_messages["required"])
        self._ask_about_price(cleaned)
        return cleaned

    def _ask_about_price(self, cleaned: dict[str, Any]) -> None:
        """Refuse a price that leaps, unless the form was sent with this very price before."""
        old, new = self.instance.price, cleaned.get("price")
        currency = (cleaned.get("currency") or "").upper()
        if not old or new is None or new < 0 or currency != self.instance.currency:
            return
        if max(old, new) <= FACTOR * min(old, new):
            return
        asked = f"{new.normalize():f}"
        if cleaned.get("confirmed_price") == asked:
            return
        self.fields["confirmed_price"].asked = asked
        language = get_language() or "en"
        prices = {
            "old": isolated(written(old, currency, language)),
            "new": isolated(written(new, currency, language)),
        }
        question = gettext("The price was %(old)s and would be %(new)s. Save again to confirm.")
        self.add_error("price", question % prices)
