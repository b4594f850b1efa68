"""The Nu HTML checker finds no error on any page of the example site."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.site import ADDRESSES, TOOLS

pytestmark = pytest.mark.browser

CHECKER = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"


def errors_in(addresses: dict[str, str], folder: Path) -> list[str]:
    """What the checker finds wrong at {name: address}; the pages are kept in `folder`."""
    files = []
    for name, address in addresses.items():
        with urllib.request.urlopen(address) as response:
            file = folder / f"{name}.html"
            file.write_bytes(response.read())
        files.append(str(file))
    # The checker exits with 1 where it has messages; without JSON it has not run.
    command = ["java", "-jar", str(CHECKER), "--format", "json", *files]
    result = subprocess.run(command, capture_output=True, text=True)
    messages = json.loads(result.stderr)["messages"]
    return [
        f"{Path(message['url']).name}:{message.get('lastLine')}: {message['message']}"
        f" {message.get('extract', '')!r}"
        for message in messages
        if message["type"] == "error"
    ]


def test_pages_are_valid_html(origin: str, tmp_path: Path) -> None:
    pages = {address.name: origin + address.path for address in ADDRESSES}
    assert errors_in(pages, tmp_path) == []
