"""A front-end cache that remembers what was purged from it."""

from __future__ import annotations

from typing import Any

# Full addresses, batch by batch.
purged: list[list[str]] = []


class Recorder:
    """A back end of `WAGTAILFRONTENDCACHE`."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.hostnames = None

    def invalidates_hostname(self, hostname: str) -> bool:
        return True

    def purge_batch(self, urls: list[str]) -> None:
        purged.append(sorted(urls))
