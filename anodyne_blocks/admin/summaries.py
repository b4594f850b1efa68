"""What a card will show of its product, beside the chooser in the page editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.generic import View
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.permission_policies import ModelPermissionPolicy

from anodyne_blocks.admin.columns import THUMBNAIL, OfferLine, offer_line, with_picture
from anodyne_blocks.admin.editing import edited_market, has_place, likely_market
from anodyne_blocks.admin.explanations import explain
from anodyne_blocks.elements.products import shown_and_rest
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model

# More than a page has cards; the script asks again for the rest.
MOST = 100


@dataclass(frozen=True)
class Summary:
    """A product in a market, where it is offered there; `title` where it is not the name.

    `text` is what a card shows of the shop's text, `rest` what readers unfold.
    """

    picture: Any
    title: str = ""
    line: OfferLine | None = None
    reason: str = ""
    text: str = ""
    rest: str = ""


def said_of(offer: Offer, diagnostics: bool) -> tuple[OfferLine, str]:
    """Price and availability of an offer, and why its card has the badge that it has, or none.

    Without `diagnostics` nothing of what the shop answered.
    """
    now = timezone.now()
    if not diagnostics:
        offer.refresh_error = ""
    return offer_line(offer, now), explain(offer, now)


class SummariesView(View):
    """GET ?id=1&id=2&locale=nl: {id: HTML}, in the market of the page that is edited.

    What is no product is left out. The number of queries does not grow with that of products.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        ids = [pk for pk in request.GET.getlist("id") if pk.isdecimal() and len(pk) < 19][:MOST]
        market = edited_market(request) if has_place(request) else likely_market(request)
        offers = Offer.objects.filter(market=market.key if market else "")
        products = with_picture(get_product_model().objects.filter(pk__in=ids), "image")
        products = products.prefetch_related(
            Prefetch("offers", offers.prefetch_related("price_changes"), to_attr="here")
        )
        policy = ModelPermissionPolicy(get_product_model())
        diagnostics = policy.user_has_permission(request.user, "change")
        shown = {product.pk: self.html(product, diagnostics) for product in products}
        return JsonResponse(shown)

    def html(self, product: AbstractProduct, diagnostics: bool) -> str:
        """The summary of one product, whose `here` holds its offer in the market, if it has one."""
        picture = product.image and get_rendition_or_not_found(product.image, THUMBNAIL)
        summary = Summary(picture)
        for offer in product.here:
            offer.product = product
            title = "" if offer.title == product.name else offer.title
            said = said_of(offer, diagnostics)
            summary = Summary(picture, title, *said, *shown_and_rest(offer.description))
        return render_to_string("anodyne_blocks/admin/product_summary.html", {"summary": summary})
