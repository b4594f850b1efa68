"""Images of the library that cannot be shown are noted, and not tried at each rendering."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from wagtail.images import get_image_model_string


class Migration(migrations.Migration):
    dependencies = [
        ("anodyne_blocks", "0010_shared_notices"),
        migrations.swappable_dependency(get_image_model_string()),
    ]

    operations = [
        migrations.CreateModel(
            name="DamagedImage",
            fields=[
                (
                    "image",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="anodyne_damage",
                        serialize=False,
                        to=get_image_model_string(),
                    ),
                ),
                ("file", models.CharField(max_length=255)),
                ("reason", models.CharField(max_length=300)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
