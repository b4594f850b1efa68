"""Google Merchant feeds, which nearly every shop can make: a file, or an address to fetch."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from anodyne_blocks.shops import feed_values
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Found,
    Gone,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    nothing_known,
    wrong_currency,
)
from anodyne_blocks.shops.feed_xml import read_items
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

MAX_BYTES = 1024 * 1024 * 1024
TOTAL_SECONDS = 600.0
KEEP_SECONDS = 60.0
# Google requires prices with tax everywhere but there.
_UNTAXED_COUNTRIES = frozenset({"US", "CA"})


@dataclass
class _Copy:
    """A fetched feed, and what the server needs to say that it has not changed."""

    path: Path
    headers: dict[str, str]
    asked_at: float


class MerchantFeed(Shop):
    """A feed in Google Merchant's format, RSS 2.0 or Atom.

    `location`: a file's path or an http(s) address, in which `{market}`, `{country}`, `{language}`
    and `{currency}` stand for the market's. `headers` are sent along (for example Authorization).
    An address on a private network needs `allow_private`, or its host in `allow_hosts`.

    One pass over the feed answers any number of ids. A fetched feed is kept in a temporary file as
    long as the instance: for `keep_seconds` the server is not asked again, and then only sends a
    feed that has changed (ETag, Last-Modified). Variants are products of their own:
    g:item_group_id is not read.
    """

    batch_size = 5000
    complete_catalogue = True

    def __init__(
        self,
        alias: str,
        *,
        location: str,
        headers: Mapping[str, str] | None = None,
        allow_private: bool = False,
        allow_hosts: Collection[str] = (),
        max_bytes: int = MAX_BYTES,
        total_seconds: float = TOTAL_SECONDS,
        keep_seconds: float = KEEP_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        super().__init__(alias)
        self.location = str(location)
        self.now = now
        self.client = HttpClient(
            headers=headers,
            allow_private=allow_private,
            allow_hosts=allow_hosts,
            max_redirects=3,
            max_bytes=max_bytes,
            total=total_seconds,
        )
        self.keep_seconds = keep_seconds
        self._copies: dict[str, _Copy] = {}
        self._folder: TemporaryDirectory[str] | None = None
        self._downloads = 0
        self._reading: BinaryIO | None = None

    def close(self) -> None:
        self.client.close()
        self._copies = {}
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options)
        location = str(options.get("location", ""))
        if "{" in location and "{" in _filled(location, dict.fromkeys(_PLACEHOLDERS, "")):
            names = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
            problems.append(("location has an unknown placeholder.", f"Known are {names}."))
        if "@" in location.partition("://")[2].partition("/")[0]:
            hint = 'Send {"Authorization": …} in the option "headers" instead.'
            problems.append(("location must not hold a user name or password.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        wanted = set(ids)
        answers: dict[str, Answer] = {}
        try:
            for entry in self.catalogue(market):
                key = entry.external_id
                if key not in wanted or key in answers:
                    continue
                if isinstance(entry, Skipped):
                    answers[key] = Unknown(key, entry.reason)
                else:
                    answers[key] = Found(entry)
        except ShopError as error:
            lost = {i: Unknown(i, error.reason, error.retry_after) for i in wanted}
            return lost | answers
        return {i: Gone(i) for i in wanted} | answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        """Offers with all words of `text` in title, description or id; those in the title first."""
        words = text.casefold().split()
        in_title: list[ShopOffer] = []
        elsewhere: list[ShopOffer] = []
        if not words:
            return []
        for entry in self.catalogue(market):
            if isinstance(entry, Skipped):
                continue
            title = entry.title.casefold()
            if all(word in title for word in words):
                in_title.append(entry)
            elif len(elsewhere) < limit:
                everything = f"{title} {entry.external_id} {entry.description}".casefold()
                if all(word in everything for word in words):
                    elsewhere.append(entry)
            if len(in_title) >= limit:
                break
        return (in_title + elsewhere)[:limit]

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        now = self.now()
        seen: set[str] = set()
        position = 0
        try:
            file = self._path(market).open("rb")
        except OSError as error:
            raise ShopError(f"The feed's file cannot be read: {error.strerror}.") from None
        with file:
            self._reading = file
            for position, item in enumerate(read_items(file), start=1):
                external_id = item.get("id", "")[:255]
                try:
                    if external_id in seen:
                        raise InvalidOffer("id appears more than once: only the first counts")
                    yield read_offer(item, market, now)
                except DATA_ERRORS as error:
                    yield Skipped(external_id, f"{error}.", position)
                if external_id:
                    seen.add(external_id)
        if not position:
            # Rather a broken export than a shop that sells nothing.
            raise ShopError("The feed holds no products. Look at what exports it.")

    def share_read(self) -> float | None:
        if self._reading is None or self._reading.closed:
            return None
        size = os.fstat(self._reading.fileno()).st_size
        return self._reading.tell() / size if size else None

    def _path(self, market: Market) -> Path:
        if not self.location.startswith(("http://", "https://")):
            return Path(_filled(self.location, _values(market)))
        values = {name: quote(value, safe="") for name, value in _values(market).items()}
        url = _filled(self.location, values)
        known = self._copies.get(url)
        if not known or time.monotonic() - known.asked_at >= self.keep_seconds:
            known = self._copies[url] = self._fetched(url, known)
        return known.path

    def _fetched(self, url: str, known: _Copy | None) -> _Copy:
        self._folder = self._folder or TemporaryDirectory(prefix="merchant-feed-")
        self._downloads += 1
        path = Path(self._folder.name, f"{self._downloads}.xml")
        with path.open("w+b") as file:
            reply = self.client.download(url, file, known.headers if known else None)
        if reply.status == 304 and known:
            path.unlink()
            return _Copy(known.path, known.headers, time.monotonic())
        if reply.status != 200:
            raise ShopError(f"The feed's server answered {reply.status} in place of a feed.")
        if known:
            known.path.unlink()
        sent = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
        headers = {ask: reply.headers[name] for ask, name in sent.items() if name in reply.headers}
        return _Copy(path, headers, time.monotonic())


_PLACEHOLDERS = ("market", "country", "language", "currency")


def _values(market: Market) -> dict[str, str]:
    return {
        "market": market.key,
        "country": market.country,
        "language": market.language,
        "currency": market.currency,
    }


def _filled(location: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        location = location.replace(f"{{{name}}}", value)
    return location


def read_offer(item: Mapping[str, str], market: Market, now: datetime) -> ShopOffer:
    """One item of a feed as the offer of `market` at the time `now` (aware).

    `InvalidOffer` says what to correct in the feed.
    """
    if not item.get("id"):
        raise InvalidOffer("id is missing: give every product a lasting one")
    price, currency = feed_values.amount("price", item.get("price", ""))
    list_price = None
    if sale := item.get("sale_price", ""):
        if feed_values.is_effective(item.get("sale_price_effective_date", ""), now):
            list_price = price
            sale_price, sale_currency = feed_values.amount("sale_price", sale)
            # Exports write 0.00 for "no sale".
            price = sale_price or price
            if sale_currency != currency:
                raise InvalidOffer(f"sale_price is in {sale_currency}, price in {currency}")
            if price > list_price:
                raise InvalidOffer(f"sale_price {price} is above price {list_price}")
    if reason := wrong_currency(currency, market):
        raise InvalidOffer(reason.rstrip("."))
    unit_price, unit_measure = feed_values.unit_price(
        price, item.get("unit_pricing_measure", ""), item.get("unit_pricing_base_measure", "")
    )
    return ShopOffer(
        external_id=item["id"],
        title=item.get("title", ""),
        description=item.get("description", ""),
        url=item.get("link", ""),
        price=price,
        list_price=list_price,
        currency=currency,
        tax_included=market.country not in _UNTAXED_COUNTRIES if market.country else None,
        unit_price=unit_price,
        unit_measure=unit_measure,
        availability=feed_values.availability(item.get("availability", "")),
        image_url=item.get("image_link", ""),
    )
