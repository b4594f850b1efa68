"""Columns of listings and choosers: picture, offers, usage."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, TypeVar

from babel.dates import format_datetime
from django.contrib.admin.utils import quote
from django.db.models import Model, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, UsageCountColumn
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from anodyne_blocks import clock, conf
from anodyne_blocks.article.images import thumbnail
from anodyne_blocks.blocks.absent import damaged
from anodyne_blocks.models import AbstractProduct, Offer
from anodyne_blocks.pricing.money import babel_locale, format_money
from anodyne_blocks.shops import ShopOffer

# The size of Wagtail's own image listing, so that its file serves here too.
THUMBNAIL = "max-165x165"

_M = TypeVar("_M", bound=Model)


def with_picture(rows: QuerySet[_M], field: str) -> QuerySet[_M]:
    """`rows` with the image in `field` and its thumbnail: two queries for all of them."""
    images = get_image_model()._default_manager.prefetch_renditions(THUMBNAIL)
    images = images.select_related("anodyne_damage")
    return rows.prefetch_related(Prefetch(field, images))


def with_usage(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` with the number of pages and snippets that refer to each, as `usage_count`."""
    return rows.annotate(usage_count=ReferenceIndex.usage_count_subquery(rows.model))


class PictureColumn(Column):
    """A thumbnail; `longest` is the most pixels on either side."""

    cell_template_name = "anodyne_blocks/admin/picture_cell.html"

    def __init__(self, name: str, *, longest: int = 48, **kwargs: Any) -> None:
        super().__init__(name, classname="anodyne-picture", **kwargs)
        self.longest = longest

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        image = context["raw_value"]
        if image and (rendition := thumbnail(image, THUMBNAIL)):
            scale = self.longest / max(rendition.width, rendition.height, self.longest)
            context["url"] = rendition.url
            context["width"] = round(rendition.width * scale)
            context["height"] = round(rendition.height * scale)
        elif image:
            context["fault"] = damaged(image)
        return context


class UsageColumn(UsageCountColumn):
    """Wagtail's "Used 3 times", linked to the list of the places."""

    def __init__(self) -> None:
        super().__init__("usage_count", label=_("Usage"), sort_key="usage_count", width="12%")

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        name = instance.snippet_viewset.get_url_name("usage")
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "instance": {"usage_url": reverse(name, args=[quote(instance.pk)])}}


@dataclass(frozen=True)
class OfferLine:
    """An offer in words: price in its market's own writing, availability in the admin's."""

    market: str
    language: str
    price: str
    state: str


class OffersColumn(Column):
    """One line for each offer of a product: market, price, availability; that of `first` first."""

    cell_template_name = "anodyne_blocks/admin/offers_cell.html"

    def __init__(self, first: conf.Market | None = None) -> None:
        super().__init__("offers", label=_("Price and availability"))
        self.first = first.key if first else ""

    def get_value(self, instance: AbstractProduct) -> list[OfferLine]:
        now = timezone.now()
        order = {key: place for place, key in enumerate(conf.markets())}
        order[self.first] = -1
        offers = sorted(instance.offers.all(), key=lambda o: order.get(o.market, len(order)))
        return [offer_line(offer, now) for offer in offers]


def offer_line(offer: Offer, now: datetime.datetime) -> OfferLine:
    market = conf.markets().get(offer.market)
    state = offer.get_availability_display()
    if offer.withdrawn_at is not None or offer.product.is_withdrawn:
        state = gettext("withdrawn")
    elif offer.is_stale(now):
        day = date_format(clock.day_of(offer.checked_at), "SHORT_DATE_FORMAT")
        state = gettext("%(availability)s, last confirmed on %(date)s") % {
            "availability": state,
            "date": day,
        }
    language = market.language if market else get_language() or "en"
    if offer.get_condition_display() and offer.condition != "new":
        state = f"{state}, {offer.get_condition_display()}"
    return OfferLine(offer.market, language, price_of(offer, language), state)


def price_of(offer: Offer | ShopOffer, language: str) -> str:
    """The price of an offer, as the lowest of several where it is that."""
    price = written(offer.price, offer.currency, language)
    return gettext("from %(price)s") % {"price": price} if offer.is_from else price


def written(amount: Any, currency: str, language: str) -> str:
    """An amount as `format_money` writes it; "–" for none, as it is where that cannot."""
    if amount is None:
        return "–"
    try:
        return format_money(amount, currency, language)
    except ValueError:
        return f"{amount} {currency}"


def isolated(text: str) -> str:
    """`text` for the middle of a sentence of either direction: neither reorders the other.

    What `<bdi>` does, for words that hold no markup.
    """
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def moment(value: datetime.datetime | None) -> str:
    """A moment in the admin's language and the site's time zone; "–" for none."""
    if value is None:
        return "–"
    # Django has no short form in some languages, and writes those month first.
    locale = babel_locale(get_language() or "en")
    return format_datetime(clock.local(value), "short", locale=locale)
