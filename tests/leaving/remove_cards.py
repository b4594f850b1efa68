"""A migration of the site: what names people, products and ratings goes, texts stay."""

from django.db import migrations
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import RemoveStreamChildrenOperation

GOING = [
    "product_card",
    "product_grid",
    "product_comparison",
    "product_verdict",
    "picks",
    "shop_rating",
    "reviewer",
    "byline",
    "notice",
]


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [
        MigrateStreamData(
            app_name="pages",
            model_name="ArticlePage",
            field_name="body",
            operations_and_block_paths=[
                (RemoveStreamChildrenOperation(name), "") for name in GOING
            ],
        )
    ]
