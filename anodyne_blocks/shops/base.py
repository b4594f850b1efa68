"""The base class of all shops, and the types in which every shop answers.

Nothing here knows HTTP or a Django model. To write a shop, subclass `Shop`, implement what the
back end can do, and run `anodyne_blocks.shops.testing.ShopContract` over it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anodyne_blocks.shops.text import plain_text

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

MAX_ID = 255
MAX_TITLE = 255
MAX_DESCRIPTION = 5000
MAX_URL = 2000
MAX_MEASURE = 20
MAX_AMOUNT = Decimal(10) ** 10
# The largest number of ratings that every database takes.
MAX_COUNT = 2**31 - 1

# Nearly all addresses are as plain as this, and catalogues hold two of them a product.
_CURRENCY = re.compile("[A-Z]{3}").fullmatch
# The amounts of an offer, and the smallest step of each.
_STEP = Decimal("0.0001")
_STEPS = tuple(
    (name, Decimal("0.01") if name == "rating" else _STEP)
    for name in ("price", "list_price", "prior_price", "unit_price", "rating")
)
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][^\x00-\x20\ud800-\udfff]*)?").fullmatch
# What no address holds, and what no database takes: half of a character.
_NO_URL = re.compile(r"[\x00-\x20\ud800-\udfff]").search
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]").search

# What Python raises for an answer of another shape than expected.
DATA_ERRORS = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class Availability(str, Enum):
    """schema.org's ItemAvailability as far as a reader can act on it."""

    IN_STOCK = "in_stock"
    LOW_STOCK = "low_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    UNKNOWN = "unknown"


class ShopError(Exception):
    """A shop could not answer: `reason` in plain words without any credential.

    `retry_after`: seconds that the shop asked us to wait, or None when it did not say.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class InvalidOffer(ValueError):
    """A shop's data make no offer that may be shown; the text says which datum and why."""


class InvalidWebhook(Exception):
    """A webhook is not from the shop, or is too old; the text is for the log, not the sender."""


@dataclass(frozen=True, kw_only=True)
class ShopOffer:
    """What a shop sells under `external_id` in one market.

    `title`, `description` and `image_alt` are in the market's language, or empty where the shop has
    none in it: readers of a page see no word of another language. `name` is the title in whatever
    language the shop has it, for those who look after the catalogue; by default it is the title.
    Texts may come as HTML: they are stored as plain text of bounded length. Amounts are `Decimal`
    in major units (`TypeError` for a float). `list_price` is what the shop strikes through, and
    becomes None unless it is above `price`. `prior_price` is the legal prior price where the shop
    itself keeps one. `unit_price` is the price of one `unit_measure`, a quantity and a unit code
    ("100 ml", "1 m", "1 kg"). `rating` is 0 to 5. `InvalidOffer` for anything impossible, but a
    picture's address, a unit price for what no database takes as a measure, and a rating with an
    impossible count are only left out. Amounts are rounded to four decimals, a rating to two.
    """

    external_id: str
    title: str
    name: str = ""
    description: str = ""
    url: str = ""
    price: Decimal | None
    list_price: Decimal | None = None
    currency: str
    tax_included: bool | None = None
    prior_price: Decimal | None = None
    unit_price: Decimal | None = None
    unit_measure: str = ""
    availability: Availability = Availability.UNKNOWN
    rating: Decimal | None = None
    rating_count: int | None = None
    image_url: str = ""
    image_alt: str = ""

    def __post_init__(self) -> None:
        # Frozen from here on; an import makes a million of them.
        own = self.__dict__
        for name, step in _STEPS:
            if own[name] is not None:
                own[name] = checked_amount(name, own[name], step)
        if not _CURRENCY(self.currency):
            raise InvalidOffer(f"currency {self.currency!r} is no ISO 4217 code such as EUR")
        _check_id(self.external_id)
        own["title"] = plain_text(self.title, MAX_TITLE)
        own["name"] = plain_text(self.name, MAX_TITLE) if self.name else self.title
        own["description"] = plain_text(self.description, MAX_DESCRIPTION)
        own["image_alt"] = plain_text(self.image_alt, MAX_TITLE)
        if type(self.availability) is not Availability:
            own["availability"] = Availability(self.availability)
        if not self.name:
            raise InvalidOffer("title is empty")
        _check_url("url", self.url)
        if self.image_url:
            own["image_url"] = _image_url(self.image_url)
        if self.list_price is not None and (self.price is None or self.list_price <= self.price):
            own["list_price"] = None
        if self.rating is not None and self.rating > 5:
            raise InvalidOffer(f"rating {self.rating} is above 5")
        count = self.rating_count
        if count is not None and (type(count) is not int or not 0 <= count <= MAX_COUNT):
            own["rating"] = own["rating_count"] = None
        measure = self.unit_measure
        if measure and (len(measure) > MAX_MEASURE or _NO_TEXT(measure)):
            own["unit_price"] = None
            own["unit_measure"] = ""


def checked_amount(name: str, amount: object, step: Decimal = _STEP) -> Decimal:
    """`amount` rounded to `step`; `TypeError` or `InvalidOffer` for what cannot be stored."""
    if not isinstance(amount, Decimal):
        raise TypeError(
            f"{name} must be a Decimal, not {type(amount).__name__}: a float cannot hold an exact"
            " amount. Read JSON with parse_float=Decimal."
        )
    if amount.is_finite() and 0 <= amount < MAX_AMOUNT:
        rounded = amount.quantize(step)
        if rounded == amount:
            return amount
        # The last ones are rounded up to 10 billion.
        if rounded < MAX_AMOUNT:
            return rounded
    raise InvalidOffer(f"{name} {amount} is no amount: it must be 0 or more, below 10 billion")


def _check_id(external_id: object) -> None:
    if not isinstance(external_id, str):
        raise TypeError(f"external_id must be a str, not {type(external_id).__name__}")
    if not external_id.strip() or len(external_id) > MAX_ID:
        raise InvalidOffer(f"external_id must have 1 to {MAX_ID} characters")
    if _NO_TEXT(external_id):
        raise InvalidOffer(f"external_id {external_id[:80]!r} holds what is no character")


def _check_url(name: str, url: str) -> None:
    if not url or (len(url) <= MAX_URL and _PLAIN_URL(url)):
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and len(url) <= MAX_URL
    except ValueError:
        good = False
    if not good or _NO_URL(url):
        raise InvalidOffer(f"{name} {url[:80]!r} is no http(s) address below {MAX_URL} characters")


def _image_url(url: str) -> str:
    """A picture's address, mended where that is safe; empty where it is none."""
    if not _PLAIN_URL(url):
        url = url.strip().replace(" ", "%20")
        url = f"https:{url}" if url.startswith("//") else url
    try:
        _check_url("image_url", url)
    except InvalidOffer:
        return ""
    return url


@dataclass(frozen=True)
class Found:
    """The shop sells it; `offer` is in the market's currency."""

    offer: ShopOffer

    @property
    def external_id(self) -> str:
        return self.offer.external_id


@dataclass(frozen=True)
class Gone:
    """The shop answered, and does not sell it (any more). Only this withdraws a product."""

    external_id: str


@dataclass(frozen=True)
class Unknown:
    """The shop could not be asked, or its answer could not be read. It changes no product."""

    external_id: str
    reason: str
    retry_after: float | None = None


Answer = Found | Gone | Unknown


@dataclass(frozen=True)
class Skipped:
    """A catalogue entry that makes no offer: why, and its place in the catalogue from 1."""

    external_id: str
    reason: str
    position: int | None = None


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


class Shop:
    """A commerce back end. A subclass takes its options as keyword arguments of `__init__`.

    It implements `fetch_batch`, and `search`, `catalogue` and `verify_webhook` as far as the back
    end can. An instance is used by one thread: `with get_shop("webshop") as shop: …`.
    """

    # Most ids that one `fetch_batch` is given.
    batch_size: int = 50
    # Whether a product that `catalogue` does not name is gone.
    complete_catalogue: bool = False

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and temporary files, if there are any."""

    def fetch(self, ids: Sequence[str], market: Market) -> dict[str, Answer]:
        """An answer for every one of `ids`, in their order, whatever happens to the shop.

        When a batch is refused, the batches after it are not tried.
        """
        wanted = list(dict.fromkeys(ids))
        answers: dict[str, Answer] = {}
        for start in range(0, len(wanted), self.batch_size):
            batch = wanted[start : start + self.batch_size]
            try:
                given = self.fetch_batch(batch, market)
            except ShopError as error:
                rest = wanted[start:]
                answers |= {i: Unknown(i, error.reason, error.retry_after) for i in rest}
                break
            except DATA_ERRORS as error:
                answers |= {i: Unknown(i, unreadable(error)) for i in batch}
                continue
            for i in batch:
                answer = given.get(i) or Unknown(i, "The shop's answer left this product out.")
                answers[i] = self._in_currency(answer, market)
        return answers

    def fetch_batch(self, ids: Sequence[str], market: Market) -> Mapping[str, Answer]:
        """Answers for at most `batch_size` different ids; `ShopError` when the shop gives none.

        Say `Gone` only for an id of which the shop itself said, in an answer that succeeded, that
        it has no such product. An id that is left out becomes `Unknown`.
        """
        raise NotImplementedError

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        """At most `limit` offers for words that an editor typed, best first. `ShopError`."""
        raise ShopError("This shop cannot be searched.")

    def catalogue(self, market: Market) -> Iterator[ShopOffer | Skipped]:
        """Everything the shop sells in `market`, one by one, in bounded memory.

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
        """`make()` as an answer: `Found`, `Gone` for None, `Unknown` when its data are bad."""
        try:
            offer = make()
        except DATA_ERRORS as error:
            return Unknown(external_id, unreadable(error))
        return Gone(external_id) if offer is None else Found(offer)

    def _in_currency(self, answer: Answer, market: Market) -> Answer:
        if isinstance(answer, Found) and (reason := wrong_currency(answer.offer.currency, market)):
            return Unknown(answer.external_id, reason)
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
