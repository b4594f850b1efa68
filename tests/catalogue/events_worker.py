"""One process that sends change events; run by test_events_killed.py with a database of its own.

    python -m tests.catalogue.events_worker '{"DATABASE": …, "RECEIVER": {…}, "DIES": "claimed"}'

It dies where it is told: when its events are "claimed", or when one is "answered" and not noted.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import django
from django.conf import settings
from django.utils.module_loading import import_string


def die(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    given = json.loads(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    settings.DATABASES = {"default": given["DATABASE"]}
    settings.ANODYNE_BLOCKS = {"CHANGE_EVENTS": {"front": given["RECEIVER"]}}
    django.setup()
    sending = import_string("anodyne_blocks.catalogue.sending")
    places = {"claimed": (sending.HttpClient, "post"), "answered": (sending, "_note")}
    if place := places.get(given["DIES"]):
        setattr(*place, die)
    print("ready", flush=True)
    sys.stdin.readline()
    print(sending.send_due().sent, flush=True)


if __name__ == "__main__":
    main()
