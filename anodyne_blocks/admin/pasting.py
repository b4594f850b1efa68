"""What is pasted into a text or question of a form, as the blocks or items that it becomes."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from django.forms import Media
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks import Block, StreamBlock
from wagtail.blocks.struct_block import StructBlockAdapter

from anodyne_blocks.admin.editing import editor_of, model_of
from anodyne_blocks.article.walking import stream_fields
from anodyne_blocks.blocks import FAQBlock, ParagraphBlock
from anodyne_blocks.texts import Draft, Heading, Text, UnreadableText, read_questions, read_text
from anodyne_blocks.texts.placing import placed, question_given, stored

_URL = "anodyne_blocks/pasted/"


class PastingAdapter(StructBlockAdapter):
    """The form of a block in which a pasted text may become several."""

    def __init__(self, name: str) -> None:
        self.js_constructor = f"anodyne_blocks.blocks.{name}"
        super().__init__()

    @property
    def media(self) -> Media:
        scripts = ("sources.js", "pasting.js")
        return super().media + Media(
            js=[versioned_static(f"anodyne_blocks/{name}") for name in scripts]
        )


register(PastingAdapter("ParagraphBlock"), ParagraphBlock)
register(PastingAdapter("FAQBlock"), FAQBlock)


def urls() -> list[Any]:
    """The address that a form asks when something is pasted."""
    return [path(_URL, pasted_view, name="anodyne_blocks_pasted")]


@require_POST
def pasted_view(request: HttpRequest) -> JsonResponse:
    """The `states` of what a pasted `text` becomes in the `field` of the page that is edited.

    In a block of the `type` of questions they are its items; else {type, value} of blocks. [] where
    it is one text, and no more.
    """
    stream = _stream(request)
    text = request.POST.get("text") or ""
    if stream is None or not text.strip():
        return JsonResponse({"states": []})
    block = stream.child_blocks.get(request.POST.get("type") or "")
    try:
        if isinstance(block, FAQBlock):
            states = _items(block, text)
        else:
            there = json.loads(request.POST.get("there") or "[]")
            states = _blocks(stream, text, [{"type": name} for name in there])
    except (UnreadableText, ValueError, TypeError):
        states = []
    return JsonResponse({"states": states if len(states) > 1 else []})


def _stream(request: HttpRequest) -> StreamBlock | None:
    """The blocks of a field of the page that is edited; None where it is no page's."""
    editor = editor_of(request)
    if editor is None:
        return None
    name = request.POST.get("field") or ""
    return next((f.stream_block for f in stream_fields(model_of(editor)) if f.name == name), None)


def _items(block: FAQBlock, text: str) -> list[Any]:
    child = block.child_blocks["questions"].child_block
    return [_state(child, stored(child, question_given(item), {})) for item in read_questions(text)]


def _blocks(stream: StreamBlock, text: str, there: list[dict[str, Any]]) -> list[Any]:
    """A title in it is a heading here, a standfirst a text: the page has its own."""
    draft = read_text(text, "html")
    first = [Heading(2, draft.title)] if draft.title else []
    lead = [Text(f"<p>{escape(draft.standfirst)}</p>")] if draft.standfirst else []
    draft = Draft(pieces=(*first, *lead, *draft.pieces))
    blocks = placed(draft, stream, there)
    return [
        {"type": name, "value": _state(stream.child_blocks[name], value)}
        for name, value, _words, _src in blocks
    ]


def _state(block: Block, value: Any) -> Any:
    """A stored value as Wagtail's form takes it."""
    return block.get_form_state(block.to_python(value))
