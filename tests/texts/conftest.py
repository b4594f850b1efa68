"""Fixtures: the web in which texts' pictures are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.texts import pictures
from tests.shops.conftest import Server


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on loopback, which may be asked for pictures."""
    here = {"allow_hosts": ["127.0.0.1"], "retries": 0, "total": 5}
    monkeypatch.setattr(pictures, "client", lambda: HttpClient(**here))
    server = Server()
    yield server
    server.close()
