"""Products with their offers and what chooses their pictures, from one query of plain columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.base import Model, ModelState

from anodyne_blocks import conf
from anodyne_blocks.article.images import ImageRow, image_columns
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model
from anodyne_blocks.models.added import added_fields
from anodyne_blocks.models.offers import FETCHED
from anodyne_blocks.models.peers import Peers

# All but what refreshing keeps for itself; Django fetches another when it is asked for.
PRODUCT = "name shop image_id status".split()


@conf.remembered(maxsize=1)
def _columns() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a product that are fetched, its key first, and those that a site's model adds.

    So a site's own block reads its own fields without a query for each product.
    """
    model = get_product_model()
    own = tuple(field.attname for field in added_fields(model, AbstractProduct))
    return (model._meta.pk.attname, *PRODUCT), own


def products_with_offers(
    ids: set[Any], markets: Iterable[str] | None
) -> dict[Any, AbstractProduct]:
    """{id: product} with `fetched_offers` of these markets (None: of all) and `fetched_image`."""
    picture = image_columns("product")
    rows = _rows(None if markets is None else frozenset(markets), picture)
    # Stored content that no form has checked may hold anything.
    found = rows.filter(pk__in={pk for pk in ids if type(pk) is int})
    products: dict[Any, AbstractProduct] = {}
    peers = Peers()
    model, (columns, own) = get_product_model(), _columns()
    first = len(columns) + len(own)
    second = first + len(FETCHED)
    # Each look at it asks the site's routers.
    using = found.db
    for row in found:
        product = products.get(row[0])
        if product is None:
            product = products[row[0]] = _instance(model, columns, row, using)
            for name, value in zip(own, row[len(columns) : first], strict=True):
                setattr(product, name, value)
            product.fetched_offers = dict.fromkeys(markets or ())
            product.fetched_peers = peers
            if (image_id := product.image_id) is not None:
                peers.image_ids.add(image_id)
                if picture:
                    product.fetched_image = ImageRow(picture, row[second:])
        if row[first] is not None and product.fetched_offers is not None:
            offer = _instance(Offer, FETCHED, row[first:second], using, product=product)
            product.fetched_offers[offer.market] = offer
    return products


@conf.remembered(maxsize=64)
def _rows(
    markets: frozenset[str] | None, picture: tuple[str, ...] | None
) -> QuerySet[AbstractProduct, tuple[Any, ...]]:
    """The query without its ids: to look up all columns by name takes longest."""
    # No market has the key "": it keeps Django from taking an empty set for no product at all.
    condition = Q() if markets is None else Q(offers__market__in=markets or {""})
    products = get_product_model().objects.order_by()
    products = products.annotate(fetched_offer=FilteredRelation("offers", condition=condition))
    columns, own = _columns()
    return products.values_list(
        *columns,
        *own,
        *(f"fetched_offer__{name}" for name in FETCHED),
        *(f"image__{name}" for name in picture or ()),
    )


def _instance(
    model: type[Model], names: Iterable[str], row: Iterable[Any], using: str, **related: Any
) -> Any:
    """An instance of our own model, made as unpickling makes one: without __init__ and signals.

    A page of 50 cards makes 100 of them, and would spend a third of its time on that.
    """
    instance = model.__new__(model)
    instance.__dict__.update(zip(names, row))  # noqa: B905  the row goes on
    instance._state = ModelState()
    instance._state.adding = False
    instance._state.db = using
    instance._state.fields_cache = related
    return instance
