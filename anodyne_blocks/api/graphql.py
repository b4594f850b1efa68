"""GraphQL, with wagtail-grapple: a type for every block and its element, and their JSON as values.

The types are made from the same annotations as the schemas of API v3, the values are those of API
v2: nothing is described or resolved a second time.
"""

from __future__ import annotations

import inspect
import json
import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import graphene
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from graphene.types.generic import GenericScalar
from graphene.utils.str_converters import to_snake_case
from grapple.registry import registry
from grapple.types.interfaces import StreamFieldInterface
from pydantic import BaseModel
from typing_extensions import is_typeddict

from anodyne_blocks.api.block_types import BlockTypes
from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.article.listing import (
    Listing,
    listing_of,
    parent_of,
    public_ancestors_of,
)
from anodyne_blocks.article.walking import block_definitions
from anodyne_blocks.blocks.base import ElementBlock
from anodyne_blocks.elements import Element

PREFIX = "Anodyne"
# Arguments of lists that have a default.
_ALWAYS_GIVEN = {"search_operator"}
SCALARS = {bool: graphene.Boolean, int: graphene.Int, float: graphene.Float}
# Whatever JSON writes as text: dates, amounts, identifiers.
JSON_TEXTS = ("str", "Decimal", "date", "datetime", "time", "UUID")


class GraphTypes:
    """Derives GraphQL types from annotations; each named thing has one type."""

    def __init__(self) -> None:
        self._known: dict[Any, type[graphene.ObjectType]] = {}

    def field(self, annotation: Any, name: str) -> graphene.Field:
        """The field for an annotation; required unless it may be None. `name` names its enum."""
        given = [part for part in _parts(annotation) if part is not type(None)]
        required = len(given) == len(_parts(annotation))
        if len(given) == 1:
            found = self.of(given[0], name)
        elif all(inspect.isclass(part) and issubclass(part, Element) for part in given):
            found = self._either(tuple(given), name)
        else:
            found = GenericScalar
        return graphene.Field(found, required=required)

    def of(self, annotation: Any, name: str) -> Any:
        """The type for an annotation that is not None; any JSON where nothing narrower is known."""
        if get_origin(annotation) is Annotated:
            return self.of(get_args(annotation)[0], name)
        if get_origin(annotation) in (list, tuple):
            parts = _parts(get_args(annotation)[0])
            given = [part for part in parts if part is not type(None)]
            item = self.of(given[0], name) if len(given) == 1 else GenericScalar
            return graphene.List(graphene.NonNull(item) if len(given) == len(parts) else item)
        if get_origin(annotation) is Literal:
            return self._choice(get_args(annotation), name)
        if is_typeddict(annotation):
            return self._object(annotation, annotation.__name__, get_type_hints(annotation))
        if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
            name = annotation.__name__.removeprefix("Article")
            return self._object(annotation, name, _annotations(annotation))
        if getattr(annotation, "__name__", "") in JSON_TEXTS:
            return graphene.String
        return SCALARS.get(annotation, GenericScalar)

    def _object(self, source: Any, name: str, hints: dict[str, Any]) -> type[graphene.ObjectType]:
        if source not in self._known:
            fields = {
                key: self.field(hint, f"{_owner(source, key)}_{key}") for key, hint in hints.items()
            }
            meta = type("Meta", (), {"description": inspect.getdoc(source)})
            members = {"Meta": meta, **fields}
            self._known[source] = type(f"{PREFIX}{name}", (graphene.ObjectType,), members)
        return self._known[source]

    def _either(self, elements: tuple[type[Element], ...], name: str) -> type[graphene.Union]:
        """One of several elements, told apart by `type`."""
        if elements not in self._known:
            made = {one.model_fields["type"].default: self.of(one, name) for one in elements}
            members = {
                "Meta": type("Meta", (), {"types": tuple(made.values())}),
                "resolve_type": classmethod(lambda cls, value, info: made[value["type"]]),
            }
            self._known[elements] = type(f"{PREFIX}{_camel(name)}", (graphene.Union,), members)
        return self._known[elements]

    def _choice(self, values: tuple[Any, ...], name: str) -> Any:
        if len(values) == 1:
            return graphene.String
        if (name, values) not in self._known:
            pairs = [(value, value) for value in values]
            what = f"What `{name.partition('_')[2]}` may say."
            self._known[name, values] = graphene.Enum(
                f"{PREFIX}{_camel(name)}", pairs, description=what
            )
        return self._known[name, values]

    def block(self, block: ElementBlock, shapes: BlockTypes) -> type[graphene.ObjectType]:
        """The type of a block in a StreamField: its children, and its element as `resolved`."""
        hints = get_type_hints(shapes.of(block))
        name = type(block).__name__
        taken = vars(StreamFieldInterface)
        fields = {
            key: self.field(hint, f"{name}_{key}")
            for key, hint in hints.items()
            if key not in taken
        }
        resolvers = {f"resolve_{key}": _from_representation(key) for key in fields}
        meta = type(
            "Meta",
            (),
            {"interfaces": (StreamFieldInterface,), "description": inspect.getdoc(type(block))},
        )
        members = {"Meta": meta, "resolve_raw_value": _raw_value, **fields, **resolvers}
        return type(f"{PREFIX}{name}", (graphene.ObjectType,), members)


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


TYPES = GraphTypes()


def register() -> None:
    """Give grapple a type for each element block that a model of the site uses."""
    shapes = BlockTypes()
    for block in element_blocks():
        if type(block) not in registry.streamfield_blocks:
            registry.streamfield_blocks[type(block)] = TYPES.block(block, shapes)


def element_blocks() -> Iterator[ElementBlock]:
    """The element blocks in the StreamFields of all models, those inside others included."""
    for model in apps.get_models():
        yield from (block for block in block_definitions(model) if isinstance(block, ElementBlock))


class OnePass:
    """Middleware that fetches the articles of a listing together.

    Executing a query goes page by page; this notes which pages came in one answer, and with the
    first article of them fetches what all of them need.
    """

    def resolve(self, next_: Callable[..., Any], root: Any, info: Any, **arguments: Any) -> Any:
        """What the field resolves to, with everything fetched."""
        listing = listing_of(root)
        if listing is not None:
            _ = listing.languages
            if info.field_name == "parent":
                return parent_of(root, listing)
            if info.field_name == "ancestors" and not arguments.keys() - _ALWAYS_GIVEN:
                return public_ancestors_of(root, listing)
            if _makes(root, info.field_name):
                _ = listing.pictures
        result = next_(root, info, **arguments)
        if isinstance(result, (QuerySet, list)):
            _note_listing(result)
        return result


def _makes(page: Any, field_name: str) -> bool:
    """Whether a field of the query is what the page's model makes itself, as a lead image."""
    name = to_snake_case(field_name)
    return isinstance(getattr(type(page), name, None), property) or name == "json_ld"


def _note_listing(pages: Any) -> None:
    """Tell each page of a listing which came with it."""
    model = pages.model if isinstance(pages, QuerySet) else type(next(iter(pages), None))
    if hasattr(model, "_meta") and hasattr(model, "full_url"):
        Listing(pages)


def _from_representation(key: str) -> Callable[..., Any]:
    """A resolver that takes one key of a block's representation, which is made once."""

    def resolve(child: Any, info: Any, **arguments: Any) -> Any:
        made = getattr(child, "anodyne_representation", None)
        if made is None:
            article = _article_of(child, info)
            with article.speaking():
                given = {CONTEXT_KEY: article}
                made = child.block.get_api_representation(child.value, given)
            # Dates and amounts as API v2 writes them.
            made = json.loads(json.dumps(made, cls=DjangoJSONEncoder))
            child.anodyne_representation = made
        return made.get(key)

    return resolve


def _raw_value(child: Any, info: Any, **arguments: Any) -> str:
    """What is stored, as JSON."""
    return json.dumps(child.block.get_prep_value(child.value), cls=DjangoJSONEncoder)


def _article_of(child: Any, info: Any) -> Article:
    """The article that a child belongs to; of none the request tells nothing."""
    # A child of a stream or list inside the body does not know it, but its value does.
    body = getattr(child, "body", None) or getattr(child.value, "body", None)
    page = getattr(body, "page", None)
    return Article.for_page(page, info.context if page is not None else None)


def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    """{field: annotation} of an element or part of one."""
    return {name: field.annotation for name, field in model.model_fields.items()}


def _owner(source: Any, key: str) -> str:
    """The name of the class that declares a field, so that all heirs share its enum."""
    declaring = [made for made in source.__mro__ if key in made.__dict__.get("__annotations__", {})]
    owner = declaring[-1] if declaring else source
    return str(owner.__name__.removeprefix("Article"))


def _parts(annotation: Any) -> tuple[Any, ...]:
    """The members of a union; of anything else itself."""
    is_union = get_origin(annotation) in (Union, types.UnionType)
    return get_args(annotation) if is_union else (annotation,)
