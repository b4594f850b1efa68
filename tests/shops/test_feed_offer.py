"""Items of a merchant feed: what is priced, for how long, and what is no price."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Found, Skipped, Unknown
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.offer import ShopOffer
from tests.shops.conftest import END, RSS, item


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)


class TestGoods:
    def test_what_is_priced(self, entry) -> None:
        goods = entry(
            gtin="4006381 333931", mpn="MAT-9", condition="Refurbished", multipack="6",
            is_bundle="yes", external_seller_id="S7",
        ).goods  # fmt: skip
        assert goods.as_record() == {
            "variant": "mat", "gtin": "4006381333931", "sku": "MAT-9", "condition": "refurbished",
            "pack": "6 bundle", "seller": "S7", "is_from": False, "tax_included": True,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("new", "new"), ("New", "new"), ("used", "used"), ("Used - like new", "used"),
            ("https://schema.org/UsedCondition", "used"), ("DamagedCondition", "used"),
            ("renewed", "refurbished"), ("", ""),
        ],
    )  # fmt: skip
    def test_conditions(self, entry, word: str, expected: str) -> None:
        assert entry(condition=word).condition == expected

    @pytest.mark.parametrize(
        ("fields", "name", "note"),
        [
            ({"gtin": "n/a"}, "gtin", "The gtin is left out: 'n/a' is no GTIN."),
            ({"gtin": "00000000"}, "gtin", "The gtin is left out"),
            ({"gtin": "4006381333931", "mpn": "x", "identifier_exists": "no"}, "gtin", ""),
            ({"mpn": "x", "identifier_exists": "False"}, "sku", ""),
            ({"multipack": "0"}, "pack", ""),
            ({"multipack": "1", "is_bundle": "no"}, "pack", ""),
            ({"multipack": "six"}, "pack", "multipack 'six' is no number"),
            ({"unit_pricing_measure": "some"}, "unit_measure", "The unit price is left out"),
            ({"image_link": "mat.png"}, "image_url", "The picture is left out"),
            ({"availability": "perhaps"}, "list_price", "'perhaps' is no word of Google's"),
            ({"expiration_date": "soon"}, "price_until", "The end of the price is left out"),
            (
                {"availability": "preorder", "availability_date": "May"},
                "available_from",
                "The day of availability is left out",
            ),
        ],
    )
    def test_a_bad_datum_costs_itself(self, entry, fields, name: str, note: str) -> None:
        offer = entry(**fields)
        assert isinstance(offer, ShopOffer), offer
        assert not getattr(offer, name)
        assert note in offer.notes and bool(note) == bool(offer.notes)
        assert offer.price == Decimal("53.00")

    def test_variants_are_items_of_one_group(self, feed, market: Market) -> None:
        shop = feed(
            item(id="m", title="Knee brace", item_group_id="brace", size="M", color="blue"),
            item(id="l", title="Knee brace blue", item_group_id="brace", size="L", color="Blue"),
            item(id="x", item_group_id="brace", price="?"),
            item(id="rug", item_group_id="rug"),
            item(id="lamp"),
        )
        found = {offer.external_id: offer.title for offer in shop.variants("l", market)}
        assert found == {"m": "Knee brace – blue, M", "l": "Knee brace blue – L"}
        assert list(shop.fetch(list(found), market)) == list(found)
        for alone in ("rug", "lamp", "none"):
            assert shop.variants(alone, market) == []


class TestTime:
    @pytest.mark.parametrize(
        ("fields", "until"),
        [
            ({"expiration_date": "2026-04-01"}, utc(2026, 4, 2)),
            ({"expiration_date": "2026-04-01T12:00+0200"}, utc(2026, 4, 1, 10)),
            ({"expiration_date": "20260401t1200z"}, utc(2026, 4, 1, 12)),
            ({"expiration_date": "2026-04-01 12:00:00,5 UTC"}, utc(2026, 4, 1, 12)),
            (
                {"sale_price": "40 EUR", "sale_price_effective_date": "2026-03-01/2026-03-31"},
                utc(2026, 4, 1),
            ),
            (
                # The price of today ends when the sale begins.
                {"sale_price": "40 EUR", "sale_price_effective_date": "2026-03-20/2026-03-31"},
                utc(2026, 3, 20),
            ),
            (
                {
                    "sale_price": "40 EUR",
                    "sale_price_effective_date": "2026-03-01/2026-03-31",
                    "expiration_date": "2026-03-20T00:00Z",
                },
                utc(2026, 3, 20),
            ),
            (
                {"sale_price": "?", "sale_price_effective_date": "2026-03-20/2026-03-31"},
                utc(2026, 3, 20),
            ),
            ({"sale_price": "0 EUR", "sale_price_effective_date": "/2026-03-31"}, None),
            ({"sale_price": "40 EUR", "sale_price_effective_date": "/2026-03-01"}, None),
        ],
    )
    def test_until_when_a_price_holds(self, entry, fields, until: datetime | None) -> None:
        assert entry(**fields).price_until == until

    @pytest.mark.parametrize("end", ["2026-03-09", "2026-03-10T12:00Z", "2026-03-10T13:00+01:00"])
    def test_what_has_expired_has_no_price_any_more(self, feed, market: Market, end: str) -> None:
        shop = feed(item(expiration_date=end))
        reason = f"expiration_date {end} has passed."
        assert list(shop.catalogue(market)) == [Skipped("mat", reason, 1, Gap.NO_PRICE)]
        assert shop.fetch(["mat"], market)["mat"] == Unknown("mat", reason, gap=Gap.NO_PRICE)

    @pytest.mark.parametrize(
        ("word", "date", "expected"),
        [
            ("pre-order", "2026-05-01", utc(2026, 5, 1)),
            ("back order", "2026-05-01T13:00-0800", utc(2026, 5, 1, 21)),
            ("preorder", "2026-03-01", None),
            ("in stock", "2026-05-01", None),
        ],
    )
    def test_from_when_it_can_be_had(self, entry, word: str, date: str, expected) -> None:
        assert entry(availability=word, availability_date=date).available_from == expected


class TestPrices:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"price": "0.00 EUR"}, "price is 0, which is none."),
            ({"price": "1.299 EUR"}, "price '1.299' EUR may mean 1299 or 1.299"),
            ({"price": "2499 EUR", "sale_price": "1.999 EUR"}, "sale_price '1.999' EUR may mean"),
            ({"subscription_cost": "month:24:39.00 EUR"}, "the item has a subscription_cost."),
            ({"installment": "12:50.00 EUR:50.00 EUR"}, "by installment it is 650.00 EUR."),
            ({"installment": "12:50.00 EUR"}, "by installment it is 600.00 EUR."),
            ({"installment": "some"}, "installment cannot be read"),
            (
                {"price": "800.00 EUR", "installment": "24:33.00 EUR",
                 "google_product_category": "267"},
                "price may be only the first payment",
            ),
            ({"condition": "gebraucht"}, "condition 'gebraucht' is unknown"),
        ],
    )  # fmt: skip
    def test_what_is_no_whole_price_is_skipped(self, feed, market: Market, fields, reason) -> None:
        shop = feed(item(**fields))
        (skipped,) = shop.catalogue(market)
        assert isinstance(skipped, Skipped) and reason in skipped.reason
        answer = shop.fetch(["mat"], market)["mat"]
        assert isinstance(answer, Unknown) and answer.gap is None

    def test_a_subscription_in_elements(self, feed, market: Market) -> None:
        cost = "<g:subscription_cost><g:amount>39.00 EUR</g:amount></g:subscription_cost>"
        (skipped,) = feed(item(price="0 EUR").replace("</item>", f"{cost}</item>")).catalogue(
            market
        )
        assert "subscription_cost" in skipped.reason

    @pytest.mark.parametrize("country", ["NL", "BR"])
    def test_a_whole_price_may_be_paid_in_parts(self, feed, country: str) -> None:
        parts = "<g:months>12</g:months><g:amount>50.00 EUR</g:amount>"
        market = Market("m", ("en",), country, "EUR")
        sofa = item(price="579.00 EUR").replace(
            "</item>", f"<g:installment>{parts}</g:installment></item>"
        )
        (offer,) = feed(sofa).catalogue(market)
        assert offer.price == Decimal("579.00")

    def test_another_currency_is_the_market_s_failure(self, feed, market: Market) -> None:
        answer = feed(item(price="53.00 SEK")).fetch(["mat"], market)["mat"]
        assert isinstance(answer, Unknown) and answer.gap is Gap.CURRENCY
        assert "market 'nl'" in answer.reason

    @pytest.mark.parametrize(
        ("measure", "base", "price", "expected"),
        [
            ("1 kg", "1 g", "4.50 EUR", ("0.0045", "1 g")),
            ("1 kg", "1 mg", "4.50 EUR", (None, "")),
            ("300 ml", "100 ml", "12.95 EUR", ("4.32", "100 ml")),
            ("8 fl oz", "1 l", "4.50 EUR", ("19.02", "1 l")),
            ("10 item", "", "4.50 EUR", ("0.45", "1 ct")),
        ],
    )
    def test_unit_prices_are_true_or_left_out(self, entry, measure, base, price, expected) -> None:
        offer = entry(price=price, unit_pricing_measure=measure, unit_pricing_base_measure=base)
        amount = None if expected[0] is None else Decimal(expected[0])
        assert (offer.unit_price, offer.unit_measure) == (amount, expected[1])


class TestWords:
    def test_structured_texts_stand_in(self, feed, entry, market: Market) -> None:
        made = "<g:digital_source_type>trained_algorithmic_media</g:digital_source_type>"
        title = f"<g:structured_title>{made}<g:content>Soft: mat</g:content></g:structured_title>"
        (offer,) = feed(item(title="").replace("</item>", f"{title}</item>")).catalogue(market)
        assert offer.title == "Soft: mat"
        assert entry(structured_title=":Other").title == "Mat"
        assert entry(title="", structured_title='default:"Soft: mat"').title == "Soft: mat"

    @pytest.mark.parametrize(
        ("language", "title"), [("nl", "Mat"), ("nl-BE", "Mat"), ("de", ""), ("", "Mat")]
    )
    def test_words_are_the_market_s_or_absent(self, tmp_path, market, language, title) -> None:
        path = tmp_path / "feed.xml"
        path.write_text(RSS + item(description="Soft") + END)
        shop = MerchantFeed("feed", location=str(path), language=language)
        (offer,) = shop.catalogue(market)
        assert (offer.title, offer.name) == (title, "Mat")
        assert bool(offer.description) == bool(title)
        assert shop.search("mat", market) == [offer]

    def test_tax_may_be_told(self, tmp_path, market: Market) -> None:
        path = tmp_path / "feed.xml"
        path.write_text(RSS + item() + END)
        for told, expected in [(False, False), ({"nl": False}, False), ({"de": False}, True)]:
            shop = MerchantFeed("feed", location=str(path), tax_included=told)
            (offer,) = shop.catalogue(market)
            assert offer.tax_included is expected


def test_an_id_that_comes_again_is_named(feed, market: Market) -> None:
    entries = list(feed(item(), item(), item(price="20.00 EUR"), item(id="MAT")).catalogue(market))
    assert [entry.external_id for entry in entries] == ["mat", "mat", "mat", "MAT"]
    assert entries[1].reason == "id appears more than once: only the first counts."
    assert "with other content" in entries[2].reason and entries[2].position == 3
    assert isinstance(entries[3], ShopOffer)


def test_nothing_is_gone_while_products_have_no_id(feed, market: Market) -> None:
    answers = feed(item(id="a"), item(id="")).fetch(["a", "b"], market)
    assert isinstance(answers["a"], Found)
    assert isinstance(answers["b"], Unknown) and "without an id" in answers["b"].reason
