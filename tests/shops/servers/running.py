"""Real shop servers: installed from npm once, started on a free port, and stopped for sure."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[2] / "build" / "shops"
START_SECONDS = 240


# What the servers sign their notifications with.
SECRET = "tests only"


class ServerFailed(RuntimeError):
    """A server did not start; the text ends with what it said."""


def installed(name: str) -> Path:
    """The folder with the scripts of server `name` and its npm packages.

    They are installed into build/shops/ the first time, which takes minutes.
    """
    folder = CACHE / name
    shutil.copytree(HERE / name, folder, dirs_exist_ok=True)
    wanted = (folder / "package.json").read_text()
    stamp = folder / "installed.json"
    if not stamp.exists() or stamp.read_text() != wanted:
        run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], folder)
        stamp.write_text(wanted)
    return folder


def documented_js(page: str) -> str:
    """The JavaScript of a page in docs/how-to/shops, so that what it says is what is tested."""
    text = (HERE.parents[2] / "docs" / "how-to" / "shops" / f"{page}.md").read_text()
    return re.search(r"^```js\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[1]


class Deliveries:
    """An address that takes notifications: (headers, body) in `taken`, as they come."""

    def __init__(self) -> None:
        taken: list[tuple[dict[str, str], bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken.append((dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.taken = taken
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.env = {
            "ANODYNE_ADDRESS": f"http://127.0.0.1:{self._httpd.server_port}/",
            "ANODYNE_SECRET": SECRET,
        }

    def __enter__(self) -> Deliveries:
        threading.Thread(target=self._httpd.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()

    def wait_for(self, wanted: Callable[[dict[str, str], bytes], bool]) -> bool:
        """Whether a delivery like that comes within some seconds."""
        ends = time.monotonic() + 15
        while time.monotonic() < ends:
            if any(wanted(headers, body) for headers, body in list(self.taken)):
                return True
            time.sleep(0.1)
        return False


def run(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> str:
    """What `command` prints; `ServerFailed` when it fails."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | dict(env or {}), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        raise ServerFailed(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
    return done.stdout


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def running(
    command: Sequence[str], folder: Path, env: Mapping[str, str], ready: str
) -> Iterator[None]:
    """Run a server until the `with` ends; it begins once the server's output holds `ready`."""
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | dict(env),
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait(process, log, ready)
        yield
    finally:
        process.stdin.close()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def node(*script: str) -> list[str]:
    """The command that runs a script by Node, which ends when these tests do."""
    return ["node", "--require", str(HERE / "end_with_stdin.js"), *script]


def _wait(process: subprocess.Popen[bytes], log: Path, ready: str) -> None:
    ends = time.monotonic() + START_SECONDS
    while ready not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > ends:
            raise ServerFailed(f"The server did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.2)
