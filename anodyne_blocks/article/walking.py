"""Walking through the blocks of a page, in reading order, and what an article asks of a block."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.functional import cached_property
from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    BoundBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
)
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock, TypedTable
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.article.own_blocks import UNSAID, OwnBlock, own_block, owner_of
from anodyne_blocks.article.stored import is_item, items

if TYPE_CHECKING:
    from anodyne_blocks.article.article import Article
    from anodyne_blocks.article.dates import Days
    from anodyne_blocks.article.outline import Outline
    from anodyne_blocks.elements.base import Element
    from anodyne_blocks.elements.passages import Relationship


class Reviewed(NamedTuple):
    """What a reviewer box says: who reviewed the text, when, and when it is to be done again."""

    person: Any
    reviewed: datetime.date
    next_review: datetime.date | None = None


class ArticleBlock(StructBlock):
    """What an article asks of a block that resolves to an element."""

    def resolve(self, value: Any, article: Article) -> Element | None:
        """The element for a stored value, or None where nothing is to be shown.

        Called once in an article, with the article's language active.
        """
        raise NotImplementedError

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        """What in it keeps the anchor that it was published with, and shows something.

        `place` is the block's own, "" where it has none. Each owner has an anchor in the outline.
        """
        return ()

    def keep(self, value: Any, anchors: Sequence[str]) -> None:
        """Store the anchors of what is `anchored`, in its order: in each owner's child `anchor`."""
        for part, anchor in zip(self.anchored(value, ""), anchors, strict=True):
            part.owner["anchor"] = anchor

    def outline(self, value: Any, outline: Outline) -> None:
        """Note this block's headings and anchors in the page's outline, if it shows something."""

    def reading_text(self, value: Any) -> Iterable[str]:
        """The texts (plain or HTML) that a reader of the article reads; none by default."""
        return ()

    def reading_images(self, value: Any) -> int:
        """The number of images that are content."""
        return 0

    def words(self, value: Any) -> Iterable[str]:
        """The texts (plain or HTML) in which the article says something; those that are read.

        A review is of these words.
        """
        return self.reading_text(value)

    def names(self, value: Any) -> Iterable[str]:
        """Titles and names of what it shows, by which the page is found besides its words."""
        return ()

    def review(self, value: Any) -> Reviewed | None:
        """What a block says of a review of the article's text, or None."""
        return None

    def set_minutes(self, value: Any) -> int | None:
        """The reading time that an editor set for the whole article, or None."""
        return None

    def set_days(self, value: Any) -> Days:
        """The days of publication and update that an editor set for the whole article."""
        return None, None

    # Whether each value is a place where one product is sold: these are numbered in reading order.
    sells = False

    def relationships(self, value: Any, article: Article) -> Iterable[Relationship]:
        """The relationships that readers are to be told of, if it shows something."""
        return ()

    def shown_texts(self, value: Any) -> Iterable[RichText]:
        """The rich texts that are shown, in reading order, without those of elements in this one.

        Citations are numbered in this order.
        """
        for name, child in self.child_blocks.items():
            if name not in self.children_with_elements:
                for _block, below in walk(child, value.get(name)):
                    if isinstance(below, RichText):
                        yield below

    def listed_sources(self, value: Any) -> Iterable[Any]:
        """The sources that this block lists: mappings, of which `key` is what citations hold."""
        return ()

    @cached_property
    def holds_texts(self) -> bool:
        """Whether a rich text can stand in this block."""
        return any(isinstance(below, RichTextBlock) for below in definitions(self))

    @cached_property
    def children_with_elements(self) -> tuple[str, ...]:
        """The names of the children in which other elements can stand."""
        return tuple(name for name, child in self.child_blocks.items() if holds_elements(child))


class Placed(NamedTuple):
    """A block that an article asks, with its value; `is_inside` another element's.

    Of a site's own block in a stream `own_blocks.owner_of` stands for the value.
    """

    block: ArticleBlock | OwnBlock
    value: Any
    is_inside: bool = False


def placements(page: Any) -> list[Placed]:
    """What stands in all of a page's StreamFields."""
    return [placed for stream in page_streams(page) for placed in placements_in(*stream)]


def placements_in(
    block: Block, value: Any, is_inside: bool = False, child: BoundBlock | None = None
) -> list[Placed]:
    """What stands in a block's value, itself first; `child` is the stream's child that it is of.

    The blocks of elements, the site's own of which something is said, and each other in a stream
    in which there is none of these.
    """
    if isinstance(block, ArticleBlock):
        found = [Placed(block, value, is_inside)]
        # Most children are texts.
        for name in block.children_with_elements:
            found += placements_in(block.child_blocks[name], value.get(name), True)
        return found
    own = own_block(block, in_stream=child is not None)
    found = [Placed(own, value if child is None else owner_of(child), is_inside)] if own else []
    if isinstance(block, StreamBlock):
        for bound in stream_children(value):
            if isinstance(bound.block, ArticleBlock) and not bound.block.children_with_elements:
                # Most are: they are found without a further call.
                found.append(Placed(bound.block, bound.value, is_inside))
                continue
            within = placements_in(bound.block, bound.value, is_inside, bound)
            found += within or [Placed(UNSAID, owner_of(bound), is_inside)]
    else:
        for child_block, child_value in children(block, value):
            found += placements_in(child_block, child_value, is_inside)
    return found


def stream_children(value: Any) -> Iterable[BoundBlock]:
    """The children of a stream's value; those of an article's body all at once."""
    return value.built() if hasattr(value, "built") else value or ()


def stored_in(page: Any, is_wanted: Callable[[Block], bool]) -> bool:
    """Whether such a block stands in a page's streams, by what is stored: nothing is fetched."""
    return any(
        is_wanted(block.child_blocks[item["type"]])
        for block, body in page_streams(page)
        for item in body.raw_data
        if item["type"] in block.child_blocks
    )


def stylesheets_of(page: Any) -> list[str]:
    """The parts of the stylesheet that the blocks stored in a page's streams name, each once.

    A block that may hold such a block counts as one: nothing is fetched, no value is looked at.
    """
    named = set[str]()
    for stream, body in page_streams(page):
        stored = {item["type"] for item in getattr(body, "raw_data", ())}
        for kind in stored & stream.child_blocks.keys():
            for below in definitions(stream.child_blocks[kind]):
                named.update(getattr(below.meta, "stylesheets", ()))
    return sorted(named)


def walk(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """Each block below and including `block`, with its value, parents before children."""
    yield block, value
    for child_block, child_value in children(block, value):
        yield from walk(child_block, child_value)


def children(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """The direct children of a value; none for a value that is no collection (or is None)."""
    if isinstance(block, StructBlock):
        if isinstance(value, Mapping):
            for name, child in block.child_blocks.items():
                yield child, value.get(name)
    elif isinstance(block, StreamBlock):
        for bound in value or ():
            yield bound.block, bound.value
    elif isinstance(block, ListBlock):
        for item in value or ():
            yield block.child_block, item
    elif isinstance(block, BaseTypedTableBlock):
        for row in value.rows if isinstance(value, TypedTable) else ():
            for cell in row:
                yield cell.block, cell.value


def raw_children(block: Block, raw: Any) -> Iterator[tuple[Block, Any]]:
    """`children` of a value as it is stored: JSON, before any object is fetched."""
    if isinstance(block, StructBlock):
        if isinstance(raw, dict):
            for name, child in block.child_blocks.items():
                yield child, raw[name] if name in raw else stored_default(child)
        elif isinstance(block, ImageBlock):
            # It was an ImageChooserBlock when this was stored.
            yield block.child_blocks["image"], raw
    else:
        for child, holder, key in raw_slots(block, raw):
            yield child, holder[key]


def raw_slots(block: Block, raw: Any) -> Iterator[tuple[Block, Any, Any]]:
    """(block, holder, key) of each child that is stored in a value: `holder[key]` is the child's.

    Holders are the dicts and lists of the JSON itself: to set one changes what is stored.
    """
    if isinstance(block, StructBlock):
        if isinstance(raw, dict):
            for name, child in block.child_blocks.items():
                if name in raw:
                    yield child, raw, name
    elif isinstance(block, StreamBlock):
        for item in items(raw) or ():
            stream_child = block.child_blocks.get(item["type"])
            if stream_child is not None:
                yield stream_child, item, "value"
    elif isinstance(block, ListBlock):
        for number, item in enumerate(raw if raw.__class__ is list else ()):
            slot = (item, "value") if is_item(item) else (raw, number)
            yield block.child_block, *slot
    elif isinstance(block, BaseTypedTableBlock) and isinstance(raw, Mapping):
        for row in raw.get("rows", ()):
            yield from row_slots(block, raw, row)


def row_slots(
    block: BaseTypedTableBlock, raw: Mapping[str, Any], row: Any
) -> Iterator[tuple[Block, Any, Any]]:
    """`raw_slots` of one row of a table as it is stored."""
    columns = [block.child_blocks.get(column["type"]) for column in raw.get("columns", ())]
    for number, child in enumerate(columns[: len(row["values"])]):
        if child is not None:
            yield child, row["values"], number


def stored_default(block: Block) -> Any:
    """What stands for a child that was added to a block after a value was stored."""
    return block.get_prep_value(block.get_default())


def stream_fields(model: Any) -> Iterator[StreamField]:
    """Those of a page or model; none of what is neither."""
    fields = model._meta.get_fields() if hasattr(model, "_meta") else ()
    return (field for field in fields if isinstance(field, StreamField))


def page_streams(page: Any) -> Iterator[tuple[StreamBlock, Any]]:
    """The StreamFields of a page with their values, in the order of the model's fields."""
    for field in stream_fields(page):
        yield field.stream_block, getattr(page, field.name)


def loaded_streams(page: Any) -> list[StreamValue]:
    """The values of a page's StreamFields, but for those that are deferred."""
    names = (field.name for field in stream_fields(page))
    return [getattr(page, name) for name in names if vars(page).get(name) is not None]


def definitions(block: Block) -> Iterator[Block]:
    """A block's definition and all below it."""
    yield block
    if isinstance(block, (BaseStructBlock, BaseStreamBlock, BaseTypedTableBlock)):
        for child in block.child_blocks.values():
            yield from definitions(child)
    elif isinstance(block, ListBlock):
        yield from definitions(block.child_block)


def holds_elements(block: Block) -> bool:
    """Whether a block is that of an element, or one can stand in it."""
    return any(isinstance(below, ArticleBlock) for below in definitions(block))


def walk_page(page: Any) -> Iterator[tuple[Block, Any]]:
    """Each block of all of a page's StreamFields, with its value."""
    for block, value in page_streams(page):
        yield from walk(block, value)


def block_definitions(model: type) -> Iterator[Block]:
    """The definitions of all blocks in a model's StreamFields."""
    for field in stream_fields(model):
        yield from definitions(field.stream_block)
