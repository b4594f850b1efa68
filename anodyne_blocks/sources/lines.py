"""Sources as people list them, one a line: numbered or not, in the usual styles, or a bare id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anodyne_blocks.sources.fields import YEAR, Fields, source_fields
from anodyne_blocks.sources.identifiers import bare_doi, is_doi

_NUMBER = re.compile(r"\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)](?=\s)|[-–•*](?=\s))\s*")
# "2007;334:1313-7" and a lone year.
_ISSUE = re.compile(r"\(?\d{4}\b(?:[\W\d_]|(?<=\d)[a-z])*")
_DOI = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|\bdoi\s*[:/]?\s*)*\b(10\.\d{2,9}(?:\.\d+)*/[^\s<>\"]+)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"]+|\bwww\.[^\s<>\"]+", re.IGNORECASE)
_PUBMED = re.compile(
    r"(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,9})/?"
    r"|\b(?:PMID|PubMed(?:\s+ID)?)\s*:?\s*(\d{1,9})\b",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{5,9}")
# What is said of a link or a date of reading, and a book's number.
_BESIDE = re.compile(
    r"\b(?:available (?:from|at)|retrieved from|verfügbar unter|beschikbaar via)\s*:?"
    r"|\b(?:(?:last )?accessed|retrieved|geraadpleegd|abgerufen)\b[^.;]{0,30}\b\d{4}\b"
    r"|\[(?:cited|internet)[^\]]{0,40}\]|\bPMCID?:?\s*(?:PMC)?\d+|\bISBN[\s:]*[\dXx-]{9,20}",
    re.IGNORECASE,
)
# "Foster NE, Anema JR. ", "de Vries, J. A., & Jansen, K. (2018)"
_PERSON = re.compile(r"[^\W\d_][\w'’-]+,?\s+(?:[A-Z]{1,3}\b\.?|[A-Z]\.)|\bet al\b")
_APA = re.compile(
    r"^([^()]{2,400}?)\s*\((?:\d{1,2}\s)?(\w{0,12}\s?)(\d{4})[a-z]?[^()]{0,30}\)[.,:]?\s+"
)
# The end of a sentence: not behind an initial or an abbreviation.
_END = re.compile(r"(?<=[^\s.][\w)\]”\"'’»])[.?!](?=\s+)|(?<=\bal)\.(?=\s)")
_INITIALS = re.compile(r"(?:^|[\s.,&])[A-Z]$")
_VOLUME = re.compile(
    r"[,;:.]?\s*(?:\b(?:19|20)\d\d\b[^;:]{0,20};|\bvol\b\.?|\b\d{1,4}\s*(?:\(\d|:\s*[a-z]?\d)|,\s*\d{1,4}\b)"
    r".*$",
    re.IGNORECASE,
)
_LONGEST = 2000
_FEW_WORDS = 4


def read_lines(text: str) -> Iterator[tuple[str, Fields]]:
    """(line, fields) of each source. What is wrapped belongs to the numbered line above it."""
    for line in _entries(text):
        yield line, read_line(line)


def _entries(text: str) -> list[str]:
    lines = [line[:_LONGEST].strip() for line in text.splitlines()]
    starts = [bool(_NUMBER.match(line)) for line in lines]
    if _is_numbered(lines):
        return _joined(lines, starts)
    # Blank lines between sources of several lines each.
    is_wrapped = "" in lines and sum(map(bool, lines)) > 2 * (lines.count("") + 1)
    starts = [index == 0 or not lines[index - 1] for index in range(len(lines))]
    return _joined(lines, starts) if is_wrapped else [line for line in lines if line]


def number_of(line: str) -> int | None:
    """The number with which a line begins: 0 for a bullet, None for neither."""
    found = _NUMBER.match(line)
    return int(found[1] or found[2] or found[3] or 0) if found else None


def _is_numbered(lines: list[str]) -> bool:
    """Whether a list begins with a number, and goes on with the next ones."""
    found = [number_of(line) for line in lines if line]
    numbers = [number for number in found if number is not None]
    if len(numbers) < 2 or found[0] is None:
        return False
    # Bullets count as 0.
    return not any(numbers) or numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _joined(lines: list[str], starts: list[bool]) -> list[str]:
    entries: list[list[str]] = []
    for line, is_start in zip(lines, starts, strict=True):
        if not line:
            continue
        if is_start or not entries:
            entries.append([])
        entries[-1].append(line)
    return [" ".join(parts)[:_LONGEST] for parts in entries]


def read_line(line: str) -> Fields:
    """The fields of one source. Without a title only what names it: DOI, PubMed ID, address."""
    number = _NUMBER.match(line)
    rest = line[number.end() if number else 0 :].strip()
    found: dict[str, str] = {}
    if _BARE_NUMBER.fullmatch(rest):
        return source_fields({"kind": "article", "pubmed_id": rest})
    if match := _PUBMED.search(rest):
        found["pubmed_id"] = match[1] or match[2]
        rest = _without(rest, match)
    if match := _DOI.search(rest):
        found["doi"] = bare_doi(match[1].rstrip(").,;") if "(" not in match[1] else match[1])
        rest = _without(rest, match)
    if match := _ADDRESS.search(rest):
        address = match[0].rstrip(".,;)")
        found["url"] = f"https://{address}" if address.lower().startswith("www.") else address
        rest = _without(rest, match)
    rest = " ".join(_BESIDE.sub(" ", rest).split()).strip(" .,;:–-()[]<>")
    found.update(_words(rest))
    if "doi" in found and not is_doi(found["doi"]):
        del found["doi"]
    if "url" in found and not any(map(found.get, ("doi", "pubmed_id", "container"))):
        found["kind"] = "website"
    return source_fields(found)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}".strip()


def _words(text: str) -> dict[str, str]:
    """Authors, title, container and year of a line without its ids."""
    if not text:
        return {}
    if apa := _APA.match(text):
        parts = _sentences(text[apa.end() :])
        return {
            "authors": apa[1].strip(" ,"),
            "year": apa[3],
            "title": parts[0] if parts else "",
            "container": _container(parts[1]) if len(parts) > 1 else "",
        }
    years = YEAR.findall(text)
    year = years[-1] if years else ""
    parts = [part for part in _sentences(text) if not _ISSUE.fullmatch(part)]
    is_question = bool(parts) and parts[0][-1] in "?!"
    if (
        len(parts) > 1
        and not is_question
        and (_PERSON.search(parts[0]) or len(parts[0].split()) <= _FEW_WORDS)
    ):
        authors, title, *others = parts
    else:
        authors, (title, *others) = "", parts or [text]
    if title[-1:] in ("?", "!") and len(others) > 1:
        # What follows the question is its second half.
        title = f"{title} {others.pop(0)}"
    container = _container(others[0]) if others else ""
    return {"authors": authors, "title": title, "container": container, "year": year}


def _container(text: str) -> str:
    """A journal without volume and pages, a publisher without its town's year."""
    return YEAR.sub("", _VOLUME.sub("", text)).strip(" ,;:.()")


def _sentences(text: str) -> list[str]:
    parts, start = [], 0
    for end in _END.finditer(text):
        if _INITIALS.search(text[start : end.start()][-3:]):
            continue
        # A question mark belongs to the title.
        sign = "" if end[0] == "." else end[0]
        parts.append(text[start : end.start()].strip() + sign)
        start = end.end()
    parts.append(text[start:].strip(" ."))
    return [part for part in parts if part]
