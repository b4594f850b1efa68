"""`POST …/webhooks/<shop>/`: a shop says that something changed; it is a hint, never a price."""

from __future__ import annotations

import datetime
import logging

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anodyne_blocks.catalogue.refresh import called, mark_due
from anodyne_blocks.models import WebhookDelivery
from anodyne_blocks.shops import InvalidWebhook, get_shop, shop_aliases
from anodyne_blocks.tasks import enqueue_refresh

logger = logging.getLogger(__name__)

MAX_BODY = 2 * 1024 * 1024  # bytes
# Longer than any shop repeats a delivery.
KEEP_DELIVERIES = datetime.timedelta(days=7)
# Notes that one delivery drops: more than one, so that they grow fewer.
MOST_DROPPED = 100


# Shops have no CSRF token; their signature stands for it.
@csrf_exempt
@require_POST
def webhook(request: HttpRequest, shop: str) -> HttpResponse:
    """Mark the products in question due, and answer at once: 200, or 404, 403, 413.

    A delivery that was taken before is answered with 200 and does nothing.
    """
    if shop not in shop_aliases():
        return HttpResponse(status=404)
    # Measured, because a stated length may lack or be another.
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        return HttpResponse(status=413)
    try:
        with get_shop(shop) as back_end:
            hint = back_end.verify_webhook(request.headers, body)
    except InvalidWebhook as error:
        logger.warning("A webhook for shop %s was refused: %s", shop, error)
        return HttpResponse(status=403)
    if not hint.ping:
        _drop_old_notes()
        # A delivery that fails halfway is not noted as taken: the shop sends it again.
        with transaction.atomic():
            if _is_new(shop, hint.delivery_id):
                _take(shop, list(hint.external_ids) or None)
    return HttpResponse(status=200)


def _take(shop: str, external_ids: list[str] | None) -> None:
    """Make products due, all where None, and have them refreshed in the background."""
    if not mark_due(shop, external_ids):
        return
    ids = None
    if external_ids:
        ids = list(called(shop, external_ids).values_list("pk", flat=True))
    # A queue that is down loses nothing: what is due waits for the next run of cron.
    transaction.on_commit(lambda: enqueue_refresh(shop, ids), robust=True)


def _is_new(shop: str, delivery_id: str) -> bool:
    """Take note of a delivery; False for one that is known."""
    if not delivery_id:
        return True
    try:
        with transaction.atomic():
            WebhookDelivery.objects.create(shop=shop, delivery_id=delivery_id[:200])
    except IntegrityError:
        return False
    return True


def _drop_old_notes() -> None:
    """Found first and then dropped by number: looking for them in order to drop them would wait for
    every delivery that is being noted at the moment."""
    old = WebhookDelivery.objects.filter(received_at__lt=timezone.now() - KEEP_DELIVERIES)
    if numbers := list(old.values_list("pk", flat=True)[:MOST_DROPPED]):
        WebhookDelivery.objects.filter(pk__in=numbers).delete()
