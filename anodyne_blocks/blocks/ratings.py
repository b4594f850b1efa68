"""What buyers say of the shop."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anodyne_blocks import clock
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.blocks.base import ElementBlock, common
from anodyne_blocks.blocks.choosers import ShopRatingChooserBlock
from anodyne_blocks.blocks.untranslated import is_hidden, marked
from anodyne_blocks.elements import Link, Rating, ShopRating
from anodyne_blocks.pricing.money import format_number
from anodyne_blocks.words import npgettext, pgettext


def rating_of(value: Decimal, best: int, count: int | None, language: str) -> Rating:
    """A rating with its words; figures to one decimal, stars to the percent."""
    value = Decimal(value)
    short = format_number(value, language, decimals=1)
    pattern = pgettext("reader", "%(rating)s out of %(best)s") or "%(rating)s / %(best)s"
    text = pattern % {"rating": short, "best": format_number(best, language)}
    percent = (value / best * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return Rating(
        value=value.quantize(Decimal("0.01")),
        best=best,
        count=count,
        percent=min(100, int(percent)),
        text=text,
        short=short,
        count_text=f"({format_number(count, language)})" if count else "",
    )


def in_words(fraction: Decimal) -> str:
    """The word for a rating as a fraction of the best: none below four fifths of it."""
    if fraction >= Decimal("0.9"):
        return pgettext("reader", "Excellent")
    if fraction >= Decimal("0.8"):
        return pgettext("reader", "Very good")
    return ""


def based_on(count: int, language: str) -> str:
    """ "based on more than 3,300 reviews": the count rounded down to two digits, never up."""
    step = 10 ** max(0, len(str(count)) - 2)
    rounded = count // step * step
    number = format_number(rounded, language)
    if rounded == count:
        return npgettext(
            "reader", "based on %(number)s review", "based on %(number)s reviews", count
        ) % {"number": number}
    return npgettext(
        "reader",
        "based on more than %(number)s review",
        "based on more than %(number)s reviews",
        rounded,
    ) % {"number": number}


class ShopRatingBlock(ElementBlock):
    """The shop's rating, with source and date."""

    rating = ShopRatingChooserBlock(label=_("Shop rating"))

    class Meta:
        label = _("Shop rating")
        icon = "anodyne-shop-rating"
        group = _("Trust")
        description = _("What buyers say of the shop: stars, number, source and date.")
        template = "anodyne_blocks/shop_rating.html"

    def sample(self) -> dict[str, Any]:
        from anodyne_blocks.models import get_shop_rating_model

        rating = get_shop_rating_model()(
            name=gettext("Shop"),
            source="Reviews.example",
            url="https://reviews.example/shop",
            rating=Decimal("4.7"),
            scale=5,
            count=3312,
            as_of=clock.today(),
            verification=gettext("Only buyers get an invitation to review."),
        )
        rating.fetched_translations = {}
        return {"rating": rating}

    def names(self, value: Any) -> Iterable[str]:
        shop = value["rating"]
        return (shop.name, shop.source) if shop is not None else ()

    def resolve(self, value: Any, article: Article) -> ShopRating | None:
        if value["rating"] is None:
            return None
        shop = value["rating"].in_language(article.language)
        if not shop.scale or not shop.count:
            # No form lets these pass; a script may.
            return None
        rating = rating_of(shop.rating, shop.scale, shop.count, article.language)
        word = in_words(Decimal(shop.rating) / shop.scale) or rating.text
        # The exact number needs no words.
        based = based_on(shop.count, article.language) or rating.count_text
        pattern = pgettext("reader", "%(word)s, %(based_on)s") or "%(word)s %(based_on)s"
        as_of = date_of(shop.as_of, article.language)
        other = shop.other_language(article.language)
        verification = "" if is_hidden(other) else shop.verification
        return ShopRating(
            **common(article),
            name=shop.name,
            rating=rating,
            text=pattern % {"word": word, "based_on": based},
            source=Link(text=shop.source, url=shop.url, rel="nofollow"),
            as_of=as_of,
            as_of_text=(
                pgettext("reader", "Figures of %(date)s") % {"date": as_of.formatted}
                or as_of.formatted
            ),
            verification=verification,
            other_language=marked(other, verification=verification),
        )
