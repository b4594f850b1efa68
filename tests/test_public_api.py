"""What sites may import is named, and the example site and the docs import nothing else."""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "python.md"
# On a page of their own.
PUBLIC = [
    "anodyne_blocks.elements",
    *re.findall(r"automodule:: (\S+)", PAGE.read_text()),
]
# What settings and urlconfs name, which no code imports from.
NAMED_BY_PATH = set(re.findall(r"^- `(anodyne_blocks\.[\w.]+)`", PAGE.read_text(), re.MULTILINE))
CODE = re.compile(r"^( *)```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def written() -> Iterator[tuple[str, str]]:
    """(where, Python) of all that we show: the example site, and the samples of the docs."""
    for path in (ROOT / "example_site").rglob("*.py"):
        if path.parent.name == "migrations":
            # Django writes them, by the modules in which classes are defined.
            continue
        yield str(path.relative_to(ROOT)), path.read_text()
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for _, code in CODE.findall(path.read_text()):
            code = textwrap.dedent(code).strip()
            # Entries of a setting.
            yield (
                str(path.relative_to(ROOT)),
                (f"{{{code}}}" if re.match(r'"\w+":', code) else code),
            )


def imported(code: str) -> Iterator[tuple[str, str]]:
    """(module, name) of each import of ours; the name is empty for `import module`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("anodyne_blocks"):
            yield from ((str(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((a.name, "") for a in node.names if a.name.startswith("anodyne_blocks"))


def is_public(module: str, name: str) -> bool:
    if f"{module}.{name}".rstrip(".") in {*PUBLIC, *NAMED_BY_PATH}:
        return True
    return module in PUBLIC and name in importlib.import_module(module).__all__


@pytest.mark.parametrize("module", PUBLIC)
def test_a_public_module_names_what_it_has(module: str) -> None:
    loaded = importlib.import_module(module)
    assert [name for name in loaded.__all__ if not hasattr(loaded, name)] == []
    assert loaded.__doc__


def test_the_example_site_and_the_docs_import_public_names_only() -> None:
    found = [(where, *what) for where, code in written() for what in imported(code)]
    assert len(found) > 40
    assert [row for row in found if not is_public(*row[1:])] == []


def test_dotted_paths_in_the_docs_are_public() -> None:
    """Those of settings: price rules, shops, and whatever else is named by a string."""
    paths = {
        match
        for _, code in written()
        for match in re.findall(r'"(anodyne_blocks\.[\w.]+\.[A-Z]\w+)"', code)
    }
    assert paths
    backends = {path for path in paths if path.startswith("anodyne_blocks.shops.")}
    assert [path for path in paths - backends if not is_public(*path.rsplit(".", 1))] == []
    for path in backends:
        module, name = path.rsplit(".", 1)
        assert name in importlib.import_module(module).__all__
