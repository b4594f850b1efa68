"""Settings of a peer's site: those of the benchmark's, with the peer's apps for this package's."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from tests.bench.frame import BUILD
from tests.bench.site import settings as bench
from tests.settings import INSTALLED_APPS, TEMPLATES

PEERS = BUILD / "peers"
_OWN = ("anodyne_blocks", "tests.")


def values(peer: ModuleType) -> dict[str, Any]:
    """All settings by name."""
    found = {name: getattr(bench, name) for name in dir(bench) if name.isupper()}
    others = (app for app in INSTALLED_APPS if not app.startswith(_OWN))
    (engine,) = TEMPLATES
    processors = engine["OPTIONS"]["context_processors"]
    more = getattr(peer, "CONTEXT_PROCESSORS", [])
    return {
        **found,
        "INSTALLED_APPS": list(
            dict.fromkeys(["tests.bench.peers.apps.Peers", *peer.APPS, *others])
        ),
        # Not Django's own, but some apps rely on it.
        "BASE_DIR": bench.FOLDER,
        "ROOT_URLCONF": "wagtail.urls",
        "TEMPLATES": [
            {
                **engine,
                "DIRS": [Path(bench.__file__).parent / "templates"],
                "OPTIONS": {"context_processors": [*processors, *more]},
            }
        ],
        # Where a peer's own files do not have what it asks for, another's may.
        "STATICFILES_DIRS": list(PEERS.glob("*/lib/python*/site-packages/coderedcms/static")),
        "BENCH_PEER": peer,
    }
