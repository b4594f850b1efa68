"""A field of an offer is written once: who stores, compares, fetches or purges derives it."""

from __future__ import annotations

import dataclasses

from anodyne_blocks.blocks.sale import OfferFacts
from anodyne_blocks.catalogue.store import TOLD
from anodyne_blocks.models import Offer
from anodyne_blocks.models.offers import FETCHED, INTERNAL, JUDGED, SHOWN
from anodyne_blocks.shops import ShopOffer

# What a shop says and no offer stores under that name.
ELSEWHERE = {"external_id", "name", "is_free", "image_url"}


def test_all_that_a_shop_says_is_stored():
    said = {field.name for field in dataclasses.fields(ShopOffer)}
    assert set(TOLD) == said - ELSEWHERE


def test_all_that_is_stored_is_fetched_and_shown_but_what_is_named():
    stored = {field.attname for field in Offer._meta.concrete_fields}
    assert stored == set(FETCHED) | INTERNAL
    assert not set(FETCHED) & INTERNAL
    assert set(OfferFacts._fields) == set(SHOWN) <= set(FETCHED)
    assert set(JUDGED) <= stored
