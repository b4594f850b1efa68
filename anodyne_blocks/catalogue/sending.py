"""Sending change events: what is due is claimed by a lease, signed, posted, and its answer kept.

Any number of workers share the work as in `leases`. One that is killed loses nothing: what it held
is due again when its lease runs out. So a message may come twice, with the same webhook-id.
"""

from __future__ import annotations

import datetime
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from anodyne_blocks.catalogue import leases
from anodyne_blocks.catalogue.addresses import addresses
from anodyne_blocks.catalogue.receivers import Receiver, receivers
from anodyne_blocks.catalogue.refresh import back_off
from anodyne_blocks.catalogue.tags import LISTING, tags_of
from anodyne_blocks.models import ChangeEvent
from anodyne_blocks.shops.http import HttpClient, HttpError, UnsafeAddress
from anodyne_blocks.shops.webhooks import sign_standard_webhook

# Seconds that a receiver may take; with ten messages far below the lease.
PATIENCE = 10.0
BATCH = 10
LEASE = datetime.timedelta(minutes=5)
# What one message of a receiver with `every_seconds` may hold together.
MOST_AT_ONCE = 500
# An event that nobody took for so long is given up, and one that is over is kept so long.
GIVE_UP = datetime.timedelta(days=3)
KEEP = datetime.timedelta(days=7)
MOST_DROPPED = 500


@dataclass
class SendResult:
    """How many messages a run sent, and which receivers failed: (name, reason)."""

    sent: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


class Refused(Exception):
    """A receiver did not take a message; `retry_after` in seconds where it says when it will."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def send_due(*, budget_seconds: float = 60.0) -> SendResult:
    """Send what is due to every receiver; one that fails is not asked again in this run.

    After `budget_seconds` no message is begun.
    """
    end, result = time.monotonic() + budget_seconds, SendResult()
    if not (known := receivers()):
        return result
    _drop_old()
    for receiver in known:
        with _client(receiver) as client:
            while time.monotonic() < end:
                token, events = _claim(receiver)
                if not events:
                    break
                try:
                    result.sent += _send_all(client, receiver, token, events, end)
                except Refused as reason:
                    result.failed.append((receiver.name, str(reason)))
                    break
                finally:
                    # What was not come to is as due as it was.
                    leases.update(_held(token), lease_token=None, lease_until=None)
    return result


def _client(receiver: Receiver) -> HttpClient:
    return HttpClient(
        allow_private=receiver.allow_private, total=PATIENCE, retries=0, max_bytes=64 * 1024
    )


def _send_all(
    client: HttpClient, receiver: Receiver, token: uuid.UUID, events: list[ChangeEvent], end: float
) -> int:
    """Send claimed events until one is refused; gives the number of those that were taken."""
    groups = [events] if receiver.every_seconds else [[event] for event in events]
    sent = 0
    for group in groups:
        if time.monotonic() >= end:
            break
        held = _held(token).filter(pk__in=[event.pk for event in group])
        now = timezone.now()
        try:
            answer = _post(client, receiver, group, now)
        except Refused as reason:
            wait = back_off(max(event.attempts for event in group) + 1, reason.retry_after)
            _note(held, str(reason), due_at=now + wait)
            raise
        _note(held, answer, due_at=None, sent_at=now)
        sent += len(group)
    return sent


def _post(
    client: HttpClient, receiver: Receiver, events: list[ChangeEvent], now: datetime.datetime
) -> str:
    body = json.dumps(message_of(events), ensure_ascii=False).encode()
    name, sent_at = f"msg_{events[0].message.hex}", str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": sent_at,
        "webhook-signature": sign_standard_webhook(name, sent_at, body, receiver.secret),
    }
    try:
        status = client.post(receiver.url, body, headers).status
    except UnsafeAddress:
        raise Refused(
            "Its address is not public. If it is yours, write ALLOW_PRIVATE in the settings."
        ) from None
    except HttpError as error:
        raise Refused(str(error), error.retry_after) from None
    if status >= 300:
        raise Refused(f"It answered {status}, which is no redirect that is followed.")
    return str(status)


def message_of(events: Iterable[ChangeEvent]) -> dict[str, Any]:
    """What a receiver is told: the pages of the events, each once, and their tags.

    What a page is at this moment counts: one that is not live is "unpublished", one that is live
    again "published". Addresses that are gone come after those that it has.
    """
    pages: dict[int, dict[str, Any]] = {}
    products: set[int] = set()
    others: set[str] = set()
    oldest = None
    for event in sorted(events, key=lambda one: one.pk):
        oldest, data = oldest or event.created_at, event.data
        products |= set(data["products"])
        for pk in data["pages"]:
            known = pages.setdefault(pk, {"id": pk, "change": data["change"], "urls": []})
            if data["change"] != "changed":
                known["change"] = data["change"]
                others.add(LISTING)
            known["urls"] += data["addresses"].get(str(pk), [])
    present = addresses(pages, live=True)
    for pk, page in pages.items():
        page["urls"] = list(dict.fromkeys([*present.get(pk, []), *page["urls"]]))
        if page["change"] != "changed" or pk not in present:
            page["change"] = "published" if pk in present else "unpublished"
    return {
        "type": "pages.changed",
        "timestamp": (oldest or timezone.now()).isoformat(),
        "data": {
            "pages": list(pages.values()),
            "products": sorted(products),
            "tags": tags_of(pages, products, *sorted(others)),
        },
    }


def send_again() -> int:
    """Make due again what was given up; gives the number of messages."""
    return leases.update(
        ChangeEvent.objects.filter(due_at=None, sent_at=None),
        due_at=timezone.now(),
        created_at=timezone.now(),
    )


def _due(receiver: Receiver) -> QuerySet[ChangeEvent]:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return ChangeEvent.objects.filter(free, receiver=receiver.name, due_at__lte=now)


def _claim(receiver: Receiver) -> tuple[uuid.UUID, list[ChangeEvent]]:
    """Lease some due events to a new token; none where a receiver is to be left in peace."""
    token, now = uuid.uuid4(), timezone.now()
    if receiver.every_seconds:
        since = now - datetime.timedelta(seconds=receiver.every_seconds)
        told = Q(answered_at__gt=since) | Q(lease_until__gte=now)
        if ChangeEvent.objects.filter(told, receiver=receiver.name).exists():
            return token, []
    size = MOST_AT_ONCE if receiver.every_seconds else BATCH
    while wanted := list(_due(receiver).order_by("pk").values_list("pk", flat=True)[:size]):
        # The condition again: between the two statements another worker may have taken some.
        if leases.update(
            _due(receiver).filter(pk__in=wanted), lease_token=token, lease_until=now + LEASE
        ):
            break
    return token, list(_held(token).order_by("pk"))


def _held(token: uuid.UUID) -> QuerySet[ChangeEvent]:
    return ChangeEvent.objects.filter(lease_token=token)


def _note(held: QuerySet[ChangeEvent], answer: str, **values: Any) -> None:
    longest = ChangeEvent._meta.get_field("answer").max_length
    leases.update(
        held,
        answer=answer[:longest],
        answered_at=timezone.now(),
        attempts=F("attempts") + 1,
        lease_token=None,
        lease_until=None,
        **values,
    )


def _drop_old() -> None:
    """Give up what nobody takes or is told of any more, and drop what is long over."""
    now = timezone.now()
    waiting = ChangeEvent.objects.filter(due_at__isnull=False, created_at__lt=now - GIVE_UP)
    leases.update(waiting, due_at=None)
    # Found first and then dropped by number: no row is locked that is only looked at.
    old = ChangeEvent.objects.filter(due_at=None, created_at__lt=now - KEEP).order_by("pk")
    if numbers := list(old.values_list("pk", flat=True)[:MOST_DROPPED]):
        ChangeEvent.objects.filter(pk__in=numbers).delete()
