"""Products in an article: one card, or several side by side."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unicodedata import category
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.units import format_unit
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, npgettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from anodyne_blocks import conf
from anodyne_blocks.blocks.base import ElementBlock, common, level_below
from anodyne_blocks.blocks.choosers import ProductChooserBlock
from anodyne_blocks.blocks.ratings import rating_of
from anodyne_blocks.context import ArticleContext
from anodyne_blocks.dates import date_of
from anodyne_blocks.elements import (
    Availability,
    Badge,
    Link,
    ProductCard,
    ProductGrid,
    Reduction,
)
from anodyne_blocks.images import PreviewImage, image_element
from anodyne_blocks.pricing.money import babel_locale, format_percent, money
from anodyne_blocks.pricing.prior_price import Origin, percent_off
from anodyne_blocks.shops.base import Availability as ShopAvailability

if TYPE_CHECKING:
    from anodyne_blocks.models import Offer, Product
    from anodyne_blocks.outline import Outline

_PERCENT_SIGNS = "%٪﹪％‰"
# Unicode's currency signs, digits, and other figures such as "½", in every script.
_FIGURES = ("Sc", "Nd", "No")
_MEASURE = re.compile(r"(\d+(?:\.\d+)?) ?(\w+)")
_UNITS = {
    "ml": "volume-milliliter",
    "cl": "volume-centiliter",
    "l": "volume-liter",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "cm": "length-centimeter",
    "m": "length-meter",
}


def is_claim(badge: str) -> bool:
    """Whether a badge holds a percentage, an amount or any figure."""
    return any(sign in _PERCENT_SIGNS or category(sign) in _FIGURES for sign in badge)


def refuse_claim(badge: str) -> None:
    """`ValidationError` for a badge that claims something: see `is_claim`."""
    if is_claim(badge):
        raise ValidationError(
            _(
                "A badge cannot claim a percentage or an amount: the card shows a reduction by"
                " itself when the price history proves it. Use words, such as “Bestseller”."
            )
        )


class PlacementBlock(ElementBlock):
    """A product with what this placement says in its own words."""

    product = ProductChooserBlock(label=_("Product"))
    relationship = blocks.ChoiceBlock(
        label=_("Relationship"),
        choices=[("ad", _("Advertisement")), ("affiliate", _("Affiliate link"))],
        required=False,
        help_text=_("Readers see a note, and search engines are told."),
    )
    title = blocks.CharBlock(label=_("Own title"), required=False, max_length=150)
    text = blocks.TextBlock(label=_("Own text"), required=False, max_length=400, rows=2)
    badge = blocks.CharBlock(
        label=_("Own badge"),
        required=False,
        max_length=30,
        validators=[refuse_claim],
        help_text=_("Words such as “Bestseller”. Reductions show by themselves."),
    )
    button_text = blocks.CharBlock(label=_("Own button text"), required=False, max_length=40)

    class Meta:
        icon = "anodyne-product"
        label = _("Product")
        settings = ("relationship", "title", "text", "badge", "button_text")
        template = "anodyne_blocks/product_card.html"

    layout_of_all = "card"

    def sample(self) -> dict[str, Any]:
        return {"product": sample_product()}

    def resolve(self, value: Any, context: ArticleContext) -> ProductCard | None:
        return self.card(value, context, level_below(value, context))

    def card(self, value: Any, context: ArticleContext, level: int) -> ProductCard | None:
        """The card with its title at a heading level; None where there is nothing to show."""
        product = value["product"]
        if product is None:
            return None
        offer = product.offer_in(context.market.key) if context.market else None
        title = value.get("title") or (offer.title if offer else "")
        if not title:
            # Nothing is offered here, and the product's name may be of another language.
            return None
        withdrawn = product.is_withdrawn or (offer is not None and offer.withdrawn_at is not None)
        if withdrawn and conf.get("WITHDRAWN_PRODUCT") == "hide":
            return None
        sold = None if withdrawn else offer
        stale = sold is not None and sold.is_stale(context.now)
        shows_price = (
            sold is not None
            and sold.price is not None
            and sold.currency == (context.market.currency or sold.currency)
            and not (stale and conf.get("STALE_PRICE") == "hide")
        )
        reduction = (
            _reduction(sold, context) if sold is not None and shows_price and not stale else None
        )
        link = _link(sold, value, title)
        availability = _availability(sold, withdrawn)
        return ProductCard(
            **common(context),
            product=product.pk or 0,
            market=context.market.key if context.market else "",
            layout=value.get("layout") or self.layout_of_all,
            heading_level=level,
            title=title,
            text=value.get("text") or (offer.description if offer else ""),
            link=link,
            image=image_element(product.picture, "product", product.image_alt),
            badges=_badges(value, reduction, withdrawn, context),
            price=(
                money(sold.price, sold.currency, context.language)
                if sold is not None and shows_price
                else None
            ),
            price_label=pgettext("reader", "Price:"),
            reduction=reduction,
            unit_price=_unit_price(sold, context) if sold is not None and shows_price else "",
            tax_note=(
                pgettext("reader", "plus tax")
                if sold is not None and shows_price and sold.tax_included is False
                else ""
            ),
            availability=availability,
            rating=(
                rating_of(sold.rating, 5, sold.rating_count, context.language)
                if sold is not None and sold.rating
                else None
            ),
            button=(
                Link(
                    text=value.get("button_text") or pgettext("reader", "View in the shop"),
                    url=link.url,
                    rel=link.rel,
                )
                if link
                else None
            ),
            buyable=link is not None
            and availability is not None
            and availability.state not in ("out_of_stock", "withdrawn"),
            disclosure=_disclosure(value.get("relationship")),
            stale=date_of(sold.checked_at, context.language) if stale else None,
            stale_text=(
                pgettext("reader", "Price on %(date)s")
                % {"date": date_of(sold.checked_at, context.language).formatted}
                if stale and shows_price
                else ""
            ),
        )


class ProductCardBlock(PlacementBlock):
    """One product with its live price."""

    layout = blocks.ChoiceBlock(
        label=_("Layout"),
        choices=[
            ("wide", _("Wide, inside the text")),
            ("card", _("Card")),
            ("compact", _("Compact, on one line")),
        ],
        default="wide",
    )

    class Meta:
        label = _("Product card")
        group = _("Products")
        description = _("A product with picture, live price and button, in the page's market.")


class ProductGridBlock(ElementBlock):
    """Several products side by side."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    cards = blocks.ListBlock(PlacementBlock(), label=_("Products"), min_num=1, max_num=12)

    class Meta:
        label = _("Product grid")
        icon = "anodyne-product-grid"
        group = _("Products")
        description = _("Several products side by side, each with its live price.")
        label_format = "{heading}"
        template = "anodyne_blocks/product_grid.html"

    def sample(self) -> dict[str, Any]:
        placement = self.child_blocks["cards"].child_block
        cards = [placement.get_preview_value(), placement.get_preview_value()]
        return {"heading": gettext("For the desk"), "cards": cards}

    def outline(self, value: Any, outline: Outline) -> None:
        outline.anchor(value, value.get("heading") or "products")

    def resolve(self, value: Any, context: ArticleContext) -> ProductGrid | None:
        placement = self.child_blocks["cards"].child_block
        heading = value.get("heading") or ""
        level = level_below(value, context)
        cards = (
            placement.card(card, context, min(level + 1, 6) if heading else level)
            for card in value["cards"]
        )
        shown = tuple(card for card in cards if card is not None)
        if not shown:
            return None
        return ProductGrid(
            **common(context),
            heading=heading,
            heading_level=level,
            anchor=context.outline.anchor(value, heading or "products"),
            cards=shown,
        )


def sample_product() -> Product:
    """A product for previews, offered in every market, that is in no database."""
    from anodyne_blocks.models import Offer, Product

    now = timezone.now()
    product = Product(name="Lumbar support")
    product.sample_image = PreviewImage("anodyne_blocks/preview-product.svg", 480, 480)
    product.fetched_offers = {}
    for market in conf.markets().values():
        offer = Offer(
            market=market.key,
            title=gettext("Lumbar support"),
            description=gettext(
                "Holds the small of your back, so that you can think of other things."
            ),
            url="https://shop.example/lumbar-support",
            price=Decimal("39.75"),
            currency=market.currency or "EUR",
            availability=ShopAvailability.IN_STOCK.value,
            rating=Decimal("4.6"),
            rating_count=212,
            checked_at=now,
            prior_price=Decimal("53.00"),
            prior_status="ok",
            prior_origin=Origin.HISTORY.value,
            reduced_since=now - datetime.timedelta(days=3),
            rule=market.rule.fingerprint,
        )
        offer.product = product
        product.fetched_offers[market.key] = offer
    return product


def _reduction(offer: Offer, context: ArticleContext) -> Reduction | None:
    if not offer.announces_reduction(context.now):
        return None
    percent = percent_off(offer.prior_price, offer.price)
    if percent < 1:
        return None
    prior = money(offer.prior_price, offer.currency, context.language)
    if offer.prior_origin == Origin.LIST_PRICE.value:
        prior_text = pgettext("reader", "List price: %(price)s") % {"price": prior.formatted}
    else:
        days = getattr(context.market.rule, "days", 30)
        prior_text = npgettext(
            "reader",
            "Lowest price of the last day: %(price)s",
            "Lowest price of the last %(days)d days: %(price)s",
            days,
        ) % {"days": days, "price": prior.formatted}
    return Reduction(
        prior=prior,
        percent=percent,
        percent_text="−" + format_percent(percent, context.language),
        prior_label=pgettext("reader", "Previous price:"),
        prior_text=prior_text,
    )


def _badges(
    value: Any, reduction: Reduction | None, withdrawn: bool, context: ArticleContext
) -> tuple[Badge, ...]:
    badges = []
    if reduction is not None:
        percent = format_percent(reduction.percent, context.language)
        spoken = pgettext("reader", "Reduced by %(percent)s") % {"percent": percent}
        badges.append(Badge(kind="reduction", text=reduction.percent_text, spoken=spoken))
    own = value.get("badge")
    # Content that no form has checked may hold a claim.
    if own and not withdrawn and not is_claim(own):
        badges.append(Badge(kind="editor", text=own, spoken=own))
    return tuple(badges)


def _availability(offer: Offer | None, withdrawn: bool) -> Availability | None:
    if withdrawn:
        return Availability(state="withdrawn", text=pgettext("reader", "No longer sold"))
    texts = {
        "in_stock": pgettext("reader", "In stock"),
        "low_stock": pgettext("reader", "Few left"),
        "out_of_stock": pgettext("reader", "Sold out"),
        "preorder": pgettext("reader", "Pre-order"),
        "backorder": pgettext("reader", "On back order"),
    }
    if offer is None:
        return None
    state = offer.availability if offer.availability in texts else "unknown"
    return Availability(state=state, text=texts.get(state, ""))


def _link(offer: Offer | None, value: Any, title: str) -> Link | None:
    if offer is None or not offer.url:
        return None
    rel = "sponsored nofollow" if value.get("relationship") else ""
    return Link(text=title, url=with_utm(offer.url), rel=rel)


def with_utm(url: str) -> str:
    """`url` with the parameters of the `UTM` setting; those that it has already are kept."""
    utm = conf.get("UTM")
    if not utm:
        return url
    parts = urlsplit(url)
    present = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in utm.items() if name not in present})
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit(parts._replace(query=query))


def _disclosure(relationship: str | None) -> str:
    if relationship == "ad":
        return pgettext("reader", "Advertisement")
    if relationship == "affiliate":
        return pgettext("reader", "Affiliate link: we may earn a commission")
    return ""


def _unit_price(offer: Offer, context: ArticleContext) -> str:
    if offer.unit_price is None or not offer.unit_measure:
        return ""
    price = money(offer.unit_price, offer.currency, context.language).formatted
    return pgettext("reader", "%(price)s per %(measure)s") % {
        "price": price,
        "measure": measure_text(offer.unit_measure, context.language),
    }


def measure_text(measure: str, language: str) -> str:
    """A quantity and unit code ("100 ml") as a language writes it; unknown units stay."""
    match = _MEASURE.fullmatch(measure.strip())
    unit = _UNITS.get(match[2].lower()) if match else None
    if match is None or unit is None:
        return measure
    return format_unit(Decimal(match[1]), unit, "short", locale=babel_locale(language))
