"""Price rules: by which law a market announces a reduction. Chosen in MARKETS, or your own."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

from anodyne_blocks.pricing.history import PricePoint, check_amount, points_in_force
from anodyne_blocks.pricing.prior_price import (
    Origin,
    PriorPrice,
    Status,
    find_prior_price,
    percent_off,
)

__all__ = ["DE", "DK", "EU", "FI", "ListPrice", "NL", "NoReductions", "PriceRule", "SE"]

_Rule = TypeVar("_Rule", bound="PriceRule")
_MEANINGS = {
    "list": Origin.LIST_PRICE,
    "recommended": Origin.RECOMMENDED,
    "earlier": Origin.EARLIER,
}
_LONGEST = 3660  # days; more is a mistake, and much more would leave the calendar


class PriceRule:
    """Decides whether the present price of an offer may be announced as a reduction.

    Subclass it for a market whose law is another, and name the class in the market's settings:

        "PRICE_RULE": "myshop.rules.Anchor", "PRICE_RULE_OPTIONS": {"since": "2026-09-10"}

    The options become keyword arguments of the class. Take them as fields of a frozen, keyword-only
    dataclass, as `EU` does, and raise ValueError for those that make no sense. A rule holds nothing
    but its options: one instance serves all threads.
    """

    version: ClassVar[int] = 2
    """Raise it when the arithmetic of the class changes, so that stored results are made anew."""

    @classmethod
    def from_options(cls: type[_Rule], options: Mapping[str, Any]) -> _Rule:
        """The rule with `options` from the settings. ValueError names a wrong or unknown one."""
        signature = inspect.signature(cls)
        try:
            signature.bind(**options)
        except TypeError as error:
            known = ", ".join(signature.parameters) or "none"
            raise ValueError(f"{cls.__name__}: {error}. Its options: {known}.") from None
        return cls(**options)

    @property
    def fingerprint(self) -> str:
        """A short text that changes with the class, its version or any option.

        Stored beside a computed result: another fingerprint means that the result is outdated.
        """
        options = repr(sorted(vars(self).items())).encode()
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return f"{path}/{self.version}:{sha256(options).hexdigest()[:16]}"

    def announce(
        self,
        history: Sequence[PricePoint],
        now: datetime,
        *,
        list_price: Decimal | None = None,
        shop_prior_price: Decimal | None = None,
    ) -> PriorPrice:
        """The verdict on the price in force at `now`.

        `history` is of one offer in one currency, ascending, and its last point up to `now` is the
        price on the card. `list_price` is what the shop itself strikes through now,
        `shop_prior_price` what it states as the prior price of the law (Saleor's `pricePrior`,
        Shopware's `regulationPrice`). A rule uses what its law allows and ignores the rest.

        Where in doubt return another status than `Status.OK`, and fill in what explains it.
        """
        raise NotImplementedError(f"{type(self).__name__} must define announce().")


@dataclass(frozen=True, kw_only=True)
class EU(PriceRule):
    """Directive 98/6/EC art. 6a as it stands, without what member states may add.

    * `days`: the window before the reduction began; the directive asks for 30 at least.
    * `progressive`: cuts in a row, without a raise between them, may all be compared with the price
      before the first one (6a(5)), as long as that was less than `progressive_max_days` ago (None:
      no limit). Past that the last cut counts by itself.
    * `new_arrival_days`: goods new to the market need only be known this long (6a(4)), in place of
      `days`. Only for shops whose histories begin with the first day of sale: what was merely never
      looked at before is not new.
    * `max_announcement_days`: how long a reduction may be announced from its beginning.
    * `bridge_silence_days`: a shop that was not heard for so long, and asks the same price as
      before, is believed to have asked it all the time. 0: every silence is a gap.

    The shop's own `shop_prior_price` makes up for history that is missing. Where both are known the
    lower counts, so history that proves a lower price overrules the shop, and a shop that states a
    price no higher than the present one has none to announce. Goods that perish (6a(3)) need a rule
    of their own.
    """

    days: int = 30
    progressive: bool = False
    progressive_max_days: int | None = None
    new_arrival_days: int | None = None
    max_announcement_days: int | None = None
    bridge_silence_days: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.progressive, bool):
            raise ValueError(f"progressive must be True or False, not {self.progressive!r}.")
        self._check_days("days", optional=False)
        self._check_days("progressive_max_days")
        self._check_days("new_arrival_days")
        self._check_days("max_announcement_days")
        self._check_days("bridge_silence_days", optional=False, least=0)
        if self.new_arrival_days is not None and self.new_arrival_days >= self.days:
            raise ValueError(f"new_arrival_days must be less than days ({self.days}).")

    def _check_days(self, name: str, *, optional: bool = True, least: int = 1) -> None:
        value = getattr(self, name)
        if value is None and optional:
            return
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LONGEST:
            allowed = f"a whole number of days from {least} to {_LONGEST}" + (" or None" * optional)
            raise ValueError(f"{name} must be {allowed}, not {value!r}.")

    def announce(
        self,
        history: Sequence[PricePoint],
        now: datetime,
        *,
        list_price: Decimal | None = None,
        shop_prior_price: Decimal | None = None,
    ) -> PriorPrice:
        return find_prior_price(
            history,
            now,
            days=self.days,
            progressive=self.progressive,
            progressive_max_days=self.progressive_max_days,
            new_arrival_days=self.new_arrival_days,
            max_announcement_days=self.max_announcement_days,
            bridge_silence_days=self.bridge_silence_days,
            shop_prior_price=shop_prior_price,
        )


@dataclass(frozen=True, kw_only=True)
class NL(EU):
    """Netherlands: Besluit prijsaanduiding producten, in force since 1 January 2023.

    Stacked discounts may keep the price before the first of them for three months at most (the
    government's announcement of 6 December 2022). Goods on the market for less than 30 days are
    exempt: `new_arrival_days`, where you can tell them.
    """

    progressive: bool = True
    progressive_max_days: int | None = 92


@dataclass(frozen=True, kw_only=True)
class DK(EU):
    """Denmark: prismærkningsbekendtgørelsen, and the Consumer Ombudsman's guideline of 28 May 2022.

    An offer runs for ten days as a rule. Who may announce longer sets `max_announcement_days`.
    """

    max_announcement_days: int | None = 10


@dataclass(frozen=True, kw_only=True)
class FI(EU):
    """Finland: since 1 January 2023; campaigns with growing reductions of 60 days at most.

    Source: Fondia's account of the amended law (insights.fondia.com). A price for loyal customers
    is outside the law; don't put it into a history.
    """

    progressive: bool = True
    progressive_max_days: int | None = 60


@dataclass(frozen=True, kw_only=True)
class SE(EU):
    """Sweden: prisinformationslagen (2004:347) 7 a §, in force since 1 September 2022.

    A price lowered step by step within the 30 days is compared with the one before the first step.
    """

    progressive: bool = True
    progressive_max_days: int | None = 30


@dataclass(frozen=True, kw_only=True)
class DE(EU):
    """Germany: Preisangabenverordnung § 11, in force since 28 May 2022.

    § 11 (2) allows the price before the first of steadily growing reductions and names no longest
    time. 92 days is caution: cuts that lie months apart are hardly one reduction.
    """

    progressive: bool = True
    progressive_max_days: int | None = 92


@dataclass(frozen=True, kw_only=True)
class ListPrice(PriceRule):
    """A market without a law on prior prices: strikes the shop's own list price through.

    The list price is the one given, else that of the price in force; it must be above the price.
    `meaning` is what a list price is in this market, and so what the card may call it: "list" (the
    shop says no more), "recommended" (the maker's) or "earlier" (the shop's own, asked before).
    """

    meaning: str = "list"

    def __post_init__(self) -> None:
        if self.meaning not in _MEANINGS:
            raise ValueError(
                f"meaning must be one of {', '.join(_MEANINGS)}, not {self.meaning!r}."
            )

    def announce(
        self,
        history: Sequence[PricePoint],
        now: datetime,
        *,
        list_price: Decimal | None = None,
        shop_prior_price: Decimal | None = None,
    ) -> PriorPrice:
        origin = _MEANINGS[self.meaning]
        points = points_in_force(history, now)
        if not points:
            return PriorPrice(status=Status.NO_HISTORY, origin=origin)
        point = points[-1]
        if list_price is None:
            list_price = point.list_price
        else:
            check_amount(list_price, "list_price")
        if not list_price:
            status = Status.NOT_REDUCED
        elif list_price <= point.amount:
            status = Status.NOT_LOWER
        elif percent_off(list_price, point.amount) < 1:
            status = Status.BELOW_ONE_PERCENT
        else:
            status = Status.OK
        return PriorPrice(
            status=status,
            price=point.amount,
            prior=list_price,
            origin=origin,
            previous=points[-2].amount if len(points) > 1 else None,
            known_since=points[0].effective_from,
            started_at=point.effective_from,
        )


@dataclass(frozen=True, kw_only=True)
class NoReductions(PriceRule):
    """A market that never announces a reduction."""

    def announce(
        self,
        history: Sequence[PricePoint],
        now: datetime,
        *,
        list_price: Decimal | None = None,
        shop_prior_price: Decimal | None = None,
    ) -> PriorPrice:
        points = points_in_force(history, now)
        return PriorPrice(
            status=Status.DISABLED,
            price=points[-1].amount if points else None,
            known_since=points[0].effective_from if points else None,
            started_at=points[-1].effective_from if points else None,
        )
