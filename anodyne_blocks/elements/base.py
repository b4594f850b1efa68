"""What all elements share: the base model, and the small parts they are made of."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from anodyne_blocks import CONTRACT_VERSION

Direction = Literal["ltr", "rtl"]
Loading = Literal["lazy", "eager"]


def said(**keywords: Any) -> Any:
    """More that the schemas say of a type. Nothing checks it here: elements are made by blocks."""
    return Field(json_schema_extra=keywords)


# Browsers leave these out of an address before they read it.
_UNREAD = dict.fromkeys(range(0x21))


def web_address(address: str) -> str:
    """An address, or "" for one that a browser would run: stored content may hold any."""
    if address.startswith(("https://", "http://", "/")):
        return address
    runs = address.translate(_UNREAD).lower().startswith(("javascript:", "vbscript:", "data:"))
    return "" if runs else address


# Patterns and no formats: validators look at these without being told to.
_MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$"
HTML = Annotated[str, said(contentMediaType="text/html")]
Address = Annotated[str, AfterValidator(web_address)]
Level = Annotated[int, said(enum=[1, 2, 3, 4, 5, 6])]
Count = Annotated[int, said(minimum=0)]
Percent = Annotated[int, said(minimum=0, maximum=100)]
Anchor = Annotated[str, said(pattern=r"^\S*$")]
Language = Annotated[str, said(pattern="^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Moment = Annotated[str, said(pattern=_MOMENT)]
Duration = Annotated[str, said(pattern=r"^PT(\d+H)?(\d+M)?$")]
Number = Annotated[Decimal, said(pattern=r"^\d+(\.\d+)?$")]
# What a later minor version of the contract says still fits.
Contract = Annotated[str, said(pattern=rf"^{CONTRACT_VERSION.partition('.')[0]}\.\d+$")]


class Part(BaseModel):
    """A piece of an element: frozen, and with no field that it does not name."""

    # A default is for those who make a part; whoever reads its JSON always finds the field.
    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True
    )

    def __getitem__(self, name: str) -> Any:
        """A field by name: the way that Django's templates try first, of five."""
        return getattr(self, name)


class Element(Part):
    """One resolved element of an article.

    `type` says which; `language` is a BCP 47 tag and `direction` its writing direction, so that an
    element can stand alone. `contract` is the version of the contract that it keeps.
    """

    type: str
    contract: Contract = CONTRACT_VERSION
    language: Language
    direction: Direction

    @cached_property
    def _own_hash(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def __hash__(self) -> int:
        """Reckoned once: kept HTML is looked up by its element in every request."""
        return self._own_hash

    def as_json(self) -> dict[str, Any]:
        """The element as JSON: dicts, lists, texts, numbers, true, false and null."""
        return self.model_dump(mode="json")


class ElementJSON(MutableMapping[str, Any]):
    """An element's JSON, which is made when somebody reads or changes it."""

    # A listing makes thousands.
    __slots__ = ("_json", "element")

    def __init__(self, element: Element) -> None:
        self.element = element
        self._json: dict[str, Any] | None = None

    @property
    def json(self) -> dict[str, Any]:
        if self._json is None:
            self._json = self.element.as_json()
        return self._json

    @property
    def content(self) -> Element | dict[str, Any]:
        """What a renderer writes: the element itself until its JSON was asked for."""
        return self.element if self._json is None else self._json

    def __getitem__(self, name: str) -> Any:
        return self.json[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.json[name] = value

    def __delitem__(self, name: str) -> None:
        del self.json[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.json)

    def __len__(self) -> int:
        return len(self.json)


class ImageSize(Part):
    """One named size of an image: `width` and `height` in pixels."""

    name: str
    url: str
    width: Count
    height: Count


class ArticleImage(Part):
    """An image in its named sizes, smallest first.

    `url`, `width` and `height` are those of the middle size, for clients that take one;
    `srcset` is ready for the HTML attribute. `alt` is "" for a decorative image. `loading` is
    "eager" where readers may see the image without scrolling.
    """

    alt: str
    url: str
    width: Count
    height: Count
    srcset: str
    sizes: tuple[ImageSize, ...]
    loading: Loading = "lazy"


class ArticleDate(Part):
    """A day or a moment: `iso` as ISO 8601 (with zone for a moment), `formatted` for readers."""

    iso: Moment
    formatted: str


# Their schemas, and the types that clients make of these, hide no name of JavaScript.
Date: TypeAlias = ArticleDate
Image: TypeAlias = ArticleImage


class OtherLanguage(Part):
    """Words of an element that are in another language than it: nobody has translated them.

    `code` is for the HTML attribute `lang`, `direction` for `dir`; `fields` names the fields that
    hold such words. Only where a site shows them: see the setting `UNTRANSLATED_TEXTS`.
    """

    code: str
    direction: Direction
    fields: tuple[str, ...]


class Link(Part):
    """A link with its text; `rel` is ready for the HTML attribute, "" for none."""

    text: str
    url: Address
    rel: str = ""


class Rating(Part):
    """Stars: `value` of `best`, from `count` opinions; `percent` of the stars is filled.

    `text` says it in words ("4.6 out of 5"), `short` in figures ("4.6"), `count_text` as "(212)".
    """

    value: Number
    best: Count
    count: Count | None
    percent: Percent
    text: str
    short: str
    count_text: str
