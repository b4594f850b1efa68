"""Trigram indexes for the admin's search in products, on PostgreSQL.

They need the extension pg_trgm, which the owner of a database may create. Where that is refused,
search works without them, and reads every row; docs/explanation/at-scale.md says how to add them.
"""

from typing import Any

from django.db import DatabaseError, migrations, transaction

from anodyne_blocks import conf

# What `icontains` compares on PostgreSQL.
_INDEXES = {
    "anodyne_product_words": (
        '{product} USING gin (UPPER("name"::text) gin_trgm_ops,'
        ' UPPER("external_id"::text) gin_trgm_ops)'
    ),
    "anodyne_offer_words": 'anodyne_blocks_offer USING gin (UPPER("title"::text) gin_trgm_ops)',
}


def create(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    # The table of products is the site's own where it has a model of its own.
    product = apps.get_model(conf.model_label(conf.PRODUCT_MODEL))._meta.db_table
    for name, definition in _INDEXES.items():
        definition = definition.format(product=schema_editor.quote_name(product))
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {definition}")


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in _INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("anodyne_blocks", "0001_initial")]

    operations = [migrations.RunPython(create, drop, elidable=False)]
