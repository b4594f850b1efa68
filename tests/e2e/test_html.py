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


def test_pages_are_valid_html(origin: str, tmp_path: Path) -> None:
    files = []
    for address in ADDRESSES:
        with urllib.request.urlopen(origin + address.path) as response:
            file = tmp_path / f"{address.name}.html"
            file.write_bytes(response.read())
        files.append(str(file))
    # The checker exits with 1 where it has messages; without JSON it has not run.
    command = ["java", "-jar", str(CHECKER), "--format", "json", *files]
    result = subprocess.run(command, capture_output=True, text=True)
    messages = json.loads(result.stderr)["messages"]
    errors = [
        f"{Path(message['url']).name}:{message.get('lastLine')}: {message['message']}"
        f" {message.get('extract', '')!r}"
        for message in messages
        if message["type"] == "error"
    ]
    assert errors == []
