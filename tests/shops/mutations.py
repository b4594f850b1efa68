"""Answers of a shop with one datum changed: every field, by all that may stand in its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Answer as ShopAnswer
from anodyne_blocks.shops.base import Found, Gone, Shop, ShopError, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.variants import Known

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


def check_shop(
    shop: Shop,
    market: Market,
    says: Callable[[Any], None],
    asked: Any,
    listed: Any,
    items: str,
    *,
    known: bool,
    gone: str,
) -> int:
    """Let `says` answer `fetch` with every mutation of `asked`, and the catalogue of `listed`.

    `asked` and `listed` are answers about the same products, which lie at the path `items` of
    `listed`. `known`: whether they were priced before. `gone` matches the labels by which the shop
    says that it has no such product. Gives the number of mutations.
    """
    says(listed)
    healthy = {o.external_id: o for o in shop.catalogue(market) if isinstance(o, ShopOffer)}
    priced = {i: Known(o.goods, o.name, o.price) for i, o in healthy.items()} if known else {}
    tried = 0
    for label, mutated in mutations(asked):
        says(mutated)
        tried += 1
        for i, answer in shop.fetch(list(healthy), market, priced).items():
            assert answer.external_id == i, label
            if known:
                check_harmless(label, answer, healthy[i])
            assert not isinstance(answer, Gone) or re.fullmatch(gone, label), label
    for label, mutated in mutations(listed):
        says(mutated)
        tried += 1
        found = dict.fromkeys(healthy, 0)
        try:
            for entry in shop.catalogue(market, lambda ids: priced):
                if isinstance(entry, ShopOffer):
                    found[entry.external_id] = 1
                    if known:
                        check_harmless(label, Found(entry), healthy[entry.external_id])
                else:
                    assert entry.reason, label
        except ShopError as error:
            assert error.reason and not label.startswith(f"{items}."), label
            continue
        if label.startswith(f"{items}."):
            assert sum(found.values()) >= len(healthy) - 1, f"{label}: a bad one spoils others"
    return tried


def _paths(value: Any, start: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    steps = value if isinstance(value, dict) else range(len(value) if type(value) is list else 0)
    for step in steps:
        yield (*start, step)
        yield from _paths(value[step], (*start, step))
