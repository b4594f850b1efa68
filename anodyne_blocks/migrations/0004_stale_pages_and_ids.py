from django.db import migrations, models

from anodyne_blocks import conf


def tell_ids_apart(apps, schema_editor):
    """MySQL and MariaDB take "AB-1" and "ab-1" for one id, which are two products of a shop.

    Django forgets it whenever a migration alters this column: then it is to be said again.
    """
    if schema_editor.connection.vendor == "mysql":
        product = apps.get_model(conf.model_label(conf.PRODUCT_MODEL))._meta.db_table
        schema_editor.execute(
            f"ALTER TABLE {schema_editor.quote_name(product)} MODIFY external_id varchar(255)"
            " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL"
        )


class Migration(migrations.Migration):
    dependencies = [("anodyne_blocks", "0003_gaps_in_history_and_bounds")]

    operations = [
        migrations.AddField("shopstate", "aged_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(tell_ids_apart, migrations.RunPython.noop, atomic=False),
    ]
