"""Products weighed against each other, in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as said_to_readers
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks.article import Article
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.base import ElementBlock, common, level_below
from anodyne_blocks.blocks.choosers import CriteriaSetChooserBlock
from anodyne_blocks.blocks.criteria import (
    CriterionBlock,
    ValueBlock,
    give_keys,
    key_of,
    plain_value,
    row_of,
    written,
)
from anodyne_blocks.blocks.products import PlacementBlock, sample_product, without_text
from anodyne_blocks.blocks.sale import sale_of
from anodyne_blocks.elements import (
    Choice,
    ComparisonRow,
    ProductCard,
    ProductComparison,
)
from anodyne_blocks.elements.deciding import RowKind
from anodyne_blocks.pricing.goods import ItemCondition
from anodyne_blocks.pricing.money import babel_locale
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

_STEM = "comparison"


class ComparedProductBlock(PlacementBlock):
    """One product of a comparison, with what is known of it by each criterion."""

    text = None
    is_choice = blocks.BooleanBlock(label=said_to_readers("reader", "Our choice"), required=False)
    reason = blocks.TextBlock(
        label=_("Why it is our choice"), required=False, max_length=300, rows=2
    )
    values = blocks.ListBlock(
        ValueBlock(),
        label=_("Values"),
        default=[],
        help_text=_("One for each criterion; what is missing is added when you save."),
    )

    class Meta:
        label = _("Product")
        settings = ("relationship", "title", "badge", "button_text")

    def words(self, value: Any) -> Iterable[str]:
        if value.get("is_choice"):
            yield value.get("reason") or ""

    def names(self, value: Any) -> Iterable[str]:
        yield from super().names(value)


class ProductComparisonBlock(ElementBlock):
    """Two to six products side by side, by criteria and by what their offers say."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=150,
        help_text=_("The table's caption. Empty: the names of the products."),
    )
    start_from = CriteriaSetChooserBlock(
        label=_("Start from saved criteria"),
        required=False,
        help_text=_("Save the draft: they are added to the criteria below."),
    )
    criteria = blocks.ListBlock(
        CriterionBlock(),
        label=_("Criteria"),
        default=[],
        max_num=20,
        help_text=_("Price, availability and rating show by themselves."),
    )
    products = blocks.ListBlock(ComparedProductBlock(), label=_("Products"), min_num=2, max_num=6)
    anchor = anchor_block()

    class Meta:
        label = _("Comparison")
        icon = "anodyne-comparison"
        group = _("Products")
        description = _("Two to six products in a table, by your criteria, with live prices.")
        label_format = "{heading}"
        template = "anodyne_blocks/product_comparison.html"
        stylesheets = ("anodyne_blocks/deciding.css",)
        settings = ("anchor",)

    def sample(self) -> dict[str, Any]:
        compared = self.child_blocks["products"].child_block
        weights, covers = ("1.2", "0.9"), ("yes", "no")
        return {
            "heading": gettext("Two ways to hold your back"),
            "criteria": [
                {
                    "name": gettext("Weight"),
                    "kind": "number",
                    "unit": "kg",
                    "better": "less",
                    "key": "weight",
                },
                {"name": gettext("Washable"), "kind": "yes_no", "better": "more", "key": "cover"},
            ],
            "products": [
                compared.normalize(
                    {
                        "product": sample_product(),
                        "is_choice": number == 0,
                        "values": [
                            {"criterion": "weight", "value": weights[number]},
                            {"criterion": "cover", "value": covers[number]},
                        ],
                    }
                )
                for number in (0, 1)
            ],
        }

    def get_template(self, value: Any = None, context: Any = None) -> str:
        """Of a comparison of which one product is left, that of a card."""
        element = (context or {}).get("element")
        if element is not None and element.type != "product_comparison":
            return f"anodyne_blocks/{element.type}.html"
        return str(super().get_template(value, context=context))

    def clean(self, value: Any) -> Any:
        """Gives criteria their keys, and each product a place for the value of each."""
        value = super().clean(value)
        _take_saved(value)
        criteria = value.get("criteria") or ()
        give_keys(criteria)
        kinds = {criterion["key"]: criterion["kind"] for criterion in criteria}
        keys = {(criterion["name"] or "").casefold(): criterion["key"] for criterion in criteria}
        errors: dict[int, Any] = {}
        chosen = 0
        for number, product in enumerate(value["products"]):
            values = product.get("values")
            wrong = _clean_values(values, kinds, keys) if values is not None else {}
            block_errors = {"values": ListBlockValidationError(block_errors=wrong)} if wrong else {}
            chosen += bool(product.get("is_choice"))
            if product.get("is_choice") and chosen > 1:
                message = _("Another product is your choice already.")
                block_errors["is_choice"] = ValidationError(message)
            if block_errors:
                errors[number] = StructBlockValidationError(block_errors=block_errors)
        if errors:
            raise StructBlockValidationError(
                block_errors={"products": ListBlockValidationError(block_errors=errors)}
            )
        return value

    def outline(self, value: Any, outline: Outline) -> None:
        heading = value.get("heading")
        if heading and any(product["product"] is not None for product in value["products"]):
            outline.part(value, heading, value.get("anchor") or "")
        else:
            outline.anchor(value, value.get("anchor") or heading or _STEM)

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        return anchored(value, place, value.get("heading"))

    def words(self, value: Any) -> Iterable[str]:
        yield value.get("heading") or ""
        texts = set()
        for criterion in value.get("criteria") or ():
            yield criterion["name"] or ""
            if criterion.get("kind") == "text":
                texts.add(key_of(criterion))
        compared = self.child_blocks["products"].child_block
        for product in value["products"]:
            yield from compared.words(product)
            for item in product.get("values") or ():
                if item.get("criterion") in texts:
                    yield item.get("value") or ""

    def reading_text(self, value: Any) -> Iterable[str]:
        return self.words(value)

    def names(self, value: Any) -> Iterable[str]:
        compared = self.child_blocks["products"].child_block
        return (name for product in value["products"] for name in compared.names(product))

    def resolve(self, value: Any, article: Article) -> ProductComparison | ProductCard | None:
        compared = self.child_blocks["products"].child_block
        heading = value.get("heading") or ""
        level = level_below(value, article)
        found = ((one, compared.card(one, article, level)) for one in value["products"])
        shown = [(one, card) for one, card in found if card is not None]
        if len(shown) < 2:
            alone = shown[0][1] if shown else None
            return alone and alone.model_copy(update={"layout": "wide"})
        cards = tuple(
            without_text(card).model_copy(update={"price_label": ""}) for _one, card in shown
        )
        rows = [
            *_offer_rows(cards, _conditions(shown, article)),
            *_written_rows(value.get("criteria") or (), shown, article.language),
        ]
        values = [value for row in rows for value in row.values]
        fold = pgettext("reader", "Hide rows in which all are the same")
        return ProductComparison(
            **common(article),
            anchor=article.outline.anchor(value, value.get("anchor") or heading or _STEM),
            heading=heading,
            heading_level=level,
            caption=heading or _names(cards, article.language),
            products=cards,
            rows=tuple(rows),
            choice=_choice([one for one, _card in shown], cards),
            best_label=pgettext("reader", "Best") if any(v.is_best for v in values) else "",
            unknown_label=(
                pgettext("reader", "Not known") if not all(v.is_known for v in values) else ""
            ),
            fold_label=fold if any(row.is_equal for row in rows) else "",
        )


def _take_saved(value: Any) -> None:
    """Add the criteria of the chosen set that are not there; the choice is not kept."""
    saved, criteria = value.get("start_from"), value.get("criteria")
    if saved is None or criteria is None:
        return
    value["start_from"] = None
    known = {(criterion["name"] or "").casefold() for criterion in criteria}
    for one in saved.criteria.all():
        if one.name.casefold() not in known:
            said = {name: getattr(one, name) for name in ("name", "kind", "unit", "better")}
            criteria.append(criteria.list_block.child_block.normalize(said))


def _clean_values(values: Any, kinds: dict[str, str], keys: dict[str, str]) -> dict[int, Any]:
    """Store values as their criteria want them, and add those that are missing; errors by place."""
    errors: dict[int, Any] = {}
    seen: set[str] = set()
    for place, item in enumerate(values):
        said = (item.get("criterion") or "").strip()
        key = said if said in kinds else keys.get(said.casefold(), "")
        wrong = {}
        if not key and (not keys or "" in keys):
            # A draft whose criteria are not all named yet: nothing is lost.
            continue
        if not key:
            message = _("No criterion has this name.")
            wrong["criterion"] = ValidationError(message)
        elif key in seen:
            wrong["criterion"] = ValidationError(_("This criterion has a value already."))
        else:
            item["criterion"] = key
            try:
                item["value"] = written(kinds[key], item.get("value") or "")
            except ValidationError as error:
                wrong["value"] = error
        seen.add(key)
        if wrong and (said or item.get("value")):
            errors[place] = StructBlockValidationError(block_errors=wrong)
    for key in kinds:
        if key not in seen:
            child = values.list_block.child_block
            values.append(child.normalize({"criterion": key, "value": ""}))
    return errors


def _conditions(shown: Sequence[tuple[Any, ProductCard]], article: Article) -> dict[int, str]:
    """The condition by product, where not all are new; cards are silent about new goods."""
    said = {card.product: card.condition.text for _one, card in shown if card.condition}
    if said:
        for one, card in shown:
            sale = sale_of(one["product"], article)
            if sale.offer and sale.offer.condition == ItemCondition.NEW and not sale.withdrawn:
                said[card.product] = pgettext("reader", "New")
    return said


def _offer_rows(
    cards: Sequence[ProductCard], conditions: Mapping[int, str]
) -> Iterable[ComparisonRow]:
    """The rows of what the offers know; each where one product says something there."""
    facts: tuple[tuple[RowKind, str, Callable[[ProductCard], str]], ...] = (
        ("price", pgettext("reader", "Price"), lambda card: card.price_text),
        ("unit_price", pgettext("reader", "Unit price"), lambda card: card.unit_price),
        (
            "availability",
            pgettext("reader", "Availability"),
            lambda card: card.availability.text if card.availability else "",
        ),
        (
            "condition",
            pgettext("reader", "Condition"),
            lambda card: conditions.get(card.product, ""),
        ),
        (
            "rating",
            pgettext("reader", "Buyers’ rating"),
            lambda card: card.rating.text if card.rating else "",
        ),
    )
    for kind, label, fact in facts:
        values = tuple(
            plain_value(card.title, fact(card), card.rating if kind == "rating" else None)
            for card in cards
        )
        if any(value.is_known for value in values):
            texts = {value.text for value in values}
            # Prices are compared, be they the same.
            is_equal = kind != "price" and len(texts) == 1
            yield ComparisonRow(kind=kind, label=label, values=values, is_equal=is_equal)


def _written_rows(
    criteria: Iterable[Any], shown: Sequence[tuple[Any, ProductCard]], language: str
) -> Iterable[ComparisonRow]:
    stored = [
        {item.get("criterion"): item.get("value") or "" for item in one.get("values") or ()}
        for one, _card in shown
    ]
    titles = [card.title for _one, card in shown]
    for criterion in criteria:
        key = key_of(criterion)
        row = row_of(criterion, titles, [values.get(key, "") for values in stored], language)
        if row is not None:
            yield row


def _choice(compared: Sequence[Any], cards: Sequence[ProductCard]) -> Choice | None:
    """What the editor chose, while it is sold."""
    label = pgettext("reader", "Our choice")
    for position, (one, card) in enumerate(zip(compared, cards, strict=True), start=1):
        if one.get("is_choice") and label and card.button is not None:
            pattern = pgettext("reader", "Our choice: %(product)s")
            text = pattern % {"product": card.title} or f"{label}: {card.title}"
            return Choice(position=position, label=label, text=text, reason=one.get("reason") or "")
    return None


def _names(cards: Sequence[ProductCard], language: str) -> str:
    """The products' names as a caption: "A, B and C compared"."""
    names = format_list([card.title for card in cards], locale=babel_locale(language))
    return pgettext("reader", "%(products)s compared") % {"products": names} or names
