"""Products with offer, reduction and picture, many at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from anodyne_blocks import conf
from anodyne_blocks.models import Offer, Product
from tests import factories

ADJECTIVES = ("Firm", "Soft", "Heated", "Foldable", "Washable", "Woollen", "Airy")
NOUNS = ("lumbar cushion", "seat wedge", "footrest", "neck roll", "back brace")
ROLE = "product"


def products(count: int, markets: Sequence[str] = ("en",)) -> list[int]:
    """Primary keys of so many new products, reduced in each market from a proven prior price.

    Each has a picture of its own, whose renditions are rows of the database; the files are one
    picture's, because no page opens them.
    """
    images = pictures(count)
    numbers = range(1, count + 1)
    made = Product.objects.bulk_create(
        Product(name=_title(n), image=image) for n, image in zip(numbers, images, strict=True)
    )
    Offer.objects.bulk_create(
        _offer(product, n, market) for n, product in enumerate(made, 1) for market in markets
    )
    return [product.pk for product in made]


def pictures(count: int) -> list[Any]:
    """Images with the renditions of a product's picture."""
    first = factories.image()
    specs = conf.image_sizes(ROLE).values()
    renditions = [first.get_rendition(spec) for spec in specs]
    images = type(first).objects.bulk_create(
        _copy(first, number, title=f"Picture {number}") for number in range(count)
    )
    type(renditions[0]).objects.bulk_create(
        _copy(rendition, image.pk, image=image) for image in images for rendition in renditions
    )
    return images


def _copy(row: Any, number: int, **changes: Any) -> Any:
    """A new instance like `row`, with a file name of its own."""
    values = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    stem, _, suffixes = row.file.name.partition(".")
    return type(row)(**{**values, "file": f"{stem}-{number}.{suffixes}", **changes})


def _offer(product: Product, number: int, market: str) -> Offer:
    price = Decimal(20 + number % 60) + Decimal("0.50")
    return Offer(
        product=product,
        market=market,
        title=product.name,
        description=f"Keeps its shape for {number % 9 + 2} years, and its cover can be washed.",
        url=f"https://shop.example/{market}/item-{number}",
        price=price,
        currency=conf.markets()[market].currency,
        availability="in_stock",
        image_alt=f"{product.name}, from the side",
        **factories.reduction(market, prior=str(price + number % 20 + 5)),
    )


def _title(number: int) -> str:
    pairs = itertools.islice(itertools.cycle(itertools.product(ADJECTIVES, NOUNS)), number, None)
    return " ".join((*next(pairs), f"no. {number}"))
