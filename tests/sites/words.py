"""Which language a page speaks: by the words that readers get."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from babel.messages.mofile import read_mo
from django.utils.translation import to_locale

import anodyne_blocks

LOCALE = Path(anodyne_blocks.__file__).parent / "locale"
CONTEXT = "reader"
# So many letters a word has that stands in no other by chance.
SHORTEST = 6


def translations(language: str) -> dict[str, str]:
    """{English: translation} of what readers get; of the base language where there is no other."""
    for code in (language, language.partition("-")[0]):
        path = LOCALE / to_locale(code) / "LC_MESSAGES" / "django.mo"
        if path.exists():
            with path.open("rb") as file:
                messages = read_mo(file)
            return {
                str(message.id): str(message.string)
                for message in messages
                if message.context == CONTEXT and isinstance(message.id, str)
            }
    return {}


def english_in(text: str, content: Any) -> set[str]:
    """Our English words in a text, but for those that an editor may have written."""
    names = translations("en") | translations("nl")
    written = str(content).lower()
    words = {
        word
        for word, dutch in names.items()
        if "%(" not in word
        and len(word) >= SHORTEST
        and dutch.lower() != word.lower()
        and word.lower() not in written
    }
    return {word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}
