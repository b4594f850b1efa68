"""docs/tutorial/first-article.md from an empty folder, as it stands, on each supported Wagtail."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup

from tests.factories import plain

HERE = Path(__file__).parent
SCRIPT = HERE / "render_every_block.py"
TUTORIAL = (HERE.parent / "docs" / "tutorial" / "first-article.md").read_text()
SAMPLE = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
# How the words before a sample name its file, and say what becomes of that.
FILE = re.compile(r"(new\s+file|what\s+is\s+in|the\s+end\s+of|\bin)\s+`([\w/.]+)`", re.IGNORECASE)
ADDRESS = "http://127.0.0.1:8000"
# Where a reader is sent to look, and what is said to be seen there.
LOOK = re.compile(r"<http://127\.0\.0\.1:8000/sitting/>|Load the page again")
SEEN = re.compile("“([^”]+)”")

pytestmark = pytest.mark.matrix


class Reader:
    """Does what a tutorial says, in an empty folder with this environment around."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.commands = 0
        self.said = ""
        self.graph: Any = None
        self.address = ADDRESS
        self._terminal: list[str] = []

    def follow(self, text: str) -> Iterator[BeautifulSoup]:
        """Does all of it, step by step; yields the page whenever the reader looks at it."""
        with ExitStack() as self.open:
            *steps, last = SAMPLE.split(text)
            for words, language, sample in zip(steps[::3], steps[1::3], steps[2::3], strict=True):
                yield from self._look(words)
                self._take(words.strip().rpartition("\n\n")[2], language, sample)
            yield from self._look(last)

    def run(self, command: str) -> None:
        """One command, which must succeed, after those that the terminal remembers."""
        self.commands += 1
        script = "\n".join(["set -e", *self._terminal, command])
        if command.startswith((". ", "cd ")):
            self._terminal.append(command)
        given: Any = {"cwd": self.folder, "env": self.environment, "text": True}
        if command.endswith(" runserver"):
            self.open.enter_context(self._serving(script, given))
            return
        result = subprocess.run(["sh", "-c", script], capture_output=True, **given)
        assert result.returncode == 0, command + result.stdout + result.stderr
        self.said = result.stdout

    def _take(self, words: str, language: str, sample: str) -> None:
        """One sample by the paragraph before it; what no rule knows is a mistake of the text."""
        if language == "sh":
            for command in sample.splitlines():
                self.run(command)
        elif named := FILE.search(words):
            self._write(named[1].split()[0].lower(), self.folder / "magazine" / named[2], sample)
        elif language == "json":
            asked = json.loads(sample).items()
            assert any(asked <= node.items() for node in _nodes(self.graph)), self.graph
        else:
            assert language == "text" and sample in self.said, (sample, self.said)

    @staticmethod
    def _write(how: str, path: Path, sample: str) -> None:
        before = "" if how == "new" else path.read_text()
        if how == "new":
            assert not path.exists()
        elif how == "the":
            sample = f"{before}\n\n{sample}"
        elif how == "in":
            line = sample.splitlines(keepends=True)[0]
            assert before.count(line) == 1, line
            sample = before.replace(line, sample)
        path.write_text(sample)

    def _look(self, words: str) -> Iterator[BeautifulSoup]:
        for look in LOOK.finditer(words):
            with urlopen(f"{self.address}/sitting/", timeout=60) as answer:
                page = BeautifulSoup(answer.read(), "html.parser")
            self.graph = json.loads(page.find("script", type="application/ld+json").string)
            shown = plain(page.get_text(" "))
            for seen in SEEN.findall(words[look.start() :]):
                assert plain(seen) in shown, (seen, shown)
            yield page

    @contextmanager
    def _serving(self, script: str, given: Any) -> Iterator[None]:
        """`runserver`; at another port where somebody else of this machine has its own."""
        port = 8000
        with socket.socket() as held:
            if held.connect_ex(("127.0.0.1", port)) == 0:
                with socket.create_server(("127.0.0.1", 0)) as free:
                    port = free.getsockname()[1]
                self.address, script = f"http://127.0.0.1:{port}", f"{script} {port}"
        server = subprocess.Popen(
            ["sh", "-c", script],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **given,
        )
        try:
            for _ in range(600):
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every object within JSON."""
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _nodes(part)


def constraints(lock: str, wheel: Path, folder: Path) -> Path:
    """A lock's versions and our wheel; without the hashes, as pip would want one of the wheel."""
    text = (HERE.parent / "requirements" / f"{lock}.txt").read_text()
    versions = re.findall(r"^[^\s#].*?(?= \\$)", text, re.MULTILINE)
    path = folder / "constraints.txt"
    path.write_text("\n".join([*versions, f"anodyne-blocks @ {wheel.as_uri()}"]))
    return path


@pytest.mark.parametrize(("wagtail", "lock"), [("7.4", "wagtail-7.4"), ("8.0", "test")])
def test_the_tutorial_works_and_its_site_renders_every_element(
    wagtail: str, lock: str, wheel_path: Path, tmp_path: Path
) -> None:
    # No setting of this test run is around, and `python3` is what runs it.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTHON", "ANODYNE_"))
    } | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONWARNINGS": "error::DeprecationWarning:anodyne_blocks",
        "PIP_CONSTRAINT": str(constraints(lock, wheel_path, tmp_path)),
        "PIP_ONLY_BINARY": ":all:",
        "PIP_QUIET": "1",
    }
    folder = tmp_path / "empty"
    folder.mkdir()
    reader = Reader(folder, environment)
    before, after = (page.select_one(".anodyne-product-card") for page in reader.follow(TUTORIAL))
    assert f"with {reader.commands} commands" in TUTORIAL
    assert "€53.00" in plain(before.text) and "%" not in before.text
    assert "€39.75" in plain(after.text) and "−25%" in after.text

    (reader.folder / "magazine" / SCRIPT.name).write_text(SCRIPT.read_text())
    reader.run(f"python {SCRIPT.name}")
    assert f"Wagtail {wagtail}" in reader.said
