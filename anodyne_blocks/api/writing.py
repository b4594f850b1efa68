"""A body that API v3 writes: checked before Wagtail's form sees it, each error with its place.

Structure, ids and then the blocks' own `clean`; Wagtail reports the last without a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from pydantic import ValidationError as TypeErrors
from pydantic import ValidationInfo
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.utils.forms import FormValidationError

from anodyne_blocks.api.written import as_a_form_does, default_of
from anodyne_blocks.article.fetching import FetchedChooser, Pool, Scope

# From the field's name to what is wrong: ("body", 3, "value", "layout").
Path = tuple[Any, ...]
# Path, message, code.
Problem = tuple[Path, str, str]


class Written:
    """Checks what is written to a field, and fills in what is left out."""

    def __init__(self, field: StreamField) -> None:
        self.field = field

    def __call__(self, value: Any, check: Any, info: ValidationInfo) -> Any:
        """The value for Wagtail's form; `FormValidationError`, which is 422, where it is wrong."""
        try:
            check(value)
        except TypeErrors as problem:
            errors = problem.errors(include_url=False, include_input=False, include_context=False)
            self._refuse(
                (path_of(error["loc"], value), error["msg"], error["type"]) for error in errors
            )
        block = self.field.stream_block
        self._refuse(repeated_ids(block, value))
        chosen = Chosen(choices_in(block, value))
        self._refuse(chosen.unknown())
        filled = chosen.fill(block, value)
        meta = (info.data or {}).get("meta")
        self._refuse(self._refused_by_blocks(filled, getattr(meta, "action", None) == "publish"))
        return filled

    def _refuse(self, problems: Iterable[Problem]) -> None:
        errors: dict[Path, list[tuple[str, str]]] = {}
        for path, message, code in problems:
            where = (self.field.name, *map(_printable, path))
            errors.setdefault(where, []).append((_printable(message), code))
        if errors:
            raise FormValidationError(errors)

    def _refused_by_blocks(self, value: Any, publish: bool) -> Iterator[Problem]:
        """What the blocks' `clean` says, as when an editor saves a draft or publishes."""
        block = self.field.stream_block
        native = as_a_form_does(block, value, self.field.name)
        try:
            (block.clean if publish else block.clean_deferred)(native)
        except ValidationError as error:
            yield from placed(error)


def path_of(loc: tuple[Any, ...], value: Any) -> Path:
    """Where an error of pydantic is in the JSON: its places without the tags of unions."""
    path: list[Any] = []
    for part in loc:
        after_index = bool(path) and isinstance(path[-1], int)
        if after_index and isinstance(value, dict) and part == value.get("type"):
            continue
        path.append(part)
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
    return tuple(path)


def placed(error: Any, path: Path = ()) -> Iterator[Problem]:
    """The errors in an error of blocks, each with its path."""
    within = getattr(error, "block_errors", None)
    if within is None:
        for single in error.error_list:
            yield path, single.messages[0], single.code or "invalid"
        return
    in_stream = isinstance(error, blocks.StreamBlockValidationError)
    for key, inner in within.items():
        yield from placed(inner, (*path, key, "value") if in_stream else (*path, key))
    for single in error.non_block_errors.as_data():
        yield from placed(single, path)


def parts(block: blocks.Block, value: Any) -> Iterator[tuple[Path, blocks.Block, Any]]:
    """(path, block, value) of what is given below a value of the API, one level down."""
    if isinstance(block, blocks.BaseStreamBlock):
        for index, item in enumerate(value):
            yield (index, "value"), block.child_blocks[item["type"]], item["value"]
    elif isinstance(block, blocks.ListBlock):
        for index, item in enumerate(value):
            yield (index,), block.child_block, item
    elif isinstance(block, blocks.BaseStructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            if name in value:
                yield (name,), child, value[name]


def repeated_ids(block: blocks.Block, value: Any, path: Path = ()) -> Iterator[Problem]:
    """The items of streams that have the id of an earlier one."""
    if isinstance(block, blocks.BaseStreamBlock):
        seen: set[str] = set()
        for index, item in enumerate(value):
            if item.get("id") in seen:
                yield (*path, index, "id"), "An earlier block has this id.", "repeated_id"
            seen |= {item["id"]} if item.get("id") else set()
    for step, child, inner in parts(block, value):
        yield from repeated_ids(child, inner, (*path, *step))


def choices_in(
    block: blocks.Block, value: Any, path: Path = ()
) -> Iterator[tuple[Path, blocks.ChooserBlock, Any]]:
    """(path, chooser, id) of all that is chosen."""
    if isinstance(block, blocks.ChooserBlock):
        if value is not None:
            yield path, block, value
        return
    for step, child, inner in parts(block, value):
        yield from choices_in(child, inner, (*path, *step))


class Chosen:
    """What there is of the chosen ids: one query for each kind, and what their elements need."""

    def __init__(self, chosen: Iterable[tuple[Path, blocks.ChooserBlock, Any]]) -> None:
        self.chosen = list(chosen)
        self.pool = Pool(Scope())
        wanted: dict[Any, set[Any]] = {}
        for _path, block, pk in self.chosen:
            if not is_storable_key(pk):
                continue
            if isinstance(block, FetchedChooser):
                if block.is_key(pk):
                    self.pool.wanted[type(block).loader].add(pk)
            else:
                wanted.setdefault(block.model_class, set()).add(pk)
        self.pool.load()
        self.known = {
            (model, str(pk))
            for model, ids in wanted.items()
            for pk in model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)
        }

    def unknown(self) -> Iterator[Problem]:
        """The ids that there are not."""
        for path, block, pk in self.chosen:
            model = block.model_class
            if isinstance(block, FetchedChooser):
                is_known = block.is_key(pk) and pk in self.pool.found.get(type(block).loader, {})
            else:
                is_known = (model, str(pk)) in self.known
            if not is_known:
                yield path, f"No {model._meta.object_name} has the id {pk}.", "unknown_id"

    def fill(self, block: blocks.Block, value: Any) -> Any:
        """The value with what is left out at its default, and things in the place of their ids.

        Wagtail asks the database for each id, several times.
        """
        if isinstance(block, FetchedChooser):
            return value and self.pool.give(type(block).loader, value)
        if isinstance(block, blocks.BaseStreamBlock):
            return [
                {**item, "value": self.fill(block.child_blocks[item["type"]], item["value"])}
                for item in value
            ]
        if isinstance(block, blocks.ListBlock):
            return [self.fill(block.child_block, item) for item in value]
        if isinstance(block, blocks.BaseStructBlock) and isinstance(value, dict):
            return {
                name: self.fill(child, value[name] if name in value else default_of(child))
                for name, child in block.child_blocks.items()
            }
        return value


def is_storable_key(pk: Any) -> bool:
    """Whether databases can compare it."""
    return not isinstance(pk, int) or pk.bit_length() < 64


def _printable(part: Any) -> Any:
    """A part of a path, or a message, as JSON can hold it."""
    return part.encode(errors="replace").decode() if isinstance(part, str) else part
