"""Forbids sockets, so that nothing that is shown can have been asked of a shop just then."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn
from unittest import mock

from django.db import connection


@contextmanager
def no_sockets() -> Iterator[None]:
    """Whoever opens a connection meanwhile fails; the database has one already."""
    connection.ensure_connection()

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError(f"a connection was opened: {args[1:]}")

    doors = dict.fromkeys(("connect", "connect_ex", "sendto"), refuse)
    with mock.patch.multiple(socket.socket, **doors), mock.patch("socket.getaddrinfo", refuse):
        yield
