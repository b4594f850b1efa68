"""Product pages: any address that an editor pastes, read by its schema.org JSON-LD."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Found,
    Gone,
    Shop,
    ShopError,
    Unknown,
    unreadable,
)
from anodyne_blocks.shops.http import HttpClient, HttpError
from anodyne_blocks.shops.languages import is_language_of
from anodyne_blocks.shops.offer import MAX_ID, InvalidOffer, ShopOffer
from anodyne_blocks.shops.product_page.data import PageData, read_page
from anodyne_blocks.shops.product_page.goods import contradicts
from anodyne_blocks.shops.product_page.offer import read_offer, variant_addresses, variant_number
from anodyne_blocks.shops.product_page.terms import Buyer
from anodyne_blocks.shops.product_page.values import clean_url, path_of, place
from anodyne_blocks.shops.variants import Known

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

__all__ = ["ProductPage"]

MAX_BYTES = 5 * 1024 * 1024
TOTAL_SECONDS = 15.0
KEEP_SECONDS = 60.0
_KEPT_PAGES = 50
_MAX_VARIANTS = 100
_MAX_READ = 20_000


@dataclass
class _Page:
    """A page as it was last fetched, and what its server needs to say that it has not changed.

    `asked` is the address that was asked for, `url` the one that answered.
    """

    asked: str
    url: str
    data: PageData
    headers: dict[str, str]
    asked_at: float


class ProductPage(Shop):
    """Pages of any shop. A product's id is its page's address, at most 255 characters of it.

    `search` takes an address, not words: it gives the page's product under the address that the
    page itself calls canonical. Only public addresses are asked, and with `only_hosts` only these
    host names ("www.shop.example"). `allow_hosts` are hosts that may be on a private network, and
    `allow_private` lets all be. `user_agent` tells shops who asks.

    The offer of a market is that of the page's version in the market's language, if the page links
    to one (hreflang), or of the page itself. A price in another currency than the market's is no
    offer. A page whose `<html lang>` names another language gives a price and no texts, unless
    `check_language` is off, for shops whose pages name a wrong one; `language` is that of pages
    that name none. A page is kept for `keep_seconds`, so that several markets ask for it once.

    What answers after a redirect is believed only when it is what was priced before, by its article
    number, barcode or name.
    """

    batch_size = 10

    def __init__(
        self,
        alias: str,
        *,
        only_hosts: Collection[str] = (),
        allow_hosts: Collection[str] = (),
        allow_private: bool = False,
        user_agent: str = "",
        language: str = "",
        check_language: bool = True,
        total_seconds: float = TOTAL_SECONDS,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        super().__init__(alias)
        self.language = language
        self.check_language = check_language
        self.keep_seconds = keep_seconds
        self.client = HttpClient(
            headers={"Accept": "text/html,application/xhtml+xml"}
            | ({"User-Agent": user_agent} if user_agent else {}),
            allow_hosts=allow_hosts,
            allow_private=allow_private,
            only_hosts=only_hosts,
            max_redirects=3,
            max_bytes=MAX_BYTES,
            total=total_seconds,
            retries=1,
        )
        self._pages: dict[str, _Page] = {}

    def close(self) -> None:
        self.client.close()
        self._pages = {}

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options)
        for option in () if problems else ("only_hosts", "allow_hosts"):
            if any(re.search("[/:@ ]", host) for host in options.get(option, ())):
                hint = 'Give a list of names such as ["www.shop.example"].'
                problems.append((f"{option} is no list of host names.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        failed: dict[str, ShopError] = {}
        for url in ids:
            host = _host(url)
            try:
                # A host that does not answer is not waited for again and again.
                if host in failed:
                    raise failed[host]
                answers[url] = self._answer(url, market, known.get(url) or Known())
            except ShopError as error:
                answers[url] = Unknown(url, error.reason, error.retry_after)
                if isinstance(error, HttpError) and _is_host_s_fault(error.status):
                    failed[host] = error
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        """The product of the page whose address `text` is; nothing for other words.

        `ShopError` says why a page cannot be used, in words for the editor who pasted it.
        """
        url = re.sub("^https?:", lambda found: found[0].lower(), text.strip(), flags=re.IGNORECASE)
        if not url.startswith(("http://", "https://")) or limit < 1:
            return []
        page = self._page(url)
        canonical = page.data.canonical
        usual = canonical if self._is_same(page, canonical, _buyer(market)) else page.url
        if len(usual) > MAX_ID:
            raise ShopError(f"The page's address has more than {MAX_ID} characters.")
        answer = self.fetch([usual], market)[usual]
        if isinstance(answer, Found):
            return [answer.offer]
        raise ShopError(answer.reason if isinstance(answer, Unknown) else "There is no such page.")

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        """The variants that have an address of their own, which is the id of each."""
        page = self._page(external_id)
        try:
            found = variant_addresses(page.data, page.url, _buyer(market))
        except DATA_ERRORS as error:
            raise ShopError(self.reason(error)) from None
        # For each of them the whole page is read: fewer where it tells of very many.
        most = min(_MAX_VARIANTS, _MAX_READ // max(len(found), 1))
        urls = [url for url in found if len(url) <= MAX_ID][:most]
        answers = (self._read(page, url, market, Known()) for url in urls)
        return [answer.offer for answer in answers if isinstance(answer, Found)]

    def _is_same(self, page: _Page, canonical: str, buyer: Buyer) -> bool:
        """Whether the address that a page calls its own sells the same at the same price.

        Not all do, and the canonical address of a variant is often that of all variants.
        """
        if not canonical or canonical == page.url or _host(canonical) != _host(page.url):
            return False
        if variant_number(page.data, page.url, page.url, buyer):
            return False
        try:
            usual, own = _sold(self._page(canonical), buyer), _sold(page, buyer)
        except (ShopError, *DATA_ERRORS):
            return False
        same = (usual.name, usual.price, usual.currency) == (own.name, own.price, own.currency)
        return same and not contradicts(usual.goods, own.goods)

    def _answer(self, url: str, market: Market, known: Known) -> Answer:
        try:
            page = self._page(url)
        except HttpError as error:
            if error.status in (404, 410):
                return Gone(url)
            raise
        return self._read(page, url, market, known)

    def _read(self, asked: _Page, url: str, market: Market, known: Known) -> Answer:
        """The answer about the id `url` of the page that was asked for it."""
        page, speaks = self._in_language(asked, market)
        buyer = _buyer(market)

        def offer() -> ShopOffer:
            number = "" if page is asked else variant_number(asked.data, url, asked.url, buyer)
            return read_offer(
                page.data, url, page.url, buyer, speaks=speaks, known=known, number=number
            )

        answer = self.read(url, offer)
        if isinstance(answer, Found) and (why := _is_elsewhere(asked, page, answer.offer, known)):
            return Unknown(url, why)
        return answer

    def reason(self, error: Exception) -> str:
        if isinstance(error, InvalidOffer):
            return f"The page makes no offer: {error}."
        return unreadable(error).replace("shop's answer", "page")

    def _in_language(self, page: _Page, market: Market) -> tuple[_Page, bool]:
        """The page's version for the market, and whether it is in the market's language."""
        for code in _codes(market):
            if url := page.data.alternates.get(code):
                try:
                    return (page if url == page.url else self._page(url)), True
                except HttpError as error:
                    # Here a missing page is the shop's wrong link, not a product that is gone.
                    raise ShopError(error.reason, error.retry_after) from None
        spoken = (page.data.language if self.check_language else "") or self.language
        return page, not spoken or is_language_of(spoken, market)

    def _page(self, url: str) -> _Page:
        known = self._pages.pop(url, None)
        if not known or time.monotonic() - known.asked_at >= self.keep_seconds:
            known = self._fetched(url, known)
        self._pages[url] = known
        if len(self._pages) > _KEPT_PAGES:
            del self._pages[next(iter(self._pages))]
        return known

    def _fetched(self, url: str, known: _Page | None) -> _Page:
        reply = self.client.get(url, headers=known.headers if known else None)
        if reply.status == 304 and known:
            return _Page(url, known.url, known.data, known.headers, time.monotonic())
        kind = reply.headers.get("Content-Type", "text/html")
        if reply.status != 200 or "html" not in kind.lower():
            raise ShopError("There is no HTML page at this address.")
        data = read_page(reply.body, reply.url, kind)
        return _Page(url, clean_url(reply.url), data, reply.validators, time.monotonic())


def _buyer(market: Market) -> Buyer:
    now = datetime.now(timezone.utc)
    return Buyer(now, market.country.upper(), market.currency, market.language)


def _sold(page: _Page, buyer: Buyer) -> ShopOffer:
    return read_offer(page.data, page.url, page.url, buyer)


def _is_elsewhere(asked: _Page, page: _Page, offer: ShopOffer, known: Known) -> str:
    """Why a page that answered in another's place is not believed; empty where it is."""
    moved = next((p.url for p in (asked, page) if place(p.url) != place(p.asked)), "")
    canonical = page.data.canonical
    if not moved and path_of(canonical) not in ("", path_of(page.url)):
        # The server did not redirect, but the page says that it is another.
        moved = canonical
    if not moved:
        return ""
    if not known.name:
        is_home = not path_of(moved) and path_of(asked.asked)
        return f"The address redirects to the shop's home page, {moved}." if is_home else ""
    goods, earlier = offer.goods, known.goods
    is_named = any(mine and mine == theirs for mine, theirs in
                   ((goods.sku, earlier.sku), (goods.gtin, earlier.gtin)))  # fmt: skip
    same_name = offer.name.casefold() == known.name.casefold()
    if (is_named or same_name) and not contradicts(goods, earlier):
        return ""
    return (
        f"The address now leads to {moved}, where {offer.name[:80]!r} is sold, and not"
        f" {known.name[:80]!r}."
    )


def _codes(market: Market) -> list[str]:
    """The hreflang codes of a market, best first; none of another country's."""
    language = market.language.lower().replace("_", "-")
    main, _, region = language.partition("-")
    country = market.country.lower()
    bases = [main, "no"] if main == "nb" else [main]
    codes = [f"{code}-{country}" for code in bases if country]
    if not (region and len(region) == 2 and country and region != country):
        codes.append(language)
    return list(dict.fromkeys([*codes, *bases]))


def _is_host_s_fault(status: int | None) -> bool:
    return status is None or status in (429, 430) or status >= 500


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
