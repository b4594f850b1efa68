"""MySQL and MariaDB compare ids letter by letter: "AB-1", "ab-1" and "AB-1 " are three.

Else they take two products of a shop for one. Django forgets it whenever a migration alters one of
these columns: then it is to be said again.
"""

from typing import Any

from django.db import migrations

from anodyne_blocks import conf

_COLUMNS = (
    (conf.model_label(conf.PRODUCT_MODEL), "external_id", "varchar(255)", "NULL"),
    ("anodyne_blocks.WebhookDelivery", "delivery_id", "varchar(200)", "NOT NULL"),
)


def tell_ids_apart(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    if connection.vendor != "mysql":
        return
    # Each has its own name for a collation that also counts spaces at the end.
    collation = "utf8mb4_nopad_bin" if connection.mysql_is_mariadb else "utf8mb4_0900_bin"
    for model, column, kind, null in _COLUMNS:
        table = apps.get_model(model)._meta.db_table
        schema_editor.execute(
            f"ALTER TABLE {table} MODIFY {column} {kind}"
            f" CHARACTER SET utf8mb4 COLLATE {collation} {null}"
        )


class Migration(migrations.Migration):
    dependencies = [("anodyne_blocks", "0005_goods_behind_a_price")]

    operations = [
        migrations.RunPython(
            tell_ids_apart, migrations.RunPython.noop, atomic=False, elidable=False
        )
    ]
