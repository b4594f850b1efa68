"""Checks of a site's StreamFields: which cannot tell their elements the page they are on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Info, Tags, register
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin

from anodyne_blocks.article.walking import definitions, holds_elements, stream_fields
from anodyne_blocks.checks.messages import Messages, warning
from anodyne_blocks.checks.own_blocks import children_of, what_is_wrong
from anodyne_blocks.fields import knows_page

LOST = (
    "Printed otherwise, and in Wagtail's APIs, they have no contents, reading time and dates, and"
    " no price where the site has several markets."
)


@register(Tags.models, "anodyne_blocks")
def check_fields(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """StreamFields whose elements do not know their page, and blocks that say what nobody knows."""
    return [
        message
        for app in app_configs or apps.get_app_configs()
        for model in app.get_models()
        for field in stream_fields(model)
        if field.model is model
        for message in (*_own_blocks(field), *_page(field))
    ]


def _page(field: StreamField) -> Iterator[CheckMessage]:
    if knows_page(field) or not holds_elements(field.stream_block):
        return
    if issubclass(field.model, TranslatableMixin):
        yield warning(
            51,
            f"{field} makes its values in its own way: elements in it do not know their page.",
            "Derive the field's class from anodyne_blocks.fields.ArticleField. Printed by"
            f" {{% include_block %}} in the page's template they find it. {LOST}",
        )
    else:
        yield Info(
            f"{field} has elements, and {field.model._meta.label} has no language.",
            hint="Printed by {% include_block %} in a page's template they have the page's."
            f" {LOST}",
            id="anodyne_blocks.I001",
        )


def _own_blocks(field: StreamField) -> Messages:
    """What `Meta.in_article` says, of each block once in a field."""
    for block in definitions(field.stream_block):
        said = getattr(block.meta, "in_article", None)
        if said is not None:
            place = f"{field}: in_article of {type(block).__name__}"
            yield from what_is_wrong(said, place, [children_of(block)])
