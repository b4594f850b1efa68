"""The schema.org vocabulary, read from the type declarations of npm's `schema-dts`, and its check.

`Vocabulary.problems(graph)` looks at types, domains, ranges, enumerations, dates, durations,
numbers and addresses. It knows nothing of Google's wishes: see `house_rules.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SCHEMA = "https://schema.org/"
_INTERFACE = re.compile(
    r"^(?:export )?interface (\w+)(Base|Leaf) extends ([^{]+) \{\n(.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
_PROPERTY = re.compile(r'^    "([\w-]+)"\?: SchemaValue<([^;]*), "[\w-]+">;', re.MULTILINE)
_UNION = re.compile(r"^export type (\w+) = ([^;]*);", re.MULTILINE)
_MEMBER = re.compile(r'"https://schema\.org/(\w+)"')

_DAY = r"-?\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_NUMBER = r"-?\d+(\.\d+)?"
# A time without a zone is some other time to most readers of it.
FORMS = {
    "Date": re.compile(_DAY),
    "DateTime": re.compile(_DAY + "T" + _CLOCK),
    "Time": re.compile(_CLOCK),
    "Duration": re.compile(
        r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
    ),
    "Distance": re.compile(_NUMBER + r" [a-z]+"),
    "Mass": re.compile(_NUMBER + r" [a-z]+"),
    "Number": re.compile(_NUMBER),
    "Float": re.compile(_NUMBER),
    "Integer": re.compile(r"-?\d+"),
}
TEXTS = {"Text", "PronounceableText", "CssSelectorType", "XPathType"}
NUMBERS = {"Number", "Float", "Integer"}


class Vocabulary:
    """Types with their parents and properties, and the members of enumerations."""

    def __init__(self, declarations: Path) -> None:
        text = declarations.read_text(encoding="utf-8")
        self.parents: dict[str, set[str]] = defaultdict(set)
        self.properties: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for name, _kind, extends, body in _INTERFACE.findall(text):
            bases = {base.removesuffix("Base") for base in re.findall(r"\w+Base", extends)}
            self.parents[name] |= bases - {name}
            for property_, ranges in _PROPERTY.findall(body):
                self.properties[name][property_] = set(ranges.split(" | ")) - {"IdReference"}
        self.members = {
            name: set(_MEMBER.findall(union))
            for name, union in _UNION.findall(text)
            if _MEMBER.search(union)
        }

    def ancestors(self, type_: str) -> set[str]:
        """A type and all above it."""
        return {type_}.union(*(self.ancestors(parent) for parent in self.parents.get(type_, ())))

    @cached_property
    def as_json_ld(self) -> dict[str, Any]:
        """Classes and properties in the form in which schema.org publishes them."""

        def ids(names: Any) -> list[dict[str, str]]:
            return [{"@id": f"schema:{name}"} for name in sorted(names)]

        domains: dict[str, set[str]] = defaultdict(set)
        for type_, properties in self.properties.items():
            for name in properties:
                domains[name].add(type_)
        classes = [
            {"@id": f"schema:{name}", "@type": "rdfs:Class", "rdfs:subClassOf": ids(parents)}
            for name, parents in list(self.parents.items())
        ]
        properties = [
            {"@id": f"schema:{name}", "@type": "rdf:Property", "schema:domainIncludes": ids(types)}
            for name, types in domains.items()
        ]
        return {"@graph": [*classes, *properties]}

    def problems(self, graph: dict[str, Any]) -> list[str]:
        """What is wrong with a graph; empty for nothing."""
        if graph.get("@context") not in ("https://schema.org", "https://schema.org/"):
            return [f"The context is {graph.get('@context')!r}."]
        by_id = {node["@id"]: node for node in graph["@graph"] if "@id" in node}
        return [text for node in graph["@graph"] for text in self._of_node(node, by_id)]

    def _of_node(self, node: dict[str, Any], by_id: dict[str, Any]) -> Iterator[str]:
        type_ = node.get("@type")
        if type_ not in self.parents:
            yield f"There is no type {type_!r}."
            return
        known: dict[str, set[str]] = {}
        for ancestor in self.ancestors(type_):
            known |= self.properties[ancestor]
        for name, value in node.items():
            if name.startswith("@"):
                continue
            if name not in known:
                yield f"{type_} has no property {name!r}."
                continue
            for item in value if isinstance(value, list) else [value]:
                yield from self._of_value(f"{type_}.{name}", item, known[name], by_id)

    def _of_value(
        self, where: str, value: Any, ranges: set[str], by_id: dict[str, Any]
    ) -> Iterator[str]:
        if isinstance(value, dict):
            if "@type" in value:
                yield from self._of_node(value, by_id)
            target = value if "@type" in value else by_id.get(value.get("@id"))
            if target is None:
                yield f"{where} refers to {value.get('@id')!r}, which is not in the graph."
            elif not self.ancestors(target.get("@type", "")) & ranges:
                yield f"{where} cannot be a {target.get('@type')}."
        elif isinstance(value, bool):
            if "Boolean" not in ranges:
                yield f"{where} cannot be a boolean."
        elif isinstance(value, (int, float)):
            if not ranges & NUMBERS:
                yield f"{where} cannot be a number."
        elif not isinstance(value, str) or not value.strip():
            yield f"{where} says nothing: {value!r}."
        else:
            yield from self._of_text(where, value, ranges)

    def _of_text(self, where: str, value: str, ranges: set[str]) -> Iterator[str]:
        enumerations = [self.members[name] for name in ranges if name in self.members]
        if value.startswith(SCHEMA) and enumerations:
            if not any(value.removeprefix(SCHEMA) in members for members in enumerations):
                yield f"{where}: {value!r} is no member of the enumeration."
            return
        if ranges & TEXTS:
            return
        if any(FORMS[name].fullmatch(value) for name in ranges if name in FORMS):
            return
        # A thing may be named by its address: `item` of a list.
        if ranges & {"URL", "Thing"}:
            parts = urlsplit(value)
            if parts.scheme in ("http", "https") and parts.netloc and " " not in value:
                return
        yield f"{where} cannot be {value!r}; it is one of {', '.join(sorted(ranges))}."
