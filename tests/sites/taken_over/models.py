"""The model of step 1 of the how-to guide."""

from anodyne_blocks.models import AbstractProduct


class Product(AbstractProduct):
    """As the package's, in its table."""

    class Meta(AbstractProduct.Meta):
        db_table = "anodyne_blocks_product"
