"""Texts that are the same in every language: anchors, names of organisations."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import CharBlock


class UntranslatedBlock(CharBlock):
    """A `CharBlock` that is sent to no translator: wagtail-localize copies it as it is."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone."""
        return ("wagtail.blocks.CharBlock", *super().deconstruct()[1:])

    def get_translatable_segments(self, value: Any) -> list[Any]:
        """Nothing to translate; wagtail-localize asks."""
        return []
