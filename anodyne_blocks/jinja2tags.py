"""The tags of `{% load anodyne_blocks %}` as functions of Jinja2; needs Jinja2 in the site."""

from __future__ import annotations

from jinja2 import Environment, pass_context
from jinja2.ext import Extension

from anodyne_blocks.templatetags import anodyne_blocks as tags


class AnodyneBlocksExtension(Extension):
    """`"extensions": ["anodyne_blocks.jinja2tags.core"]` among the options of Jinja2's engine."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(
            anodyne_css=pass_context(tags.anodyne_css),
            anodyne_js=tags.anodyne_js,
            # In an element's template `element` is the element.
            anodyne_element=pass_context(tags.element),
            article_json_ld=pass_context(tags.article_json_ld),
            reading_time=pass_context(tags.reading_time),
        )


# As Wagtail names its own.
core = AnodyneBlocksExtension
