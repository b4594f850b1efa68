"""A page loads the stylesheet, and of its parts those that its elements need."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from wagtail.blocks import StreamBlock, StructBlock
from wagtail.fields import StreamField

from anodyne_blocks.blocks import HeadingBlock, ParagraphBlock

BASE = "anodyne_blocks/anodyne.css"
ALL = [BASE, "anodyne_blocks/deciding.css", "anodyne_blocks/passages.css"]


def linked(arguments: str = "", **variables: Any) -> list[str]:
    template = Template(f"{{% load anodyne_blocks %}}{{% anodyne_css {arguments} %}}")
    html = template.render(Context(variables))
    return re.findall(r'<link rel="stylesheet" href="/static/([^"]+)">', html)


class OwnBlock(HeadingBlock):
    class Meta:
        stylesheets = ("shop/own.css", BASE)


class SectionBlock(StructBlock):
    own = OwnBlock()


BODY = StreamBlock([("section", SectionBlock()), ("own", OwnBlock()), ("text", ParagraphBlock())])


class Shown:
    """What a page has, as far as the tag asks."""

    class _meta:
        @staticmethod
        def get_fields() -> list[StreamField]:
            field = StreamField(BODY)
            field.name = "body"
            return [field]

    def __init__(self, *kinds: str) -> None:
        self.body = BODY.to_python([{"type": kind, "value": {}} for kind in kinds])


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], [BASE]),
        (["text"], [BASE]),
        (["text", "own", "own"], [BASE, "shop/own.css"]),
        # A part of the page that may hold it.
        (["section"], [BASE, "shop/own.css"]),
    ],
)
def test_a_page_loads_what_its_elements_name(kinds: list[str], expected: list[str]) -> None:
    assert linked(page=Shown(*kinds)) == expected


def test_where_no_page_is_known_every_part_is_loaded() -> None:
    assert linked() == ALL
    # Django's own paginated listings have a `page` that is none.
    assert linked(page=Paginator([1], 1).page(1)) == ALL


def test_a_template_names_what_else_it_shows() -> None:
    assert linked(f"'{ALL[2]}'", page=Shown("text")) == [BASE, ALL[2]]
