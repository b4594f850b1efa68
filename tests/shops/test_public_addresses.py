"""Addresses that editors or feeds supply: only public ones are ever connected to."""

from __future__ import annotations

import socket

import pytest

from anodyne_blocks.shops.http import HttpClient, HttpError, UnsafeAddress, is_public
from tests.shops.conftest import Server


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "168.63.129.16", "192.88.99.1", "198.18.0.1", "224.0.0.1", "233.252.0.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
        "192.31.196.1", "192.52.193.1", "192.175.48.1", "2001:3::1", "2001:4:112::1",
        "2001:20::1", "2620:4f:8000::1", "::ffff:0:7f00:1",
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
