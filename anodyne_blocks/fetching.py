"""Fetching is part of showing an article: see `anodyne_blocks.article`."""

from anodyne_blocks.moved import moved

__getattr__ = moved(
    __name__,
    FetchedChooser="anodyne_blocks.article.FetchedChooser",
    Scope="anodyne_blocks.article.fetching.Scope",
)
