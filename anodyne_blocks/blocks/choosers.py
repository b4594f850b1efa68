"""Choosers for people, products, shop ratings and images that fetch together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import F, FilteredRelation, Q
from django.utils.functional import cached_property
from wagtail.blocks import PageChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from anodyne_blocks import conf
from anodyne_blocks.article.fetching import FetchedChooser, Scope
from anodyne_blocks.article.related import chosen_pages
from anodyne_blocks.blocks.untranslated import Untranslated

if TYPE_CHECKING:
    from anodyne_blocks.models import Review

# What comes with a person, and what is read of a review.
_OF_PERSON = ("photo", "profile_page")
_OF_REVIEW = ("page_id", "reviewed", "confirmed", "digest")


class _Given(FetchedChooser):
    """A chooser that asks no second time for what was fetched, as API v3 writes many at once."""

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, self.model_class) else super().to_python(value)

    def clean(self, value: Any) -> Any:
        """As Wagtail's, which looks up once more what a form or the API has found."""
        if not isinstance(value, self.model_class):
            return super().clean(value)
        self.field.run_validators(value)
        return value


class _Chooser(_Given, SnippetChooserBlock):
    """A chooser of one of the package's models, or of the site's in its place."""

    chosen: ClassVar[str]

    @classmethod
    def target_label(cls) -> str:
        return conf.model_label(cls.chosen)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(target_model=self.target_label(), **kwargs)

    @cached_property
    def widget(self) -> Any:
        """That of the model's own chooser; Wagtail's block takes the one of all snippets."""
        icon = super().widget.icon
        return self.target_model.snippet_viewset.chooser_viewset.widget_class(icon=icon)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone, and look up no model."""
        _path, arguments, options = super().deconstruct()
        path = "wagtail.snippets.blocks.SnippetChooserBlock"
        return path, arguments, {**options, "target_model": self.target_label()}


class ProductChooserBlock(Untranslated, _Chooser):
    """Chooses a product; it comes with its image and the offer of each market in question.

    It is the same in all languages, so that nothing is chosen anew in a translation.
    """

    chosen = conf.PRODUCT_MODEL

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        from anodyne_blocks.article.products import products_with_offers

        return products_with_offers(ids, scope.markets)


class PersonChooserBlock(_Chooser):
    """Chooses a person, who comes with photo and translations."""

    chosen = conf.PERSON_MODEL

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        from anodyne_blocks.models import get_person_model

        rows = _with_translations(_with_reviews(get_person_model(), scope), ids, *_OF_PERSON)
        reviews: dict[Any, dict[Any, list[Review]]] = {}
        for row in rows:
            of_person = reviews.setdefault(row.translation_key, {key: [] for key in scope.pages})
            if review := _review(row):
                of_person[review.page_id].append(review)
            row.fetched_reviews = of_person
        return {row.pk: row for row in rows if row.pk in ids}


class ShopRatingChooserBlock(_Chooser):
    """Chooses a shop rating, which comes with its translations."""

    chosen = conf.SHOP_RATING_MODEL

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        from anodyne_blocks.models import get_shop_rating_model

        rows = _with_translations(get_shop_rating_model().objects.all(), ids)
        return {row.pk: row for row in rows if row.pk in ids}


class NoticeChooserBlock(_Chooser):
    """Chooses a shared notice, which comes with its translations."""

    @classmethod
    def target_label(cls) -> str:
        return "anodyne_blocks.Notice"

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        from anodyne_blocks.models import Notice

        rows = _with_translations(Notice.objects.all(), ids)
        return {row.pk: row for row in rows if row.pk in ids}


class RelatedPageChooserBlock(_Given, PageChooserBlock):
    """Chooses a page, which comes with its live versions in the languages in question."""

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        return chosen_pages(ids, scope)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own, in a site's migrations."""
        return ("wagtail.blocks.PageChooserBlock", *super().deconstruct()[1:])


class CriteriaSetChooserBlock(_Given, SnippetChooserBlock):
    """Chooses saved criteria, which a comparison takes over when it is saved."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(target_model="anodyne_blocks.CriteriaSet", **kwargs)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own, in a site's migrations."""
        _path, arguments, options = super().deconstruct()
        options = {**options, "target_model": "anodyne_blocks.CriteriaSet"}
        return "wagtail.snippets.blocks.SnippetChooserBlock", arguments, options

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        from anodyne_blocks.models import CriteriaSet

        return CriteriaSet.objects.in_bulk(ids)


class FigureChooserBlock(_Given, ImageChooserBlock):
    """Chooses an image of the library, which comes with its renditions."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own, in a site's migrations."""
        return ("wagtail.images.blocks.ImageChooserBlock", *super().deconstruct()[1:])

    @cached_property
    def widget(self) -> Any:
        from anodyne_blocks.models.images import PictureChooser

        return PictureChooser()

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        return get_image_model().objects.in_bulk(ids)


def _with_translations(rows: Any, ids: set[Any], *related: str) -> list[Any]:
    """These rows of a model with all their translations, each beside all: one query."""
    chosen = rows.model.objects.filter(pk__in=ids)
    rows = list(
        rows.filter(translation_key__in=chosen.order_by().values("translation_key"))
        .order_by()
        .select_related("locale", *related)
    )
    by_key: dict[Any, dict[str, Any]] = {}
    for row in rows:
        by_key.setdefault(row.translation_key, {})[row.locale.language_code] = row
    for row in rows:
        row.fetched_translations = by_key[row.translation_key]
    return rows


def _with_reviews(model: Any, scope: Scope) -> Any:
    """People, each as often as there are reviews of theirs on the scope's pages, or once.

    Joined, so that no page pays a query for the reviews of its text.
    """
    people = model.objects.all()
    if not scope.pages:
        return people
    of_pages = Q(anodyne_reviews__page__in=scope.pages)
    return people.annotate(
        anodyne_review=FilteredRelation("anodyne_reviews", condition=of_pages),
        **{f"anodyne_review_{name}": F(f"anodyne_review__{name}") for name in _OF_REVIEW},
    )


def _review(person: Any) -> Review | None:
    """The review that a row of `_with_reviews` came with."""
    from anodyne_blocks.models import Review

    found = {name: getattr(person, f"anodyne_review_{name}", None) for name in _OF_REVIEW}
    return Review(**found) if found["page_id"] is not None else None
