"""Snippets that have a translation for each language of the site."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from wagtail.models import TranslatableMixin

T = TypeVar("T", bound="Translated")


class Translated(TranslatableMixin):
    """A translatable snippet that an article shows in its own language.

    The editor chooses it once; `fetching` lays the translations that a page needs beside it in
    `fetched_translations`, {language code: instance}, so that no page pays a query for each.
    """

    fetched_translations: dict[str, Translated] | None = None

    class Meta(TranslatableMixin.Meta):
        abstract: ClassVar[bool] = True

    def in_language(self: T, language: str) -> T:
        """The translation for a language code, or this one where there is none."""
        found = self.fetched_translations
        if found is None:
            siblings = self.get_translations(inclusive=True).select_related("locale")
            found = {sibling.locale.language_code: sibling for sibling in siblings}
        return found.get(language) or found.get(language.split("-")[0]) or self
