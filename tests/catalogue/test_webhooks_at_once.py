"""Webhooks that come at the same time, for the same products, while these are refreshed."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from anodyne_blocks.catalogue.refresh import refresh_due
from anodyne_blocks.models import Offer, Product, WebhookDelivery
from tests.catalogue.test_webhooks import post

IDS = [f"p{number}" for number in range(60)]
SENDERS = 6
EACH = 12


def at_once(*works: Callable[[], Any]) -> list[BaseException]:
    """Do these in threads, each with a database connection of its own; gives what they raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def sender(number: int) -> Callable[[], None]:
    """Posts deliveries, of which each second one is sent by the next sender too."""

    def send() -> None:
        chance = random.Random(number)
        for turn in range(EACH):
            body = json.dumps({"ids": chance.sample(IDS, 20)}).encode()
            delivery = f"msg_{turn}_{number // 2 if turn % 2 else number}"
            assert post(Client(), body, delivery=delivery).status_code == 200

    return send


if connection.vendor != "sqlite":  # whose test database has one connection

    def test_each_is_taken(transactional_db, shop):
        answers = {
            key: {"title": key, "variant": f"{key}-v", "price": {"nl": "39.75"}} for key in IDS
        }
        shop(answers)
        earlier = timezone.now() - timedelta(days=1)
        Product.objects.bulk_create(
            Product(shop="webshop", external_id=key, name=key, next_refresh_at=earlier)
            for key in IDS
        )
        refresh_due("webshop")
        assert Offer.objects.count() == len(IDS)

        def refresh() -> None:
            for _ in range(10):
                refresh_due("webshop")

        senders = [sender(number) for number in range(SENDERS)]
        assert at_once(*senders, refresh, refresh) == []
        assert WebhookDelivery.objects.count() == SENDERS * EACH - SENDERS // 2 * (EACH // 2)
        refresh_due("webshop")
        assert not Product.objects.exclude(lease_token=None).exists()
