"""An article while it is shown: one page, for one reader, at one moment."""

from anodyne_blocks.article.article import CONTEXT_KEY, Article

__all__ = ["CONTEXT_KEY", "Article"]
