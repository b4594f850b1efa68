"""Connections to public addresses only, that can be cut off at a deadline.

The address is checked when the connection is made, and that same address is connected to, so a
name that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import threading
import time
from collections.abc import Collection
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from anodyne_blocks.shops.base import ShopError

# Reach a private network in disguise, or a cloud's own services, though `is_global` may say yes.
_NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",  # Azure's host
        "192.88.99.0/24",  # 6to4 relays
        "192.0.0.0/24",  # protocol assignments
        "192.31.196.0/24",  # AS112, which answers for private networks
        "192.52.193.0/24",  # AMT relays
        "192.175.48.0/24",  # AS112
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/23",  # protocol assignments: Teredo, ORCHID, AMT, AS112
        "2620:4f:8000::/48",  # AS112
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
]


_PATH = re.compile(r"^([a-z]+://[^/]*)?/.*", re.DOTALL)
# `now` is set in a thread while it makes one of our requests.
_asking = threading.local()


class _NoPaths(logging.Filter):
    """Keeps paths and queries of our requests, which may hold credentials, out of urllib3's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(_asking, "now", False) and isinstance(record.args, tuple):
            record.args = tuple(_PATH.sub(r"\1/…", str(arg)) for arg in record.args)
            record.msg = record.msg.replace("%d", "%s")
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(_NoPaths())


class UnsafeAddress(ShopError):
    """The address is not public, or not usable at all. No connection was made to it."""


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may be sent to."""
    ip = ipaddress.ip_address(address)
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip.version == net.version and ip in net for net in _NOT_PUBLIC)
    )


class Guard:
    """One client's policy for new connections, and the deadline of the request it is making.

    `hosts` are the host names that may resolve to any address; None allows all hosts to.
    """

    def __init__(self, hosts: Collection[str] | None) -> None:
        self.hosts = None if hosts is None else {host.lower() for host in hosts}
        self.seconds = self.ends_at = float("inf")
        self.expired = False
        self._open: list[tuple[HTTPConnection, socket.socket]] = []
        self._lock = threading.Lock()

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """A socket for `connection`: every address of its name is checked, then the first used."""
        host, port = connection.host, connection.port
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError):
            raise NewConnectionError(connection, "name not resolved") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if self.hosts is not None and host.lower() not in self.hosts:
            for address in addresses:
                if not is_public(address):
                    raise UnsafeAddress(
                        f"{host} has the address {address}, which is not public. If it is a shop"
                        f" of yours, allow it in the shop's OPTIONS: allow_hosts: [{host!r}]."
                    )
        for address in addresses:
            try:
                made = socket.create_connection((address, port), self._patience(connection.timeout))
                for option in connection.socket_options or ():
                    made.setsockopt(*option)
            except OSError:
                continue
            # A duplicate survives the TLS layer, which takes over the socket itself.
            self._keep(connection, made.dup())
            return made
        raise NewConnectionError(connection, "no address answered")

    def _keep(self, connection: HTTPConnection, handle: socket.socket) -> None:
        with self._lock:
            # A connection that the server let go of is made anew, as the same object.
            for other, old in self._open:
                if other is connection:
                    old.close()
            self._open = [pair for pair in self._open if pair[0] is not connection]
            self._open.append((connection, handle))

    def _patience(self, timeout: Any) -> float:
        left = max(self.ends_at - time.monotonic(), 0.001)
        return min(timeout, left) if isinstance(timeout, (int, float)) else left

    def start(self, seconds: float) -> threading.Timer:
        """Begin a request of at most `seconds`; give the timer back to `finish`."""
        self.seconds = seconds
        self.ends_at, self.expired = time.monotonic() + seconds, False
        _asking.now = True
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        return timer

    def finish(self, timer: threading.Timer) -> None:
        """End a request: connections that were closed meanwhile are let go."""
        timer.cancel()
        _asking.now = False
        self.ends_at = float("inf")
        with self._lock:
            for connection, handle in self._open:
                if connection.sock is None:
                    handle.close()
            self._open = [pair for pair in self._open if pair[1].fileno() != -1]

    def close(self) -> None:
        """Close every connection, also one whose answer urllib3 gave up on and forgot."""
        with self._lock:
            for connection, handle in self._open:
                connection.close()
                handle.close()
            self._open = []

    def _cut(self) -> None:
        # Shutting the socket down wakes the thread that waits for it, in any phase.
        with self._lock:
            self.expired = True
            for _, handle in self._open:
                try:
                    handle.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose connections are all made by one `Guard`."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        guard = self.guard

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
