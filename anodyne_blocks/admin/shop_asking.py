"""Asking a shop several questions at once, for a person who waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from anodyne_blocks.shops import Shop, ShopError, get_shop, shop_class
from anodyne_blocks.shops.base import DATA_ERRORS, unreadable
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.product_page import ProductPage

logger = logging.getLogger(__name__)

T = TypeVar("T")
Questions = Mapping[str, Callable[[Shop], T]]

# So long an editor waits for all that one click asks.
SECONDS = 10.0
# No shop is asked more at once, whatever the number of markets.
MOST_AT_ONCE = 6
# An instance of these keeps what it fetched, and finds it there when it is asked about it again.
_ONE_AT_A_TIME = (MerchantFeed, ProductPage)


class Asking:
    """Questions to one shop in threads, until a deadline for all of them. Use it in a `with`.

    A question is a function of a `Shop`, an instance of its thread's own, and must not touch the
    database. One that is late ends in the background, within the limits of the shop's own client.
    `ends_at` is a moment of `time.monotonic`, by default in `SECONDS`. `ImproperlyConfigured` for a
    shop with wrong settings.
    """

    def __init__(self, alias: str, ends_at: float | None = None) -> None:
        self.alias = alias
        self.ends_at = time.monotonic() + SECONDS if ends_at is None else ends_at
        self._most = 1 if issubclass(shop_class(alias), _ONE_AT_A_TIME) else MOST_AT_ONCE
        self._todo: SimpleQueue[Any] = SimpleQueue()
        self._threads = 0

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *exc: object) -> None:
        for _ in range(self._threads):
            self._todo.put(None)

    def ask(self, questions: Questions[T]) -> tuple[dict[str, T], dict[str, str]]:
        """({key: answer}, {key: why there is none}), both in the order of the questions.

        A reason is text, or HTML where it is the shop's own.
        """
        done: SimpleQueue[tuple[str, Any, Exception | None]] = SimpleQueue()
        for key, question in questions.items():
            self._todo.put((key, question, done))
        while self._threads < min(len(questions), self._most):
            Thread(target=self._work, args=(get_shop(self.alias),), daemon=True).start()
            self._threads += 1
        answers: dict[str, T] = {}
        reasons: dict[str, str] = {}
        while len(answers) + len(reasons) < len(questions):
            try:
                key, answer, error = done.get(timeout=max(0, self.ends_at - time.monotonic()))
            except Empty:
                break
            if error is None:
                answers[key] = answer
            else:
                reasons[key] = self._reason(error)
        late = gettext("It took longer than %(seconds)s seconds.") % {"seconds": f"{SECONDS:g}"}
        return (
            {key: answers[key] for key in questions if key in answers},
            {key: reasons.get(key, late) for key in questions if key not in answers},
        )

    def _work(self, shop: Shop) -> None:
        with shop:
            while task := self._todo.get():
                key, question, done = task
                if time.monotonic() >= self.ends_at:
                    continue
                try:
                    done.put((key, question(shop), None))
                except Exception as error:
                    done.put((key, None, error))

    def _reason(self, error: Exception) -> str:
        if isinstance(error, ShopError):
            return in_english(error.reason)
        if isinstance(error, DATA_ERRORS):
            return in_english(unreadable(error))
        logger.error("The program of shop %s failed.", self.alias, exc_info=error)
        return gettext("The shop's program failed; see the site's log.")


def in_english(reason: str) -> SafeString:
    """A shop's own reason, which is English in a page of any language."""
    return format_html('<bdi lang="en">{}</bdi>', reason)
