"""wagtail-tw-blocks: an accordion of radio buttons; none of its blocks is a card."""

from __future__ import annotations

import typing
from typing import Any

REQUIREMENT = "wagtail-tw-blocks"
APPS = ["wagtail_blocks"]
# It also imports a font, from another server.
ASSETS = ["wagtail_blocks/css/styles.css"]


def blocks() -> dict[str, Any]:
    """Its accordion."""
    # Its metadata allows Python 3.11, its code imports a decorator of 3.12 that does nothing.
    if not hasattr(typing, "override"):
        typing.override = lambda method: method
    from wagtail_blocks.blocks import AccordionBlock

    return {"peer_faq": AccordionBlock()}


def faq(heading: str, questions: list[dict[str, str]]) -> dict[str, Any]:
    """What an accordion stores; it has no heading."""
    items = [{"title": item["question"], "content": item["answer"]} for item in questions]
    return {"style": "", "items": items}
