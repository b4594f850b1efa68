"""Choosers for people, products, shop ratings and images that fetch together."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from anodyne_blocks import conf
from anodyne_blocks.article.fetching import FetchedChooser, Scope


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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(target_model=conf.model_label(self.chosen), **kwargs)

    @cached_property
    def widget(self) -> Any:
        """That of the model's own chooser; Wagtail's block takes the one of all snippets."""
        icon = super().widget.icon
        return self.target_model.snippet_viewset.chooser_viewset.widget_class(icon=icon)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone, and look up no model."""
        _path, arguments, options = super().deconstruct()
        path = "wagtail.snippets.blocks.SnippetChooserBlock"
        return path, arguments, {**options, "target_model": conf.model_label(self.chosen)}


class ProductChooserBlock(_Chooser):
    """Chooses a product; it comes with its image and the offer of each market in question."""

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

        return _with_translations(get_person_model(), ids, scope, "photo", "profile_page")


class ShopRatingChooserBlock(_Chooser):
    """Chooses a shop rating, which comes with its translations."""

    chosen = conf.SHOP_RATING_MODEL

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        from anodyne_blocks.models import get_shop_rating_model

        return _with_translations(get_shop_rating_model(), ids, scope)


class FigureChooserBlock(_Given, ImageChooserBlock):
    """Chooses an image of the library, which comes with its renditions."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own, in a site's migrations."""
        return ("wagtail.images.blocks.ImageChooserBlock", *super().deconstruct()[1:])

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        return get_image_model().objects.in_bulk(ids)


def _with_translations(model: Any, ids: set[Any], scope: Scope, *related: str) -> dict[Any, Any]:
    """{id: instance}, with the translations that the scope's languages need: one query."""
    chosen = model.objects.filter(pk__in=ids)
    rows = list(
        model.objects.filter(translation_key__in=chosen.order_by().values("translation_key"))
        .order_by()
        .select_related("locale", *related)
    )
    by_key: dict[Any, dict[str, Any]] = {}
    for row in rows:
        by_key.setdefault(row.translation_key, {})[row.locale.language_code] = row
    for row in rows:
        row.fetched_translations = by_key[row.translation_key]
    return {row.pk: row for row in rows if row.pk in ids}
