"""What `make` installs: the versions that requirements/*.txt lock, the lowest ones included."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"), key=lambda path: path.stem)
# Those that a target of make installs for an extra of the same name.
EXTRAS = ("bench", "browser", "demo", "docs", "lint", "mysql", "postgres", "test")


def named(extra: str) -> Iterator[Requirement]:
    """What setup.cfg requires for the package with an extra."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg")
    pending, seen = [extra], set()
    lines = parser["options"]["install_requires"].split("\n")
    while pending:
        if (name := pending.pop()) not in seen:
            seen.add(name)
            lines += parser["options.extras_require"][name].split("\n")
        for line in [line for line in lines if line.startswith("anodyne-blocks[")]:
            lines.remove(line)
            pending += Requirement(line).extras
    return (Requirement(line) for line in lines if line)


def pins(lock: str) -> dict[str, set[Version]]:
    """The versions of each package in a lock; several where Pythons differ."""
    found: dict[str, set[Version]] = {}
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    for name, version in re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;]+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_pins_and_hashes_all_and_names_no_address(path: Path) -> None:
    text = path.read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\]-]+==", entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_lock_has_all_that_its_extra_names(extra: str) -> None:
    """Otherwise run `make lock`."""
    locked = pins(extra)
    for requirement in named(extra):
        versions = locked.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement} is not in requirements/{extra}.txt"
        assert all(version in requirement.specifier for version in versions), requirement


def test_locks_that_share_an_environment_agree() -> None:
    versions = pins("bench") | pins("docs") | pins("lint") | pins("mysql")
    for extra in (*EXTRAS, "build"):
        for name, locked in pins(extra).items():
            assert locked == versions[name], f"{name} in requirements/{extra}.txt"


def test_the_oldest_lock_has_the_lowest_versions_that_are_named() -> None:
    """So that each bound is one that the tests have passed with."""
    locked = pins("oldest")
    for requirement in (*named("test"), *named("mysql")):
        (bound,) = requirement.specifier
        assert bound.operator == ">="
        assert locked[canonicalize_name(requirement.name)] == {Version(bound.version)}, requirement
