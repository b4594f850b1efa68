"""Saved criteria in the admin."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from anodyne_blocks.models import CriteriaSet


class CriteriaSetViewSet(SnippetViewSet):
    """Lists of criteria that several comparisons start from."""

    model = CriteriaSet
    icon = "anodyne-comparison"
    menu_order = 400
    search_fields = ("name",)
    search_backend_name = None
    list_display = ["name"]
