"""Products in an article: one card, or several side by side."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args
from unicodedata import category

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.article.images import PreviewImage, Sizes, image_of, image_sizes
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.attribution import Place, asks_for_place
from anodyne_blocks.blocks.base import ElementBlock, common, level_below
from anodyne_blocks.blocks.choosers import ProductChooserBlock
from anodyne_blocks.blocks.sale import (
    Sale,
    button_text,
    reduction_badge,
    sale_of,
)
from anodyne_blocks.blocks.untranslated import marked
from anodyne_blocks.elements import Badge, Link, ProductCard, ProductGrid
from anodyne_blocks.elements.base import Direction, Loading
from anodyne_blocks.elements.passages import Relationship
from anodyne_blocks.elements.products import Layout, OwnWords
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.prior_price import Origin
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline
    from anodyne_blocks.models import AbstractProduct

_LAYOUTS = get_args(Layout)
# Relationships that readers are told of.
_DISCLOSED = get_args(Relationship)
_PERCENT_SIGNS = "%٪﹪％‰"
# Unicode's currency signs, digits, and other figures such as "½", in every script.
_FIGURES = ("Sc", "Nd", "No")


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
        help_text=_("Words such as “Bestseller”. Reductions show by themselves."),
    )
    button_text = blocks.CharBlock(label=_("Own button text"), required=False, max_length=40)

    class Meta:
        icon = "anodyne-product"
        label = _("Product")
        settings = ("relationship", "title", "text", "badge", "button_text")
        template = "anodyne_blocks/product_card.html"

    layout_of_all: Layout = "card"
    sells = True

    def sample(self) -> dict[str, Any]:
        return {"product": sample_product()}

    def clean(self, value: Any) -> Any:
        """Wagtail's, and no badge that claims something; all errors at once."""
        # No validator of the child: a site's migrations would name it.
        errors: dict[str, Any] = {}
        try:
            refuse_claim(value.get("badge") or "")
        except ValidationError as error:
            errors["badge"] = error
        try:
            value = super().clean(value)
        except StructBlockValidationError as error:
            errors |= error.block_errors
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value

    def words(self, value: Any) -> Iterable[str]:
        """None: what a card says is of the product, and no part of the article's text."""
        return ()

    def names(self, value: Any) -> Iterable[str]:
        product = value["product"]
        if product is not None:
            offers = (product.fetched_offers or {}).values()
            titles = [offer.title for offer in offers if offer is not None]
            yield from dict.fromkeys(
                text or "" for text in (value.get("title"), product.name, *titles)
            )
        yield value.get("text") or ""

    def resolve(self, value: Any, context: Article) -> ProductCard | None:
        return self.card(value, context, level_below(value, context))

    def card(self, value: Any, context: Article, level: int) -> ProductCard | None:
        """The card with its title at a heading level; None where there is nothing to show."""
        product = value["product"]
        if product is None:
            return None
        said, layout = value.get, value.get("layout")
        return _card(
            sale_of(product, context),
            Placement(
                layout if layout in _LAYOUTS else self.layout_of_all,
                level,
                said("title") or "",
                said("text") or "",
                said("badge") or "",
                said("relationship") or "",
                said("button_text") or "",
                context.direction,
                image_sizes(product.picture, "product"),
                context.outline.loading(value),
                place_of(value, context) if asks_for_place() else (),
            ),
        )

    def relationships(self, value: Any, article: Article) -> Iterable[Relationship]:
        relationship = value.get("relationship")
        if relationship in _DISCLOSED and self.card(value, article, 2) is not None:
            yield relationship


class Placement(NamedTuple):
    """What a card depends on besides its product's sale."""

    layout: Layout
    level: int
    title: str
    text: str
    badge: str
    relationship: str
    button_text: str
    direction: Direction
    sizes: Sizes
    loading: Loading
    place: Place = ()


def place_of(value: Any, article: Article) -> Place:
    """What the `UTM` setting can say of a placement; nothing where no page is known."""
    element, position = article.places.get(id(value), ("", 0))
    if not position:
        return ()
    page = getattr(article.page, "slug", "")
    return (("page", page), ("element", element), ("position", str(position)))


@conf.remembered(maxsize=2048)
def _card(sale: Sale, placed: Placement) -> ProductCard | None:
    """The card of a sale where it is placed: one and the same for equal ones."""
    with translation.override(sale.facts.language):
        return _made_card(sale, placed)


def _made_card(sale: Sale, placed: Placement) -> ProductCard | None:
    language, offer = sale.facts.language, sale.offer
    title = placed.title or (offer.title if offer else "")
    if not title or sale.is_hidden:
        # Without a title nothing is offered here: the name may be of another language.
        return None
    disclosure = _disclosure(placed.relationship)
    if placed.relationship in _DISCLOSED and not disclosure:
        # What is paid for is not shown where there are no words to say so.
        return None
    rel = "sponsored nofollow" if placed.relationship else ""
    url = sale.url_at(placed.place) if placed.place else sale.url
    button = placed.button_text or button_text()
    # Content that no form has checked may hold a claim.
    badge = "" if is_claim(placed.badge) else placed.badge
    image = image_of(placed.sizes, sale.image_alt, placed.loading) if placed.sizes else None
    return ProductCard(
        **sale.fields,
        language=language,
        direction=placed.direction,
        layout=placed.layout,
        heading_level=placed.level,
        title=title,
        text=placed.text or sale.description,
        link=Link(text=title, url=url, rel=rel) if url else None,
        image=image,
        badges=_badges(badge, sale, language),
        button=Link(text=button, url=url, rel=rel) if url and button else None,
        disclosure=disclosure,
        own=OwnWords(
            title=placed.title, text=placed.text, badge=badge, button=placed.button_text, rel=rel
        ),
        # A title is a name: it is shown, and marked, also where other words are not shown.
        other_language=marked(
            sale.facts.other,
            title=not placed.title,
            text=sale.description and not placed.text,
            image=image and image.alt,
        ),
        address=sale.address,
        sku=offer.sku if offer and not sale.withdrawn else "",
        gtin=offer.gtin if offer and not sale.withdrawn else "",
        brand=offer.brand if offer and not sale.withdrawn else "",
        is_new=offer is not None and offer.condition == "new" and not sale.withdrawn,
        unit=sale.unit,
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


class GridCardBlock(PlacementBlock):
    """A card of a grid, which resolves it: the grid's element holds it, once."""

    is_resolved_alone = False


class ProductGridBlock(ElementBlock):
    """Several products side by side."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    cards = blocks.ListBlock(GridCardBlock(), label=_("Products"), min_num=1, max_num=12)
    anchor = anchor_block()

    class Meta:
        label = _("Product grid")
        icon = "anodyne-product-grid"
        group = _("Products")
        description = _("Several products side by side, each with its live price.")
        label_format = "{heading}"
        template = "anodyne_blocks/product_grid.html"
        settings = ("anchor",)

    def sample(self) -> dict[str, Any]:
        placement = self.child_blocks["cards"].child_block
        cards = [placement.get_preview_value(), placement.get_preview_value()]
        return {"heading": gettext("For the desk"), "cards": cards}

    def outline(self, value: Any, outline: Outline) -> None:
        heading = value.get("heading")
        if heading and any(card["product"] is not None for card in value["cards"]):
            outline.part(value, heading, value.get("anchor") or "")
        else:
            outline.anchor(value, value.get("anchor") or heading or "products")

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        return anchored(value, place, value.get("heading"))

    def words(self, value: Any) -> Iterable[str]:
        return (value.get("heading") or "",)

    def names(self, value: Any) -> Iterable[str]:
        placement = self.child_blocks["cards"].child_block
        return (name for card in value["cards"] for name in placement.names(card))

    def resolve(self, value: Any, context: Article) -> ProductGrid | None:
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
            anchor=context.outline.anchor(value, value.get("anchor") or heading or "products"),
            cards=shown,
        )


def without_text(card: ProductCard) -> ProductCard:
    """A card where another element stands for what its text would say."""
    other = card.other_language
    fields = tuple(name for name in other.fields if name != "text") if other else ()
    other = other.model_copy(update={"fields": fields}) if other and fields else None
    return card.model_copy(update={"text": "", "other_language": other})


def sample_product() -> AbstractProduct:
    """A product for previews, offered in every market, that is in no database."""
    from anodyne_blocks.models import Offer, get_product_model

    now = timezone.now()
    product = get_product_model()(name="Lumbar support")
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
            availability=Stock.IN_STOCK.value,
            rating=Decimal("4.6"),
            rating_count=212,
            checked_at=now,
            prior_price=Decimal("53.00"),
            prior_status="ok",
            prior_origin=Origin.HISTORY.value,
            prior_days=30,
            reduced_since=now - datetime.timedelta(days=3),
            rule=market.fingerprint,
        )
        offer.product = product
        product.fetched_offers[market.key] = offer
    return product


def _badges(own: str, sale: Sale, language: str) -> tuple[Badge, ...]:
    badges = []
    if sale.fields["reduction"] is not None:
        badges.append(reduction_badge(sale.fields["reduction"], language))
    if own and not sale.withdrawn:
        badges.append(Badge(kind="editor", text=own, spoken=own))
    return tuple(badges)


def _disclosure(relationship: str) -> str:
    if relationship == "ad":
        return pgettext("reader", "Advertisement")
    if relationship == "affiliate":
        return pgettext("reader", "Affiliate link: we may earn a commission")
    return ""
