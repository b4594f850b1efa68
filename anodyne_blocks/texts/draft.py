"""What a text is once it was read: title, standfirst, pieces in order, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from anodyne_blocks.sources.fields import Fields

# Of any length as they were read; whoever stores them knows what fits. HTML holds nothing but
# p, ul, ol, li, b, i, sup, br, and a with an address of the web, of mail or of a telephone, or
# with "#source-3", which cites the third of the draft's sources.


@dataclass(frozen=True)
class Heading:
    """A heading of the article: level 2 to 4."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    """Running text as HTML."""

    html: str


@dataclass(frozen=True)
class Quote:
    """A passage that is quoted, as HTML."""

    html: str


@dataclass(frozen=True)
class Picture:
    """An image: its address, a path, or its content as a data: address."""

    src: str = field(repr=False)
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Questions:
    """(question, answer as HTML) under their heading."""

    heading: str
    level: int
    introduction: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sources:
    """The fields of sources, each with a title, under their heading."""

    heading: str
    items: tuple[Fields, ...]


#: What a draft is made of, in the order of the text.
Piece = Heading | Text | Quote | Picture | Questions | Sources


@dataclass(frozen=True)
class Note:
    """What was left out or is another than it was, and why; `words` are the beginning of it."""

    reason: str
    words: str = ""


@dataclass(frozen=True)
class Draft:
    """A text that was read. Nothing is stored of it."""

    title: str = ""
    standfirst: str = ""
    pieces: tuple[Piece, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The images, in order; the same one may come twice."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Picture))
