"""What an element depends on is an article now: see `anodyne_blocks.article`."""

from anodyne_blocks.moved import moved

__getattr__ = moved(
    __name__,
    ArticleContext="anodyne_blocks.article.Article",
    CONTEXT_KEY="anodyne_blocks.article.CONTEXT_KEY",
)
