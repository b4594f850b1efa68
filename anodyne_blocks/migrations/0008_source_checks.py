"""How the sources that pages list stand: dead, moved, retracted or in order."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Wagtail 7.4 has no such setting, and no other page model.
PAGE_MODEL = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")


def key() -> Any:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("anodyne_blocks", "0007_reviews_and_regulated_products"),
        migrations.swappable_dependency(PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceHost",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=255, unique=True)),
                ("free_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SourceCheck",
            fields=[
                ("id", key()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("reference", models.TextField()),
                ("title", models.CharField(max_length=400)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "not checked yet"),
                            ("ok", "in order"),
                            ("moved", "moved"),
                            ("dead", "dead"),
                            ("retracted", "retracted"),
                            ("unknown", "could not be checked"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("code", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("moved_to", models.TextField(blank=True)),
                ("notice", models.CharField(blank=True, max_length=255)),
                ("archived", models.TextField(blank=True)),
                ("failed_on", models.DateField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "due_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["title", "pk"],
                "indexes": [models.Index(fields=["status"], name="anodyne_source_status")],
            },
        ),
        migrations.CreateModel(
            name="SourceUse",
            fields=[
                ("id", key()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="anodyne_blocks.sourcecheck",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("page", "source"), name="anodyne_source_use")
                ],
            },
        ),
    ]
