"""Products, their offers in each market, and the history of their prices."""

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
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string
from wagtail.search import index

from anodyne_blocks import conf
from anodyne_blocks.models.peers import PeerImage, Peers
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.money import is_currency
from anodyne_blocks.pricing.prior_price import PricePoint, Status


class Product(index.Indexed, ClusterableModel):
    """One thing sold, the same in all markets; what an editor chooses.

    Identified by `shop` (an alias of the `SHOPS` setting, "" for a product by hand) and
    `external_id` (the shop's own). It is never deleted because a shop forgot it: it is withdrawn.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        WITHDRAWN = "withdrawn", _("withdrawn")

    name = models.CharField(_("name"), max_length=255)
    shop = models.CharField(_("shop"), max_length=50, blank=True, editable=False)
    # NULL for products by hand, of which there may be many: "" would be one identity.
    external_id = models.CharField(  # noqa: DJ001
        _("number in the shop"), max_length=255, null=True, blank=True, editable=False
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_url = models.URLField(_("address of the image"), max_length=2000, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    # Refreshing: when the shop is asked again, and which worker holds the product until when.
    next_refresh_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    refresh_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    refresh_error = models.CharField(max_length=300, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False, db_index=True)
    lease_until = models.DateTimeField(null=True, editable=False)

    # The picture of a shop's product is imported once, when it is first placed on a page.
    image_tried_at = models.DateTimeField(null=True, editable=False)
    image_error = models.CharField(max_length=300, blank=True, editable=False)

    # Laid here by fetching: offers by market, what chooses the picture's renditions, and the
    # images of all products that were fetched together. What `blocks.sale` made for one moment, and
    # a picture for previews.
    fetched_offers: dict[str, Offer | None] | None = None
    fetched_image: Any = None
    fetched_peers: Peers | None = None
    sale: tuple[Any, Any] | None = None
    sample_image: Any = None

    search_fields = [
        index.SearchField("name", boost=3),
        index.AutocompleteField("name"),
        index.SearchField("external_id"),
        index.FilterField("shop"),
        index.FilterField("status"),
    ]

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "external_id"], name="anodyne_blocks_product_identity"
            )
        ]
        # What the admin's listings sort and filter by, for catalogues of any size.
        indexes = [
            models.Index(fields=["name"], name="anodyne_product_by_name"),
            models.Index(fields=["status", "name"], name="anodyne_product_by_status"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def picture(self) -> Any:
        """What an element's image is made from: the image, its row, or a sample."""
        if self.fetched_image is not None and self.fetched_image.id == self.image_id:
            return self.fetched_image
        return self.sample_image or self.image

    def fetched_images(self) -> list[tuple[Any, str]]:
        """The picture with its role."""
        return [(self.picture, "product")]

    @property
    def is_withdrawn(self) -> bool:
        return self.status == _WITHDRAWN

    def offer_in(self, market: str) -> Offer | None:
        """The offer in the market with this key, or None; from what was fetched, if it was."""
        if self.fetched_offers is not None and market in self.fetched_offers:
            return self.fetched_offers[market]
        for offer in self.offers.all():
            if offer.market == market:
                return offer
        return None


# Asked for every card; an enumeration takes longer to tell its value than all the rest.
_WITHDRAWN = Product.Status.WITHDRAWN.value
_PROVEN = Status.OK.value

# Django makes the accessor itself, and asks nobody of which class.
Product.image = PeerImage(Product._meta.get_field("image"))


class Offer(models.Model):
    """A product's title, texts, address, price and availability in one market and its language.

    Prices are what a buyer pays, in `currency` (ISO 4217). `shop_prior_price` is the legal prior
    price where the shop keeps one. The fields from `prior_price` on are what the market's price
    rule made of the price history when the price last changed; `rule` is that rule's fingerprint,
    and a result of another rule is not believed.
    """

    AVAILABILITY = [
        (Stock.IN_STOCK.value, _("in stock")),
        (Stock.LOW_STOCK.value, _("few left")),
        (Stock.OUT_OF_STOCK.value, _("sold out")),
        (Stock.PREORDER.value, _("for pre-order")),
        (Stock.BACKORDER.value, _("on back order")),
        (Stock.UNKNOWN.value, _("not known")),
    ]

    product = ParentalKey(
        Product, verbose_name=_("product"), related_name="offers", on_delete=models.CASCADE
    )
    market = models.CharField(_("market"), max_length=30)
    title = models.CharField(_("title"), max_length=255)
    description = models.TextField(_("text"), blank=True)
    url = models.URLField(_("address in the shop"), max_length=2000, blank=True)
    price = models.DecimalField(
        _("price"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    list_price = models.DecimalField(
        _("list price"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3)
    tax_included = models.BooleanField(_("tax included"), null=True, blank=True, default=True)
    unit_price = models.DecimalField(
        _("unit price"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    unit_measure = models.CharField(
        _("for"), max_length=20, blank=True, help_text=_("For example “100 ml” or “1 m”.")
    )
    availability = models.CharField(
        _("availability"), max_length=12, choices=AVAILABILITY, default=Stock.UNKNOWN.value
    )
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

    shop_prior_price = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    # How often in a row the shop said that it has no such product.
    times_gone = models.PositiveSmallIntegerField(default=0, editable=False)
    prior_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, editable=False)
    prior_status = models.CharField(max_length=20, blank=True, editable=False)
    prior_origin = models.CharField(max_length=12, blank=True, editable=False)
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
            or self.price is None
            or self.prior_price is None
            or self.price >= self.prior_price
            or (self.announce_until is not None and now >= self.announce_until)
        ):
            return False
        market = conf.markets().get(self.market)
        return market is not None and self.rule == market.fingerprint

    def is_stale(self, now: datetime.datetime) -> bool:
        """Whether the shop has not confirmed this price for longer than `STALE_AFTER_HOURS`.

        An offer by hand is confirmed by whoever wrote it, and never stale.
        """
        if now - self.checked_at <= conf.stale_after():
            return False
        return bool(self.product.shop)


class PriceChange(models.Model):
    """A price that came into force, never changed afterwards: the proof behind every reduction.

    `effective_from` is the shop's clock where it tells, `observed_at` ours (UTC); `origin` says
    who told: an import, a refresh, a person, or a history that the shop handed over. With
    `after_gap` the price before is not known up to this moment, see `PricePoint`.
    """

    class Origin(models.TextChoices):
        IMPORT = "import", _("import of the catalogue")
        REFRESH = "refresh", _("refresh")
        HAND = "hand", _("by hand")
        HISTORY = "history", _("history handed over by the shop")

    offer = models.ForeignKey(
        Offer, verbose_name=_("offer"), related_name="price_changes", on_delete=models.CASCADE
    )
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=4)
    list_price = models.DecimalField(
        _("list price"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3)
    effective_from = models.DateTimeField(_("in force since"))
    observed_at = models.DateTimeField(_("seen at"), default=timezone.now)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    after_gap = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        ordering = ["offer", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "effective_from"], name="anodyne_blocks_one_price_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.currency} ({self.effective_from:%Y-%m-%d})"

    def save(self, *args: object, **kwargs: object) -> None:
        """Append only: a written change is proof, and is not rewritten."""
        if self.pk and not self._state.adding:
            raise ValidationError(_("A price change cannot be changed afterwards."))
        super().save(*args, **kwargs)

    def as_point(self) -> PricePoint:
        """This change as the pure price functions take it."""
        return PricePoint(
            amount=Decimal(self.price),
            effective_from=self.effective_from,
            list_price=self.list_price,
            after_gap=self.after_gap,
        )
