"""Taking a price back openly: it stays in the history, and proves nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import isolated, moment, written
from anodyne_blocks.catalogue.history import mark_mistaken
from anodyne_blocks.models import PriceChange

PERMISSION = "anodyne_blocks.mark_mistaken"


class MistakeForm(forms.Form):
    """Why a price is taken back: whoever asks for the proof will read it."""

    why = forms.CharField(
        label=_("What was wrong"),
        max_length=PriceChange._meta.get_field("mistaken_why").max_length,
        help_text=_("It stays beside the price, with your name and the date."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


# Django's class takes type arguments in its stubs alone.
class MistakeView(PermissionCheckedMixin, FormView):  # type: ignore[type-arg]
    """Asks for the reason, and marks one price of a product's history as a mistake."""

    form_class = MistakeForm
    template_name = "anodyne_blocks/admin/mistake.html"
    permission_required = PERMISSION
    inspect_url_name = ""

    def user_has_permission(self, permission: str) -> bool:
        return may_mark(self.request)

    @cached_property
    def change(self) -> PriceChange:
        found = PriceChange.objects.select_related("offer__product").filter(mistaken_at=None)
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def product_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.change.offer.product_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, offer = self.change, self.change.offer
        market = conf.markets().get(offer.market)
        price = written(change.price, change.currency, market.language if market else "en")
        return {
            **super().get_context_data(**kwargs),
            "page_title": gettext("Mark a price as a mistake"),
            "header_icon": "warning",
            "sentence": gettext("%(product)s, market %(market)s: %(price)s since %(date)s")
            % {
                "product": isolated(offer.product.name),
                "market": offer.market,
                "price": isolated(price),
                "date": moment(change.effective_from),
            },
            "product_url": self.product_url,
        }

    def form_valid(self, form: MistakeForm) -> HttpResponse:
        user: Any = self.request.user  # the site's own model, and logged in
        by = user.get_full_name() or user.get_username()
        only = PriceChange.objects.filter(pk=self.change.pk)
        mark_mistaken(only, by, form.cleaned_data["why"], timezone.now())
        messages.success(self.request, gettext("The price is marked as a mistake."))
        return redirect(self.product_url)


def may_mark(request: HttpRequest) -> bool:
    """Whether the user may mark prices as mistaken."""
    user: Any = request.user
    allowed: bool = user.has_perm(PERMISSION)
    return allowed
