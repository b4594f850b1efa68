"""An article while it is shown: one page, for one reader, at one moment."""

from anodyne_blocks.article.article import CONTEXT_KEY, ONLY_ELEMENTS, WRITES_ELEMENTS, Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.article.fetching import FetchedChooser
from anodyne_blocks.article.images import image_element

__all__ = [
    "CONTEXT_KEY",
    "ONLY_ELEMENTS",
    "WRITES_ELEMENTS",
    "Article",
    "FetchedChooser",
    "date_of",
    "image_element",
]
