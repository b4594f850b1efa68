"""One real Vendure and one real Medusa for the whole run, started when a test first asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.shops.servers.medusa_server import MedusaServer, medusa_server
from tests.shops.servers.vendure_server import VendureServer, vendure_server


@pytest.fixture(scope="session")
def vendure() -> Iterator[VendureServer]:
    with vendure_server() as server:
        yield server


@pytest.fixture(scope="session")
def medusa() -> Iterator[MedusaServer]:
    with medusa_server() as server:
        yield server
