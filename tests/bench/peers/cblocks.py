"""wagtail-cblocks: no card, so a column of its image, heading, paragraph and button is one."""

from __future__ import annotations

from typing import Any

REQUIREMENT = "wagtail-cblocks"
APPS = ["wagtail_cblocks"]
# It asks for the stylesheet of Bootstrap 5, which it does not ship: that of another peer is taken.
ASSETS = ["coderedcms/vendor/bootstrap/dist/css/bootstrap.min.css"]


def blocks() -> dict[str, Any]:
    """Columns of blocks, as its own example has them."""
    from wagtail.blocks import StreamBlock
    from wagtail_cblocks.blocks import (
        ButtonBlock,
        ColumnsBlock,
        HeadingBlock,
        ImageBlock,
        ParagraphBlock,
    )

    kinds = {
        "image": ImageBlock(),
        "heading": HeadingBlock(),
        "paragraph": ParagraphBlock(),
        "button": ButtonBlock(),
    }
    return {"peer_card": ColumnsBlock(StreamBlock(list(kinds.items())))}


def card(image: int, title: str, text: str, url: str) -> dict[str, Any]:
    """What one column stores."""
    link = {"type": "url", "url": url}
    column = [
        {"type": "image", "value": {"image": image, "link": link}},
        {"type": "heading", "value": {"text": title, "level": "3"}},
        {"type": "paragraph", "value": text},
        {"type": "button", "value": {"text": title, "link": link}},
    ]
    return {"columns": [{"type": "item", "id": "1", "value": column}]}
