"""Everything known of a product: offers, prices, pages, the shop's answers; and "Refresh now"."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import InspectView

from anodyne_blocks import conf
from anodyne_blocks.admin.choices import shop_name
from anodyne_blocks.admin.columns import isolated, moment
from anodyne_blocks.admin.mistakes import may_mark
from anodyne_blocks.admin.offers import offers_table
from anodyne_blocks.admin.pages import PageLinker
from anodyne_blocks.admin.price_chart import chart_of
from anodyne_blocks.admin.replacing import replace_url
from anodyne_blocks.admin.shop_asking import in_english
from anodyne_blocks.catalogue.refresh import mark_due
from anodyne_blocks.catalogue.usage import pages_using
from anodyne_blocks.models import AbstractProduct, Offer, ShopState, get_product_model
from anodyne_blocks.models.added import added_fields
from anodyne_blocks.shops import shop_aliases
from anodyne_blocks.tasks import enqueue_refresh


class ProductInspectView(InspectView):
    """A product with the reasons for what its cards show."""

    def get_fields(self) -> list[str]:
        own = [field.name for field in added_fields(self.model, AbstractProduct)]
        return ["name", "shop", "external_id", "status", "image", *own]

    def get_shop_display_value(self) -> str:
        return shop_name(self.object)

    def get_external_id_display_value(self) -> str:
        return self.object.external_id or "–"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        offers = list(Offer.objects.filter(product=self.object).prefetch_related("price_changes"))
        order = {key: place for place, key in enumerate(conf.markets())}
        offers.sort(key=lambda offer: order.get(offer.market, len(order)))
        for offer in offers:
            offer.product = self.object
        pages = pages_using(self.object.pk)
        name = self.object.snippet_viewset.get_url_name("mistake")

        def mistakes(pk: int) -> str:
            return reverse(name, args=[pk]) if may_mark(self.request) else ""

        context = {
            **super().get_context_data(**kwargs),
            "offers": offers_table(self.object, offers),
            "charts": [chart for offer in offers if (chart := chart_of(offer, now, mistakes))],
            "pages": PageLinker(self.request.user, pages)(pages),
            "replace_url": replace_url(self.object, self.request.user),
        }
        if self.object.shop and self.user_has_permission("change"):
            context["answer"] = self.shop_s_answer(now)
            context["refresh_url"] = reverse(
                self.object.snippet_viewset.get_url_name("refresh"), args=[self.object.pk]
            )
        return context

    def shop_s_answer(self, now: datetime.datetime) -> list[tuple[str, str]]:
        """What the shop said last and when it is asked again, as pairs of label and text."""
        product = self.object
        state = ShopState.objects.filter(shop=product.shop).first()
        offers = list(product.offers.all())
        next_at = product.next_refresh_at
        is_due = next_at <= now
        confirmed = max((offer.checked_at for offer in offers), default=None)
        found = [
            (gettext("Last confirmed"), moment(confirmed)),
            (gettext("Last answer"), _said_last(product, offers)),
            (gettext("Next refresh"), gettext("due now") if is_due else moment(next_at)),
        ]
        for offer in offers:
            if offer.refresh_error:
                label = gettext("No price confirmed in market %(market)s") % {
                    "market": offer.market
                }
                found.append((label, in_english(offer.refresh_error)))
            if offer.notes:
                label = gettext("Left out in market %(market)s") % {"market": offer.market}
                found.append((label, in_english(offer.notes)))
        if product.refresh_failures:
            found.append((gettext("Failures in a row"), str(product.refresh_failures)))
        if product.image_error:
            found.append((gettext("Picture not imported"), in_english(product.image_error)))
        if product.shop not in shop_aliases():
            found.append((gettext("Shop"), gettext("The settings name no such shop any more.")))
        if state is not None:
            found.append((gettext("The shop's last answer to anything"), moment(state.answered_at)))
            if state.is_paused(now):
                text = gettext("Not asked before %(moment)s: %(reason)s") % {
                    "moment": moment(state.paused_until),
                    "reason": isolated(state.last_error),
                }
                found.append((gettext("Pause"), text))
        return found


class RefreshView(PermissionCheckedMixin, View):
    """Makes a product due, and has it refreshed in the background where there is one."""

    http_method_names = ["post"]
    permission_required = "change"
    permission_policy = ModelPermissionPolicy(get_product_model())
    inspect_url_name = ""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        of_shops = get_product_model().objects.exclude(shop="")
        product = get_object_or_404(of_shops, pk=unquote(str(pk)))
        answer = redirect(reverse(self.inspect_url_name, args=[product.pk]))
        state = ShopState.objects.filter(shop=product.shop).first()
        if product.shop not in shop_aliases():
            messages.error(request, gettext("The settings name no such shop any more."))
            return answer
        mark_due(product.shop, [product.external_id or ""])
        if state is not None and state.is_paused(timezone.now()):
            text = gettext("The shop is in trouble; it is asked again after %(moment)s.")
            messages.warning(request, text % {"moment": moment(state.paused_until)})
        elif enqueue_refresh(product.shop, [product.pk]):
            messages.success(request, gettext("The shop is being asked in the background."))
        else:
            messages.success(request, gettext("The next run of refresh_products asks the shop."))
        return answer


def _said_last(product: AbstractProduct, offers: list[Offer]) -> str:
    if product.refresh_error:
        return in_english(product.refresh_error)
    if not offers:
        return "–"
    gone = [offer.market for offer in offers if offer.times_gone or offer.withdrawn_at]
    if product.is_withdrawn or len(gone) == len(offers):
        return gettext("The shop no longer sells it.")
    if gone:
        return f"{', '.join(gone)}: {gettext('The shop no longer sells it.')}"
    return gettext("The shop answered.")
