"""Why a card shows a reduction or none, told to the editor in plain words."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from anodyne_blocks.admin.explanations import explain
from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.models import Offer, PriceChange, Product
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.pricing.prior_price import Status
from tests import factories

pytestmark = pytest.mark.django_db

UTC = datetime.timezone.utc
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=UTC)
AMOUNTS = ("100", "80", "75", "70")
RULES = "anodyne_blocks.pricing.rules"


def moment(month: int, day: int, year: int = 2026) -> datetime.datetime:
    return datetime.datetime(year, month, day, 9, tzinfo=UTC)


def offer(*prices: tuple[datetime.datetime, str], **fields: Any) -> Offer:
    """A Danish offer with these prices, judged now; the last is the price in force."""
    product = Product.objects.create(name="Brace", shop="webshop", external_id="b")
    amount = Decimal(prices[-1][1]) if prices else Decimal(1)
    made = factories.offer(product, "da", price=amount, checked_at=NOW, **fields)
    PriceChange.objects.bulk_create(
        PriceChange(
            offer=made,
            price=Decimal(price),
            currency="DKK",
            effective_from=since,
            origin=PriceChange.Origin.IMPORT,
        )
        for since, price in prices
    )
    judge_again([made], NOW)
    return made


def said(offer: Offer, language: str = "en-gb") -> str:
    """The explanation, with "[75]" for what the Danish market writes for 75 kroner."""
    with translation.override(language):
        text = explain(offer, NOW)
    for amount in AMOUNTS:
        text = text.replace(factories.written(amount, "da"), f"[{amount}]")
    return factories.plain(text.replace(factories.off(25, language), "[−25%]"))


@pytest.fixture
def rule(settings):
    """`rule(name, **options)` is the Danish market's price rule from now on."""

    def choose(name: str, **options: Any) -> None:
        markets = settings.ANODYNE_BLOCKS["MARKETS"]
        danish = markets["da"] | {"PRICE_RULE": f"{RULES}.{name}", "PRICE_RULE_OPTIONS": options}
        settings.ANODYNE_BLOCKS = {
            **settings.ANODYNE_BLOCKS,
            "MARKETS": {**markets, "da": danish},
        }

    return choose


LONG_AGO = moment(3, 1)


@pytest.mark.parametrize(
    ("status", "prices", "words"),
    [
        (
            Status.OK,
            [(LONG_AGO, "100"), (moment(11, 20), "75")],
            "Badge [−25%]: the lowest price of the 30 days before 20 November was [100].",
        ),
        (
            Status.NO_HISTORY,
            [(moment(11, 3), "75")],
            "No badge: the price has been [75] ever since the history begins, on 3 November.",
        ),
        (Status.NO_HISTORY, [], "No badge: no earlier price is known."),
        (
            Status.PARTIAL_HISTORY,
            [(moment(11, 3), "100"), (moment(11, 20), "75")],
            "No badge: prices are known since 3 November only, and the market's rule needs them"
            " from 21 October on.",
        ),
        (
            Status.NOT_REDUCED,
            [(LONG_AGO, "75"), (moment(11, 20), "100")],
            "No badge: the price was raised from [75] on 20 November.",
        ),
        (
            Status.NOT_LOWER,
            [(LONG_AGO, "100"), (moment(11, 3), "80"), (moment(11, 8), "90"), (NOW, "80")],
            "No badge: the price was [80] on 3 November.",
        ),
        (
            Status.BELOW_ONE_PERCENT,
            [(LONG_AGO, "100"), (moment(11, 20), "99.50")],
            "No badge: the reduction from [100] is less than one percent.",
        ),
    ],
)
def test_every_verdict_of_the_european_rule(status, prices, words):
    judged = offer(*prices)
    assert judged.prior_status == status.value
    assert said(judged) == words


@pytest.mark.parametrize(("language", "day"), [("en-gb", "3 November"), ("da", "3. november")])
def test_days_are_written_in_the_editors_language_and_amounts_in_the_markets(language, day):
    judged = offer((LONG_AGO, "1000"), (moment(11, 3), "80"), (moment(11, 8), "90"), (NOW, "80"))
    assert day in said(judged, language) and "[80]" in said(judged, language)


def test_amounts_keep_their_order_in_a_sentence_from_right_to_left():
    with translation.override("ar"):
        text = explain(offer((LONG_AGO, "100"), (moment(11, 20), "75")), NOW)
    assert f"\u2068{factories.written('100', 'da')}\u2069" in text


def test_another_year_is_named():
    judged = offer((moment(12, 1, 2025), "75"), (moment(12, 2, 2025), "100"))
    assert said(judged) == "No badge: the price was raised from [75] on 2 December 2025."


def test_an_announcement_that_ran_out_and_one_that_will(rule):
    rule("EU", max_announcement_days=10)
    judged = offer((LONG_AGO, "100"), (moment(11, 20), "75"))
    assert said(judged).endswith("was [100]. It may be shown until 30 November.")
    Product.objects.all().delete()
    expired = offer((LONG_AGO, "100"), (moment(11, 1), "75"))
    assert said(expired) == (
        "No badge: the reduction from [100] began on 1 November, and this market lets a"
        " reduction be announced until 11 November."
    )


def test_the_shops_own_prior_price():
    judged = offer((moment(11, 20), "75"), shop_prior_price=Decimal(100))
    assert said(judged) == (
        "Badge [−25%]: by the shop's own record the lowest price before the reduction was [100]."
        # Then this site will have seen for itself what it cost on all the days before.
        " It may be shown until 20 December."
    )
    Product.objects.all().delete()
    judged = offer((moment(11, 20), "75"), shop_prior_price=Decimal(70))
    assert said(judged) == "No badge: by the shop's own record the price was [70] before."


@pytest.mark.parametrize(
    ("list_price", "words"),
    [
        ("100", "Badge [−25%]: the shop's list price is [100]."),
        ("75", "No badge: the shop's list price, [75], is not above the price."),
        (None, "No badge: the shop names no list price."),
    ],
)
def test_a_market_of_list_prices(rule, list_price, words):
    rule("ListPrice")
    given = Decimal(list_price) if list_price else None
    assert said(offer((LONG_AGO, "75"), list_price=given)) == words


def test_a_market_without_reductions(rule):
    rule("NoReductions")
    assert said(offer((LONG_AGO, "75"))) == "No badge: in this market no reduction is announced."


def test_what_the_card_cannot_show_comes_before_any_verdict():
    proven = offer((LONG_AGO, "100"), (moment(11, 20), "75"))
    proven.checked_at = moment(11, 3)
    assert said(proven) == "No badge: the shop has not confirmed the price since 3 November."
    proven.currency = "EUR"
    assert said(proven) == "No price and no badge: the offer is in EUR, the market is not."
    proven.withdrawn_at = NOW
    assert said(proven) == "No price and no badge: the shop no longer sells it."
    proven.market = "xx"
    assert said(proven) == "No card: the site has no such market any more."


def test_a_verdict_of_an_earlier_rule_is_no_badge_though_the_reduction_is_true(rule):
    judged = offer((LONG_AGO, "100"), (moment(11, 20), "75"))
    rule("EU", days=45)
    assert not judged.announces_reduction(NOW)
    assert said(judged) == "No badge yet: the price is judged again at the next refresh."


@pytest.mark.parametrize("gap", Gap)
def test_every_gap_is_told_with_its_day(gap):
    judged = offer((LONG_AGO, "100"), (moment(11, 3), "75"))
    PriceChange.objects.filter(price=75).update(gap=gap.value)
    judge_again([judged], NOW)
    text = said(Offer.objects.get())
    assert text.startswith("No badge: nothing older proves a reduction. ")
    assert "3 November" in text


def test_another_variant_is_named():
    judged = offer((LONG_AGO, "100"), (moment(11, 3), "75"))
    PriceChange.objects.filter(price=75).update(gap="variant")
    judge_again([judged], NOW)
    assert "Since 3 November the price is of another variant." in said(Offer.objects.get())


def test_what_the_shop_takes_back_is_told_in_its_words():
    Offer.objects.filter(pk=offer((LONG_AGO, "100"), (moment(11, 20), "75")).pk).update(
        gap="currency", gap_from=moment(11, 21), refresh_error="The price is in EUR."
    )
    text = said(Offer.objects.get())
    assert "not confirmed the price since 21 November." in text and "The price is in EUR." in text
