"""What fails in one market is told of that market, and fails in no other."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anodyne_blocks.catalogue.attention import Kind, concerns
from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
from anodyne_blocks.models import Offer, Product
from anodyne_blocks.shops import Gap, ShopError, ShopOffer, Unknown
from anodyne_blocks.shops.dummy import Dummy

pytestmark = pytest.mark.django_db

BRACE = {"brace": {"title": "Brace", "price": {"nl": "39.75", "da": "299.00"}}}


@pytest.fixture
def product(shop) -> Product:
    """Sold in the Netherlands and in Denmark, and due again."""
    shop(BRACE)
    made = Product.objects.create(shop="webshop", external_id="brace", name="Brace")
    refresh_due()
    mark_due("webshop")
    return made


@pytest.fixture
def danish(monkeypatch):
    """`danish(answer)`: what the shop says of Denmark from now on, an answer or an error."""
    fetch_batch = Dummy.fetch_batch

    def say(answer: Any) -> None:
        def fetch(self, ids, market, known):
            if market.key != "da":
                return fetch_batch(self, ids, market, known)
            if isinstance(answer, Exception):
                raise answer
            return dict.fromkeys(ids, answer)

        monkeypatch.setattr(Dummy, "fetch_batch", fetch)

    return say


def euros() -> Any:
    from anodyne_blocks.shops import Found

    return Found(ShopOffer(external_id="brace", title="Brace", price=None, currency="EUR"))


def refreshed() -> str:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("refresh_products", stdout=out, stderr=out)
    assert error.value.returncode == 1
    return out.getvalue()


def offer(market: str) -> Offer:
    return Offer.objects.get(market=market)


@pytest.mark.parametrize(
    ("answer", "reason", "is_stale"),
    [
        (ShopError("Channel 'dnk' does not exist."), "Channel 'dnk' does not exist.", False),
        (Unknown("brace", "No price in this region."), "No price in this region.", False),
        (Unknown("brace", "The price has ended.", gap=Gap.NO_PRICE), "The price has ended.", True),
        (euros, "The price is in EUR, but market 'da' sells in DKK.", True),
    ],
)
def test_its_prices_are_not_confirmed_and_the_reason_is_told_everywhere(
    product, danish, answer, reason, is_stale
):
    danish(answer() if callable(answer) else answer)
    said = refreshed()
    assert f"webshop · da: 1 prices not confirmed: {reason}" in said
    assert "1 refreshed" in said and "nl" not in said
    product.refresh_from_db()
    assert (product.refresh_failures, product.refresh_error) == (0, "")
    assert offer("nl").refresh_error == ""
    assert offer("da").refresh_error == reason
    assert offer("da").is_stale(timezone.now()) is is_stale
    found = concerns(product, ["nl", "da"], timezone.now(), diagnostics=True)
    failing = [concern for concern in found if concern.kind is Kind.FAILING]
    assert [(concern.market, reason in concern.text) for concern in failing] == [("da", True)]


def test_an_answer_ends_the_trouble(product, danish, shop, monkeypatch):
    danish(ShopError("Down for Denmark."))
    refreshed()
    monkeypatch.undo()
    mark_due("webshop")
    assert not refresh_due().troubles
    assert offer("da").refresh_error == ""


def test_a_market_in_which_it_was_never_sold_is_no_trouble(shop, danish):
    shop(BRACE)
    danish(ShopError("No channel is set for market 'da'."))
    Product.objects.create(shop="webshop", external_id="brace", name="Brace")
    result = refresh_due()
    assert (result.refreshed, result.failed, dict(result.troubles)) == (1, 0, {})


class TestImports:
    def run(self, code: int | None = None) -> str:
        out = StringIO()
        try:
            call_command("import_products", stdout=out, stderr=out)
        except CommandError as error:
            assert error.returncode == code
        else:
            assert code is None
        return out.getvalue()

    def test_an_empty_catalogue_of_one_market_changes_nothing_and_is_told(self, product, shop):
        shop({"brace": {"title": "Brace", "price": {"nl": "35.00"}}})
        said = self.run(code=1)
        assert "The catalogue of market 'da' is empty, and 1 products of it are known." in said
        assert (offer("nl").price, offer("da").withdrawn_at) == (35, None)

    def test_a_row_that_takes_a_price_back_makes_it_stale(self, product, monkeypatch):
        def catalogue(self, market, known):
            from anodyne_blocks.shops import Skipped

            yield Skipped("brace", "The price has ended.", 1, Gap.NO_PRICE)

        monkeypatch.setattr(Dummy, "catalogue", catalogue)
        said = self.run(code=1)
        assert "market 'nl' has no row that can be used, and 1 products of it are known" in said
        assert offer("nl").is_stale(timezone.now())
        assert offer("nl").refresh_error == "The price has ended."

    def test_a_hundred_equal_skips_are_one_line_with_a_count(self, shop):
        shop(
            BRACE | {f"p{n}": {} for n in range(100)}, failing={f"p{n}": "Odd." for n in range(100)}
        )
        lines = [line for line in self.run().splitlines() if "Odd." in line]
        assert lines[0] == "webshop · nl: row 2 (p0) and 99 more: Odd."

    def test_what_was_left_out_of_good_rows_is_told(self, shop):
        shop({"brace": BRACE["brace"] | {"rating": "7"}})
        said = self.run()
        assert (
            "1 offers are in without a part: The rating is left out: rating 7 is above 5." in said
        )
        assert offer("nl").notes == "The rating is left out: rating 7 is above 5."
