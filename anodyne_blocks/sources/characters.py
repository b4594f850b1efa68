"""Which characters can be stored: what comes from outside holds others."""

from __future__ import annotations

import re

# What some database, XML, CSV or XLSX does not hold: control characters that are no white space,
# halves of characters, and what is none.
UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

# White space of old devices, which XML and XLSX do not hold; Word writes some.
_OLD_SPACE = re.compile("[\x0b\x0c\x1c-\x1f]")


def is_storable(text: str) -> bool:
    """Whether every database, XML, CSV and XLSX holds all of `text`."""
    return not UNSTORABLE.search(text)


def storable(text: str) -> str:
    """`text` without what cannot be stored; the sign for it where nothing else is left."""
    if not text or text.isprintable():
        return text
    return UNSTORABLE.sub("", _OLD_SPACE.sub(" ", text)) or "\ufffd"
