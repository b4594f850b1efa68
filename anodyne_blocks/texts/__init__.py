"""Finished texts, read: what of HTML, Markdown or Word becomes which part of an article."""

from anodyne_blocks.texts.draft import (
    Draft,
    Heading,
    Note,
    Picture,
    Piece,
    Questions,
    Quote,
    Sources,
    Text,
)
from anodyne_blocks.texts.reading import (
    FORMATS,
    LONGEST,
    UnreadableText,
    guess_format,
    read_questions,
    read_text,
)

__all__ = [
    "FORMATS",
    "LONGEST",
    "Draft",
    "Heading",
    "Note",
    "Picture",
    "Piece",
    "Questions",
    "Quote",
    "Sources",
    "Text",
    "UnreadableText",
    "guess_format",
    "read_questions",
    "read_text",
]
