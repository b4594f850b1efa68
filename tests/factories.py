"""Plain functions that make what tests need: locales, images, people, products, ratings, pages."""

from __future__ import annotations

import datetime
import itertools
import re
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override, pgettext
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.blocks import ProductCardBlock
from anodyne_blocks.elements import Element
from anodyne_blocks.models import (
    AbstractPerson,
    AbstractProduct,
    AbstractShopRating,
    Notice,
    Offer,
    get_person_model,
    get_product_model,
    get_shop_rating_model,
)
from anodyne_blocks.pricing.money import format_money, format_percent
from tests.testapp.models import ArticlePage

# What a market sells in, and how it calls a lumbar cushion.
CURRENCIES = {"nl": "EUR", "da": "DKK", "sv": "SEK", "de": "EUR", "en": "GBP", "ar": "AED"}
TITLES = {
    "nl": "Lendenkussen",
    "da": "Lændepude",
    "sv": "Ländkudde",
    "de": "Lendenkissen",
    "en": "Lumbar cushion",
    "ar": "وسادة قطنية",
}
_numbers = itertools.count(1)


def written(amount: str, language: str) -> str:
    """An amount in the currency of a language's market, as the package writes it with this CLDR."""
    return format_money(amount, CURRENCIES[language], language)


def off(percent: int, language: str) -> str:
    """The text of a reduction's badge, as the package writes it with this CLDR."""
    return f"−{format_percent(percent, language)}"


def day(iso: str, language: str) -> str:
    """A day such as "2025-10-25", as the package writes it with this CLDR."""
    return date_of(datetime.date.fromisoformat(iso), language).formatted


def plain(text: str) -> str:
    """The text in one line with plain spaces, without the marks that keep amounts together."""
    return " ".join(re.sub("[\u2068\u2069]", "", text).split())


def locale(language: str) -> Locale:
    """The locale of a language code."""
    return Locale.objects.get_or_create(language_code=language)[0]


def image(title: str = "A picture", width: int = 1200, height: int = 900, **fields: Any) -> Any:
    """An image of the library, with a file."""
    file = BytesIO()
    Picture.new("RGB", (width, height), "teal").save(file, "PNG")
    content = ContentFile(file.getvalue(), name=f"picture-{next(_numbers)}.png")
    return get_image_model().objects.create(title=title, file=content, **fields)


def person(name: str = "Ada Holm", language: str = "en", **fields: Any) -> AbstractPerson:
    """A person in a language."""
    return get_person_model().objects.create(name=name, locale=locale(language), **fields)


def rating(name: str = "The shop", language: str = "en", **fields: Any) -> AbstractShopRating:
    """A shop rating of 4.6 of 5 from 3,312 reviews."""
    values = {
        "source": "Reviews",
        "url": "https://reviews.example/shop",
        "rating": Decimal("4.6"),
        "count": 3312,
        "as_of": datetime.date(2025, 10, 1),
        "verification": "Every review belongs to an order.",
    }
    return get_shop_rating_model().objects.create(
        name=name, locale=locale(language), **{**values, **fields}
    )


def notice(name: str = "Disclaimer", language: str = "en", **fields: Any) -> Notice:
    """A shared notice in a language."""
    values = {"heading": "Before you try", "text": "<p>Ask somebody who knows.</p>", **fields}
    return Notice.objects.create(name=name, locale=locale(language), **values)


def translation(thing: Any, language: str, **fields: Any) -> Any:
    """The translation of a person or rating, with these fields changed."""
    copy = thing.copy_for_translation(locale(language))
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def offer(product: AbstractProduct, market: str, **fields: Any) -> Offer:
    """An offer of a product in a market: 39.75 in its currency, in stock."""
    values = {
        "title": TITLES[market],
        "url": f"https://shop.example/{market}/cushion",
        "price": Decimal("39.75"),
        "currency": CURRENCIES[market],
        "availability": "in_stock",
    }
    return Offer.objects.create(product=product, market=market, **{**values, **fields})


def product(*markets: str, name: str = "Lumbar cushion", **fields: Any) -> AbstractProduct:
    """A product with an offer in each of these markets."""
    made = get_product_model().objects.create(name=name, **fields)
    for market in markets:
        offer(made, market)
    return made


def from_shop(*markets: str, **fields: Any) -> AbstractProduct:
    """A product that a shop keeps up to date, so that its offers can grow stale."""
    return product(*markets, shop="webshop", external_id=f"sku-{next(_numbers)}", **fields)


def reduction(market: str, prior: str = "53.00", **fields: Any) -> dict[str, Any]:
    """The fields of an offer whose reduction from `prior` the market's rule has proven."""
    proof = {
        "prior_price": Decimal(prior),
        "prior_status": "ok",
        "prior_origin": "history",
        "prior_days": 30,
        "reduced_since": timezone.now() - datetime.timedelta(days=3),
        "rule": conf.markets()[market].rule.fingerprint,
    }
    return {**proof, **fields}


def collection() -> Collection:
    """The site's first collection; made again where a test has committed before."""
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


def _front_page() -> Page:
    """The site's first page; made again where a test has committed before."""
    front = Page.objects.filter(depth=2).order_by("path").first()
    if front is None:
        root = Page.add_root(title="Root", slug="root", locale=locale("en"))
        front = root.add_child(title="Welcome", slug="home", locale=locale("en"))
        Site.objects.create(hostname="localhost", root_page=front, is_default_site=True)
    return front


def home(language: str = "en") -> Page:
    """The front page in a language."""
    front = _front_page()
    if language == front.locale.language_code:
        return front
    existing = front.get_translation_or_none(locale(language))
    return existing or front.copy_for_translation(locale(language))


def page(
    *blocks: tuple[str, Any], language: str = "en", model: Any = ArticlePage, **fields: Any
) -> Any:
    """A published page whose body holds these (type, stored value) pairs, read afresh."""
    number = next(_numbers)
    body = [
        {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{index:012d}"}
        for index, (kind, value) in enumerate(blocks)
    ]
    values = {"title": f"Article {number}", "slug": f"article-{number}", "body": body, **fields}
    made = model(locale=locale(language), **values)
    home(language).add_child(instance=made)
    return model.objects.get(pk=made.pk)


def context_of(language: str, page: Any = None, **fields: Any) -> Article:
    """The article context of a language and its market."""
    return Article(language, conf.market_for_language(language), page, **fields)


def elements(page: Any, context: Article | None = None) -> list[Element | None]:
    """What a reader of the page gets, block by block; None for a block that shows nothing."""
    context = context or Article.for_page(page)
    return [child.block.element(child.value, context) for child in page.body]


def card(product: AbstractProduct, language: str = "nl", now: Any = None, **fields: Any) -> Any:
    """The card of a product in the market of a language, with these stored values."""
    block = ProductCardBlock()
    value = block.to_python({"product": product.pk, **fields})
    return block.element(value, context_of(language, now=now or timezone.now()))


def change_offer(product: AbstractProduct, market: str, **fields: Any) -> None:
    """Change the offer of a product in a market."""
    product.offers.filter(market=market).update(**fields)


def setting(settings: Any, **changes: Any) -> None:
    """Change keys of the package's setting."""
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, **changes}


def again(page: Any) -> Any:
    """The page as the next request reads it."""
    return type(page).objects.get(pk=page.pk)


def render(template: str, **variables: Any) -> str:
    """A template of a site, with Wagtail's tags and the package's."""
    loaded = "{% load wagtailcore_tags anodyne_blocks %}" + template
    return Template(loaded).render(Context(variables))


def words(language: str) -> tuple[str, ...]:
    """What the card of a cushion says in a language: its title, and that it is in stock."""
    with override(language):
        return TITLES[language], pgettext("reader", "In stock")


def dutch_page(model: Any = ArticlePage) -> Any:
    """A Dutch page with a card of a cushion that is sold in Denmark too."""
    return page(
        ("product_card", {"product": product("nl", "da").pk, "relationship": "ad"}),
        ("reading_time", {"minutes": 6}),
        language="nl",
        model=model,
    )
