"""A refresh that meets a fault: what is stored stays, and the next one recovers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from anodyne_blocks.catalogue import refresh
from anodyne_blocks.catalogue.refresh import RefreshResult, mark_due, refresh_due
from anodyne_blocks.models import Offer, PriceChange, Product, ShopState
from anodyne_blocks.shops.dummy import Dummy
from tests.catalogue.loopback_shop import LoopbackShop
from tests.faults.faulty import FAULTS, Everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(settings) -> Iterator[LoopbackShop]:
    """A shop on loopback with one product, which has been refreshed once."""
    shop = LoopbackShop(0)
    options = {"url": shop.url("w"), "tax_included": True, "allow_private": True}
    backend = "anodyne_blocks.shops.woocommerce.WooCommerce"
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {"webshop": {"BACKEND": backend, "OPTIONS": options}},
    }
    Product.objects.create(shop="webshop", external_id="1", name="Brace")
    assert refresh_due() == RefreshResult(refreshed=1)
    yield shop
    shop.server.close()


def stored() -> list[Any]:
    fields = "market", "price", "title", "withdrawn_at", "checked_at", "times_gone"
    return [*Offer.objects.order_by("pk").values_list(*fields), PriceChange.objects.count()]


@pytest.mark.parametrize("fault", ["connection reset", "cut body", "error page", "null", "empty"])
def test_what_is_stored_stays_and_the_next_refresh_recovers(sold: LoopbackShop, fault: str) -> None:
    before, honest = stored(), sold.server.answers
    sold.server.answers = Everywhere(FAULTS[fault])
    mark_due("webshop")
    assert refresh_due().failed == 1
    assert stored() == before
    assert ShopState.objects.get().last_error
    sold.server.answers = honest
    sold.prices["1"] = "3500"
    ShopState.objects.update(paused_until=None)
    mark_due("webshop")
    assert refresh_due() == RefreshResult(refreshed=1)
    assert {offer.price for offer in Offer.objects.filter(market="nl")} == {35}
    assert Product.objects.get().refresh_error == ""


def test_a_budget_ends_a_request_in_progress(
    sold: LoopbackShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The products stay due, and it is no failure of the shop's."""
    monkeypatch.setattr(refresh, "GRACE_SECONDS", 0.2)
    before = stored()
    sold.server.drip("/w/wp-json/wc/store/v1/products", b"HTTP/1.1 200 OK\r\n\r\n", b" ")
    mark_due("webshop")
    assert refresh_due(budget_seconds=0.2) == RefreshResult()
    assert not sold.server.gave_all
    product = Product.objects.get()
    assert (product.lease_token, product.refresh_failures) == (None, 0)
    assert product.next_refresh_at <= timezone.now()
    assert stored() == before
    assert ShopState.objects.get().failures == 0


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_who_ends_a_run_lets_its_products_go(
    settings, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def ended(*args: Any) -> Any:
        raise end

    shop = {"BACKEND": "anodyne_blocks.shops.dummy.Dummy", "OPTIONS": {"products": {}}}
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SHOPS": {"webshop": shop}}
    monkeypatch.setattr(Dummy, "fetch_batch", ended)
    Product.objects.create(shop="webshop", external_id="1", name="Brace")
    with pytest.raises(end):
        refresh_due()
    product = Product.objects.get()
    assert (product.lease_token, product.lease_until) == (None, None)
    assert product.next_refresh_at <= timezone.now()
