"""What is stored: people, products with their offers and price history, shop ratings."""

from anodyne_blocks.models.offers import Offer
from anodyne_blocks.models.people import Person
from anodyne_blocks.models.prices import PriceChange
from anodyne_blocks.models.products import Product
from anodyne_blocks.models.ratings import ShopRating
from anodyne_blocks.models.shops import ShopState, WebhookDelivery

__all__ = [
    "Offer",
    "Person",
    "PriceChange",
    "Product",
    "ShopRating",
    "ShopState",
    "WebhookDelivery",
]
