"""What a user gets: the wheel's files and requirements, and catalogues that are up to date."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from email.parser import Parser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "anodyne_blocks"
SHIPPED_FOLDERS = ("templates", "static", "locale", "schema")


@pytest.fixture(scope="module")
def wheel(wheel_path: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel_path) as archive:
        yield archive


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """Templates, static files and catalogues included; nothing that git would not have."""
    data = {
        path.relative_to(ROOT).as_posix()
        for folder in SHIPPED_FOLDERS
        for path in (PACKAGE / folder).rglob("*")
        if path.is_file()
    }
    modules = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py")}
    assert {Path(name).parts[1] for name in data} == set(SHIPPED_FOLDERS)
    packaged = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packaged == data | modules | {"anodyne_blocks/py.typed"}


def test_the_wheel_installs_one_top_level_package(wheel: zipfile.ZipFile) -> None:
    """No `tests` or `example_site` lands in a user's environment."""
    (info,) = {name.split("/")[0] for name in wheel.namelist()} - {"anodyne_blocks"}
    assert info.endswith(".dist-info")


def test_requirements_have_lower_bounds_only(wheel: zipfile.ZipFile) -> None:
    """An upper bound would keep a site from taking a security release."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(wheel.read(name).decode())
    requirements = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    installed = [requirement for requirement in requirements if requirement.marker is None]
    assert {requirement.name for requirement in installed} == {
        "Babel",
        "Django",
        "pydantic",
        "requests",
        "wagtail",
    }
    for requirement in installed:
        assert [specifier.operator for specifier in requirement.specifier] == [">="]


def _messages(catalog: Catalog) -> list[str]:
    """All messages with context, id and translation; the header aside."""
    return sorted(repr((item.context, item.id, item.string)) for item in catalog if item.id)


def test_compiled_catalogues_match_their_sources() -> None:
    """`.mo` files are committed, so that an install from git needs no gettext tools."""
    folders = {path.parent for path in PACKAGE.glob("locale/*/LC_MESSAGES/django.po")}
    for folder in folders:
        language = folder.parent.name
        with (folder / "django.po").open("rb") as file:
            source = read_po(file)
        assert not source.fuzzy, f"{language}: a fuzzy header keeps it from being compiled"
        with (folder / "django.mo").open("rb") as file:
            compiled = read_mo(file)
        expected = BytesIO()
        write_mo(expected, source)
        expected.seek(0)
        assert _messages(compiled) == _messages(read_mo(expected)), (
            f"{language}: run make translations"
        )
