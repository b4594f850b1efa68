"""Usage of snippets with translations: also pages that name another one and show this."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.views.snippets import DeleteView, UsageView

from anodyne_blocks.catalogue.usage import references_to_version


class VersionUsageView(UsageView):
    """Where a translation shows."""

    def get_queryset(self) -> Any:
        return references_to_version(self.object).group_by_source_object()


class VersionDeleteView(DeleteView):
    """Says how many pages show the translation that is to be deleted."""

    def get_usage(self) -> Any:
        return references_to_version(self.object).group_by_source_object()
