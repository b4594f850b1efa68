"""The models of the first release."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import modelsearch.index
import wagtail.fields
import wagtail.images
from django.conf import settings
from django.db import migrations, models

import anodyne_blocks.clock
from anodyne_blocks import conf

# Wagtail 7.4 has no such setting, and no other page model.
PAGE_MODEL = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")
PRODUCT_MODEL = conf.model_label(conf.PRODUCT_MODEL)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(wagtail.images.get_image_model_string()),
        migrations.swappable_dependency(PAGE_MODEL),
        migrations.swappable_dependency(PRODUCT_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShopState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shop", models.CharField(max_length=50, unique=True, verbose_name="shop")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="last answer")),
                (
                    "failures",
                    models.PositiveSmallIntegerField(default=0, verbose_name="failures in a row"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=300, verbose_name="last error"),
                ),
                ("paused_until", models.DateTimeField(null=True, verbose_name="paused until")),
            ],
            options={
                "verbose_name": "shop state",
                "verbose_name_plural": "shop states",
                "ordering": ["shop"],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                (
                    "shop",
                    models.CharField(
                        blank=True, editable=False, max_length=50, verbose_name="shop"
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=255,
                        null=True,
                        verbose_name="number in the shop",
                    ),
                ),
                (
                    "image_url",
                    models.URLField(
                        blank=True, max_length=2000, verbose_name="address of the image"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("withdrawn", "withdrawn")],
                        default="active",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="withdrawn at"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created at"
                    ),
                ),
                (
                    "next_refresh_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False
                    ),
                ),
                ("refresh_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("refresh_error", models.CharField(blank=True, editable=False, max_length=300)),
                ("lease_token", models.UUIDField(db_index=True, editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("image_tried_at", models.DateTimeField(editable=False, null=True)),
                ("image_error", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "image",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=wagtail.images.get_image_model_string(),
                        verbose_name="image",
                    ),
                ),
            ],
            options={
                "swappable": conf.PRODUCT_MODEL,
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["name"],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("market", models.CharField(max_length=30, verbose_name="market")),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="text")),
                (
                    "url",
                    models.URLField(
                        blank=True, max_length=2000, verbose_name="address in the shop"
                    ),
                ),
                (
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price",
                    ),
                ),
                (
                    "list_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        verbose_name="list price",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "tax_included",
                    models.BooleanField(
                        blank=True, default=True, null=True, verbose_name="tax included"
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        verbose_name="unit price",
                    ),
                ),
                (
                    "unit_measure",
                    models.CharField(
                        blank=True,
                        help_text="For example “100 ml” or “1 m”.",
                        max_length=20,
                        verbose_name="for",
                    ),
                ),
                (
                    "availability",
                    models.CharField(
                        choices=[
                            ("in_stock", "in stock"),
                            ("low_stock", "few left"),
                            ("out_of_stock", "sold out"),
                            ("preorder", "for pre-order"),
                            ("backorder", "on back order"),
                            ("unknown", "not known"),
                        ],
                        default="unknown",
                        max_length=12,
                        verbose_name="availability",
                    ),
                ),
                (
                    "image_alt",
                    models.CharField(
                        blank=True,
                        help_text="What the image shows. Empty: nothing that the title does not say.",
                        max_length=255,
                        verbose_name="alternative text of the image",
                    ),
                ),
                (
                    "rating",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=3, null=True, verbose_name="rating"
                    ),
                ),
                (
                    "rating_count",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="number of ratings"
                    ),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="confirmed at",
                    ),
                ),
                (
                    "shop_prior_price",
                    models.DecimalField(decimal_places=4, editable=False, max_digits=14, null=True),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("times_gone", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "prior_price",
                    models.DecimalField(decimal_places=4, editable=False, max_digits=14, null=True),
                ),
                ("prior_status", models.CharField(blank=True, editable=False, max_length=20)),
                ("prior_origin", models.CharField(blank=True, editable=False, max_length=12)),
                ("reduced_since", models.DateTimeField(editable=False, null=True)),
                ("announce_until", models.DateTimeField(editable=False, null=True)),
                ("rule", models.CharField(blank=True, editable=False, max_length=255)),
                (
                    "product",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to=PRODUCT_MODEL,
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "ordering": ["market"],
            },
        ),
        migrations.CreateModel(
            name="ShopRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=100, verbose_name="shop")),
                (
                    "source",
                    models.CharField(
                        help_text="The site that collects the reviews.",
                        max_length=100,
                        verbose_name="source",
                    ),
                ),
                ("url", models.URLField(verbose_name="address of the reviews")),
                (
                    "rating",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=4,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="rating",
                    ),
                ),
                (
                    "scale",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="best possible rating",
                    ),
                ),
                (
                    "count",
                    models.PositiveIntegerField(
                        help_text="The exact number.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="number of reviews",
                    ),
                ),
                ("as_of", models.DateField(default=anodyne_blocks.clock.today, verbose_name="figures of")),
                (
                    "verification",
                    models.TextField(
                        help_text="One sentence: how the source makes sure that reviewers are real buyers.",
                        verbose_name="how reviews are verified",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "swappable": conf.SHOP_RATING_MODEL,
                "verbose_name": "shop rating",
                "verbose_name_plural": "shop ratings",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shop", models.CharField(max_length=50)),
                ("delivery_id", models.CharField(max_length=200)),
                (
                    "received_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "delivery_id"), name="anodyne_blocks_one_webhook_delivery"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "credentials",
                    models.CharField(
                        blank=True,
                        help_text="Behind the name, for example “MSc” or “MD, PhD”.",
                        max_length=100,
                        verbose_name="credentials",
                    ),
                ),
                (
                    "job_title",
                    models.CharField(blank=True, max_length=150, verbose_name="job title"),
                ),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=150, verbose_name="organisation"),
                ),
                (
                    "working_since",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="A year. Pages show the years of experience, which then never go out of date.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1930)],
                        verbose_name="working in the field since",
                    ),
                ),
                ("bio", wagtail.fields.RichTextField(blank=True, verbose_name="biography")),
                (
                    "profile_url",
                    models.URLField(
                        blank=True,
                        help_text="Where the profile is on another site.",
                        verbose_name="profile address",
                    ),
                ),
                (
                    "links",
                    wagtail.fields.StreamField(
                        [("link", 2)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"max_length": 80}),
                            1: ("wagtail.blocks.URLBlock", (), {}),
                            2: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 0), ("url", 1)]],
                                {"icon": "link"},
                            ),
                        },
                        help_text="Pages elsewhere that prove who this is: a public register, a university.",
                        verbose_name="proof of identity",
                    ),
                ),
                (
                    "licence_number",
                    models.CharField(blank=True, max_length=60, verbose_name="licence number"),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=wagtail.images.get_image_model_string(),
                        verbose_name="photo",
                    ),
                ),
                (
                    "profile_page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=PAGE_MODEL,
                        verbose_name="profile page",
                    ),
                ),
            ],
            options={
                "swappable": conf.PERSON_MODEL,
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["name"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="PriceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "price",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="price"),
                ),
                (
                    "list_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        verbose_name="list price",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("effective_from", models.DateTimeField(verbose_name="in force since")),
                (
                    "observed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="seen at"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("import", "import of the catalogue"),
                            ("refresh", "refresh"),
                            ("hand", "by hand"),
                            ("history", "history handed over by the shop"),
                        ],
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="price_changes",
                        to="anodyne_blocks.offer",
                        verbose_name="offer",
                    ),
                ),
            ],
            options={
                "verbose_name": "price change",
                "verbose_name_plural": "price changes",
                "ordering": ["offer", "effective_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("offer", "effective_from"), name="anodyne_blocks_one_price_a_moment"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=("shop", "external_id"), name="anodyne_blocks_product_identity"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                fields=("product", "market"), name="anodyne_blocks_one_offer_a_market"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["name"], name="anodyne_product_by_name"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["status", "name"], name="anodyne_product_by_status"),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["market", "availability"], name="anodyne_offer_by_state"),
        ),
        migrations.AlterUniqueTogether(
            name="shoprating",
            unique_together={("translation_key", "locale")},
        ),
    ]
