"""Fetching is part of showing an article: see `anodyne_blocks.article.fetching`."""

from anodyne_blocks.moved import moved

__getattr__ = moved(
    __name__,
    FetchedChooser="anodyne_blocks.article.fetching.FetchedChooser",
    Scope="anodyne_blocks.article.fetching.Scope",
)
