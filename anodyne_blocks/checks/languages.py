"""Check of the site's languages: what elements cannot say there, and how to translate it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from anodyne_blocks import conf
from anodyne_blocks.checks.messages import warning
from anodyne_blocks.words import messages, own_catalogue, unsaid

# So many words are named; all are in the file that the command writes.
NAMED = 3


@register("anodyne_blocks")
def check_languages(**kwargs: Any) -> list[CheckMessage]:
    """Languages of pages for which the package ships no words, and the site has not all."""
    return [found for code in page_languages() for found in _check(code)]


def page_languages() -> list[str]:
    chosen = getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None)
    if not conf.is_multilingual() or chosen is None:
        return [settings.LANGUAGE_CODE]
    return [code for code, _name in chosen]


def _check(language: str) -> list[CheckMessage]:
    silent = unsaid(language)
    if not silent:
        return []
    texts = [text if isinstance(text := message.id, str) else text[0] for message in silent]
    # Those that say most to whoever reads this.
    texts.sort(key=lambda text: "%" in text)
    named = ", ".join(f"“{text}”" for text in texts[:NAMED])
    more = ", …" if len(texts) > NAMED else ""
    folder = "" if settings.LOCALE_PATHS else 'Set LOCALE_PATHS = [BASE_DIR / "locale"]. '
    return [
        warning(
            15,
            f"The elements have no translation into {language!r} of {len(silent)} of their"
            f" {len(messages())} texts: {named}{more}. Pages in it do without these words.",
            f"{folder}Run “manage.py anodyne_messages {language}”, translate"
            f" {own_catalogue(language, 'po')}, and run it again. Until then labels are left out,"
            " and so is what must not be shown without: reductions, advertisements, used goods,"
            " prices with a condition. See “Translate into your language”.",
        )
    ]
