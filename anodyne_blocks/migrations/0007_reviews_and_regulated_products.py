"""Which text a review is of, and which goods the law regulates."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from anodyne_blocks import conf

# Wagtail 7.4 has no such setting, and no other page model.
PAGE_MODEL = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")
PERSON_MODEL = conf.model_label(conf.PERSON_MODEL)


class Migration(migrations.Migration):
    dependencies = [
        ("anodyne_blocks", "0006_ids_letter_by_letter"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(PAGE_MODEL),
        migrations.swappable_dependency(PERSON_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="regulated",
            field=models.CharField(
                blank=True,
                choices=[
                    ("medicine", "medicine"),
                    ("supplement", "food supplement"),
                    ("device", "medical device"),
                ],
                help_text=(
                    "A reviewer box on a page with such a product may be an unlawful recommendation."
                ),
                max_length=12,
                verbose_name="regulated as",
            ),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("reviewed", models.DateField()),
                ("confirmed", models.DateField(null=True)),
                ("digest", models.CharField(db_index=True, max_length=80)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now
                    ),
                ),
                ("is_shown", models.BooleanField(default=False)),
                ("is_outdated", models.BooleanField(default=False)),
                ("next_review", models.DateField(null=True)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=PAGE_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="anodyne_reviews",
                        to=PERSON_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["-recorded_at", "-pk"],
                "permissions": [
                    ("confirm_review", "Can confirm that a reviewed text is still right")
                ],
                "indexes": [
                    models.Index(fields=["is_shown", "next_review"], name="anodyne_review_due")
                ],
            },
        ),
    ]
