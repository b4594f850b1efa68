"""What is stored: people, products with offers and price history, ratings, reviews, notices …"""

from anodyne_blocks.models.criteria import CriteriaSet, SavedCriterion
from anodyne_blocks.models.events import ChangeEvent
from anodyne_blocks.models.images import DamagedImage
from anodyne_blocks.models.notices import Notice
from anodyne_blocks.models.offers import Offer
from anodyne_blocks.models.people import AbstractPerson, Person, get_person_model
from anodyne_blocks.models.prices import PriceChange
from anodyne_blocks.models.products import AbstractProduct, Product, get_product_model
from anodyne_blocks.models.ratings import AbstractShopRating, ShopRating, get_shop_rating_model
from anodyne_blocks.models.reviews import Review
from anodyne_blocks.models.shops import ShopState, WebhookDelivery
from anodyne_blocks.models.sources import SourceCheck, SourceHost, SourceUse

__all__ = [
    "AbstractPerson",
    "AbstractProduct",
    "AbstractShopRating",
    "ChangeEvent",
    "Notice",
    "DamagedImage",
    "CriteriaSet",
    "Offer",
    "Person",
    "PriceChange",
    "Product",
    "Review",
    "SavedCriterion",
    "ShopRating",
    "ShopState",
    "SourceCheck",
    "SourceHost",
    "SourceUse",
    "WebhookDelivery",
    "get_person_model",
    "get_product_model",
    "get_shop_rating_model",
]
