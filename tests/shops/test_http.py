"""The HTTP client against a real server: limits hold, secrets stay, private networks are safe."""

from __future__ import annotations

import gzip
import socket
import traceback
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from io import BytesIO

import pytest

from anodyne_blocks.shops.http import HttpClient, HttpError, UnsafeAddress
from tests.shops.conftest import CERTIFICATE, Server, reply


@pytest.fixture
def client():
    with HttpClient(allow_private=True, total=5) as client:
        yield client


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

    def test_a_limit_that_is_told_with_status_400_is_waited_for(
        self, client: HttpClient, server: Server
    ) -> None:
        # As WooCommerce tells it.
        body = b'{"code": "rate_limit_exceeded", "data": {"status": 400}}'
        server.says_in_turn(
            "/",
            lambda handler: reply(handler, body, 400, RateLimit_Retry_After="0"),
            lambda handler: reply(handler, b"good"),
        )
        assert client.get(f"{server.url}/").body == b"good"
        server.says("/", body, 400, RateLimit_Retry_After="3600")
        with pytest.raises(HttpError, match="fewer requests") as caught:
            client.get(f"{server.url}/")
        assert (caught.value.status, caught.value.retry_after) == (429, 3600)

    @pytest.mark.parametrize(
        "nonsense", ["soon", "nan", "-5", "1e99", "Wed, 21 Oct 99999999999 07:28:00 GMT"]
    )
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
    """The request ends by itself: the server did not get to the end of its answer."""

    KNOWN_LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"

    @pytest.fixture
    def client(self):
        with HttpClient(allow_private=True, total=0.4, ca_bundle=CERTIFICATE) as client:
            yield client

    def too_late(self, client: HttpClient, server: Server) -> None:
        with pytest.raises(HttpError, match="longer than 0.4 seconds"):
            client.get(f"{server.url}/slow")
        assert not server.gave_all

    @pytest.mark.parametrize(
        ("start", "piece"),
        [
            (KNOWN_LENGTH, b"."),
            (b"HTTP/1.0 200 OK\r\n\r\n", b"."),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n"),
            (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
            (b"", b"."),
        ],
        ids=["length", "until closed", "chunks", "headers", "status"],
    )
    def test_slow_answers(
        self, client: HttpClient, server: Server, start: bytes, piece: bytes
    ) -> None:
        server.drip("/slow", start, piece)
        self.too_late(client, server)

    def test_under_tls(self, client: HttpClient, tls_server: Server) -> None:
        tls_server.drip("/slow", self.KNOWN_LENGTH, b".")
        self.too_late(client, tls_server)

    def test_a_connection_that_was_kept_open(self, client: HttpClient, server: Server) -> None:
        server.says("/fast", b"x")
        server.drip("/slow", self.KNOWN_LENGTH, b".")
        client.get(f"{server.url}/fast")
        self.too_late(client, server)
        assert client.get(f"{server.url}/fast").body == b"x"

    def test_a_tls_handshake_that_never_ends(self, client: HttpClient) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            with pytest.raises(HttpError, match="did not answer|longer than"):
                client.get(f"https://127.0.0.1:{listener.getsockname()[1]}/")


class TestTls:
    def test_a_certificate_that_nobody_vouches_for(
        self, client: HttpClient, tls_server: Server
    ) -> None:
        with pytest.raises(HttpError, match="certificate is not trusted"):
            client.get(f"{tls_server.url}/")
        assert tls_server.requests == []

    def test_one_s_own_authority(self, tls_server: Server) -> None:
        tls_server.says("/", b"x")
        with HttpClient(allow_private=True, ca_bundle=CERTIFICATE) as client:
            assert client.get(f"{tls_server.url}/").body == b"x"

    def test_a_certificate_of_another_name(self, tls_server: Server) -> None:
        with HttpClient(allow_private=True, ca_bundle=CERTIFICATE) as client:
            with pytest.raises(HttpError, match="certificate is not trusted"):
                client.get(f"{tls_server.url}/".replace("127.0.0.1", "localhost"))

    def test_never_back_to_plain_text(self, tls_server: Server, server: Server) -> None:
        tls_server.says("/", status=302, Location=f"{server.url}/")
        with HttpClient(allow_private=True, ca_bundle=CERTIFICATE, max_redirects=3) as client:
            with pytest.raises(UnsafeAddress, match="unencrypted"):
                client.get(f"{tls_server.url}/")
        assert server.requests == []


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

    def test_a_bomb_in_a_redirect_never_unfolds(self, server: Server) -> None:
        bomb = gzip.compress(b"\0" * 50_000_000)
        server.says("/", bomb, 302, Content_Encoding="gzip", Location="/there")
        server.says("/there", b"whole")
        for redirects in (0, 3):
            with HttpClient(
                allow_private=True, max_bytes=1_000_000, max_redirects=redirects
            ) as client:
                with pytest.raises(HttpError, match="more than 1000000 bytes"):
                    client.get(f"{server.url}/")

    def test_honest_compression_is_read(self, client: HttpClient, server: Server) -> None:
        server.says("/", gzip.compress(b"[1.50]"), Content_Encoding="gzip")
        assert client.get_json(f"{server.url}/") == [Decimal("1.50")]


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

    def test_only_hosts_that_were_named_are_asked(self, server: Server) -> None:
        elsewhere = server.url.replace("127.0.0.1", "localhost")
        server.says("/", status=302, Location=f"{elsewhere}/there")
        server.says("/there", status=302, Location=f"{server.url}/back")
        with HttpClient(allow_private=True, only_hosts=["127.0.0.1"], max_redirects=3) as client:
            with pytest.raises(UnsafeAddress, match="localhost.* is not one of the hosts"):
                client.get(f"{server.url}/")
        assert [path for _, path, _ in server.requests] == ["/"]

    def test_an_address_that_cannot_be_read(self, server: Server) -> None:
        server.says("/", status=302, Location="http://[")
        for redirects in (0, 3):
            with HttpClient(allow_private=True, max_redirects=redirects) as client:
                with pytest.raises(UnsafeAddress, match="cannot be read"):
                    client.get(f"{server.url}/")

    def test_an_address_in_another_script(self, server: Server) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(
                "HTTP/1.1 302 Found\r\nLocation: /måtte\r\nContent-Length: 0\r\n\r\n".encode()
            )

        server.answers["/"] = answer
        server.says("/m%C3%A5tte", b"there")
        with HttpClient(allow_private=True, max_redirects=1) as client:
            assert client.get(f"{server.url}/").body == b"there"

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
        secret = "".join(["s3", "cr3t"])  # so that a traceback's source lines do not show it
        server.says(f"/broken/{secret}", b"", 500, Retry_After="0")
        server.says(f"/text/{secret}", b"no json")
        with socket.create_server(("127.0.0.1", 0)) as closed:
            nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/text"
        for base in (f"{server.url}/broken", f"{server.url}/text", nobody):
            with pytest.raises(HttpError) as caught:
                client.get_json(f"{base}/{secret}?key={secret}", headers={"X-Key": secret})
            shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
            assert secret not in shown + caplog.text

    def test_no_log_holds_one(
        self, client: HttpClient, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nno header\r\n\r\n")
            handler.close_connection = True

        caplog.set_level("DEBUG", "urllib3")
        server.answers["/s3cr3t"] = answer
        client.get(f"{server.url}/s3cr3t?key=s3cr3t")
        assert "Failed to parse headers" in caplog.text and '"GET /… HTTP/1.1" 200' in caplog.text
        assert "s3cr3t" not in caplog.text


def test_no_connection_is_kept_that_the_server_closed(client: HttpClient, server: Server) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(handler)
        handler.close_connection = True  # without a header that says so

    server.answers["/"] = answer
    for _ in range(20):
        client.get(f"{server.url}/")
    assert len(client.guard._open) <= 1
