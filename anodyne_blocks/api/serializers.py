"""API v2: an `ArticleField` in its page's language and market."""

from __future__ import annotations

from typing import Any

from wagtail.api.v2.serializers import StreamField as StreamFieldSerializer

from anodyne_blocks.context import CONTEXT_KEY, ArticleContext


class ArticleFieldSerializer(StreamFieldSerializer):
    """Wagtail's StreamField representation, with the article's context for every block."""

    def to_representation(self, value: Any) -> Any:
        request = self.context.get("request")
        article = ArticleContext.for_page(value.page, request)
        context = {**self.context, CONTEXT_KEY: article}
        return value.stream_block.get_api_representation(value, context)
