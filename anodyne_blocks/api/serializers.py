"""API v2: articles in their page's language and market, all pages of a listing at once."""

from __future__ import annotations

from typing import Any

from rest_framework.serializers import ListSerializer
from wagtail.api.v2.serializers import StreamField as StreamFieldSerializer
from wagtail.models import TranslatableMixin

from anodyne_blocks.article.article import find_languages
from anodyne_blocks.article.fetching import fetch
from anodyne_blocks.fields import ArticleStreamValue


class ArticleFieldSerializer(StreamFieldSerializer):
    """Wagtail's StreamField representation, with the page's article for every block.

    Of a StreamField whose values know no page it is Wagtail's.
    """

    # A serializer's field serves one request.
    _listing_is_fetched = False

    def get_attribute(self, instance: Any) -> Any:
        value = super().get_attribute(instance)
        listing = self.parent.parent
        is_article = isinstance(value, ArticleStreamValue)
        if is_article and isinstance(listing, ListSerializer) and not self._listing_is_fetched:
            self._listing_is_fetched = True
            self._fetch_all(listing.instance)
        return value

    def to_representation(self, value: Any) -> Any:
        if not isinstance(value, ArticleStreamValue):
            return super().to_representation(value)
        return value.represented(self.context)

    def _fetch_all(self, pages: Any) -> None:
        """Build this field's values of a listing's pages in one pass, and find their locales."""
        pages = list(pages)
        if issubclass(self.parent.Meta.model, TranslatableMixin):
            find_languages(pages)
        fetch(StreamFieldSerializer.get_attribute(self, page) for page in pages)
