"""Snippets that have a translation for each language of the site."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.apps import apps
from django.utils.functional import classproperty
from wagtail.models import Locale, TranslatableMixin

from anodyne_blocks import conf
from anodyne_blocks.languages import other_than, variants

T = TypeVar("T", bound="Translated")


class Translated(TranslatableMixin):
    """A translatable snippet that an article shows in its own language.

    The editor chooses it once; `fetching` lays the translations that a page needs beside it in
    `fetched_translations`, {language code: instance}, so that no page pays a query for each.
    """

    fetched_translations: dict[str, Translated] | None = None
    # The fields of words that are the same in each language, such as names.
    untranslated_fields: ClassVar[tuple[str, ...]] = ()
    # The field of running text, which no two languages share word for word.
    running_text: ClassVar[str] = ""

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

    def other_language(self, language: str) -> str:
        """The code of this one's language, where that is another than `language`; else ""."""
        if self.locale_id is None:
            # A sample for previews speaks as it is asked.
            return ""
        spoken = self._original().locale.language_code
        return other_than(language, conf.language_of(spoken))

    def _original(self) -> Translated:
        """The oldest fetched translation with this one's running text; this one without any.

        Whoever begins to translate has a copy first, which is still in the words of the original.
        """
        text = getattr(self, self.running_text, "")
        if not text or not isinstance(self.pk, int):
            return self
        versions = (self.fetched_translations or {}).values()
        same = [one for one in versions if getattr(one, one.running_text) == text]
        return min(same, key=lambda one: one.pk, default=self)

    @classproperty
    def override_translatable_fields(cls) -> list[Any]:
        """wagtail-localize asks this: it copies names, and sends words to translators."""
        if not apps.is_installed("wagtail_localize"):
            return []
        from wagtail_localize.fields import SynchronizedField

        return [SynchronizedField(name) for name in cls.untranslated_fields]
