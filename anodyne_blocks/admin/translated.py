"""Usage of snippets with translations: also pages that name another one and show this."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.side_panels import StatusSidePanel
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views.snippets import DeleteView, EditView, UsageView

from anodyne_blocks.catalogue.usage import references_to_version
from anodyne_blocks.models import Notice, get_person_model, get_shop_rating_model


class VersionUsageView(UsageView):
    """Where a translation shows."""

    def get_queryset(self) -> Any:
        return references_to_version(self.object).group_by_source_object()


class VersionDeleteView(DeleteView):
    """Says how many pages show the translation that is to be deleted."""

    def get_usage(self) -> Any:
        return references_to_version(self.object).group_by_source_object()


class VersionEditView(EditView):
    """Says the same in the side panel."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        count = references_to_version(self.object).group_by_source_object().count()
        for panel in panels:
            if isinstance(panel, StatusSidePanel):
                usage = {"usage_count": count, "usage_url": panel.usage_url}
                panel.get_usage_context = lambda usage=usage: usage
        return panels


class VersionDeleteAction(DeleteBulkAction):
    """Says of each of several that are to be deleted how many pages show it."""

    models = (get_person_model(), get_shop_rating_model(), Notice)

    def object_context(self, snippet: Any) -> dict[str, Any]:
        count = references_to_version(snippet).group_by_source_object().count()
        return {**super().object_context(snippet), "usage_count": count}
