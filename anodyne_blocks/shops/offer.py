"""What a shop sells in a market: `ShopOffer`, checked where it is made.

Nothing here knows HTTP or a Django model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from anodyne_blocks.pricing.goods import Goods, ItemCondition, Stock
from anodyne_blocks.shops.text import plain_text, printable
from anodyne_blocks.sources.characters import UNSTORABLE

MAX_ID = 255
MAX_TITLE = 255
MAX_DESCRIPTION = 5000
MAX_BRAND = 100
MAX_URL = 2000
MAX_MEASURE = 20
MAX_NOTES = 500
MAX_AMOUNT = Decimal(10) ** 10
# The largest number of ratings that every database takes.
MAX_COUNT = 2**31 - 1

# Nearly all addresses are as plain as this, and catalogues hold two of them a product.
_CURRENCY = re.compile("[A-Z]{3}").fullmatch
_STEP = Decimal("0.0001")
# A price that a shop computed in floating point misses a round one by less than this.
NOISE = Decimal("1e-8")
# Amounts that a card may do without: what is wrong with one costs that one.
_SECONDARY = ("list_price", "shop_prior_price", "unit_price")
# What names the goods, and how long it may be.
_NUMBERS = {"variant": 255, "sku": 100, "gtin": 14, "pack": 20, "seller": 100}
_ODD = r"\x00-\x20\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_PLAIN_URL = re.compile(rf"https?://[A-Za-z0-9.-]+(?:[/?#][^{_ODD}]*)?").fullmatch
# What no address holds, and what no database takes: half of a character.
_NO_URL = re.compile(f"[{_ODD}]").search
_NO_TEXT = UNSTORABLE.search


class InvalidOffer(ValueError):
    """A shop's data make no offer that may be shown; the text says which datum and why."""


class NoPrice(InvalidOffer):
    """The shop itself says that what was priced has no price in the market (any more)."""


@dataclass(frozen=True, kw_only=True)
class ShopOffer:
    """What a shop sells under `external_id` in one market.

    `title`, `description` and `image_alt` are in the market's language, or empty where the shop has
    none in it: readers of a page see no word of another language. `name` is the title in whatever
    language the shop has it, for those who look after the catalogue; by default it is the title.
    Texts may come as HTML: they are stored as plain text of bounded length.

    Amounts are `Decimal` in major units (`TypeError` for a float), with four decimals at most. A
    `price` of 0 is none, unless `is_free`: the shop says in so many words that it is free.
    `list_price` is what the shop strikes through, and becomes None unless it is above `price`.
    `shop_prior_price` is the legal prior price where the shop itself keeps one. `unit_price` is the
    price of one `unit_measure`, a quantity and a unit code ("100 ml", "1 m", "1 kg"). `price_until`
    (aware) is when the price ends by the shop's word.

    `variant` to `is_from` and `tax_included` say what is priced, see `Goods`; leave empty what the
    back end does not know. `brand` is a name, and another one makes no other goods. `source` is the
    address that finally answered, where that may be another than was asked. `availability` is that
    of the goods whose price it is, for a buyer in the market; `available_from` (aware) the day of a
    pre-order or of what is sold later.

    `rating` is 0 to 5. `InvalidOffer` for anything impossible, but what a card may do without is
    only left out, and `notes` says why; a back end may give notes of its own, one for each datum
    that it left out, in plain English.
    """

    external_id: str
    title: str
    name: str = ""
    description: str = ""
    url: str = ""
    price: Decimal | None
    is_free: bool = False
    list_price: Decimal | None = None
    currency: str
    tax_included: bool | None = None
    shop_prior_price: Decimal | None = None
    unit_price: Decimal | None = None
    unit_measure: str = ""
    price_until: datetime | None = None
    variant: str = ""
    sku: str = ""
    gtin: str = ""
    condition: str = ""
    pack: str = ""
    seller: str = ""
    source: str = ""
    is_from: bool = False
    brand: str = ""
    availability: Stock = Stock.UNKNOWN
    available_from: datetime | None = None
    rating: Decimal | None = None
    rating_count: int | None = None
    image_url: str = ""
    image_alt: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        # Frozen from here on; an import makes a million of them.
        own = self.__dict__
        notes: list[str] = []
        if self.price is not None:
            own["price"] = checked_amount("price", self.price) or None
        if self.is_free:
            own["price"] = Decimal(0)
        for name in _SECONDARY:
            if own[name] is not None:
                own[name] = _secondary(name, own[name], notes)
        if not _CURRENCY(self.currency):
            raise InvalidOffer(f"currency {self.currency!r} is no ISO 4217 code such as EUR")
        _check_id(self.external_id)
        # Nearly always one and the same.
        name = self.name if self.name != self.title else ""
        own["title"] = plain_text(self.title, MAX_TITLE)
        own["name"] = plain_text(name, MAX_TITLE) if name else self.title
        own["description"] = plain_text(self.description, MAX_DESCRIPTION)
        own["image_alt"] = plain_text(self.image_alt, MAX_TITLE)
        own["brand"] = plain_text(self.brand, MAX_BRAND)
        if type(self.availability) is not Stock:
            own["availability"] = Stock(self.availability)
        if not self.name:
            raise InvalidOffer("title is empty")
        for name, limit in _NUMBERS.items():
            if own[name]:
                own[name] = _number(name, own[name], limit, notes)
        own["condition"] = ItemCondition(self.condition).value if self.condition else ""
        check_url("url", self.url)
        check_url("source", self.source)
        if self.image_url:
            own["image_url"] = _image_url(self.image_url, notes)
        if self.list_price is not None and (not self.price or self.list_price <= self.price):
            own["list_price"] = None
        self._check_rating(notes)
        measure = self.unit_measure
        if measure and (len(measure) > MAX_MEASURE or _NO_TEXT(measure)):
            own["unit_price"] = None
            own["unit_measure"] = ""
            notes.append(f"The unit price is left out: {measure[:80]!r} is no measure.")
        for moment in (self.price_until, self.available_from):
            if moment is not None and moment.utcoffset() is None:
                raise TypeError(f"{moment!r} must be an aware datetime")
        if notes:
            own["notes"] = " ".join(filter(None, (self.notes, *notes)))
        if self.notes:
            own["notes"] = printable(self.notes)[:MAX_NOTES]

    @property
    def goods(self) -> Goods:
        """What exactly is priced."""
        return Goods.of(self)

    def _check_rating(self, notes: list[str]) -> None:
        own = self.__dict__
        if self.rating is not None:
            try:
                rating = checked_amount("rating", self.rating, Decimal("0.01"))
            except InvalidOffer as error:
                rating, problem = None, str(error)
            else:
                problem = f"rating {rating} is above 5" if rating and rating > 5 else ""
            if problem:
                notes.append(f"The rating is left out: {problem}.")
            own["rating"] = None if problem else rating
        count = self.rating_count
        if count is not None and (type(count) is not int or not 0 <= count <= MAX_COUNT):
            own["rating"] = own["rating_count"] = None
            notes.append(f"The rating is left out: {count!r} is no number of ratings.")


def checked_amount(name: str, amount: object, step: Decimal = _STEP) -> Decimal:
    """`amount` as it can be stored; `TypeError` or `InvalidOffer` for what cannot.

    Nothing is rounded to another number, but ratings (to `step`) and the noise of floating point.
    """
    if not isinstance(amount, Decimal):
        raise TypeError(
            f"{name} must be a Decimal, not {type(amount).__name__}: a float cannot hold an exact"
            " amount. Read JSON with parse_float=Decimal."
        )
    if not (amount.is_finite() and 0 <= amount < MAX_AMOUNT):
        raise InvalidOffer(f"{name} {amount} is no amount: it must be 0 or more, below 10 billion")
    rounded = amount.quantize(step)
    if rounded == amount:
        return amount
    if rounded >= MAX_AMOUNT or (step is _STEP and abs(rounded - amount) > NOISE):
        raise InvalidOffer(f"{name} {amount} has more than four decimals")
    return rounded


def _secondary(name: str, amount: object, notes: list[str]) -> Decimal | None:
    try:
        return checked_amount(name, amount) or None
    except InvalidOffer as error:
        notes.append(f"The {name.replace('_', ' ')} is left out: {error}.")
        return None


def _number(name: str, value: object, limit: int, notes: list[str]) -> str:
    """What names the goods, as text; left out where no database takes it."""
    text = str(value).strip()
    if len(text) > limit or _NO_TEXT(text):
        notes.append(f"The {name} is left out: {text[:80]!r} is none.")
        return ""
    return text


def _check_id(external_id: object) -> None:
    if not isinstance(external_id, str):
        raise TypeError(f"external_id must be a str, not {type(external_id).__name__}")
    if not external_id.strip() or len(external_id) > MAX_ID:
        raise InvalidOffer(f"external_id must have 1 to {MAX_ID} characters")
    if _NO_TEXT(external_id):
        raise InvalidOffer(f"external_id {external_id[:80]!r} holds what is no character")


def _is_plain(url: str) -> bool:
    return len(url) <= MAX_URL and _PLAIN_URL(url) is not None


def check_url(name: str, url: str) -> None:
    """`InvalidOffer` unless `url` is empty or an http(s) address that can be stored."""
    if not url or _is_plain(url):
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and len(url) <= MAX_URL
    except ValueError:
        good = False
    if not good or _NO_URL(url):
        raise InvalidOffer(f"{name} {url[:80]!r} is no http(s) address below {MAX_URL} characters")


def _image_url(url: object, notes: list[str]) -> str:
    """A picture's address, mended where that is safe; empty where it is none."""
    if not isinstance(url, str):
        notes.append(f"The picture is left out: {str(url)[:80]!r} is no address.")
        return ""
    if _is_plain(url):
        return url
    if not _PLAIN_URL(url):
        url = url.strip().replace(" ", "%20")
        url = f"https:{url}" if url.startswith("//") else url
    try:
        check_url("image_url", url)
    except InvalidOffer as error:
        notes.append(f"The picture is left out: {error}.")
        return ""
    return url
