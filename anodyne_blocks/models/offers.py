"""Offers: what a product costs in a market, and the facts that its cards show."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from anodyne_blocks import conf
from anodyne_blocks.pricing.goods import Goods, ItemCondition, Stock
from anodyne_blocks.pricing.money import is_currency
from anodyne_blocks.pricing.prior_price import Status

# Asked for every card; an enumeration takes longer to tell its value than all the rest.
_PROVEN = Status.OK.value
# Clocks of machines that work together differ by less.
CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
# A price may be confirmed while an article is shown whose moment lies before.
LONGEST_LEAD = datetime.timedelta(hours=1)


def is_fresh(checked_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether a price confirmed at a moment may be called confirmed now."""
    oldest, newest = fresh_between(now)
    return oldest <= checked_at <= newest


def fresh_between(now: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
    """Between which moments a price was confirmed that is confirmed now.

    Who was ahead of `now` had a wrong clock, and confirmed nothing.
    """
    return now - conf.stale_after(), now + LONGEST_LEAD


def stale(now: datetime.datetime) -> models.Q:
    """The condition on `Offer` under which `is_stale` is true."""
    oldest, newest = fresh_between(now)
    unconfirmed = models.Q(checked_at__lt=oldest) | models.Q(checked_at__gt=newest)
    ended = models.Q(price_until__lte=now)
    taken_back = ~models.Q(gap="") & models.Q(price__isnull=False)
    return ((unconfirmed | ended) & ~models.Q(product__shop="")) | taken_back


def _amount(name: Any) -> models.DecimalField[Decimal | None, Decimal | None]:
    """A field of an amount that may be missing."""
    return models.DecimalField(
        name,
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )


class Offer(models.Model):
    """A product's title, texts, address, price and availability in one market and its language.

    Prices are what a buyer pays, in `currency` (ISO 4217); 0 is said to be free, and no price is
    None. `variant` to `is_from` say what is priced, see `pricing.goods.Goods`. `shop_prior_price`
    is the legal prior price where the shop keeps one. The fields from `prior_price` to `rule` are
    what the market's price rule made of the price history when the price last changed; `rule` is
    that rule's fingerprint, and a result of another rule is not believed. With a `gap` the price
    is not known, or not confirmed, since `gap_from`: it goes into the history with the next price.
    """

    AVAILABILITY = [
        (Stock.IN_STOCK.value, _("in stock")),
        (Stock.LOW_STOCK.value, _("few left")),
        (Stock.OUT_OF_STOCK.value, _("sold out")),
        (Stock.PREORDER.value, _("for pre-order")),
        (Stock.BACKORDER.value, _("on back order")),
        (Stock.LATER.value, _("not sold yet")),
        (Stock.UNKNOWN.value, _("not known")),
    ]

    CONDITIONS = [
        (ItemCondition.NEW.value, _("new")),
        (ItemCondition.USED.value, _("used")),
        (ItemCondition.REFURBISHED.value, _("refurbished")),
    ]

    product = ParentalKey(
        conf.model_label(conf.PRODUCT_MODEL),
        verbose_name=_("product"),
        related_name="offers",
        on_delete=models.CASCADE,
    )
    market = models.CharField(_("market"), max_length=30)
    title = models.CharField(_("title"), max_length=255)
    description = models.TextField(_("text"), blank=True)
    url = models.URLField(_("address in the shop"), max_length=2000, blank=True)
    price = _amount(_("price"))
    list_price = _amount(_("list price"))
    currency = models.CharField(_("currency"), max_length=3)
    tax_included = models.BooleanField(_("tax included"), null=True, blank=True, default=True)
    unit_price = _amount(_("unit price"))
    unit_measure = models.CharField(
        _("for"), max_length=20, blank=True, help_text=_("For example “100 ml” or “1 m”.")
    )
    availability = models.CharField(
        _("availability"), max_length=12, choices=AVAILABILITY, default=Stock.UNKNOWN.value
    )
    available_from = models.DateTimeField(_("available from"), null=True, blank=True)
    condition = models.CharField(
        _("condition"), max_length=12, choices=CONDITIONS, blank=True, default=""
    )
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    image_alt = models.CharField(
        _("alternative text of the image"),
        max_length=255,
        blank=True,
        help_text=_("What the image shows. Empty: nothing that the title does not say."),
    )
    rating = models.DecimalField(
        _("rating"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(5)],
    )
    rating_count = models.PositiveIntegerField(_("number of ratings"), null=True, blank=True)
    checked_at = models.DateTimeField(_("confirmed at"), default=timezone.now, editable=False)
    price_until = models.DateTimeField(null=True, editable=False)

    # What is priced, as far as the shop tells.
    variant = models.CharField(max_length=255, blank=True, editable=False)
    sku = models.CharField(_("article number"), max_length=100, blank=True, editable=False)
    gtin = models.CharField(max_length=14, blank=True, editable=False)
    pack = models.CharField(max_length=20, blank=True, editable=False)
    seller = models.CharField(max_length=100, blank=True, editable=False)
    source = models.CharField(max_length=2000, blank=True, editable=False)
    is_from = models.BooleanField(default=False, editable=False)
    notes = models.CharField(max_length=500, blank=True, editable=False)

    shop_prior_price = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    gap = models.CharField(max_length=10, blank=True, editable=False)
    gap_from = models.DateTimeField(null=True, editable=False)
    # How often in a row the shop said that it has no such product, and why it confirmed no price.
    times_gone = models.PositiveSmallIntegerField(default=0, editable=False)
    refresh_error = models.CharField(max_length=300, blank=True, editable=False)
    prior_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, editable=False)
    prior_status = models.CharField(max_length=20, blank=True, editable=False)
    prior_origin = models.CharField(max_length=12, blank=True, editable=False)
    prior_days = models.PositiveSmallIntegerField(null=True, editable=False)
    reduced_since = models.DateTimeField(null=True, editable=False)
    announce_until = models.DateTimeField(null=True, editable=False)
    rule = models.CharField(max_length=255, blank=True, editable=False)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["market"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "market"], name="anodyne_blocks_one_offer_a_market"
            )
        ]
        indexes = [models.Index(fields=["market", "availability"], name="anodyne_offer_by_state")]

    def __str__(self) -> str:
        return f"{self.title} ({self.market})"

    def clean(self) -> None:
        super().clean()
        self.currency = self.currency.upper()
        # A product that is made in the same form is not there yet; it is by hand.
        if self.price == 0 and not getattr(getattr(self, "product", None), "shop", ""):
            message = _("0 is no price. Leave it empty where there is nothing to pay or to buy.")
            raise ValidationError({"price": message})
        # What is empty has been refused already.
        if self.market:
            self._clean_market()
        if self.currency:
            self._clean_currency()
        if self.unit_price is not None and not self.unit_measure:
            raise ValidationError({"unit_measure": _("Say for which amount the unit price is.")})

    def _clean_market(self) -> None:
        stored = Offer.objects.filter(pk=self.pk).values_list("market", flat=True).first()
        if stored == self.market:
            # Also of a market that the settings name no more: its history must not be lost.
            return
        if self.market not in conf.markets():
            message = _("There is no such market. Known markets: %(known)s.")
            raise ValidationError({"market": message % {"known": ", ".join(conf.markets())}})
        if stored is not None:
            message = _(
                "The price history of an offer belongs to its market. Add an offer for the other"
                " market instead."
            )
            raise ValidationError({"market": message})

    def _clean_currency(self) -> None:
        market = conf.markets().get(self.market)
        if market and market.currency and self.currency != market.currency:
            raise ValidationError(
                {
                    "currency": _("Prices in this market are in %(currency)s.")
                    % {"currency": market.currency}
                }
            )
        if not is_currency(self.currency):
            message = _("Write a currency's three letters, such as EUR.")
            raise ValidationError({"currency": message})

    def announces_reduction(self, now: datetime.datetime) -> bool:
        """Whether a reduction from `prior_price` is proven, by the market's present rule.

        False in every doubt: another rule made the result, or its time is over.
        """
        if (
            self.prior_status != _PROVEN
            or not self.price
            or self.prior_price is None
            or self.price >= self.prior_price
            or (self.announce_until is not None and now >= self.announce_until)
        ):
            return False
        market = conf.markets().get(self.market)
        return market is not None and self.rule == market.fingerprint

    def is_stale(self, now: datetime.datetime) -> bool:
        """Whether the price is not confirmed: for longer than `STALE_AFTER_HOURS`, or at all.

        Nor is one that the shop has taken back, that has ended by the shop's word, or that a clock
        confirmed which was ahead. An offer by hand is confirmed by whoever wrote it.
        """
        return self.is_unconfirmed(now) and (bool(self.product.shop) or bool(self.gap))

    def is_unconfirmed(self, now: datetime.datetime) -> bool:
        """`is_stale`, as if all offers were of shops."""
        return (
            not is_fresh(self.checked_at, now)
            or (self.price_until is not None and self.price_until <= now)
            or (bool(self.gap) and self.price is not None)
        )

    @property
    def goods(self) -> Goods:
        """What exactly is priced."""
        return Goods.of(self)


# What no reader sees: how an offer is kept up to date, and what only those see who look after it.
INTERNAL = frozenset(
    "times_gone refresh_error notes gap_from reduced_since shop_prior_price list_price variant"
    " pack seller source".split()
)
# All that reading an article fetches of an offer: every other field, so that none is forgotten.
FETCHED: tuple[str, ...] = tuple(
    field.attname for field in Offer._meta.concrete_fields if field.attname not in INTERNAL
)
# Of these, what only says whether and when the rest may be shown.
_VERDICTS = frozenset(
    "id product_id market checked_at price_until withdrawn_at gap prior_status announce_until"
    " rule".split()
)
# What a card shows of an offer, under the names of the model's fields.
SHOWN: tuple[str, ...] = tuple(name for name in FETCHED if name not in _VERDICTS)
# What the market's price rule made of the history.
JUDGED: tuple[str, ...] = (
    "prior_price",
    "prior_status",
    "prior_origin",
    "prior_days",
    "reduced_since",
    "announce_until",
    "rule",
)
