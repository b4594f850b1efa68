"""Answers of a shop with one datum changed: every field, by all that may stand in its place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from anodyne_blocks.shops.base import Answer as ShopAnswer
from anodyne_blocks.shops.base import Found, Gone, Unknown
from anodyne_blocks.shops.offer import ShopOffer

LONG = "long text " * 5000
VALUES: tuple[Any, ...] = (None, False, 0, "", [], ["?"], {}, {"?": "?"}, LONG)
_REMOVED = object()
_MAX_SHOWN = 30


def mutations(answer: Any) -> Iterator[tuple[str, Any]]:
    """(label, mutated answer): each field of each object removed, and each value replaced.

    Deep over dicts and lists; the members of a list are replaced, never removed, for a shorter list
    is what a shop says when it has fewer. `answer` itself is never changed.
    """
    for path in _paths(answer):
        for value in (_REMOVED, *VALUES):
            holder = mutated = copy.deepcopy(answer)
            for step in path[:-1]:
                holder = holder[step]
            last = path[-1]
            if value is _REMOVED and isinstance(holder, list):
                continue
            if value is _REMOVED:
                del holder[last]
                said = "removed"
            elif type(holder[last]) is type(value) and holder[last] == value:
                continue
            else:
                holder[last] = copy.deepcopy(value)
                said = f"= {value!r:.{_MAX_SHOWN}}"
            yield f"{'.'.join(map(str, path))} {said}", mutated


def check_harmless(label: str, given: ShopAnswer, healthy: ShopOffer) -> None:
    """A bad datum costs itself or the answer, and never makes another price or other goods."""
    if isinstance(given, Gone):
        return
    if isinstance(given, Unknown):
        assert given.reason.strip(), label
        return
    assert isinstance(given, Found), label
    offer = given.offer
    assert offer.currency == healthy.currency, label
    assert offer.price in (healthy.price, None), label
    assert offer.variant == healthy.variant, label
    assert offer.list_price in (healthy.list_price, None), label
    for name in ("sku", "gtin", "condition", "unit_price"):
        assert getattr(offer, name) in (getattr(healthy, name), "", None), f"{label}: {name}"


def _paths(value: Any, start: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    steps = value if isinstance(value, dict) else range(len(value) if type(value) is list else 0)
    for step in steps:
        yield (*start, step)
        yield from _paths(value[step], (*start, step))
