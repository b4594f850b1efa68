"""`manage.py anodyne_messages is`: the elements' words for a language that the package has not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale

from anodyne_blocks import conf
from anodyne_blocks.words import messages, own_catalogue

_NAMES = re.compile(r"%\((\w+)\)")


class Command(BaseCommand):
    """Writes a file to translate; run again, it adds what is new and compiles what is there."""

    help = "Writes what elements say into a file to translate, and compiles what is there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", help="A language code of the site, such as “is”.")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        if not settings.LOCALE_PATHS:
            raise CommandError('Name a folder first: LOCALE_PATHS = [BASE_DIR / "locale"].')
        source, compiled = own_catalogue(language, "po"), own_catalogue(language, "mo")
        catalogue = _catalogue(language, source)
        source.parent.mkdir(parents=True, exist_ok=True)
        with source.open("wb") as file:
            write_po(file, catalogue, width=99)
        if wrong := _mistakes(catalogue):
            raise CommandError("\n".join([f"{source} is not compiled:", *wrong]))
        total = len(catalogue)
        # Babel would compile the English text where a plural is empty.
        for message in [message for message in catalogue if not all(_texts(message))]:
            catalogue.delete(message.id, message.context)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)
        conf.forget()
        self.stdout.write(f"{source}: {len(catalogue)} of {total} texts are translated.")
        if len(catalogue) < total:
            self.stdout.write("Fill in the others, then run this command again.")
        else:
            self.stdout.write("Restart the site to see them.")


def _catalogue(language: str, source: Path) -> Catalog:
    """All that elements say, with the translations that the site has already."""
    locale = to_locale(language)
    known = Catalog(locale=locale)
    if source.is_file():
        with source.open("rb") as file:
            known = read_po(file, locale=locale)
    catalogue = Catalog(locale=locale, project="anodyne_blocks", fuzzy=False, header_comment="#")
    for message in messages():
        before = known.get(message.id, message.context)
        empty = ("",) * catalogue.num_plurals if message.pluralizable else ""
        catalogue.add(
            message.id,
            (before and before.string) or empty,
            context=message.context,
            user_comments=before.user_comments if before else (),
        )
    return catalogue


def _texts(message: Message) -> list[str]:
    """The translation of a message, in each of its forms."""
    return [message.string or ""] if isinstance(message.string, str) else [*(message.string or ())]


def _mistakes(catalogue: Catalog) -> list[str]:
    """Translations that a page would fail on: with other placeholders than the text has.

    Not Babel's own check, which wants those of the singular in a language without one.
    """
    found = []
    for message in catalogue:
        if not message.python_format:
            continue
        whole = message.id if isinstance(message.id, str) else message.id[-1]
        values: dict[str, Any] = dict.fromkeys(_NAMES.findall(whole), 1)
        for text in _texts(message):
            try:
                text % values
            except (KeyError, ValueError, TypeError) as reason:
                found.append(f"“{text}” for “{whole}”: {reason}")
    return found
