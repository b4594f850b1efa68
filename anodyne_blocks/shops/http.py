"""The one HTTP client of all shops: bounded in time and size, and careful whom it talks to."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import IncompleteRead

from anodyne_blocks.shops.amounts import JSON_NUMBERS
from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.connection import Guard, GuardedAdapter, UnsafeAddress, is_public
from anodyne_blocks.shops.unpacking import CutOff, unpacked

__all__ = ["HttpClient", "HttpError", "Reply", "UnsafeAddress", "is_public"]

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
TOTAL_SECONDS = 30.0
MAX_BYTES = 10 * 1024 * 1024
RETRIES = 2
MAX_RETRY_AFTER = 10.0
CHUNK = 64 * 1024
# 430 is Shopify's answer to a client that asks too much.
_RETRIED = frozenset({429, 430, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ERROR_BODY = 4096

Headers = Mapping[str, str] | None
Params = Mapping[str, Any] | None


class HttpError(ShopError):
    """A request failed. `status` is None when no answer came; `body` is the answer's beginning.

    The text names the host only: paths, queries and headers may hold credentials.
    """

    def __init__(
        self,
        reason: str,
        retry_after: float | None = None,
        status: int | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(reason, retry_after)
        self.status = status
        self.body = body


class StorageFull(HttpError):
    """It is this machine that failed: it has no room for the answer."""


@dataclass(frozen=True)
class Reply:
    """An answer below status 400: `headers` in any case, `url` after redirects.

    `moved_to` is as far as these were permanent, "" for nowhere.
    """

    status: int
    headers: Mapping[str, str]
    url: str
    body: bytes = field(default=b"", repr=False)
    moved_to: str = ""

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a later request by which the server may say that nothing has changed."""
        sent = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
        return {ask: self.headers[name] for ask, name in sent.items() if name in self.headers}


class _Session(requests.Session):
    """Redirects are `HttpClient`'s: requests would read their bodies whole before it sees them."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class HttpClient:
    """A requests session with limits. For one thread; `close()` it, or use it in a `with`.

    `headers` go with every request, but never to another origin than the one first asked.
    Only public addresses are connected to, unless `allow_private` is set (an address that the
    site's own settings name) or the host name is in `allow_hosts`; with `only_hosts`, these host
    names only. `max_redirects` stays 0 for APIs; where it is more, every hop is checked like the
    first address.
    All durations are in seconds. `total` bounds a call with its retries, waits and redirects (name
    resolution alone is left to the system's own limit). `max_bytes` counts decompressed bytes.
    `end_by` (of `time.monotonic()`) ends whatever is in progress then, and all that comes later.

    Whatever a server does, only `HttpError` and `UnsafeAddress` leave a call. An answer that is
    shorter than announced is none.
    """

    end_by = float("inf")

    def __init__(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        allow_private: bool = False,
        allow_hosts: Collection[str] = (),
        only_hosts: Collection[str] = (),
        max_redirects: int = 0,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
        total: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
        retries: int = RETRIES,
        max_retry_after: float = MAX_RETRY_AFTER,
        ca_bundle: str = "",
    ) -> None:
        self.headers = dict(headers or {})
        self.only_hosts = {host.lower() for host in only_hosts}
        self.max_redirects = max_redirects
        self.timeouts = (connect, read)
        self.total = total
        self.max_bytes = max_bytes
        self.retries = retries
        self.max_retry_after = max_retry_after
        self.guard = Guard(None if allow_private else allow_hosts)
        self.session = _Session()
        # No proxy and no .netrc of the environment: they would see, or add, credentials.
        self.session.trust_env = False
        self.session.verify = ca_bundle or True
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.session.headers = CaseInsensitiveDict(
            {"User-Agent": "anodyne_blocks", "Accept-Encoding": "gzip, deflate"}
        )
        adapter = GuardedAdapter(self.guard)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections. The client can be used again."""
        self.session.close()
        self.guard.close()

    def head(self, url: str, headers: Headers = None) -> Reply:
        """HEAD: what `get` gives, without a body."""
        return self._into_memory("HEAD", url, headers)

    def get(self, url: str, params: Params = None, headers: Headers = None) -> Reply:
        """GET into memory. `HttpError` for a status from 400 on, or no whole answer."""
        return self._into_memory("GET", url, headers, params=params)

    def get_json(self, url: str, params: Params = None, headers: Headers = None) -> Any:
        """GET as JSON, numbers with a point as `Decimal`. `HttpError` also for other content."""
        headers = {"Accept": "application/json"} | dict(headers or {})
        return _json(self._into_memory("GET", url, headers, params=params))

    def post_json(self, url: str, data: Any, headers: Headers = None) -> Any:
        """POST `data` as JSON; the answer as `get_json` gives it.

        Only for questions, such as GraphQL queries: it may be sent again after a failure.
        """
        asked = {"Accept": "application/json", "Content-Type": "application/json"}
        body = json.dumps(data).encode()
        return _json(self._into_memory("POST", url, asked | dict(headers or {}), data=body))

    def post(self, url: str, body: bytes, headers: Headers = None) -> Reply:
        """POST bytes as they are; it may be sent again after a failure, unless `retries` is 0."""
        return self._into_memory("POST", url, headers, data=body)

    def download(self, url: str, file: BinaryIO, headers: Headers = None) -> Reply:
        """GET into an empty seekable `file`; the reply's own body stays empty."""
        return self._send("GET", url, headers, file)

    def _into_memory(self, method: str, url: str, headers: Headers, **kwargs: Any) -> Reply:
        file = BytesIO()
        reply = self._send(method, url, headers, file, **kwargs)
        return replace(reply, body=file.getvalue())

    def _send(
        self,
        method: str,
        url: str,
        headers: Headers,
        file: BinaryIO,
        **kwargs: Any,
    ) -> Reply:
        left = min(self.total, self.end_by - time.monotonic())
        if left <= 0:
            raise HttpError(f"{_origin(url)} was not asked: this run's time is over.")
        timer = self.guard.start(left)
        try:
            return self._with_retries(method, url, self.headers | dict(headers or {}), file, kwargs)
        finally:
            self.guard.finish(timer)
            if self.guard.expired:
                self.session.close()

    def _with_retries(
        self, method: str, url: str, headers: dict[str, str], file: BinaryIO, kwargs: dict[str, Any]
    ) -> Reply:
        for attempt in range(self.retries + 1):
            try:
                return self._redirected(method, url, headers, file, kwargs)
            except HttpError as error:
                asked = error.retry_after
                wait = asked if asked is not None else _back_off(attempt)
                temporary = error.status is None or error.status in _RETRIED
                if (
                    not temporary
                    or isinstance(error, StorageFull)
                    or self.guard.expired
                    or attempt == self.retries
                    or wait > self.max_retry_after
                    or time.monotonic() + wait >= self.guard.ends_at
                ):
                    raise
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _redirected(
        self, method: str, url: str, headers: dict[str, str], file: BinaryIO, kwargs: dict[str, Any]
    ) -> Reply:
        moved_to, is_permanent = "", True
        for _ in range(self.max_redirects + 1):
            reply = self._once(method, url, headers, file, kwargs)
            location = reply.headers.get("Location")
            if reply.status not in _REDIRECTS or not location:
                return replace(reply, moved_to=moved_to)
            target, kwargs = _target(url, location), {}
            is_permanent = is_permanent and reply.status in _PERMANENT
            moved_to = target if is_permanent else moved_to
            if _origin(target) != _origin(url):
                headers = {}
            if _origin(url).startswith("https:") and not _origin(target).startswith("https:"):
                raise UnsafeAddress(f"{_origin(url)} redirects to an unencrypted address.")
            url = target
        reason = f"{_origin(url)} is where it redirects to; that is one redirect too many."
        raise HttpError(reason, None, reply.status)

    def _once(
        self, method: str, url: str, headers: dict[str, str], file: BinaryIO, kwargs: dict[str, Any]
    ) -> Reply:
        origin = _origin(url)
        if self.only_hosts and urlsplit(url).hostname not in self.only_hosts:
            raise UnsafeAddress(f"{origin} is not one of the hosts that this site asks.")
        _write(file, origin)
        try:
            with self.session.request(
                method, url, headers=headers, timeout=self.timeouts, stream=True,
                allow_redirects=False, **kwargs,
            ) as response:  # fmt: skip
                self._read(response, origin, file)
                status = response.status_code
                answer_headers = response.headers
        # ValueError: what Python cannot send, read or resolve, such as NUL in a host.
        except (requests.RequestException, Urllib3Error, HTTPException, OSError, ValueError,
                CutOff) as error:  # fmt: skip
            if self.guard.expired:
                raise self._too_late(origin) from None
            self.close()
            raise HttpError(f"{origin} did not answer ({_kind(error)}).") from None
        if self.guard.expired:
            raise self._too_late(origin)
        if status >= 400:
            file.seek(0)
            reason = f"{origin} answered {status}."
            wait = _retry_after(answer_headers.get("Retry-After", ""))
            limited = answer_headers.get("RateLimit-Retry-After", "")
            if limited:
                # So WooCommerce limits requests, with status 400.
                wait, status = _retry_after(limited) if wait is None else wait, 429
                reason = f"{origin} asks for fewer requests."
            raise HttpError(reason, wait, status, file.read(_ERROR_BODY))
        return Reply(status, answer_headers, url)

    def _read(self, response: requests.Response, origin: str, file: BinaryIO) -> None:
        # Layers of compression multiply: one is what every server sends.
        if "," in response.headers.get("Content-Encoding", ""):
            raise HttpError(f"{origin} sent an answer compressed more than once.", None, 200)
        lengths = {said.strip() for said in response.headers.get("Content-Length", "0").split(",")}
        if len(lengths) > 1 or not all(re.fullmatch("[0-9]{1,18}", said) for said in lengths):
            raise HttpError(f"{origin} announced no possible length.", None, 200)
        encoding = response.headers.get("Content-Encoding", "")
        size = 0
        for chunk in unpacked(response.raw.stream(CHUNK, decode_content=False), encoding):
            size += len(chunk)
            if size > self.max_bytes:
                reason = f"{origin} sent more than {self.max_bytes} bytes."
                raise HttpError(reason, None, response.status_code)
            _write(file, origin, chunk)

    def _too_late(self, origin: str) -> HttpError:
        return HttpError(f"{origin} took longer than {self.guard.seconds:.3g} seconds.")


def _write(file: BinaryIO, origin: str, chunk: bytes | None = None) -> None:
    """Append to what was read; None begins it anew."""
    try:
        if chunk is None:
            file.seek(0)
            file.truncate()
        else:
            file.write(chunk)
    except OSError as error:
        raise StorageFull(f"What {origin} sends cannot be stored here: {error.strerror}.") from None


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.body, **JSON_NUMBERS, parse_constant=_no_number)
    except (ValueError, RecursionError):
        reason = f"{_origin(reply.url)} sent something else than JSON."
        raise HttpError(reason, None, reply.status, reply.body[:_ERROR_BODY]) from None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _origin(url: str) -> str:
    """Scheme and host of `url`, fit for messages; `UnsafeAddress` when it is not usable."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeAddress("The address cannot be read.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnsafeAddress("The address must begin with http:// or https:// and a host.")
    if "@" in parts.netloc or "\\" in url:
        raise UnsafeAddress("The address must not hold a user name or a backslash.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _target(url: str, location: str) -> str:
    """The address that a redirect from `url` names, which may be relative, and in UTF-8."""
    try:
        location = location.encode("latin-1").decode()
    except UnicodeError:
        pass
    try:
        if not location.isprintable():
            raise ValueError
        return urljoin(url, location)
    except ValueError:
        raise UnsafeAddress(
            f"{_origin(url)} redirects to an address that cannot be read."
        ) from None


def _kind(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, (requests.Timeout, TimeoutError)):
        return "no data in time"
    if isinstance(error, (CutOff, IncompleteRead)):
        return "its answer was cut off, or cannot be unpacked"
    return "connection failed"


def _back_off(attempt: int) -> float:
    return random.uniform(0.25, 0.5) * 2**attempt  # noqa: S311 (spreads load, keeps no secret)


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header, which is a number of seconds or a date."""
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
        return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
