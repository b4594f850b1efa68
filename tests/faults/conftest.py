"""The loopback server of the back ends' tests, and their market."""

from tests.shops.conftest import market, server

__all__ = ["market", "server"]
