"""One refresh process; run by test_workers.py with the settings of the tests and its own database.

    python -m tests.catalogue.worker '{"DATABASE": …, "SHOP": "http://127.0.0.1:…"}'

It says "ready", waits for a line, works until nothing is due, and prints its result.
"""

from __future__ import annotations

import json
import os
import sys

import django
from django.conf import settings
from django.utils.module_loading import import_string

CLIENT = "anodyne_blocks.shops.woocommerce.WooCommerce"


def main() -> None:
    given = json.loads(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    settings.DATABASES = {"default": given["DATABASE"]}
    options = {"url": given["SHOP"], "allow_private": True}
    markets = {"nl": settings.ANODYNE_BLOCKS["MARKETS"]["nl"]}
    settings.ANODYNE_BLOCKS = {
        "MARKETS": markets,
        "SHOPS": {"webshop": {"BACKEND": CLIENT, "OPTIONS": options}},
    }
    django.setup()
    refresh_due = import_string("anodyne_blocks.catalogue.refresh.refresh_due")
    print("ready", flush=True)
    sys.stdin.readline()
    print(refresh_due().refreshed, flush=True)


if __name__ == "__main__":
    main()
