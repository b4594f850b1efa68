"""The elements' own words, in the language of the page or not at all.

Where a language has no word for something, Django says it in `LANGUAGE_CODE`, and with `USE_I18N`
off all is English. A page would then mix two languages. Here the answer is "", and the element does
without the word.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils import translation

from anodyne_blocks import conf
from anodyne_blocks.languages import variants

CONTEXT = "reader"
# A site's own words are in the first, which its `makemessages` leaves alone, or among all others.
DOMAINS = ("anodyne_blocks", "django")
_PACKAGE = Path(__file__).parent


class _Silence(NullTranslations):
    """The end of each chain of catalogues: nothing is said."""

    def pgettext(self, context: str, message: str) -> str:
        return ""

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return ""


def pgettext(context: str, message: str) -> str:
    """As Django's, in the active language; "" where it has no translation."""
    return _catalogue(_active()).pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    """As Django's, in the active language; "" where it has no translation."""
    return _catalogue(_active()).npgettext(context, singular, plural, number)


@cache
def messages() -> tuple[Message, ...]:
    """All that elements can say; `id` is (singular, plural) where there is a number."""
    # Not the compiled file, whose contexts old Babels read as bytes.
    with (_PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return tuple(message for message in read_po(file) if message.context == CONTEXT)


def unsaid(language: str) -> list[Message]:
    """Those of `messages` that a language has no translation for."""
    catalogue = _catalogue(language)
    return [message for message in messages() if not _said(catalogue, message)]


def _said(catalogue: NullTranslations, message: Message) -> str:
    if isinstance(message.id, str):
        return catalogue.pgettext(CONTEXT, message.id)
    singular, plural = message.id
    return catalogue.npgettext(CONTEXT, singular, plural, 2)


def _active() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


@conf.remembered(maxsize=128)
def _catalogue(language: str) -> NullTranslations:
    """What is said in a language: the site's words come before the package's.

    Not by `gettext.translation`, which takes Serbian in Cyrillic for Serbian in Latin letters.
    """
    found: list[NullTranslations] = []
    for path in _files(language):
        if path.is_file():
            with path.open("rb") as file:
                found.append(GNUTranslations(file))
    first, *others = [*found, _Silence()]
    for other in others:
        first.add_fallback(other)
    return first


def _files(language: str) -> Iterator[Path]:
    for code in variants(language):
        for folder in _folders():
            for domain in DOMAINS:
                yield folder / translation.to_locale(code) / "LC_MESSAGES" / f"{domain}.mo"


def _folders() -> Iterator[Path]:
    """`LOCALE_PATHS`, the apps that stand before this one, and this one: Django's own order."""
    yield from map(Path, settings.LOCALE_PATHS)
    for app in apps.get_app_configs():
        yield Path(app.path) / "locale"
        if app.name == "anodyne_blocks":
            return


def own_catalogue(language: str, suffix: str) -> Path:
    """Where the site's own words for elements are: in the first of `LOCALE_PATHS`."""
    folder = Path(settings.LOCALE_PATHS[0] if settings.LOCALE_PATHS else "locale")
    return folder / translation.to_locale(language) / "LC_MESSAGES" / f"{DOMAINS[0]}.{suffix}"
