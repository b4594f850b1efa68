"""BibTeX, read in one pass: entries, fields in braces or quotes, accents written in TeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from anodyne_blocks.sources.fields import Fields, people, source_fields

ENTRY = re.compile(r"@([A-Za-z]{2,20})\s{0,9}[{(]")
_NAME = re.compile(r"\s*,?\s*([A-Za-z][\w-]{0,40})\s*=\s*")
_WORD = re.compile(r"[\w.+-]+")
_SPACES_AND_HASH = re.compile(r"[\s#]*")
_ACCENT = re.compile(r"\\([`'^\"~=.cvuHk])\s*\{?\\?([A-Za-z])\}?")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\s*|([&%$#_{}]))")
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
            "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı"}  # fmt: skip
KINDS = {"article": "article", "book": "book", "inbook": "book", "incollection": "book",
         "techreport": "report", "report": "report", "online": "website"}  # fmt: skip
_CONTAINERS = ("journal", "journaltitle", "booktitle", "publisher", "howpublished")
_NOT_SOURCES = {"string", "comment", "preamble"}


def read_bibtex(text: str) -> Iterator[tuple[str, Fields]]:
    """(title or key, fields) of each entry; what is broken ends at the next entry."""
    starts = list(ENTRY.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends, strict=True):
        if match[1].lower() in _NOT_SOURCES:
            continue
        key, _comma, rest = text[match.end() : end].partition(",")
        given = _fields(rest)
        title = _plain(given.get("title") or key[:100])
        yield title, _read(match[1].lower(), given)


def _fields(text: str) -> dict[str, str]:
    found, position = dict[str, str](), 0
    while name := _NAME.match(text, position):
        value, position = _value(text, name.end())
        found.setdefault(name[1].lower(), value[:4000])
    return found


def _value(text: str, position: int) -> tuple[str, int]:
    """A field's value, of parts joined by "#", and where it ends."""
    parts = []
    while position < len(text):
        sign = text[position]
        if sign in '{"':
            part, position = _delimited(text, position)
        elif word := _WORD.match(text, position):
            part, position = word[0], word.end()
        else:
            break
        parts.append(part)
        joined = _SPACES_AND_HASH.match(text, position)
        if joined is None or "#" not in joined[0]:
            break
        position = joined.end()
    return "".join(parts), position


def _delimited(text: str, position: int) -> tuple[str, int]:
    """What stands in braces or quotes that open at `position`; braces inside are balanced."""
    closing = "}" if text[position] == "{" else '"'
    start, depth, index = position + 1, 0, position + 1
    while index < len(text):
        sign = text[index]
        if sign == "\\":
            index += 2
            continue
        if sign == closing and depth == 0:
            return text[start:index], index + 1
        depth += {"{": 1, "}": -1}.get(sign, 0)
        index += 1
    return text[start:], len(text)


def _plain(value: str) -> str:
    """TeX as text: accents become letters, braces and commands go."""

    def accented(match: re.Match[str]) -> str:
        return unicodedata.normalize("NFC", match[2] + _COMBINING[match[1]])

    def command(match: re.Match[str]) -> str:
        return match[2] or _LETTERS.get(match[1], "")

    text = _COMMAND.sub(command, _ACCENT.sub(accented, value))
    text = text.replace("---", "—").replace("--", "–").replace("~", " ")
    return " ".join(re.sub(r"[{}]", "", text).split())


def _read(kind: str, given: dict[str, str]) -> Fields:
    names = [part.strip() for part in given.get("author", "").split(" and ")]
    texts = {name: _plain(value) for name, value in given.items()}
    kind = "online" if kind == "misc" and "url" in given else kind
    return source_fields(
        {
            "kind": KINDS.get(kind, ""),
            "authors": people(_name(name) for name in names if name)
            or texts.get("organization")
            or texts.get("institution"),
            "title": texts.get("title"),
            "container": next((texts[name] for name in _CONTAINERS if name in texts), ""),
            "year": texts.get("year") or texts.get("date"),
            "url": texts.get("url"),
            "doi": texts.get("doi"),
            "pubmed_id": texts.get("pmid"),
        }
    )


def _name(name: str) -> tuple[str, str]:
    """ "Foster, Nadine E." or "Nadine E. Foster" as family and given name; a body's name whole."""
    is_body = name.strip().startswith("{")
    text = _plain(name)
    family, comma, given = text.partition(",")
    if comma or is_body:
        return (text, "") if is_body else (family, given.strip())
    *given_names, family = text.split()
    # Three words and more without an initial are a body's name.
    is_person = len(given_names) == 1 or any(len(word.strip(".")) == 1 for word in given_names)
    return (family, " ".join(given_names)) if is_person else (text, "")
