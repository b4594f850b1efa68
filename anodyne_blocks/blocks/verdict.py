"""What the magazine says of a product that it tested, and the way to all it says."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as said_to_readers
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import clock, conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.article.walking import page_streams, raw_children
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.base import ElementBlock, common, level_below
from anodyne_blocks.blocks.choosers import PersonChooserBlock
from anodyne_blocks.blocks.people import credit_of, name_line, own_words, sample_person
from anodyne_blocks.blocks.products import PlacementBlock, without_text
from anodyne_blocks.blocks.ratings import rating_of
from anodyne_blocks.elements import (
    Element,
    OtherLanguage,
    PickedProduct,
    PickEntry,
    Picks,
    ProductCard,
    ProductComparison,
    ProductVerdict,
    Rating,
)
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

_STEM = "verdict"
_POINT = {"max_length": 200}


class ScoreBlock(blocks.DecimalBlock):
    """A `DecimalBlock` that reads "", as scripts and the API may leave it, as no score."""

    def to_python(self, value: Any) -> Any:
        return None if value == "" else super().to_python(value)

    def get_api_representation(self, value: Any, context: Any = None) -> str | None:
        """As it is stored: each API would write a decimal in a way of its own."""
        return None if value is None else str(value)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone."""
        return ("wagtail.blocks.DecimalBlock", *super().deconstruct()[1:])


class ProductVerdictBlock(PlacementBlock):
    """The magazine's own test of one product: verdict, score, good and bad, for whom, how."""

    text = None
    badge = None
    verdict = blocks.TextBlock(
        label=_("Verdict"), max_length=300, rows=2, help_text=_("In one sentence.")
    )
    score = ScoreBlock(
        label=_("Score"), required=False, min_value=0, max_digits=5, decimal_places=1
    )
    good = blocks.ListBlock(
        blocks.CharBlock(label=_("Text"), **_POINT),
        label=said_to_readers("reader", "Good"),
        default=[],
        max_num=8,
    )
    bad = blocks.ListBlock(
        blocks.CharBlock(label=_("Text"), **_POINT),
        label=said_to_readers("reader", "Less good"),
        default=[],
        max_num=8,
    )
    audience = blocks.TextBlock(
        label=said_to_readers("reader", "Who it is for"), required=False, max_length=400, rows=2
    )
    method = blocks.TextBlock(label=_("How it was tested"), required=False, max_length=600, rows=3)
    tested = blocks.DateBlock(label=_("Tested on"))
    tester = PersonChooserBlock(label=_("Tested by"), required=False)
    anchor = anchor_block()

    class Meta:
        label = _("Verdict")
        icon = "anodyne-verdict"
        group = _("Products")
        description = _("What your own test says of a product, with its live price.")
        label_format = "{product}"
        template = "anodyne_blocks/product_verdict.html"
        stylesheets = ("anodyne_blocks/deciding.css",)
        settings = ("relationship", "title", "button_text", "anchor")

    def sample(self) -> dict[str, Any]:
        scale = conf.get("SCORE_BEST")
        return {
            **super().sample(),
            "verdict": gettext("Holds well, and does not get hot."),
            "score": (Decimal(scale) * 8 / 10).quantize(Decimal("0.1")) if scale else None,
            "good": [gettext("Stays where you put it"), gettext("The cover can be washed")],
            "bad": [gettext("Too firm for light people")],
            "audience": gettext("For people who sit for more than four hours a day."),
            "method": gettext("Four people sat on it for two weeks each."),
            "tested": clock.today(),
            "tester": sample_person(),
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        score, best = value.get("score"), conf.get("SCORE_BEST")
        if score is not None and score > (best or 0):
            message = (
                _("The best score here is %(best)s.") if best else _("This site has no scores.")
            )
            errors["score"] = ValidationError(message, params={"best": best})
        if value.get("tested") and value["tested"] > clock.today():
            errors["tested"] = ValidationError(_("A test cannot be of a day to come."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value

    def outline(self, value: Any, outline: Outline) -> None:
        outline.anchor(value, value.get("anchor") or value.get("title") or _STEM)

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        return anchored(value, place, value.get("title"))

    def reading_text(self, value: Any) -> Iterable[str]:
        for name in ("verdict", "audience", "method"):
            yield value.get(name) or ""
        for name in ("good", "bad"):
            yield from _points(value, name)

    def words(self, value: Any) -> Iterable[str]:
        return self.reading_text(value)

    def names(self, value: Any) -> Iterable[str]:
        yield from super().names(value)
        if value.get("tester") is not None:
            yield value["tester"].name

    def resolve(self, value: Any, article: Article) -> ProductVerdict | None:  # type: ignore[override]
        level = level_below(value, article)
        card = self.card(value, article, level)
        verdict = value.get("verdict") or ""
        if card is None or not verdict:
            return None
        tester = value.get("tester")
        tester = tester and tester.in_language(article.language)
        day = value.get("tested")
        old = pgettext("reader", "This test is old: what is sold today may be different.")
        is_old = day is not None and is_old_test(day, article.today)
        # Points without words that say which they are, are not shown.
        good_label, bad_label = pgettext("reader", "Good"), pgettext("reader", "Less good")
        audience_label = pgettext("reader", "Who it is for")
        method_label = pgettext("reader", "How we tested")
        audience, method = value.get("audience") or "", value.get("method") or ""
        return ProductVerdict(
            **common(article),
            anchor=article.outline.anchor(
                value, value.get("anchor") or value.get("title") or _STEM
            ),
            label=pgettext("reader", "Our verdict"),
            heading_level=level,
            product=without_text(card).model_copy(update={"rating": None}),
            verdict=verdict,
            score=_score(value.get("score"), article.language),
            good_label=good_label,
            good=_points(value, "good") if good_label else (),
            bad_label=bad_label,
            bad=_points(value, "bad") if bad_label else (),
            audience_label=audience_label if audience else "",
            audience=audience,
            method_label=method_label if method else "",
            method=method,
            tested=date_of(day, article.language) if day else None,
            tester=credit_of(tester) if tester else None,
            tested_text=_tested(day, tester, article),
            is_old=is_old,
            old_text=old if is_old else "",
        )


def is_old_test(day: datetime.date, today: datetime.date) -> bool:
    """Whether a test of a day is older than the site allows."""
    return (today - day).days > conf.get("TEST_MAX_AGE_DAYS")


def tests_on(page: Any) -> Iterator[tuple[int, datetime.date]]:
    """(product id, day) of a page's verdicts as they are stored: no product is fetched."""
    for block, body in page_streams(page):
        for item in body.raw_data:
            if item["type"] in block.child_blocks:
                yield from _stored_tests(block.child_blocks[item["type"]], item["value"])


def _stored_tests(block: blocks.Block, raw: Any) -> Iterator[tuple[int, datetime.date]]:
    if isinstance(block, ProductVerdictBlock) and isinstance(raw, dict):
        try:
            day = parse_date(str(raw.get("tested") or ""))
        except ValueError:
            day = None
        if day is not None and type(raw.get("product")) is int:
            yield raw["product"], day
        return
    for child, value in raw_children(block, raw):
        yield from _stored_tests(child, value)


def _points(value: Any, name: str) -> tuple[str, ...]:
    return tuple(point for point in value.get(name) or () if point)


def _score(score: Any, language: str) -> Rating | None:
    """The score on the site's scale; none where the site has none, or it lies outside."""
    best = conf.get("SCORE_BEST")
    if score is None or not best or not 0 <= Decimal(score) <= best:
        return None
    return rating_of(Decimal(score), best, None, language)


def _tested(day: datetime.date | None, tester: Any, article: Article) -> str:
    """ "Tested on 3 November 2025 by Ada Holm, MSc"; the bare day where there are no words."""
    if day is None:
        return ""
    date = date_of(day, article.language).formatted
    if tester is None:
        return pgettext("reader", "Tested on %(date)s") % {"date": date} or date
    own = own_words(tester, article)
    # Credentials that nobody has translated are not for this sentence.
    credentials = "" if own["other_language"] else own["credentials"]
    said = {"date": date, "name": name_line(tester.name, credentials)}
    pattern = pgettext("reader", "Tested on %(date)s by %(name)s") or "%(name)s, %(date)s"
    return pattern % said


class PicksBlock(ElementBlock):
    """Links to all verdicts and comparisons of the page, with their live prices."""

    label = blocks.CharBlock(
        label=_("Label"),
        required=False,
        max_length=80,
        help_text=_("Empty: “Our picks” in the page's language."),
    )

    class Meta:
        label = _("Picks")
        icon = "anodyne-picks"
        group = _("Navigation")
        description = _("Links to the verdicts and comparisons below, with prices. By itself.")
        template = "anodyne_blocks/picks.html"
        stylesheets = ("anodyne_blocks/deciding.css",)
        settings = ("label",)

    def words(self, value: Any) -> Iterable[str]:
        return ()

    def resolve(self, value: Any, article: Article) -> Picks | None:
        picks = tuple(_picks(_samples(article) if article.is_preview else _found(article)))
        if not picks:
            return None
        return Picks(
            **common(article),
            label=value.get("label") or pgettext("reader", "Our picks"),
            choice_label=pgettext("reader", "Our choice"),
            picks=picks,
        )


def _found(article: Article) -> Iterable[Element | None]:
    """What the page's verdicts and comparisons resolve to, each once for the article."""
    from anodyne_blocks.blocks.comparison import ProductComparisonBlock

    for block, value, _is_inside in article.placements:
        if isinstance(block, (ProductVerdictBlock, ProductComparisonBlock)):
            yield article.element(block, value)


def _samples(article: Article) -> Iterable[Element | None]:
    from anodyne_blocks.blocks.comparison import ProductComparisonBlock

    for block in (ProductVerdictBlock(), ProductComparisonBlock()):
        yield block.resolve(block.get_preview_value(), article)


def _picks(elements: Iterable[Element | None]) -> Iterable[PickEntry]:
    for element in elements:
        if isinstance(element, ProductVerdict):
            yield PickEntry(
                kind="verdict",
                anchor=element.anchor,
                text=element.product.title,
                note=element.verdict,
                score=element.score,
                products=(_picked(element.product, False),),
                other_language=_as_named(element.product, "text"),
            )
        elif isinstance(element, ProductComparison):
            position = element.choice.position if element.choice else 0
            yield PickEntry(
                kind="comparison",
                anchor=element.anchor,
                text=element.caption,
                note="",
                score=None,
                products=tuple(
                    _picked(card, number == position)
                    for number, card in enumerate(element.products, start=1)
                ),
            )


def _picked(card: ProductCard, is_choice: bool) -> PickedProduct:
    said = card.availability.text if card.availability and not card.buyable else ""
    return PickedProduct(
        title=card.title,
        price_text=card.price_text,
        availability_text=said,
        is_choice=is_choice,
        other_language=_as_named(card, "title"),
    )


def _as_named(card: ProductCard, field: str) -> OtherLanguage | None:
    """The mark of a card's title, for the field that holds it elsewhere."""
    other = card.other_language
    if other is None or "title" not in other.fields:
        return None
    return other.model_copy(update={"fields": (field,)})
