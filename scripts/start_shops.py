#!/usr/bin/env python3
"""Start a real Vendure, a real Medusa, or both, and keep them until Ctrl-C.

    python scripts/start_shops.py [vendure] [medusa]

Needs Node, and PostgreSQL at 127.0.0.1:5432 for Medusa (scripts/install-postgres.sh). The npm
packages are installed into build/shops the first time, which takes minutes. Nothing is kept.
"""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.shops.servers.medusa_server import medusa_server
from tests.shops.servers.vendure_server import vendure_server

ADDRESS = "https://shop.atlas-axis.example/{language}"


def main(names: list[str]) -> None:
    """Start the shops in `names`, and say how to name them in the settings."""
    with ExitStack() as stack:
        if "vendure" in names:
            vendure = stack.enter_context(vendure_server())
            options = {"url": vendure.url, "url_template": f"{ADDRESS}/{{slug}}"}
            _say("vendure.Vendure", options | {"list_price_field": "compareAtPrice"})
            print(f"  ids {vendure.ids}")
            print(f"  Admin API {vendure.admin_url}, superadmin, superadmin", flush=True)
        if "medusa" in names:
            medusa = stack.enter_context(medusa_server())
            options = {"url": medusa.url, "publishable_key": medusa.key}
            _say("medusa.Medusa", options | {"url_template": f"{ADDRESS}/{{handle}}"})
            print(f"  ids {medusa.ids}", flush=True)
        signal.pause()


def _say(backend: str, options: dict[str, object]) -> None:
    setting = {"BACKEND": f"anodyne_blocks.shops.{backend}"}
    print({**setting, "OPTIONS": options | {"allow_private": True}})


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["vendure", "medusa"]
    if unknown := set(chosen) - {"vendure", "medusa"}:
        sys.exit(f"{__doc__}\nUnknown: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main(chosen)
    except KeyboardInterrupt:
        print("Stopped.")
