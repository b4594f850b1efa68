"""The base class of all shops, and the types in which every shop answers.

Nothing here knows HTTP or a Django model. To write a shop, subclass `Shop`, implement what the
back end can do, and run `anodyne_blocks.shops.testing.ShopContract` over it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.offer import InvalidOffer, NoPrice, ShopOffer
from anodyne_blocks.shops.text import printable
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.sources.characters import is_storable

#: What Python raises for an answer of another shape than expected.
DATA_ERRORS = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class ShopError(Exception):
    """A shop could not answer: `reason` in plain words without any credential.

    `retry_after`: seconds that the shop asked us to wait, or None when it did not say. `gap`: why
    prices that were known are not to be had any more, None where they may well be.
    """

    gap: Gap | None = None

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        self.reason = printable(reason)
        super().__init__(self.reason)
        self.retry_after = retry_after


class InvalidWebhook(Exception):
    """A webhook is not from the shop, or is too old; the text is for the log, not the sender."""


@dataclass(frozen=True)
class Found:
    """The shop sells it; `offer` is in the market's currency."""

    offer: ShopOffer

    @property
    def external_id(self) -> str:
        """The shop's id of the offer."""
        return self.offer.external_id


@dataclass(frozen=True)
class Gone:
    """The shop answered, and does not sell it (any more). Only this withdraws a product."""

    external_id: str


@dataclass(frozen=True)
class Unknown:
    """The shop could not be asked, or its answer could not be read: no price is confirmed.

    `gap`: the shop did answer, and says that the price of before is none here any more (it is in
    another currency, or has ended). Then it is stale at once, and its history has a gap.
    """

    external_id: str
    reason: str
    retry_after: float | None = None
    gap: Gap | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", printable(self.reason))


Answer = Found | Gone | Unknown

#: What was priced before under some ids, for a catalogue that is read page by page.
Remember = Callable[[Sequence[str]], Mapping[str, Known]]


def nothing_known(ids: Sequence[str]) -> Mapping[str, Known]:
    """For a shop that is asked for the first time."""
    return {}


@dataclass(frozen=True)
class Skipped:
    """A catalogue entry that makes no offer: why, and its place in the catalogue from 1.

    `gap` as in `Unknown`: the shop takes the price of before back.
    """

    external_id: str
    reason: str
    position: int | None = None
    gap: Gap | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", printable(self.reason))


@dataclass(frozen=True)
class WebhookHint:
    """What a genuine webhook hints at: ask the shop again about `external_ids`.

    `delivery_id` is the same when the shop sends the same delivery again. No id and `ping` true:
    the shop only tries the address. No id and `ping` false: anything may have changed.
    """

    delivery_id: str
    external_ids: tuple[str, ...] = ()
    topic: str = ""
    ping: bool = False

    def __post_init__(self) -> None:
        # No product has an id that cannot be stored, and no database looks for one.
        ids = tuple(i for i in self.external_ids if is_storable(i))
        object.__setattr__(self, "ping", self.ping or bool(self.external_ids and not ids))
        object.__setattr__(self, "external_ids", ids)
        object.__setattr__(self, "delivery_id", printable(self.delivery_id))


class Shop:
    """A commerce back end. A subclass takes its options as keyword arguments of `__init__`.

    It implements `fetch_batch`, and `search`, `catalogue` and `verify_webhook` as far as the back
    end can. An instance is used by one thread: `with get_shop("webshop") as shop: …`.
    """

    # Most ids that one `fetch_batch` is given.
    batch_size: int = 50
    # Whether a product that `catalogue` does not name is gone.
    complete_catalogue: bool = False
    # What asks the shop, where that can be told by when it must have come back: see `end_by`.
    client: Any = None

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def end_by(self, moment: float) -> None:
        """Let no request, also none in progress, go on after `moment` (`time.monotonic()`).

        A `client` is told by its attribute `end_by`, as `HttpClient` has one.
        """
        if self.client is not None:
            self.client.end_by = moment

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and temporary files, if there are any."""

    def fetch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known] | None = None
    ) -> dict[str, Answer]:
        """An answer for every one of `ids`, in their order, whatever happens to the shop.

        `known`: what was priced before under some of them. When a batch is refused, the batches
        after it are not tried.
        """
        wanted = list(dict.fromkeys(ids))
        answers: dict[str, Answer] = {}
        for start in range(0, len(wanted), self.batch_size):
            batch = wanted[start : start + self.batch_size]
            try:
                given = self.fetch_batch(batch, market, known or {})
            except ShopError as error:
                rest = wanted[start:]
                answers |= {i: Unknown(i, error.reason, error.retry_after, error.gap) for i in rest}
                break
            except DATA_ERRORS as error:
                answers |= {i: Unknown(i, unreadable(error)) for i in batch}
                continue
            for i in batch:
                answer = given.get(i) or Unknown(i, "The shop's answer left this product out.")
                answers[i] = self._in_currency(answer, market)
        return answers

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> Mapping[str, Answer]:
        """Answers for at most `batch_size` different ids; `ShopError` when the shop gives none.

        `known` says what was priced before under some of them: keep to that variant while the shop
        has it (see `variants.choose`). Say `Gone` only for an id of which the shop
        itself said, in an answer that succeeded, that it has no such product. An id that is left
        out becomes `Unknown`.
        """
        raise NotImplementedError

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        """At most `limit` offers for words that an editor typed, best first. `ShopError`."""
        raise ShopError("This shop cannot be searched.")

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        """The variants of a product, each under an id of its own that `fetch` takes.

        Empty where there is no choice. `ShopError`.
        """
        return []

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        """Everything the shop sells in `market`, one by one, in bounded memory.

        `known` tells what was priced before under some ids: ask it once for each page of answers.
        `ShopError` may come after any number of entries; the entries before it are good, and the
        catalogue is then not complete.
        """
        raise ShopError("This shop cannot list its catalogue.")

    def share_read(self) -> float | None:
        """How much of the `catalogue` that is being read was read, 0 to 1; None: not known."""
        return None

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        """What the webhook with this raw `body` hints at; `InvalidWebhook` unless it is genuine."""
        raise InvalidWebhook("This shop takes no webhooks.")

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with the setting's `OPTIONS`, as (message, hint) for system checks.

        A subclass adds its own to these, which compare the names with those of `__init__`, and
        switches, numbers and lists with the type of the default.
        """
        named = list(inspect.signature(cls).parameters.values())[1:]
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in named):
            return []
        # What is called is for tests, and no setting.
        known = {p.name for p in named if p.default is p.empty or not callable(p.default)}
        required = {p.name for p in named if p.default is p.empty}
        hint = f"{cls.__name__} takes: {', '.join(sorted(known)) or 'no options'}."
        unknown = [f"Option {name!r} is unknown." for name in options if name not in known]
        missing = [f"Option {name!r} is missing." for name in sorted(required - set(options))]
        wrong = [
            f"Option {parameter.name!r} must be {needed}, not {type(value).__name__}."
            for parameter in named
            if (value := options.get(parameter.name, parameter.default)) is not parameter.default
            and (needed := _needed(value, parameter))
        ]
        return [(message, hint) for message in unknown + missing + wrong]

    def read(self, external_id: str, make: Callable[[], ShopOffer | None]) -> Answer:
        """`make()` as an answer: `Found`, `Gone` for None, `Unknown` when its data are bad.

        What the shop says has no price any more (`NoPrice`) is stale at once.
        """
        try:
            offer = make()
        except ShopError as error:
            return Unknown(external_id, error.reason, error.retry_after)
        except DATA_ERRORS as error:
            gap = Gap.NO_PRICE if isinstance(error, NoPrice) else None
            return Unknown(external_id, self.reason(error), gap=gap)
        return Gone(external_id) if offer is None else Found(offer)

    def reason(self, error: Exception) -> str:
        """Why data that raised `error` make no offer, in a sentence."""
        return unreadable(error)

    def _in_currency(self, answer: Answer, market: Market) -> Answer:
        if isinstance(answer, Found) and (reason := wrong_currency(answer.offer.currency, market)):
            return Unknown(answer.external_id, reason, gap=Gap.CURRENCY)
        return answer


def _needed(value: Any, parameter: inspect.Parameter) -> str:
    """What an option must be by its default or name; "" for what it may be."""
    default = parameter.default
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(default, bool):
        by_market = "Mapping" in str(parameter.annotation) and isinstance(value, Mapping)
        fits, needed = isinstance(value, bool) or by_market, "True or False"
    elif isinstance(default, (int, float)):
        fits, needed = is_number and value >= 0, "a number, 0 or more"
    elif isinstance(default, tuple):
        fits = isinstance(value, (list, tuple, set, frozenset))
        fits, needed = fits and all(isinstance(part, str) for part in value), "a list of texts"
    elif parameter.name == "headers":
        fits, needed = isinstance(value, Mapping), "a dict of texts"
    else:
        return ""
    return "" if fits else needed


def wrong_currency(currency: str, market: Market) -> str:
    """Why an offer in `currency` may not be shown in `market`; empty when it may."""
    if not market.currency or currency == market.currency:
        return ""
    return f"The price is in {currency}, but market {market.key!r} sells in {market.currency}."


def unreadable(error: Exception) -> str:
    """The reason for an answer whose data could not be read. Holds no more than the datum."""
    if isinstance(error, InvalidOffer):
        return f"The shop's data make no offer: {error}."
    return f"The shop's answer has an unexpected shape ({type(error).__name__}: {error})."[:300]
