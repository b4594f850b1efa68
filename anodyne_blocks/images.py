"""Images are part of showing an article: see `anodyne_blocks.article`."""

from anodyne_blocks.moved import moved

__getattr__ = moved(__name__, image_element="anodyne_blocks.article.image_element")
