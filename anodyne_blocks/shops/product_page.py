"""Product pages: any address that an editor pastes, read by its schema.org JSON-LD."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    MAX_ID,
    Answer,
    Found,
    Gone,
    Shop,
    ShopError,
    ShopOffer,
    Unknown,
    unreadable,
)
from anodyne_blocks.shops.http import HttpClient, HttpError
from anodyne_blocks.shops.page_data import PageData, clean_url, read_page
from anodyne_blocks.shops.page_offer import read_offer

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

MAX_BYTES = 5 * 1024 * 1024
TOTAL_SECONDS = 15.0
KEEP_SECONDS = 60.0
_KEPT_PAGES = 50


@dataclass
class _Page:
    """A page as it was last fetched, and what its server needs to say that it has not changed."""

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
    offer. A page is kept for `keep_seconds`, so that several markets ask for it once.
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
        total_seconds: float = TOTAL_SECONDS,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        super().__init__(alias)
        self.only_hosts = {host.lower() for host in only_hosts}
        self.keep_seconds = keep_seconds
        self.client = HttpClient(
            headers={"Accept": "text/html,application/xhtml+xml"}
            | ({"User-Agent": user_agent} if user_agent else {}),
            allow_hosts=allow_hosts,
            allow_private=allow_private,
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
        for option in ("only_hosts", "allow_hosts"):
            hosts = options.get(option, ())
            if isinstance(hosts, str) or any(re.search("[/:@ ]", str(host)) for host in hosts):
                hint = 'Give a list of names such as ["www.shop.example"].'
                problems.append((f"{option} is no list of host names.", hint))
        return problems

    def fetch_batch(self, ids: Sequence[str], market: Market) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        failed: dict[str, ShopError] = {}
        for url in ids:
            host = _host(url)
            try:
                # A host that does not answer is not waited for again and again.
                if host in failed:
                    raise failed[host]
                answers[url] = self._answer(url, market)
            except ShopError as error:
                answers[url] = Unknown(url, error.reason, error.retry_after)
                if isinstance(error, HttpError) and _is_host_s_fault(error.status):
                    failed[host] = error
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        """The product of the page whose address `text` is; nothing for other words.

        `ShopError` says why a page cannot be used, in words for the editor who pasted it.
        """
        url = text.strip()
        if not url.startswith(("http://", "https://")) or limit < 1:
            return []
        page = self._page(url)
        canonical = page.data.canonical
        usual = canonical if self._is_same(page, canonical) else page.url
        if len(usual) > MAX_ID:
            raise ShopError(f"The page's address has more than {MAX_ID} characters.")
        answer = self.fetch([usual], market)[usual]
        if isinstance(answer, Found):
            return [answer.offer]
        raise ShopError(answer.reason if isinstance(answer, Unknown) else "There is no such page.")

    def _is_same(self, page: _Page, canonical: str) -> bool:
        """Whether the address that a page calls its own has the same product; not all have."""
        if canonical == page.url or _host(canonical) != _host(page.url):
            return False
        try:
            other = self._page(canonical)
            return _title(other) == _title(page)
        except (ShopError, *DATA_ERRORS):
            return False

    def _answer(self, url: str, market: Market) -> Answer:
        try:
            page = self._page(url)
        except HttpError as error:
            if error.status in (404, 410):
                return Gone(url)
            raise
        page = self._in_language(page, market)
        try:
            return Found(read_offer(page.data, url, page.url, market.currency))
        except DATA_ERRORS as error:
            return Unknown(url, unreadable(error).replace("shop's data make", "page makes"))

    def _in_language(self, page: _Page, market: Market) -> _Page:
        language = market.language.lower()
        for code in (f"{language}-{market.country.lower()}", language, language.split("-")[0]):
            if url := page.data.alternates.get(code):
                try:
                    return page if url == page.url else self._page(url)
                except HttpError as error:
                    # Here a missing page is the shop's wrong link, not a product that is gone.
                    raise ShopError(error.reason, error.retry_after) from None
        return page

    def _page(self, url: str) -> _Page:
        self._check_host(url)
        known = self._pages.pop(url, None)
        if not known or time.monotonic() - known.asked_at >= self.keep_seconds:
            known = self._fetched(url, known)
        self._pages[url] = known
        if len(self._pages) > _KEPT_PAGES:
            del self._pages[next(iter(self._pages))]
        return known

    def _check_host(self, url: str) -> None:
        if self.only_hosts and _host(url) not in self.only_hosts:
            raise ShopError("The page is not on one of the hosts that this site takes pages from.")

    def _fetched(self, url: str, known: _Page | None) -> _Page:
        reply = self.client.get(url, headers=known.headers if known else None)
        if reply.status == 304 and known:
            return _Page(known.url, known.data, known.headers, time.monotonic())
        self._check_host(reply.url)
        kind = reply.headers.get("Content-Type", "text/html")
        if reply.status != 200 or "html" not in kind.lower():
            raise ShopError("There is no HTML page at this address.")
        sent = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
        headers = {ask: reply.headers[key] for ask, key in sent.items() if key in reply.headers}
        data = read_page(reply.body, reply.url, kind)
        return _Page(clean_url(reply.url), data, headers, time.monotonic())


def _title(page: _Page) -> str:
    return read_offer(page.data, page.url, page.url).title


def _is_host_s_fault(status: int | None) -> bool:
    return status is None or status in (429, 430) or status >= 500


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
