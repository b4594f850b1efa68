from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("anodyne_blocks", "0012_criteria_sets"),
    ]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="brand",
            field=models.CharField(blank=True, max_length=100, verbose_name="brand"),
        ),
    ]
