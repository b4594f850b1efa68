"""Snippets that have a translation for each language of the site."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from wagtail.models import Locale, TranslatableMixin

from anodyne_blocks.languages import variants

T = TypeVar("T", bound="Translated")


class Translated(TranslatableMixin):
    """A translatable snippet that an article shows in its own language.

    The editor chooses it once; `fetching` lays the translations that a page needs beside it in
    `fetched_translations`, {language code: instance}, so that no page pays a query for each.
    """

    fetched_translations: dict[str, Translated] | None = None

    class Meta(TranslatableMixin.Meta):
        abstract: ClassVar[bool] = True

    def get_default_locale(self) -> Any:
        """Wagtail's; where there is none of `LANGUAGE_CODE`, the first.

        Wagtail makes one at the first `migrate`, and pages keep it when the setting changes.
        """
        try:
            return super().get_default_locale()
        except Locale.DoesNotExist:
            return Locale.objects.earliest("pk")

    def in_language(self: T, language: str) -> T:
        """The translation for a language code, or this one where there is none."""
        found = self.fetched_translations
        if found is None:
            siblings = self.get_translations(inclusive=True).select_related("locale")
            found = {sibling.locale.language_code: sibling for sibling in siblings}
        return next((found[code] for code in variants(language) if code in found), self)
