"""Criteria of a comparison: what editors write of each product, and what readers get of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext as in_admin_language
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks.article.outline import slug_of
from anodyne_blocks.blocks.base import CompleteBlock
from anodyne_blocks.blocks.ratings import rating_of
from anodyne_blocks.blocks.untranslated import UntranslatedBlock
from anodyne_blocks.elements.base import Rating
from anodyne_blocks.elements.deciding import ComparedValue, ComparisonRow
from anodyne_blocks.pricing.money import format_number
from anodyne_blocks.words import pgettext

Kind = Literal["text", "yes_no", "number", "stars"]
STARS = 5
# What is stored for yes and no, whatever the editor's language.
ANSWERS = {"yes": True, "no": False}
_SIGNS = {"+": "yes", "✓": "yes", "-": "no", "−": "no", "–": "no", "✗": "no"}
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?")
# "1.200" is twelve hundred to one editor, and one and a fifth to another.
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


class CriterionBlock(CompleteBlock):
    """One row of a comparison: its name, what kind of value it holds, and which way is better."""

    name = blocks.CharBlock(label=_("Criterion"), max_length=80)
    kind = blocks.ChoiceBlock(
        label=_("Kind of value"),
        choices=[
            ("text", _("Text")),
            ("yes_no", _("Yes or no")),
            ("number", _("Number")),
            ("stars", _("Stars, 0 to 5")),
        ],
        default="text",
    )
    unit = blocks.CharBlock(
        label=_("Unit"),
        required=False,
        max_length=20,
        help_text=_("Of a number, for example: kg."),
    )
    better = blocks.ChoiceBlock(
        label=_("Which is better"),
        choices=[("more", _("More, or yes")), ("less", _("Less, or no"))],
        required=False,
        help_text=_("The best values are then marked. Not for texts."),
    )
    key = UntranslatedBlock(
        label=_("Short name"),
        required=False,
        max_length=80,
        help_text=_("By which the products' values name it. Made when you save; it then stays."),
    )

    class Meta:
        label = _("Criterion")
        icon = "list-ul"
        label_format = "{name}"
        settings = ("key",)

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        if value.get("unit") and value.get("kind") not in ("number", "", None):
            errors["kind"] = ValidationError(_("Only a number has a unit."))
        if value.get("better") and value.get("kind") == "text":
            errors["kind"] = ValidationError(_("Nobody can say which of two texts is better."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value


class WrittenValueBlock(blocks.CharBlock):
    """A value of a criterion; translators are sent words only."""

    # Values are what is stored.
    is_plain = True

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone."""
        return ("wagtail.blocks.CharBlock", *super().deconstruct()[1:])

    def get_translatable_segments(self, value: Any) -> list[Any]:
        """The words, if it is no figure and no answer; wagtail-localize asks."""
        if not value or value in ANSWERS or _NUMBER.fullmatch(value):
            return []
        from wagtail_localize.segments import StringSegmentValue

        return [StringSegmentValue("", value)]

    def restore_translated_segments(self, value: Any, segments: Any) -> Any:
        """The words that came back; wagtail-localize asks."""
        return segments[0].render_text()


class ValueBlock(CompleteBlock):
    """What one criterion says of one product."""

    criterion = UntranslatedBlock(label=_("Criterion"), required=False, max_length=80)
    value = WrittenValueBlock(
        label=_("Value"),
        required=False,
        max_length=120,
        help_text=_("A text, yes or no, a number, or 0 to 5 stars. Empty: not known."),
    )

    class Meta:
        label = _("Value")
        icon = "list-ul"
        label_format = "{criterion}: {value}"


def give_keys(criteria: Sequence[Any]) -> None:
    """Give each criterion the key by which values name it; those that have one keep it."""
    taken: set[str] = set()
    for criterion in criteria:
        stem = slug_of(criterion.get("key") or "") or slug_of(criterion["name"] or "") or "row"
        key, number = stem, 2
        while key in taken:
            key, number = f"{stem}-{number}", number + 1
        taken.add(key)
        criterion["key"] = key


def key_of(criterion: Any) -> str:
    """What values name a stored criterion by; content that no form has checked may lack a key."""
    return criterion.get("key") or slug_of(criterion.get("name") or "")


def written(kind: str, value: str) -> str:
    """A value as it is stored; `ValidationError` where it is none of this kind."""
    value = value.strip()
    if not value or kind == "text":
        return value
    if kind == "yes_no":
        return _answer(value)
    number = value.replace("٫", ".").replace("−", "-")
    if _AMBIGUOUS.fullmatch(number):
        plain = re.sub(r"[.,]", "", number)
        raise ValidationError(
            _("This can be read in two ways. Write %(whole)s or %(part)s."),
            params={"whole": plain, "part": number.rstrip("0").rstrip(".,") + "0"},
        )
    parsed = number_of(number)
    if parsed is None:
        raise ValidationError(_("Write a number, for example 1200 or 1.5; no unit beside it."))
    if kind == "stars" and not (0 <= parsed <= STARS and parsed * 2 == int(parsed * 2)):
        raise ValidationError(_("Write 0 to 5 stars; halves are allowed."))
    return str(parsed)


def _answer(value: str) -> str:
    said = value.casefold()
    yes, no = in_admin_language("reader", "Yes"), in_admin_language("reader", "No")
    words = {yes.casefold(): "yes", no.casefold(): "no"}
    known = {"yes": "yes", "no": "no", **_SIGNS, **words}
    if said not in known:
        raise ValidationError(_("Write yes or no."))
    return known[said]


def number_of(value: str) -> Decimal | None:
    """A written number; None for what is none."""
    if not _NUMBER.fullmatch(value):
        return None
    try:
        return Decimal(value.replace(",", "."))
    except InvalidOperation:
        return None


class _Read(NamedTuple):
    """A value before the others of its row are known; `rank` grows with what is more."""

    text: str
    rank: Decimal | None = None
    answer: bool | None = None
    number: Decimal | None = None
    rating: Rating | None = None


def _text(value: str, unit: str, language: str) -> _Read:
    return _Read(value)


def _yes_no(value: str, unit: str, language: str) -> _Read | None:
    if value not in ANSWERS:
        return None
    answer = ANSWERS[value]
    word = (pgettext("reader", "Yes") or "✓") if answer else (pgettext("reader", "No") or "✗")
    return _Read(word, Decimal(answer), answer=answer)


def _number(value: str, unit: str, language: str) -> _Read | None:
    number = number_of(value)
    if number is None:
        return None
    text = format_number(number, language)
    return _Read(f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text, number, number=number)


def _stars(value: str, unit: str, language: str) -> _Read | None:
    number = number_of(value)
    if number is None or not 0 <= number <= STARS:
        return None
    rating = rating_of(number, STARS, None, language)
    return _Read(rating.text, number, rating=rating)


_READERS: dict[str, Callable[[str, str, str], _Read | None]] = {
    "text": _text,
    "yes_no": _yes_no,
    "number": _number,
    "stars": _stars,
}


def row_of(
    criterion: Any, products: Sequence[str], stored: Sequence[str], language: str
) -> ComparisonRow | None:
    """The row of a criterion with what is stored of each product (by title); None for no value."""
    kind: Kind = criterion["kind"] if criterion.get("kind") in _READERS else "text"
    unit = criterion.get("unit") or ""
    read = [_READERS[kind](value, unit, language) if value else None for value in stored]
    known = [value for value in read if value is not None]
    if not criterion.get("name") or not known:
        return None
    best = _best(criterion.get("better"), [value.rank for value in known])
    return ComparisonRow(
        kind=kind,
        label=criterion["name"],
        values=tuple(
            ComparedValue(
                product=product,
                text=value.text,
                is_known=True,
                is_best=best is not None and value.rank == best,
                answer=value.answer,
                number=value.number,
                rating=value.rating,
            )
            if value is not None
            else plain_value(product, "")
            for product, value in zip(products, read, strict=True)
        ),
        is_equal=len(known) == len(read) and len({value.text for value in known}) == 1,
    )


def _best(better: Any, ranks: Sequence[Decimal | None]) -> Decimal | None:
    """The best of the known values; None where all are the same, or nobody says what is better."""
    found = [rank for rank in ranks if rank is not None]
    if better not in ("more", "less") or len(set(found)) < 2:
        return None
    return max(found) if better == "more" else min(found)


def plain_value(product: str, text: str, rating: Rating | None = None) -> ComparedValue:
    """What an offer says of a product; "" is not known."""
    return ComparedValue(
        product=product,
        text=text,
        is_known=bool(text),
        is_best=False,
        answer=None,
        number=None,
        rating=rating,
    )
