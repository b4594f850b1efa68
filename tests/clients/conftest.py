"""Fixtures of the clients' tests: the served example site."""

from tests.api.conftest import site

__all__ = ["site"]
