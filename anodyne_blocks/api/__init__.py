"""Headless: how elements reach Wagtail's APIs."""

from __future__ import annotations

import sys

from django.apps import apps
from wagtail import VERSION


def register() -> bool:
    """Teach Wagtail's APIs the page-aware fields; called when the app registry is ready.

    False where API v3 had read the page models before.
    """
    from wagtail.api.v2 import serializers
    from wagtail.fields import StreamField

    from anodyne_blocks.api.serializers import ArticleFieldSerializer
    from anodyne_blocks.fields import ArticleField

    known = serializers.BaseSerializer.serializer_field_mapping
    known[ArticleField] = ArticleFieldSerializer
    # A site's own serializer of StreamFields keeps its say.
    if known[StreamField] is serializers.StreamField:
        known[StreamField] = ArticleFieldSerializer
    in_time = "wagtail.api.v3.registry" not in sys.modules
    if VERSION >= (8, 0):
        from anodyne_blocks.api import v3

        v3.register()
    if apps.is_installed("grapple"):
        from anodyne_blocks.api import graphql

        graphql.register()
    return in_time
