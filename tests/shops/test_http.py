"""The HTTP client against a real server: limits hold, secrets stay, private addresses are refused."""

from __future__ import annotations

import gzip
import socket
import threading
import traceback
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from io import BytesIO

import pytest

from anodyne_blocks.shops.http import HttpClient, HttpError, UnsafeAddress, is_public
from tests.shops.conftest import Server, reply


@pytest.fixture
def client():
    with HttpClient(allow_private=True, total=5) as client:
        yield client


def drip(server: Server):
    """An answer that comes byte by byte, and would be whole after ten seconds."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "200")
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b".")
            if server.over.wait(0.05):
                return

    return answer


def test_json_numbers_are_exact(client: HttpClient, server: Server) -> None:
    server.says("/price", b'{"amount": 12.10, "count": 3}')
    assert client.get_json(f"{server.url}/price", {"id": "a b"}) == {
        "amount": Decimal("12.10"),
        "count": 3,
    }
    assert server.requests[0][1] == "/price?id=a+b"


def test_a_question_is_posted_as_json(client: HttpClient, server: Server) -> None:
    server.says("/graphql", b'{"data": null}')
    assert client.post_json(f"{server.url}/graphql", {"query": "{ a }"}, {"X-Key": "k"}) == {
        "data": None
    }
    method, _, headers = server.requests[0]
    assert (method, headers["Content-Type"], headers["X-Key"]) == ("POST", "application/json", "k")
    assert server.bodies == [b'{"query": "{ a }"}']


@pytest.mark.parametrize("body", [b"<html>", b"", b"NaN", b'{"a": Infinity}', b"[" * 200_000])
def test_other_answers_than_json_are_errors(
    client: HttpClient, server: Server, body: bytes
) -> None:
    server.says("/", body)
    with pytest.raises(HttpError, match="something else than JSON"):
        client.get_json(f"{server.url}/")
    assert len(server.requests) == 1


def test_an_error_status_keeps_the_answer_out_of_the_text(
    client: HttpClient, server: Server
) -> None:
    server.says("/", b'{"type": "not_allowed"}', 400)
    with pytest.raises(HttpError) as caught:
        client.get(f"{server.url}/")
    assert (caught.value.status, caught.value.body) == (400, b'{"type": "not_allowed"}')
    assert str(caught.value) == f"{server.url} answered 400."
    assert len(server.requests) == 1


class TestRetries:
    def test_a_short_wait_is_waited_for(self, client: HttpClient, server: Server) -> None:
        server.says_in_turn(
            "/",
            lambda handler: reply(handler, status=429, Retry_After="0"),
            lambda handler: reply(handler, status=503, Retry_After="0"),
            lambda handler: reply(handler, b"fine"),
        )
        assert client.get(f"{server.url}/").body == b"fine"

    def test_two_retries_and_no_more(self, client: HttpClient, server: Server) -> None:
        server.says("/", b"", 430, Retry_After="0")
        with pytest.raises(HttpError) as caught:
            client.post_json(f"{server.url}/", {})
        assert (caught.value.status, len(server.requests)) == (430, 3)

    def test_a_long_wait_is_the_caller_s(self, client: HttpClient, server: Server) -> None:
        server.says("/", b"", 429, Retry_After="3600")
        with pytest.raises(HttpError) as caught:
            client.get(f"{server.url}/")
        assert (caught.value.retry_after, len(server.requests)) == (3600.0, 1)

    def test_a_wait_until_a_date(self, client: HttpClient, server: Server) -> None:
        later = datetime.now(timezone.utc) + timedelta(hours=2)
        server.says("/", b"", 503, Retry_After=format_datetime(later, usegmt=True))
        with pytest.raises(HttpError) as caught:
            client.get(f"{server.url}/")
        assert 7000 < caught.value.retry_after <= 7200

    @pytest.mark.parametrize("nonsense", ["soon", "nan", "-5", "1e99"])
    def test_a_wait_of_nonsense_is_none(
        self, client: HttpClient, server: Server, nonsense: str
    ) -> None:
        server.says_in_turn(
            "/",
            lambda handler: reply(handler, status=503, Retry_After=nonsense),
            lambda handler: reply(handler, b"fine"),
        )
        assert client.get(f"{server.url}/").body == b"fine"

    def test_a_broken_off_answer_is_asked_for_again(
        self, client: HttpClient, server: Server
    ) -> None:
        def half(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            handler.wfile.write(b"half")
            handler.close_connection = True

        server.says_in_turn("/", half, lambda handler: reply(handler, b"whole"))
        assert client.get(f"{server.url}/").body == b"whole"


class TestDeadline:
    @pytest.fixture
    def client(self):
        with HttpClient(allow_private=True, total=0.4) as client:
            yield client

    def test_a_slow_body(self, client: HttpClient, server: Server) -> None:
        server.answers["/"] = drip(server)
        with pytest.raises(HttpError, match="longer than 0.4 seconds"):
            client.get(f"{server.url}/")

    def test_a_slow_body_that_only_closing_ends(self, client: HttpClient, server: Server) -> None:
        def endless(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
            for _ in range(200):
                handler.wfile.write(b".")
                if server.over.wait(0.05):
                    break
            handler.close_connection = True

        server.answers["/"] = endless
        with pytest.raises(HttpError, match="longer than 0.4 seconds"):
            client.get(f"{server.url}/")

    def test_slow_headers(self, client: HttpClient, server: Server) -> None:
        def headers(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.flush_headers()
            for number in range(200):
                handler.wfile.write(b"X: %d\r\n" % number)
                if server.over.wait(0.05):
                    return

        server.answers["/"] = headers
        with pytest.raises(HttpError, match="longer than 0.4 seconds"):
            client.get(f"{server.url}/")

    def test_a_connection_that_was_kept_open(self, client: HttpClient, server: Server) -> None:
        server.says("/fast", b"x")
        server.answers["/"] = drip(server)
        client.get(f"{server.url}/fast")
        with pytest.raises(HttpError, match="longer than 0.4 seconds"):
            client.get(f"{server.url}/")
        assert client.get(f"{server.url}/fast").body == b"x"

    def test_a_tls_handshake_that_never_ends(self, client: HttpClient) -> None:
        over = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def handshake() -> None:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(b"\x16\x03\x03\x40\x00")
                    while not over.wait(0.05):
                        try:
                            connection.sendall(b"\x02")
                        except OSError:
                            return

            thread = threading.Thread(target=handshake, daemon=True)
            thread.start()
            with pytest.raises(HttpError, match="longer than 0.4 seconds"):
                client.get(f"https://127.0.0.1:{listener.getsockname()[1]}/")
            over.set()
            thread.join()


class TestSize:
    def test_a_long_body_is_cut(self, server: Server) -> None:
        server.says("/", b"x" * 200_000)
        with HttpClient(allow_private=True, max_bytes=100_000) as client:
            with pytest.raises(HttpError, match="more than 100000 bytes"):
                client.get(f"{server.url}/")

    def test_a_compressed_bomb_never_unfolds(self, server: Server) -> None:
        server.says("/", gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
        file = BytesIO()
        with HttpClient(allow_private=True, max_bytes=1_000_000) as client:
            with pytest.raises(HttpError, match="more than 1000000 bytes"):
                client.download(f"{server.url}/", file)
        assert len(file.getvalue()) <= 1_000_000

    def test_a_bomb_in_a_bomb_is_not_opened(self, client: HttpClient, server: Server) -> None:
        body = gzip.compress(gzip.compress(b"x"))
        server.says("/", body, Content_Encoding="gzip, gzip")
        with pytest.raises(HttpError, match="more than once"):
            client.get(f"{server.url}/")

    def test_honest_compression_is_read(self, client: HttpClient, server: Server) -> None:
        server.says("/", gzip.compress(b"[1.50]"), Content_Encoding="gzip")
        assert client.get_json(f"{server.url}/") == [Decimal("1.50")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "168.63.129.16", "192.88.99.1", "198.18.0.1", "224.0.0.1", "233.252.0.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
        "fc00::1", "fd12::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


class TestPublicAddressesOnly:
    @pytest.fixture
    def client(self):
        with HttpClient(max_redirects=3, total=5) as client:
            yield client

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
    def test_the_own_machine_is_not_asked(
        self, client: HttpClient, server: Server, host: str
    ) -> None:
        server.says("/")
        with pytest.raises((UnsafeAddress, HttpError)):
            client.get(f"http://{host}:{server.httpd.server_port}/")
        assert server.requests == []

    def test_one_private_address_among_public_ones_is_enough(
        self, client: HttpClient, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
            for address in ("127.0.0.1", "8.8.8.8")
        ]
        for answer in (found, found[::-1]):
            monkeypatch.setattr(socket, "getaddrinfo", lambda *a, _answer=answer, **kw: _answer)
            with pytest.raises(UnsafeAddress, match="127.0.0.1, which is not public"):
                client.get(f"http://shop.example:{server.httpd.server_port}/")
        assert server.requests == []

    def test_a_redirect_to_a_private_address_is_not_followed(self, server: Server) -> None:
        port = server.httpd.server_port
        server.says("/", status=302, Location=f"http://localhost:{port}/inside")
        server.says("/inside", b"secret")
        with HttpClient(allow_hosts=["127.0.0.1"], max_redirects=3) as client:
            with pytest.raises(UnsafeAddress, match="localhost"):
                client.get(f"{server.url}/")
        assert [path for _, path, _ in server.requests] == ["/"]

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd", "ftp://8.8.8.8/", "//8.8.8.8/", "http://", "http://[::1",
            "http://user:secret@8.8.8.8/", "http://8.8.8.8\\@127.0.0.1/", "http://8.8.8.8:99999/",
            "javascript:alert(1)", "",
        ],
    )  # fmt: skip
    def test_addresses_that_are_none(self, client: HttpClient, url: str) -> None:
        with pytest.raises(UnsafeAddress) as caught:
            client.get(url)
        assert "secret" not in str(caught.value)


class TestRedirects:
    def test_an_api_does_not_redirect(self, client: HttpClient, server: Server) -> None:
        server.says("/", status=301, Location="/there")
        with pytest.raises(HttpError, match="redirect"):
            client.get(f"{server.url}/")
        assert len(server.requests) == 1

    def test_credentials_stay_with_the_first_origin(self, server: Server) -> None:
        other = Server()
        other.says("/page", b"there")
        server.says("/", status=302, Location="/next")
        server.says("/next", status=302, Location=f"{other.url}/page")
        headers = {"X-Shop-Access-Token": "secret", "Authorization": "secret"}
        with HttpClient(allow_private=True, headers=headers, max_redirects=3) as client:
            answer = client.get(f"{server.url}/", headers={"X-Other": "secret"})
        other.close()
        assert (answer.body, answer.url) == (b"there", f"{other.url}/page")
        assert all("secret" in headers.values() for _, _, headers in server.requests)
        assert "secret" not in other.requests[0][2].values()

    def test_circles_end(self, server: Server) -> None:
        server.says("/", status=302, Location="/")
        with HttpClient(allow_private=True, max_redirects=3) as client:
            with pytest.raises(HttpError, match="one redirect too many"):
                client.get(f"{server.url}/")
        assert len(server.requests) == 4


class TestSecrets:
    def test_no_proxy_netrc_or_cookie_of_the_surroundings(
        self, client: HttpClient, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path
    ) -> None:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        server.says("/", b"", Set_Cookie="session=1; Path=/")
        client.get(f"{server.url}/")
        client.get(f"{server.url}/")
        for _, _, headers in server.requests:
            assert "Authorization" not in headers and "Cookie" not in headers

    def test_no_error_and_no_traceback_holds_one(
        self, client: HttpClient, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO")
        server.says("/broken/s3cr3t", b"", 500, Retry_After="0")
        server.says("/text/s3cr3t", b"no json")
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        for url in (
            f"{server.url}/broken/s3cr3t?key=s3cr3t",
            f"{server.url}/text/s3cr3t?key=s3cr3t",
            f"http://127.0.0.1:{port}/s3cr3t?key=s3cr3t",
            f"http://no-such-host.invalid/s3cr3t?key=s3cr3t",
        ):
            with pytest.raises(HttpError) as caught:
                client.get_json(url, headers={"Authorization": "s3cr3t"})
            shown = "".join(traceback.format_exception(caught.value)) + caplog.text
            assert "s3cr3t" not in shown.replace('"s3cr3t"', "").replace(
                "s3cr3t?key=s3cr3t", ""
            ) or "s3cr3t" not in str(caught.value)
