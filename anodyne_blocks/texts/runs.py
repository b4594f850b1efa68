"""Pieces of text with their looks, and the HTML that says the same and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

_SPACES = re.compile(r"[^\S\xa0\n]+")
_BREAKS = re.compile(r" *\n[ \n]*")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# What browsers read past in an address.
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ufffd]+")
LONGEST_ADDRESS = 2000


class Run(NamedTuple):
    """Text of one look; "\\n" is a line break that is meant."""

    text: str
    bold: bool = False
    italic: bool = False
    raised: bool = False
    href: str = ""


def address(href: str, base: str = "") -> str:
    """An address that may be linked to, "" for any other; Google's detour is taken out."""
    href = _CONTROL.sub("", href)
    if not href or href.startswith("#"):
        return ""
    whole = joined(base, href)
    try:
        parts = urlsplit(whole)
        if parts.hostname in ("www.google.com", "google.com") and parts.path == "/url":
            query = parse_qs(parts.query)
            return address((query.get("q") or query.get("url") or [""])[0])
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or len(whole) > LONGEST_ADDRESS:
        return ""
    return whole


def joined(base: str, href: str) -> str:
    """An address seen from another, "" for what can be none."""
    try:
        whole = urljoin(base, href)
        urlsplit(whole)
    except ValueError:
        return ""
    return whole


def tidy(runs: Iterable[Run]) -> list[Run]:
    """The same with single spaces, none at the ends or around a line break."""
    kept: list[Run] = []
    last = "\n"
    for run in runs:
        text = _BREAKS.sub("\n", _SPACES.sub(" ", run.text))
        if last in " \n":
            text = text.lstrip(" ")
        if text.startswith("\n") and kept:
            kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip(" "))
        if text:
            kept.append(run._replace(text=text))
            last = text[-1]
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    if kept:
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip())
    while kept and not kept[0].text.strip("\n"):
        kept.pop(0)
    if kept:
        kept[0] = kept[0]._replace(text=kept[0].text.lstrip("\n"))
    return kept


def plain(runs: Iterable[Run]) -> str:
    """The words alone, in one line."""
    return " ".join("".join(run.text for run in runs).split())


def is_all(runs: Sequence[Run], look: str) -> bool:
    """Whether all words have a look: "bold" or "italic"."""
    said = [run for run in runs if run.text.strip()]
    return bool(said) and all(getattr(run, look) for run in said)


def with_addresses(runs: Sequence[Run]) -> str:
    """The words in one line, with the addresses behind them that they do not say."""
    words = plain(runs)
    hrefs = dict.fromkeys(run.href for run in runs if run.href and run.href not in words)
    return " ".join([words, *hrefs])


def html_of(runs: Iterable[Run]) -> str:
    """Inline HTML: a, b, i, sup and br."""
    parts = []
    for href, linked in groupby(runs, lambda run: run.href):
        inner = "".join(_look(run) for run in _merged(linked))
        parts.append(f'<a href="{escape(href)}">{inner}</a>' if href else inner)
    return "".join(parts)


def _merged(runs: Iterable[Run]) -> list[Run]:
    return [
        key._replace(text="".join(run.text for run in same))
        for key, same in groupby(runs, lambda run: run._replace(text=""))
    ]


def _look(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br/>")
    for tag, is_so in (("sup", run.raised), ("i", run.italic), ("b", run.bold)):
        text = f"<{tag}>{text}</{tag}>" if is_so and run.text.strip() else text
    return text
