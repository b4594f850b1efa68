"""A site that upgrades keeps histories, gaps and proven reductions; also on the way back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.catalogue.store import store_offers
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.shops import ShopOffer
from tests import factories

BEFORE = "0004_stale_pages_and_ids"
# The last that changed offers: these tests read them with the models of today.
AFTER = "0013_brands"
NOW = timezone.now()

pytestmark = pytest.mark.django_db(transaction=True)


def ago(days: float) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


def migrated(name: str) -> Any:
    """The models as they were at a migration, with the database to match."""
    executor = MigrationExecutor(connection)
    executor.migrate([("anodyne_blocks", name)])
    executor.loader.build_graph()
    return executor.loader.project_state([("anodyne_blocks", name)]).apps


@pytest.fixture
def older() -> Any:
    """The models of the version before; whatever a test does, the newest come back."""
    apps = migrated(BEFORE)
    yield apps
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes("anodyne_blocks"))


def sold(apps: Any, external_id: str, *prices: tuple[float, str, bool], **fields: Any) -> Any:
    """An offer with a history of (days ago, price, whether after a gap), as it was stored."""
    product = apps.get_model("anodyne_blocks", "Product").objects.create(
        shop="webshop", external_id=external_id, name=external_id
    )
    offer = apps.get_model("anodyne_blocks", "Offer").objects.create(
        product=product,
        market="nl",
        title=external_id,
        price=Decimal(prices[-1][1]),
        currency="EUR",
        checked_at=ago(0.1),
        **fields,
    )
    apps.get_model("anodyne_blocks", "PriceChange").objects.bulk_create(
        apps.get_model("anodyne_blocks", "PriceChange")(
            offer=offer,
            price=Decimal(price),
            currency="EUR",
            effective_from=ago(days),
            origin="refresh",
            after_gap=gap,
        )
        for days, price, gap in prices
    )
    return offer


def test_proven_reductions_histories_and_gaps_survive_the_upgrade(older):
    sold(older, "reduced", (90, "53", False), (5, "39.75", False))
    sold(older, "gap", (90, "53", False), (20, "60", True), (5, "39.75", False))
    sold(older, "nothing", (90, "0", False))
    apps = migrated(AFTER)
    assert apps.get_model("anodyne_blocks", "PriceChange").objects.count() == 6
    judge_again(Offer.objects.all(), NOW)
    reduced = Offer.objects.get(product__external_id="reduced")
    assert reduced.announces_reduction(NOW) and reduced.prior_price == 53
    assert not Offer.objects.get(product__external_id="gap").announces_reduction(NOW)
    assert PriceChange.objects.get(price=60).gap == "unknown"
    # A price of 0 was none, and is not called free now.
    assert Offer.objects.get(product__external_id="nothing").price is None
    # The next answer names the goods, at the same price.
    told = ShopOffer(
        external_id="reduced",
        title="reduced",
        price=Decimal("39.75"),
        currency="EUR",
        tax_included=True,
        variant="11",
        sku="R-1",
    )
    store_offers("webshop", conf.markets()["nl"], [told], NOW)
    assert Offer.objects.get(product__external_id="reduced").announces_reduction(NOW)


def test_going_back_and_forth_makes_no_proof_of_what_proved_nothing(older):
    sold(older, "gap", (90, "53", False), (20, "60", True))
    sold(older, "mistake", (90, "53", False), (40, "5300", False), (20, "45", False))
    migrated(AFTER)
    PriceChange.objects.filter(price=5300).update(mistaken_at=NOW)
    apps = migrated(BEFORE)
    changes = apps.get_model("anodyne_blocks", "PriceChange").objects.order_by("effective_from")
    gaps = {str(change.price.normalize()): change.after_gap for change in changes}
    assert gaps == {"53": False, "5.3E+3": True, "6E+1": True, "45": True}
    migrated(AFTER)
    assert PriceChange.objects.get(price=60).gap == "unknown"
    assert PriceChange.objects.get(price=45).gap == "unknown"


KEPT = ("product", "offer", "pricechange", "person", "shoprating")


def columns(models: Any, name: str) -> dict[str, type]:
    """A model's columns and their kinds."""
    fields = models.get_model("anodyne_blocks", name)._meta.concrete_fields
    return {field.attname: type(field) for field in fields}


def rows(names: dict[str, list[str]]) -> dict[str, list[Any]]:
    """What today's tables hold in these columns."""
    return {
        model: list(apps.get_model("anodyne_blocks", model).objects.order_by("pk").values(*columns))
        for model, columns in names.items()
    }


def test_the_way_back_to_the_first_migration_and_forth_keeps_all_that_it_knew():
    """Whatever version a site goes back to, it has what that version could hold."""
    told = {"title": "Mat", "price": Decimal("39.75"), "currency": "EUR", "tax_included": True}
    offers = [ShopOffer(external_id=str(number), **told) for number in range(3)]
    store_offers("webshop", conf.markets()["nl"], offers, ago(40))
    store_offers("webshop", conf.markets()["nl"], offers[1:], NOW)
    factories.person(credentials="MSc", working_since=2012, bio="<p>Works with backs.</p>")
    factories.rating()
    loader = MigrationExecutor(connection).loader
    names = sorted(name for app, name in loader.graph.nodes if app == "anodyne_blocks")
    first = loader.project_state([("anodyne_blocks", names[0])]).apps
    known = {}
    for model in KEPT:
        then, now = (columns(each, model) for each in (first, apps))
        # A column that has become another keeps its meaning, which the tests above look at.
        known[model] = [name for name in then if then[name] is now.get(name)]
    before = rows(known)
    assert all(before.values())
    try:
        for name in reversed(names):
            migrated(name)
    finally:
        for name in names[1:]:
            migrated(name)
    assert rows(known) == before
    count = sum(map(len, known.values()))
    print(f"{len(names)} migrations back and forth: {count} columns of {len(KEPT)} tables kept")
