"""API v2: an `ArticleField` in its page's language and market, all pages of a listing at once."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from rest_framework.serializers import ListSerializer
from wagtail.api.v2.serializers import StreamField as StreamFieldSerializer
from wagtail.models import TranslatableMixin

from anodyne_blocks.api.conditional import BODIES_KEY
from anodyne_blocks.context import CONTEXT_KEY, ArticleContext
from anodyne_blocks.fetching import fetch


class ArticleFieldSerializer(StreamFieldSerializer):
    """Wagtail's StreamField representation, with the article's context for every block.

    Where the view collects `Bodies` the representation is empty until it fills them.
    """

    # A serializer's field serves one request.
    _listing_is_fetched = False

    def get_attribute(self, instance: Any) -> Any:
        value = super().get_attribute(instance)
        listing = self.parent.parent
        is_listing = isinstance(listing, ListSerializer) and BODIES_KEY not in self.context
        if is_listing and not self._listing_is_fetched:
            self._listing_is_fetched = True
            self._fetch_all(listing.instance)
        return value

    def to_representation(self, value: Any) -> Any:
        if BODIES_KEY in self.context:
            return self.context[BODIES_KEY].add(value, self.context).items
        request = self.context.get("request")
        article = ArticleContext.for_page(value.page, request)
        context = {**self.context, CONTEXT_KEY: article}
        return value.represented(context)

    def _fetch_all(self, pages: Any) -> None:
        """Build this field's values of a listing's pages in one pass, and find their locales."""
        pages = list(pages)
        if issubclass(self.parent.Meta.model, TranslatableMixin):
            prefetch_related_objects(pages, "locale")
        fetch(StreamFieldSerializer.get_attribute(self, page) for page in pages)
