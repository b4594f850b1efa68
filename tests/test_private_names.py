"""docs/explanation/private-apis.md lists every private name of others that the package uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests import test_private_apis, test_private_editor_apis, test_private_headless_apis

PACKAGE = Path(__file__).parent.parent / "anodyne_blocks"
PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "private-apis.md"

# Underscored, and documented: by Django, and by Python for named tuples.
DOCUMENTED = {"_meta", "_default_manager", "_base_manager", "_state"}
DOCUMENTED |= {"_make", "_fields", "_replace", "_asdict"}


def test_the_page_names_each_private_name_that_the_package_uses() -> None:
    modules = [list(ast.walk(ast.parse(path.read_text()))) for path in PACKAGE.rglob("*.py")]
    ours = {name for nodes in modules for name in _defined(nodes)}
    called = {name for nodes in modules for name in _called(nodes)}
    used = {name for nodes in modules for name in _private_names(nodes, ours, called)}
    named = set(re.findall(r"`(?:\w+\.)*(_\w+)`", PAGE.read_text()))
    assert used - DOCUMENTED == named - DOCUMENTED


def test_the_page_names_each_test_and_each_test_is_there() -> None:
    modules = (test_private_apis, test_private_editor_apis, test_private_headless_apis)
    tests = {name for module in modules for name in vars(module) if name.startswith("test_")}
    assert set(re.findall(r"`(test_\w+)`", PAGE.read_text())) == tests


def _private_names(nodes: list[ast.AST], ours: set[str], called: set[str]) -> Iterator[str]:
    """Names with an underscore in front that a module uses, and that are not the package's own."""
    defined = _defined(nodes)
    found = _imported(nodes)
    for node in nodes:
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            known = set() if owner == "super()" else ours if owner in ("self", "cls") else defined
            found |= {node.attr} - known
        elif isinstance(node, ast.FunctionDef) and not node.decorator_list:
            # A method that nothing of the package calls is there for others to call.
            found |= {node.name} - called
    yield from (name for name in found if re.match(r"_[a-zA-Z]", name))


def _defined(nodes: list[ast.AST]) -> set[str]:
    """Functions, classes and names of a module, and what it sets on `self`."""
    names = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    names |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) in ("self", "cls")
    }


def _called(nodes: list[ast.AST]) -> set[str]:
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}


def _imported(nodes: list[ast.AST]) -> set[str]:
    """What a module imports from others."""
    return {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("anodyne_blocks")
        for alias in node.names
    }
