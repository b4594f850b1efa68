"""Google Merchant feeds, which nearly every shop can make: a file, or an address to fetch."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from anodyne_blocks.shops import api
from anodyne_blocks.shops.base import (
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
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.languages import is_language_of
from anodyne_blocks.shops.merchant_feed.files import read_feed
from anodyne_blocks.shops.merchant_feed.offer import Item, option_of, read_offer
from anodyne_blocks.shops.offer import MAX_ID, ShopOffer
from anodyne_blocks.shops.text import folded
from anodyne_blocks.shops.variants import Known

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

__all__ = ["MerchantFeed"]

MAX_BYTES = 1024 * 1024 * 1024
TOTAL_SECONDS = 600.0
KEEP_SECONDS = 60.0
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE).search
# Each id is remembered, so that none counts twice.
MAX_ITEMS = 2_000_000
_TWICE = "id appears more than once: only the first counts"
_CONTRADICTED = (
    "id appears more than once, with other content: only the first counts. Give each product an id"
    " of its own"
)


@dataclass
class _Copy:
    """A fetched feed, and what the server needs to say that it has not changed.

    `charset` is what the server said of it, `url` where it came from; both may be "".
    """

    path: Path
    headers: dict[str, str] = field(default_factory=dict)
    charset: str = ""
    url: str = ""
    asked_at: float = field(default_factory=time.monotonic)


class MerchantFeed(Shop):
    """A feed in Google Merchant's format: RSS 2.0, Atom or text with tabs, plain or in gzip.

    `location`: a file's path or an http(s) address, in which `{market}`, `{country}`, `{language}`
    and `{currency}` stand for the market's. `headers` are sent along (for example Authorization).
    An address on a private network needs `allow_private`, or its host in `allow_hosts`.
    `language` is that of the feed's texts; a market in another language then has none of them.
    Without it each market's feed is in its language. `tax_included`: whether prices are with tax,
    one value or {market key: value}; by default as Google wants it in the market's country.

    One pass over the feed answers any number of ids. A fetched feed is kept in a temporary file as
    long as the instance: for `keep_seconds` the server is not asked again, and then only sends a
    feed that has changed (ETag, Last-Modified). Variants are products of their own.
    """

    batch_size = 5000
    complete_catalogue = True

    def __init__(
        self,
        alias: str,
        *,
        location: str,
        language: str = "",
        tax_included: bool | Mapping[str, bool] | None = None,
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
        self.language = language
        self.tax_included = tax_included
        self.max_bytes = max_bytes
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
        problems = super().check_options(options) + api.check_placeholders(options, "location")
        if "@" in str(options.get("location", "")).partition("://")[2].partition("/")[0]:
            hint = 'Send {"Authorization": …} in the option "headers" instead.'
            problems.append(("location must not hold a user name or password.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        wanted = set(ids)
        answers: dict[str, Answer] = {}
        has_nameless = False
        try:
            for _, answer in self._answers(market):
                key = answer.external_id
                has_nameless = has_nameless or not key
                if key in wanted and key not in answers:
                    answers[key] = answer
        except ShopError as error:
            lost = {i: Unknown(i, error.reason, error.retry_after) for i in wanted}
            return lost | answers
        if has_nameless:
            reason = "The feed has products without an id: this may be one of them."
            return {i: Unknown(i, reason) for i in wanted} | answers
        return {i: Gone(i) for i in wanted} | answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        """Offers with all words of `text` in title, description or id; those in the title first."""
        words = folded(text).split()
        in_title: list[ShopOffer] = []
        elsewhere: list[ShopOffer] = []
        if not words:
            return []
        for entry in self.catalogue(market):
            if isinstance(entry, Skipped):
                continue
            title = folded(entry.name)
            if all(word in title for word in words):
                in_title.append(entry)
            elif len(elsewhere) < limit:
                everything = folded(f"{title} {entry.external_id} {entry.description}")
                if all(word in everything for word in words):
                    elsewhere.append(entry)
            if len(in_title) >= limit:
                break
        return (in_title + elsewhere)[:limit]

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        for position, answer in self._answers(market):
            if entry := api.entry(answer, market, position):
                yield entry

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        """The items of the same g:item_group_id, each named by its options."""
        groups = (i.get("item_group_id") for i in self._items(market) if i.get("id") == external_id)
        group = next(groups, None)
        found: dict[str, ShopOffer] = {}
        read = self._reader(market)
        for item in self._items(market) if group else ():
            if item.get("item_group_id") != group:
                continue
            answer = read(item)
            if isinstance(answer, Found) and not wrong_currency(answer.offer.currency, market):
                found.setdefault(answer.external_id, _named(answer.offer, option_of(item)))
        return list(found.values()) if len(found) > 1 else []

    def _answers(self, market: Market) -> Iterator[tuple[int, Answer]]:
        """What the feed says of each of its items, with the item's place from 1."""
        read = self._reader(market)
        # Hashes take a fraction of the memory; two of 64 bits are not the same by chance.
        seen: dict[int, int] = {}
        position = 0
        for position, item in enumerate(self._items(market), start=1):
            if position > MAX_ITEMS:
                raise ShopError(f"The feed has more than {MAX_ITEMS} products.")
            external_id = item.get("id", "")[:MAX_ID]
            content = hash(tuple(item.values()))
            key = hash(external_id)
            if external_id and key in seen:
                reason = _TWICE if seen[key] == content else _CONTRADICTED
                yield position, Unknown(external_id, f"{reason}.")
                continue
            if external_id:
                seen[key] = content
            yield position, read(item)
        if not position:
            # Rather a broken export than a shop that sells nothing.
            raise ShopError(
                f"The feed of market {market.key!r} holds no products: no item of RSS, no entry of"
                " Atom and no row of text. Look at what exports it."
            )

    def _items(self, market: Market) -> Iterator[Item]:
        copy = self._copy(market)
        try:
            file = copy.path.open("rb")
        except OSError as error:
            raise ShopError(
                f"The feed's file of market {market.key!r} cannot be read: {error.strerror}."
            ) from None
        with file:
            self._reading = file
            yield from read_feed(file, self.max_bytes, copy.charset, copy.url)

    def _reader(self, market: Market) -> Callable[[Item], Answer]:
        """Reads an item as of now."""
        now = self.now()
        speaks = not self.language or is_language_of(self.language, market)
        tax_included = api.of_market(self.tax_included, market, None)

        def answer(item: Item) -> Answer:
            offer = partial(read_offer, item, market, now, speaks=speaks, tax_included=tax_included)
            return self.read(item.get("id", "")[:MAX_ID], offer)

        return answer

    def reason(self, error: Exception) -> str:
        return f"{error}."

    def share_read(self) -> float | None:
        if self._reading is None or self._reading.closed:
            return None
        size = os.fstat(self._reading.fileno()).st_size
        return self._reading.tell() / size if size else None

    def _copy(self, market: Market) -> _Copy:
        if not self.location.startswith(("http://", "https://")):
            return _Copy(Path(api.filled(self.location, market, encode=False)))
        url = api.filled(self.location, market)
        known = self._copies.get(url)
        if not known or time.monotonic() - known.asked_at >= self.keep_seconds:
            known = self._copies[url] = self._fetched(url, known)
        return known

    def _fetched(self, url: str, known: _Copy | None) -> _Copy:
        self._folder = self._folder or TemporaryDirectory(prefix="merchant-feed-")
        self._downloads += 1
        path = Path(self._folder.name, f"{self._downloads}.xml")
        with path.open("w+b") as file:
            reply = self.client.download(url, file, known.headers if known else None)
        if reply.status == 304 and known:
            path.unlink()
            return replace(known, asked_at=time.monotonic())
        if reply.status != 200:
            raise ShopError(f"The feed's server answered {reply.status} in place of a feed.")
        if known:
            known.path.unlink()
        charset = _CHARSET(reply.headers.get("Content-Type", ""))
        return _Copy(path, reply.validators, charset[1] if charset else "", reply.url)


def _named(offer: ShopOffer, option: str) -> ShopOffer:
    """The offer under a name that tells its option, too."""
    if not option:
        return offer
    title = offer.title and f"{offer.title} – {option}"
    return replace(offer, title=title, name=f"{offer.name} – {option}")
