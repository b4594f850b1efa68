"""`mark_mistaken`: an import that went wrong is taken back, openly."""

from __future__ import annotations

import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.store import store_offers
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.shops import ShopOffer

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ago(days: float) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


@pytest.fixture
def wrong(shop) -> None:
    """An import ten days ago had every price without its point, and nobody saw it for an hour."""
    shop({})
    for days, price in (*((d, "53") for d in range(60, 10, -2)), (10, "5300"), (9.9, "53")):
        told = ShopOffer(external_id="a", title="A", price=Decimal(price), currency="EUR")
        store_offers("webshop", conf.markets()["nl"], [told], ago(days))


def run(**options: str) -> str:
    out = StringIO()
    given = {
        "shop": "webshop",
        "since": ago(10.01).isoformat(),
        "until": ago(9.95).isoformat(),
        "why": "The export lost its points.",
    }
    call_command("mark_mistaken", stdout=out, **{**given, **options})
    return out.getvalue()


def test_the_prices_stay_and_prove_nothing(wrong):
    assert "1 prices would be marked" in run(dry_run=True)
    assert "1 prices marked" in run(by="Ada Holm")
    change = PriceChange.objects.get(price=5300)
    assert (change.mistaken_by, change.mistaken_why) == ("Ada Holm", "The export lost its points.")
    for days, price in (*((d, "53") for d in range(9, 1, -2)), (1, "45")):
        told = ShopOffer(external_id="a", title="A", price=Decimal(price), currency="EUR")
        store_offers("webshop", conf.markets()["nl"], [told], ago(days))
    offer = Offer.objects.get()
    assert not offer.announces_reduction(NOW)
    assert offer.prior_status == "partial_history"
    assert "0 prices marked" in run()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"since": "soon"}, "--since is a moment"),
        ({"since": "2026-13-40T08:00"}, "--since is a moment"),
        ({"until": ago(20).isoformat()}, "--until is before --since"),
        ({"market": "xx"}, "--market 'xx' is unknown"),
    ],
)
def test_wrong_options_are_told(wrong, options, message):
    with pytest.raises(CommandError, match=message):
        run(**options)
    assert not PriceChange.objects.exclude(mistaken_at=None).exists()


def test_only_the_prices_of_a_market_and_an_origin_are_marked(wrong):
    assert "0 prices would be marked" in run(dry_run=True, market="da")
    assert "0 prices would be marked" in run(dry_run=True, origin="history")
    assert "1 prices would be marked" in run(dry_run=True, market="nl", origin="import")
