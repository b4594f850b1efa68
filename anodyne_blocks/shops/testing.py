# ruff: noqa: S101 (these are tests)
"""The contract that every shop keeps, as a test class for pytest.

Subclass it in your tests::

    class TestMyShop(ShopContract):
        known_id, unknown_id, words = "17", "no-such-id", "lamp"

        @pytest.fixture
        def shop(self):
            with MyShop("webshop", url="http://127.0.0.1:9000") as shop:
                yield shop

        @pytest.fixture
        def broken_shop(self):
            with MyShop("webshop", url="http://127.0.0.1:1") as shop:
                yield shop

        @pytest.fixture
        def market(self):
            return Market(key="nl", locales=("nl",), country="NL", currency="EUR")
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found, Gone, InvalidWebhook, Shop, ShopError, Skipped, Unknown
from anodyne_blocks.shops.offer import ShopOffer

__all__ = ["ShopContract"]


class ShopContract:
    """Subclass it, name the ids and give the fixtures `shop`, `broken_shop` and `market`.

    `broken_shop` is the same class, but nothing answers behind it. Without a search or a catalogue
    set `can_search` or `can_list` to False. `secrets` are the credentials in the options.
    """

    known_id: str
    unknown_id: str = "anodyne-no-such-product"
    words: str = ""
    can_search: bool = True
    can_list: bool = True
    secrets: tuple[str, ...] = ()

    def check_offer(self, offer: ShopOffer, market: Market) -> None:
        """What holds for every offer, wherever it comes from."""
        assert offer.external_id and offer.name
        assert offer.currency == (market.currency or offer.currency)
        assert isinstance(offer.availability, Stock)
        for name in ("price", "list_price", "shop_prior_price", "unit_price", "rating"):
            assert isinstance(getattr(offer, name), (Decimal, type(None))), name
        if offer.list_price is not None:
            assert offer.price is not None and offer.list_price > offer.price
        for text in (offer.title, offer.name, offer.description):
            assert "<p>" not in text and "&amp;" not in text and "\n" not in text
        for url in (offer.url, offer.image_url):
            assert not url or url.startswith(("http://", "https://"))

    def check_reason(self, reason: str) -> None:
        """A reason says something, and no credential."""
        assert reason.strip()
        assert not any(secret in reason for secret in self.secrets)

    def test_a_known_id_is_found(self, shop: Shop, market: Market) -> None:
        answer = shop.fetch([self.known_id], market)[self.known_id]
        assert isinstance(answer, Found), answer
        assert answer.external_id == self.known_id
        self.check_offer(answer.offer, market)

    def test_an_id_the_shop_does_not_have_is_gone(self, shop: Shop, market: Market) -> None:
        answers = shop.fetch([self.unknown_id], market)
        assert answers == {self.unknown_id: Gone(self.unknown_id)}

    def test_every_id_is_answered_once_and_in_order(self, shop: Shop, market: Market) -> None:
        many = [f"{self.unknown_id}-{n}" for n in range(min(shop.batch_size, 100) + 1)]
        ids = [self.known_id, *many, self.known_id]
        answers = shop.fetch(ids, market)
        assert list(answers) == [self.known_id, *many]
        assert isinstance(answers[self.known_id], Found)
        assert all(answer.external_id == i for i, answer in answers.items())

    def test_no_ids_no_answers(self, shop: Shop, market: Market) -> None:
        assert shop.fetch([], market) == {}

    def test_strange_ids_hurt_nobody(self, shop: Shop, market: Market) -> None:
        strange = ['"', "{", "'; --", "../../admin", "é" * 50, "a,b", "&x=1", " "]
        answers = shop.fetch([*strange, self.known_id], market)
        assert list(answers) == [*strange, self.known_id]
        assert not any(isinstance(answers[i], Found) for i in strange)

    def test_another_currency_than_the_market_s_is_never_found(
        self, shop: Shop, market: Market
    ) -> None:
        elsewhere = Market(market.key, market.locales, market.country, currency="XTS")
        answer = shop.fetch([self.known_id], elsewhere)[self.known_id]
        assert not isinstance(answer, Found) or answer.offer.currency == "XTS"

    def test_a_broken_shop_knows_nothing(self, broken_shop: Shop, market: Market) -> None:
        answers = broken_shop.fetch([self.known_id, self.unknown_id], market)
        assert list(answers) == [self.known_id, self.unknown_id]
        for answer in answers.values():
            assert isinstance(answer, Unknown), answer
            self.check_reason(answer.reason)

    def test_a_broken_shop_raises_shop_errors_only(self, broken_shop: Shop, market: Market) -> None:
        with pytest.raises(ShopError) as searched:
            broken_shop.search(self.words or "anything", market)
        with pytest.raises(ShopError) as listed:
            list(broken_shop.catalogue(market))
        self.check_reason(str(searched.value))
        self.check_reason(str(listed.value))

    def test_search_finds_by_words(self, shop: Shop, market: Market) -> None:
        if not self.can_search:
            with pytest.raises(ShopError):
                shop.search(self.words, market)
            return
        offers = shop.search(self.words, market)
        assert self.known_id in [offer.external_id for offer in offers]
        for offer in offers:
            self.check_offer(offer, market)
        assert len(shop.search(self.words, market, limit=1)) == 1
        assert shop.search("qzxjwvk", market) == []

    def test_the_catalogue_is_a_stream_of_offers(self, shop: Shop, market: Market) -> None:
        if not self.can_list:
            with pytest.raises(ShopError):
                list(shop.catalogue(market))
            return
        entries = shop.catalogue(market)
        assert iter(entries) is entries, "a stream, not a list"
        ids = []
        for entry in entries:
            if isinstance(entry, Skipped):
                self.check_reason(entry.reason)
            else:
                self.check_offer(entry, market)
                ids.append(entry.external_id)
        assert self.known_id in ids
        assert len(ids) == len(set(ids))

    def test_catalogue_and_fetch_agree(self, shop: Shop, market: Market) -> None:
        if not self.can_list:
            return
        listed = {e.external_id: e for e in shop.catalogue(market) if isinstance(e, ShopOffer)}
        answer = shop.fetch([self.known_id], market)[self.known_id]
        assert isinstance(answer, Found)
        assert answer.offer == listed[self.known_id]

    def test_a_forged_webhook_is_refused(self, shop: Shop) -> None:
        forged: list[tuple[dict[str, Any], bytes]] = [({}, b""), ({}, b'{"id": 1}'), ({}, b"\xff")]
        for headers, body in forged:
            with pytest.raises(InvalidWebhook):
                shop.verify_webhook(headers, body)
