"""What readers get: one frozen, typed model for each element.

This is the contract of themes and headless clients. An element holds every choice made: language,
market, price, badge, image sizes, anchors, links and labels. It holds no HTML but rich text and no
Django object, and it is frozen all the way down, so that equal elements are equal values.
"""

from anodyne_blocks.elements.article import (
    FAQ,
    Byline,
    Contents,
    ContentsEntry,
    Credit,
    FAQItem,
    Figure,
    Heading,
    Mention,
    Paragraph,
    ReadingTime,
    ReviewerBox,
    Share,
    ShareLink,
    ShopRating,
    Source,
    SourceList,
    Standfirst,
)
from anodyne_blocks.elements.base import (
    Date,
    Element,
    Image,
    ImageSize,
    Link,
    Part,
    Rating,
)
from anodyne_blocks.elements.products import (
    Availability,
    Badge,
    Condition,
    ProductCard,
    ProductGrid,
    Reduction,
)
from anodyne_blocks.pricing.money import Money

ELEMENTS: tuple[type[Element], ...] = (
    Heading,
    Paragraph,
    Figure,
    Standfirst,
    Byline,
    ReadingTime,
    ReviewerBox,
    FAQ,
    SourceList,
    ProductCard,
    ProductGrid,
    ShopRating,
    Share,
    Contents,
)

__all__ = [
    "ELEMENTS",
    "FAQ",
    "Availability",
    "Badge",
    "Byline",
    "Condition",
    "Contents",
    "ContentsEntry",
    "Credit",
    "Date",
    "Element",
    "FAQItem",
    "Figure",
    "Heading",
    "Image",
    "ImageSize",
    "Link",
    "Mention",
    "Money",
    "Paragraph",
    "Part",
    "ProductCard",
    "ProductGrid",
    "Rating",
    "ReadingTime",
    "Reduction",
    "ReviewerBox",
    "Share",
    "ShareLink",
    "ShopRating",
    "Source",
    "SourceList",
    "Standfirst",
]
