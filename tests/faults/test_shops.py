"""Each back end before a server that misbehaves: unknown with a reason, and then as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from anodyne_blocks.shops.base import Found, Shop, ShopError, Unknown
from anodyne_blocks.shops.http import HttpClient, HttpError, UnsafeAddress
from tests.faults.counting import peak
from tests.faults.faulty import FAULTS, Everywhere, changed, places, put
from tests.shops.conftest import Server
from tests.shops.stalls import STALLS, Size, Stall

MOST_BYTES = 40 * 1024 * 1024
# What each datum of an answer is changed to.
WRONG = (None, True, -1, 10**30, "\x00\ud800", [], {}, [{}], "x" * 300)
ID = 1


@pytest.fixture(params=STALLS)
def stall(request: pytest.FixtureRequest, server: Server) -> Stall:
    stall = STALLS[request.param](server)
    stall.sell([Size(ID, 12), Size(2, 15)], True)
    return stall


@pytest.fixture
def shop(stall: Stall) -> Iterator[Shop]:
    """Impatient, and it asks once: what is tried is how it ends."""
    with stall.shop(True) as shop:
        client = shop.client
        client.retries, client.timeouts, client.total = 0, (1.0, 0.4), 2.0
        yield shop


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_confirms_no_price_and_withdraws_nothing(
    shop: Shop, stall: Stall, server: Server, market: Any, fault: str
) -> None:
    external_id = stall.external_id(ID)
    honest = server.answers
    server.answers = Everywhere(FAULTS[fault])
    shop.close()
    answers: dict[str, Any] = {}
    assert peak(lambda: answers.update(shop.fetch([external_id], market))) < MOST_BYTES
    (answer,) = answers.values()
    assert isinstance(answer, Unknown)
    assert answer.reason
    assert answer.reason.isprintable()
    assert len(answer.reason) <= 600
    with pytest.raises(ShopError):
        list(shop.catalogue(market))
    server.answers = honest
    shop.close()
    (answer,) = shop.fetch([external_id], market).values()
    assert isinstance(answer, Found)


# Feeds and pages have tests of their own for it: test_feed_mutations.py, test_mutated_pages.py.
@pytest.mark.once
@pytest.mark.parametrize("stall", sorted(STALLS.keys() - {"feed", "page"}), indirect=True)
def test_wrong_json_at_every_field(shop: Shop, stall: Stall, server: Server, market: Any) -> None:
    """What it costs is a datum, a product or an answer; never an error of Python."""
    external_id, honest = stall.external_id(ID), server.answers
    said: list[Any] = []
    server.answers = changed(server, lambda data: said.append(data) or data)
    (before,) = shop.fetch([external_id], market).values()
    assert isinstance(before, Found)
    server.answers = honest
    tried = 0
    for number, data in enumerate(said):
        for at in places(data):
            for value in WRONG:
                turn = iter(range(100))

                def change(data: Any, at: Any = at, value: Any = value, turn: Any = turn,
                           number: int = number) -> Any:  # fmt: skip
                    if next(turn) != number:
                        return data
                    with suppress(LookupError, TypeError):
                        return put(data, at, value)
                    return data

                server.answers = honest
                server.answers = changed(server, change)
                shop.close()
                (answer,) = shop.fetch([external_id], market).values()
                if isinstance(answer, Found):
                    # It can be stored: whatever it says passes its own door again.
                    replace(answer.offer)
                elif isinstance(answer, Unknown):
                    assert answer.reason.isprintable(), (at, value)
                tried += 1
    assert tried > 100


@pytest.mark.parametrize("fault", FAULTS)
def test_only_its_own_errors_leave_the_client(server: Server, fault: str) -> None:
    server.answers = Everywhere(FAULTS[fault])
    with HttpClient(
        allow_private=True, max_redirects=3, retries=0, total=2, read=0.4, max_bytes=100_000
    ) as client:
        with pytest.raises((HttpError, UnsafeAddress)) as caught:
            answer = client.get_json(server.url)
            # Only these are whole answers, in JSON.
            assert fault in ("null", "a number without end"), answer
            raise HttpError("as said")
        assert str(caught.value).isprintable()
        assert client.session.adapters
