"""Webhooks: only the shop's own, once each, and never believed about a price."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError
from django.test.client import AsyncClient, FakePayload
from django.utils import timezone

from anodyne_blocks.catalogue import webhooks
from anodyne_blocks.models import Offer, Product, WebhookDelivery
from tests.catalogue.conftest import SECRET

pytestmark = pytest.mark.django_db

# Bytes of a body, as the documentation says.
LONGEST = 2 * 1024 * 1024
PRODUCTS = {"brace": {"title": "Brace", "price": {"nl": "39.75"}}}


@pytest.fixture
def product(db) -> Product:
    """A product that is not due for long."""
    later = timezone.now() + timezone.timedelta(days=1)
    return Product.objects.create(
        shop="webshop", external_id="brace", name="Brace", next_refresh_at=later
    )


def signed(body: bytes, delivery: str = "msg_1", secret: str = SECRET) -> dict[str, str]:
    """The headers that sign a webhook."""
    moment = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{delivery}.{moment}.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": delivery,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{signature}",
    }


def post(client, body: bytes, shop: str = "webshop", **signing: str):
    """A signed webhook."""
    address, headers = f"/anodyne/webhooks/{shop}/", signed(body, **signing)
    return client.post(address, body, content_type="application/json", headers=headers)


def post_over_asgi(body: bytes, content_length: str | None) -> int:
    """The status of a signed webhook whose length is stated so, or not at all."""
    said = {**signed(body), "content-length": content_length}
    headers = [(name.encode(), value.encode()) for name, value in said.items() if value is not None]
    request = {"method": "POST", "path": "/anodyne/webhooks/webshop/", "headers": headers}
    client = AsyncClient(raise_request_exception=False)
    response = async_to_sync(client.request)(**request, _body_file=FakePayload(body))
    return response.status_code


def is_due(product: Product) -> bool:
    """Whether a product is due."""
    product.refresh_from_db()
    return product.next_refresh_at <= timezone.now()


def test_a_genuine_webhook_makes_its_products_due(client, shop, product):
    shop(PRODUCTS)
    body = json.dumps({"ids": ["brace"], "price": "0.01"}).encode()
    assert post(client, body).status_code == 200
    assert is_due(product)
    assert not Offer.objects.exists()


def test_a_variant_that_is_named_makes_the_product_due_that_prices_it(client, shop, product):
    shop(PRODUCTS)
    Offer.objects.create(
        product=product, market="nl", title="Brace", currency="EUR", variant="brace-m"
    )
    assert post(client, b'{"ids": ["brace-m"]}').status_code == 200
    assert is_due(product)


def test_a_forged_webhook_does_nothing(client, shop, product):
    shop(PRODUCTS)
    other = "whsec_" + base64.b64encode(b"not the secret").decode()
    assert post(client, b'{"ids": ["brace"]}', secret=other).status_code == 403
    assert not is_due(product)


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_a_body_may_be_so_long_and_no_longer(client, shop, product, more, status):
    shop(PRODUCTS)
    body = b'{"ids": ["brace"]}'.ljust(LONGEST + more)
    assert post(client, body).status_code == status
    assert is_due(product) == (status == 200)


@pytest.mark.parametrize("content_length", [None, "", "18", "many", "18,18"])
@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_its_length_is_measured_whatever_is_stated(shop, product, content_length, more, status):
    shop(PRODUCTS)
    body = b'{"ids": ["brace"]}'.ljust(LONGEST + more)
    assert post_over_asgi(body, content_length) == status
    assert is_due(product) == (status == 200)


def test_a_repeated_delivery_does_nothing(client, shop, product):
    shop(PRODUCTS)
    post(client, b'{"ids": ["brace"]}')
    Product.objects.update(next_refresh_at=timezone.now() + timezone.timedelta(days=1))
    assert post(client, b'{"ids": ["brace"]}').status_code == 200
    assert not is_due(product)


def test_a_delivery_that_failed_halfway_is_taken_when_it_is_sent_again(
    client, shop, product, monkeypatch
):
    def locked(*args):
        raise OperationalError("database is locked")

    shop(PRODUCTS)
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "mark_due", locked)
        assert post(client, b'{"ids": ["brace"]}').status_code == 500
    assert post(client, b'{"ids": ["brace"]}').status_code == 200
    assert is_due(product)


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_down_is_no_failure(client, shop, product, monkeypatch):
    def down(*args):
        raise ConnectionError("no queue")

    shop(PRODUCTS)
    monkeypatch.setattr(webhooks, "enqueue_refresh", down)
    assert post(client, b'{"ids": ["brace"]}').status_code == 200
    assert is_due(product)


def test_a_ping_is_answered(client, shop, product):
    shop(PRODUCTS)
    assert post(client, b'{"ids": []}').status_code == 200
    assert not is_due(product)


def test_an_unknown_shop_is_not_found_and_a_get_not_allowed(client, shop):
    shop(PRODUCTS)
    assert post(client, b"{}", shop="nowhere").status_code == 404
    assert client.get("/anodyne/webhooks/webshop/").status_code == 405


def test_nothing_is_asked_within_the_request_when_there_is_no_background(
    client, shop, product, django_capture_on_commit_callbacks
):
    shop(PRODUCTS)
    with django_capture_on_commit_callbacks(execute=True):
        post(client, b'{"ids": ["brace"]}')
    assert not Offer.objects.exists()


def test_a_background_refreshes_what_the_webhook_named(
    client, shop, product, settings, django_capture_on_commit_callbacks
):
    from django_tasks import default_task_backend

    shop(PRODUCTS)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        post(client, b'{"ids": ["brace"]}')
    (result,) = default_task_backend.results
    assert result.args == ["webshop", [product.pk]]
    assert result.task.func(*result.args) == 1
    assert Offer.objects.get().price == 39.75


def test_a_product_that_is_not_known_is_passed_over(client, shop, product):
    shop(PRODUCTS)
    assert post(client, b'{"ids": ["chair"]}').status_code == 200
    assert not is_due(product)
    assert Product.objects.count() == 1


def test_deliveries_are_remembered_no_longer_than_shops_repeat_them(client, shop, product):
    shop(PRODUCTS)
    post(client, b'{"ids": ["brace"]}', delivery="msg_1")
    long_ago = timezone.now() - webhooks.KEEP_DELIVERIES - timezone.timedelta(hours=1)
    WebhookDelivery.objects.update(received_at=long_ago)
    post(client, b'{"ids": ["brace"]}', delivery="msg_2")
    assert [note.delivery_id for note in WebhookDelivery.objects.all()] == ["msg_2"]
