"""Products: what is sold, the same in all markets. A site may have a model of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.search import index

from anodyne_blocks import conf
from anodyne_blocks.models.images import PictureChooser
from anodyne_blocks.models.peers import PeerImageKey, Peers

if TYPE_CHECKING:
    from typing_extensions import Self

    from anodyne_blocks.models.offers import Offer


class AbstractProduct(index.Indexed, ClusterableModel):
    """One thing sold, the same in all markets; what an editor chooses.

    Identified by `shop` (an alias of the `SHOPS` setting, "" for a product by hand) and
    `external_id` (the shop's own). It is never deleted because a shop forgot it: it is withdrawn.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Regulated(models.TextChoices):
        """Kinds of goods whose advertising must not rest on a health professional's word."""

        MEDICINE = "medicine", _("medicine")
        SUPPLEMENT = "supplement", _("food supplement")
        DEVICE = "device", _("medical device")

    name = models.CharField(_("name"), max_length=255)
    shop = models.CharField(_("shop"), max_length=50, blank=True, editable=False)
    # NULL for products by hand, of which there may be many: "" would be one identity.
    external_id = models.CharField(  # noqa: DJ001
        _("number in the shop"), max_length=255, null=True, blank=True, editable=False
    )
    image = PeerImageKey(
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
    regulated = models.CharField(
        _("regulated as"),
        max_length=12,
        choices=Regulated.choices,
        blank=True,
        help_text=_(
            "A reviewer box on a page with such a product may be an unlawful recommendation."
        ),
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
    # images of all products that were fetched together; and a picture for previews.
    fetched_offers: dict[str, Offer | None] | None = None
    fetched_image: Any = None
    fetched_peers: Peers | None = None
    sample_image: Any = None

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    # Of every product; the admin adds the offers. What a shop says of its product is read only.
    panels = [
        MultiFieldPanel(["name", "status"], _("Product")),
        FieldPanel("image", widget=PictureChooser),
        FieldPanel("regulated"),
    ]

    search_fields = [
        index.SearchField("name", boost=3),
        index.AutocompleteField("name"),
        index.SearchField("external_id"),
        index.FilterField("shop"),
        index.FilterField("status"),
    ]

    class Meta:
        abstract = True
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
        """Whether it is not sold any more, in any market."""
        return self.status == _WITHDRAWN

    def offer_in(self, market: str) -> Offer | None:
        """The offer in the market with this key, or None; from what was fetched, if it was."""
        if self.fetched_offers is not None and market in self.fetched_offers:
            return self.fetched_offers[market]
        offers: Iterable[Offer] = self.offers.all()
        return next((offer for offer in offers if offer.market == market), None)


# Asked for every card; an enumeration takes longer to tell its value than all the rest.
_WITHDRAWN = AbstractProduct.Status.WITHDRAWN.value


class Product(AbstractProduct):
    """The package's own product."""

    class Meta(AbstractProduct.Meta):
        swappable = conf.PRODUCT_MODEL


def get_product_model() -> type[AbstractProduct]:
    """The model of products: `Product`, or the one that the site has in its place."""
    model: type[AbstractProduct] = conf.stored_model(conf.PRODUCT_MODEL)
    return model
