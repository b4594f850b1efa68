"""`ArticleBody`: every element in one line."""

from __future__ import annotations

from anodyne_blocks.blocks.byline import BylineBlock, ReadingTimeBlock
from anodyne_blocks.blocks.comparison import ProductComparisonBlock
from anodyne_blocks.blocks.faq import FAQBlock
from anodyne_blocks.blocks.navigation import ShareBlock, TableOfContentsBlock
from anodyne_blocks.blocks.notices import DisclosureBlock, NoticeBlock
from anodyne_blocks.blocks.passages import KeyPointsBlock, QuoteBlock, StepsBlock
from anodyne_blocks.blocks.people import ReviewerBlock
from anodyne_blocks.blocks.products import ProductCardBlock, ProductGridBlock
from anodyne_blocks.blocks.ratings import ShopRatingBlock
from anodyne_blocks.blocks.related import RelatedArticlesBlock
from anodyne_blocks.blocks.repeats import TellsRepeats
from anodyne_blocks.blocks.sources import SourceListBlock
from anodyne_blocks.blocks.text import HeadingBlock, ImageBlock, ParagraphBlock, StandfirstBlock
from anodyne_blocks.blocks.verdict import PicksBlock, ProductVerdictBlock


class ArticleBody(TellsRepeats):
    """All elements of an article. Subclass it to leave some out (`faq = None`) or add your own."""

    standfirst = StandfirstBlock()
    byline = BylineBlock()
    reading_time = ReadingTimeBlock()
    disclosure = DisclosureBlock()
    key_points = KeyPointsBlock()
    contents = TableOfContentsBlock()
    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    image = ImageBlock()
    quote = QuoteBlock()
    notice = NoticeBlock()
    steps = StepsBlock()
    product_card = ProductCardBlock()
    product_grid = ProductGridBlock()
    product_comparison = ProductComparisonBlock()
    product_verdict = ProductVerdictBlock()
    picks = PicksBlock()
    shop_rating = ShopRatingBlock()
    faq = FAQBlock()
    sources = SourceListBlock()
    reviewer = ReviewerBlock()
    share = ShareBlock()
    related_articles = RelatedArticlesBlock()

    class Meta:
        # What stands on a page once.
        block_counts = {
            name: {"max_num": 1}
            for name in (
                "standfirst",
                "byline",
                "reading_time",
                "contents",
                "picks",
                "sources",
                "disclosure",
            )
        }
