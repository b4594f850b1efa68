"""What is the same in every language, and what nobody has translated into the page's yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from wagtail import blocks

from anodyne_blocks import conf
from anodyne_blocks.elements import OtherLanguage


class Untranslated:
    """A mixin of blocks that are sent to no translator: wagtail-localize copies their values."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        """Nothing to translate; wagtail-localize asks."""
        return []

    def restore_translated_segments(self, value: Any, segments: Any) -> Any:
        """What was there; wagtail-localize asks where a source held segments once."""
        return value


class UntranslatedBlock(Untranslated, blocks.CharBlock):
    """A `CharBlock` of a name, a number or an anchor."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone."""
        return ("wagtail.blocks.CharBlock", *super().deconstruct()[1:])


class UntranslatedURLBlock(Untranslated, blocks.URLBlock):
    """A `URLBlock` of what has one address for all readers."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone."""
        return ("wagtail.blocks.URLBlock", *super().deconstruct()[1:])


def is_hidden(language: str) -> bool:
    """Whether words in this other language ("" for the page's own) are not to be shown."""
    return bool(language) and conf.get("UNTRANSLATED_TEXTS") == "hide"


def marked(language: str, **words: Any) -> OtherLanguage | None:
    """The mark for those of an element's fields that hold words in this other language."""
    fields = tuple(name for name, said in words.items() if said)
    if not language or not fields:
        return None
    is_rtl = language.split("-")[0] in settings.LANGUAGES_BIDI
    return OtherLanguage(code=language, direction="rtl" if is_rtl else "ltr", fields=fields)
