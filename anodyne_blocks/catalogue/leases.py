"""Which worker holds which due products: a lease in the database, won by one UPDATE.

Any number of workers on any number of machines share the work so: each product is held by one, no
transaction is open while a shop answers, and what a killed worker held is free again when its
lease runs out.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connections, router, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anodyne_blocks.models import AbstractProduct, get_product_model

# Longer than any question to a shop: ten minutes for a feed, and the time to read it.
DURATION = datetime.timedelta(minutes=15)
# A lease is renewed when it has run so long: writing every row for every market would cost more.
RENEW_AFTER = datetime.timedelta(minutes=1)


class Lease(NamedTuple):
    """The products that a token holds, and until when."""

    token: uuid.UUID
    products: list[AbstractProduct]
    until: datetime.datetime


def due(shop: str, ids: Sequence[int] | None = None) -> QuerySet[AbstractProduct]:
    """The products of a shop that are due and that nobody holds; of `ids` (primary keys) or all."""
    now = timezone.now()
    products = get_product_model().objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), shop=shop, next_refresh_at__lte=now
    )
    return products if ids is None else products.filter(pk__in=ids)


def claim(shop: str, size: int, ids: Sequence[int] | None = None) -> Lease:
    """Lease at most `size` due products to a new token; none when nothing is due."""
    token = uuid.uuid4()
    first = due(shop, ids).order_by("next_refresh_at").values_list("pk", flat=True)
    while wanted := list(first[:size]):
        # The condition again: between the two statements another worker may have taken some.
        until = timezone.now() + DURATION
        if update(due(shop, wanted), lease_token=token, lease_until=until):
            return Lease(token, list(held(token)), until)
        # It took them all: what it left is next.
    return Lease(token, [], timezone.now())


def renew(token: uuid.UUID, until: datetime.datetime) -> datetime.datetime:
    """Hold on to what a token still holds, whose lease runs `until`; gives until when it runs."""
    now = timezone.now()
    if until - now > DURATION - RENEW_AFTER:
        return until
    update(held(token), lease_until=now + DURATION)
    return now + DURATION


def release(token: uuid.UUID) -> None:
    """Let go of what a token holds, as due as it was."""
    update(held(token), lease_token=None, lease_until=None)


def held(token: uuid.UUID) -> QuerySet[AbstractProduct]:
    """What a token still holds: a lease that ran out may be another worker's by now."""
    return get_product_model().objects.filter(lease_token=token)


def update(rows: QuerySet[Any], **values: Any) -> int:
    """Change these rows; gives their number.

    PostgreSQL locks the rows of an UPDATE in any order, and two that wait for each other end in a
    deadlock; so they are locked in one order first. MariaDB takes them by their keys, and SQLite
    writes one transaction at a time.
    """
    database = router.db_for_write(rows.model)
    if connections[database].vendor != "postgresql":
        return rows.update(**values)
    with transaction.atomic(using=database):
        list(rows.order_by("pk").select_for_update().values_list("pk"))
        return rows.update(**values)
