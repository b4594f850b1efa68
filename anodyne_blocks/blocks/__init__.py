"""What editors place: the blocks, and `ArticleBody`, a StreamBlock of them all."""

from anodyne_blocks.blocks.base import ElementBlock
from anodyne_blocks.blocks.body import ArticleBody
from anodyne_blocks.blocks.byline import (
    AuthorBlock,
    BylineBlock,
    ReadingTimeBlock,
    reading_time_element,
)
from anodyne_blocks.blocks.choosers import (
    FigureChooserBlock,
    NoticeChooserBlock,
    PersonChooserBlock,
    ProductChooserBlock,
    RelatedPageChooserBlock,
    ShopRatingChooserBlock,
)
from anodyne_blocks.blocks.comparison import ComparedProductBlock, ProductComparisonBlock
from anodyne_blocks.blocks.criteria import CriterionBlock
from anodyne_blocks.blocks.faq import FAQBlock, QuestionBlock
from anodyne_blocks.blocks.navigation import ShareBlock, TableOfContentsBlock
from anodyne_blocks.blocks.notices import DisclosureBlock, NoticeBlock
from anodyne_blocks.blocks.passages import KeyPointsBlock, QuoteBlock, StepBlock, StepsBlock
from anodyne_blocks.blocks.people import ReviewerBlock
from anodyne_blocks.blocks.products import PlacementBlock, ProductCardBlock, ProductGridBlock
from anodyne_blocks.blocks.ratings import ShopRatingBlock
from anodyne_blocks.blocks.related import RelatedArticlesBlock
from anodyne_blocks.blocks.sources import SourceBlock, SourceListBlock
from anodyne_blocks.blocks.teasers import TeaserMixin
from anodyne_blocks.blocks.text import HeadingBlock, ImageBlock, ParagraphBlock, StandfirstBlock
from anodyne_blocks.blocks.verdict import PicksBlock, ProductVerdictBlock

__all__ = [
    "ArticleBody",
    "AuthorBlock",
    "BylineBlock",
    "ComparedProductBlock",
    "CriterionBlock",
    "DisclosureBlock",
    "ElementBlock",
    "FAQBlock",
    "FigureChooserBlock",
    "HeadingBlock",
    "ImageBlock",
    "KeyPointsBlock",
    "NoticeBlock",
    "NoticeChooserBlock",
    "ParagraphBlock",
    "PersonChooserBlock",
    "PicksBlock",
    "PlacementBlock",
    "ProductCardBlock",
    "ProductChooserBlock",
    "ProductComparisonBlock",
    "ProductGridBlock",
    "ProductVerdictBlock",
    "QuestionBlock",
    "QuoteBlock",
    "ReadingTimeBlock",
    "RelatedArticlesBlock",
    "RelatedPageChooserBlock",
    "ReviewerBlock",
    "ShareBlock",
    "ShopRatingBlock",
    "ShopRatingChooserBlock",
    "SourceBlock",
    "SourceListBlock",
    "StandfirstBlock",
    "StepBlock",
    "StepsBlock",
    "TableOfContentsBlock",
    "TeaserMixin",
    "reading_time_element",
]
