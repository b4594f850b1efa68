"""JSON-LD scripts as pages really hold them, and the nodes in them, linked by their ids."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urljoin

from anodyne_blocks.shops.amounts import JSON_NUMBERS
from anodyne_blocks.shops.product_page.values import Node, many, types
from anodyne_blocks.shops.text import unescape

# Where a page's main thing may be, below the page's own node.
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")
# Objects and lists that are looked at in one page, so that none takes long.
MAX_HOLDERS = 50_000
_BETWEEN = re.compile(r"[\s;,]*")
_OPENING = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)\s*")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*$")
# Strings, comments, and commas that nothing follows.
_TOKENS = re.compile(
    r"""("(?:[^"\\]|\\.)*"?)|//[^\n]*|/\*(?:.*?\*/|.*)|<!--|-->|,(?=\s*[\]}])""", re.DOTALL
)
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrtu])|(.))', re.DOTALL)


def read_script(script: str) -> list[Any]:
    """The values of one script, in the order in which they stand; none where it is unreadable.

    As tolerant as search engines: comments, CDATA, commas and semicolons too many, several values.
    """
    script = script.strip().lstrip("\ufeff")
    found, is_whole = _values(script)
    if is_whole:
        return found
    for _ in range(2):
        script = _OPENING.sub("", script, count=1) if _OPENING.match(script) else script
    tail = script[-200:]
    for _ in range(2):
        tail = _CLOSING.sub("", tail)
    script = script[:-200] + tail
    cleaned = _TOKENS.sub(_kept, script)
    # A comment may have stood between a comma and its bracket.
    mended, is_whole = _values(_TOKENS.sub(_kept, cleaned))
    if not mended and script.count("&quot;") > 3:
        mended, _ = _values(unescape(script))
    return mended or found


def _kept(token: re.Match[str]) -> str:
    return _BAD_ESCAPE.sub(lambda m: m[0] if m[1] else m[2], token[1]) if token[1] else ""


def _values(script: str) -> tuple[list[Any], bool]:
    """The values that can be read, and whether that is all."""
    found: list[Any] = []
    at = _next(script, 0)
    try:
        while at < len(script):
            value, at = _DECODER.raw_decode(script, at)
            found.append(value)
            at = _next(script, at)
    except (ValueError, RecursionError):
        return found, False
    return found, True


def _next(script: str, at: int) -> int:
    """Where the value after `at` begins."""
    found = _BETWEEN.match(script, at)
    return found.end() if found else at


# Line breaks inside texts are a common mistake, and harmless.
_DECODER = json.JSONDecoder(
    **JSON_NUMBERS,
    parse_constant=str,
    strict=False,
)


def linked_nodes(data: list[Any], base: str) -> list[Node]:
    """The nodes that stand for themselves, in all of a page's scripts."""
    _link(data, base)
    found: list[Node] = []
    seen: set[int] = set()
    waiting = list(data)
    for node in waiting:  # which grows meanwhile
        if len(waiting) > MAX_HOLDERS:
            break
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            found.append(node)
            waiting += [inner for key in _INSIDE for inner in many(node.get(key))]
    return found


def _link(data: list[Any], base: str) -> None:
    """Put the node itself wherever one is only referred to, and what is said apart together."""
    known: dict[str, Node] = {}
    twins: dict[int, Node] = {}
    holders: list[Any] = [data]
    for holder in holders:  # which grows meanwhile
        if len(holders) > MAX_HOLDERS:
            break
        if isinstance(holder, dict) and (key := _key(holder, base)) and not _is_reference(holder):
            first = known.setdefault(key, holder)
            if first is not holder and _is_twin(first, holder):
                twins[id(holder)] = first
                for name, value in holder.items():
                    first.setdefault(name, value)
        inner = holder.values() if isinstance(holder, dict) else holder
        holders += [value for value in inner if isinstance(value, (dict, list))]
    for holder in holders[:MAX_HOLDERS]:
        for at, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            if isinstance(value, dict):
                if _is_reference(value):
                    holder[at] = known.get(_key(value, base), value)
                else:
                    holder[at] = twins.get(id(value), value)


def _is_twin(first: Node, other: Node) -> bool:
    """Whether two nodes of one id tell of one thing: careless pages give one id to all."""
    names = first.get("name"), other.get("name")
    return types(first) == types(other) and (None in names or names[0] == names[1])


def _key(node: Node, base: str) -> str:
    key = node.get("@id")
    if not isinstance(key, str) or not key:
        return ""
    try:
        return urljoin(base, key)
    except ValueError:
        return key


def _is_reference(node: Node) -> bool:
    return node.keys() <= {"@id", "@type"}
