"""The published schema is the elements', and does not change without saying so."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest
from django.core.management import call_command

import anodyne_blocks
from anodyne_blocks import CONTRACT_VERSION
from anodyne_blocks.api import published
from anodyne_blocks.elements import ELEMENTS, Element, Heading

PACKAGE = Path(anodyne_blocks.__file__).parent
SCHEMA = PACKAGE / "schema"
CHANGELOG = PACKAGE.parent / "CHANGELOG.md"
# {contract: digest of its schema}, of every contract that ever was.
CONTRACTS = Path(__file__).parent / "contracts.json"


def digest(schema: dict[str, Any]) -> str:
    """Of what a program can see: names, types and requirements, but no descriptions."""

    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(part) for part in value]
        if not isinstance(value, dict):
            return value
        return {
            key: {name: bare(part) for name, part in value[key].items()}
            if key == "properties"
            else bare(part)
            for key, part in value.items()
            if key not in ("description", "version")
        }

    text = json.dumps(bare(schema), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def complaints(
    schema: dict[str, Any], version: str, contracts: dict[str, str], changelog: str
) -> list[str]:
    """What must be done before a schema may be published as `version`."""
    found = []
    if version not in contracts:
        found.append(f"Add contract {version} to contracts.json: {digest(schema)}")
    elif contracts[version] != digest(schema):
        found.append(f"The schema is not that of contract {version}: raise CONTRACT_VERSION.")
    found += [
        f"CHANGELOG.md says nothing of contract {known}."
        for known in {*contracts, version}
        if not re.search(rf"\bcontract {re.escape(known)}\b", changelog, re.IGNORECASE)
    ]
    return found


@pytest.mark.parametrize("format", published.FILES)
def test_the_published_file_is_up_to_date(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("anodyne_schema", format=format)
    printed = capsys.readouterr().out
    file = SCHEMA / published.FILES[format]
    assert printed == file.read_text(encoding="utf-8"), f"run anodyne_schema --format {format}"
    assert CONTRACT_VERSION in printed


def test_the_schema_changes_only_with_version_and_changelog() -> None:
    contracts = json.loads(CONTRACTS.read_text())
    schema = published.json_schema()
    assert schema["$id"] == f"urn:anodyne-blocks:elements:{CONTRACT_VERSION}"
    assert complaints(schema, CONTRACT_VERSION, contracts, CHANGELOG.read_text()) == []


def test_a_changed_schema_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field more is noticed; another description is not."""
    released = published.json_schema()
    contracts = {"1.0": digest(released)}
    changelog = "- Contract 1.0"
    assert complaints(released, "1.0", contracts, changelog) == []
    assert complaints(released, "1.1", contracts, changelog) == [
        f"Add contract 1.1 to contracts.json: {digest(released)}",
        "CHANGELOG.md says nothing of contract 1.1.",
    ]

    class Reworded(Heading):
        """Another description."""

    class Longer(Heading):
        """A field more."""

        number: int

    for changed, noticed in ((Reworded, False), (Longer, True)):
        changed.__name__ = changed.__qualname__ = "Heading"
        changed.model_rebuild(force=True)
        monkeypatch.setattr(published, "ELEMENTS", (changed, *ELEMENTS[1:]))
        found = complaints(published.json_schema(), "1.0", contracts, changelog)
        assert bool(found) is noticed


def test_typescript_of_all_that_elements_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sample(Element):
        """A */ comment that tries to end."""

        type: Literal["sample"] = "sample"
        choice: Literal["a", "b"] | None
        words: tuple[str, ...]
        either: tuple[int | None, ...]

    monkeypatch.setattr(published, "ELEMENTS", (Sample,))
    lines = published.published("typescript").splitlines()
    assert [line.strip() for line in lines[-9:]] == [
        "export interface Sample {",
        'readonly type: "sample";',
        "readonly contract: string;",
        "readonly language: string;",
        'readonly direction: "ltr" | "rtl";',
        'readonly choice: "a" | "b" | null;',
        "readonly words: readonly string[];",
        "readonly either: readonly (number | null)[];",
        "}",
    ]
    assert "/** A *\\/ comment that tries to end. */" in lines


def test_what_typescript_cannot_say_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loose(Element):
        type: Literal["loose"] = "loose"
        anything: dict[str, Any]

    monkeypatch.setattr(published, "ELEMENTS", (Loose,))
    with pytest.raises(ValueError, match="No TypeScript type"):
        published.published("typescript")
