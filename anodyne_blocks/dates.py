"""Dates are part of showing an article: see `anodyne_blocks.article`."""

from anodyne_blocks.moved import moved

__getattr__ = moved(__name__, date_of="anodyne_blocks.article.date_of")
