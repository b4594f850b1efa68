"""Every public name says what it is, and every public function what it takes and gives."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_public_api import PUBLIC

PACKAGE = Path(__file__).parents[1] / "anodyne_blocks"
# Names of modules with a comment that Sphinx reads as their docstring.
COMMENTED = {
    name
    for path in PACKAGE.rglob("*.py")
    for name in re.findall(r"^#: .*\n(\w+)\b.*=", path.read_text(), re.MULTILINE)
}


def told(text: str | None, name: str) -> bool:
    """Whether this is a docstring that somebody wrote; dataclasses and models make their own."""
    return bool(text and text.strip() and not text.startswith(f"{name}("))


def function_of(thing: Any) -> Any:
    """The function behind a method, property, cache or task; None where there is none."""
    for name in ("__func__", "fget", "func"):
        thing = getattr(thing, name, None) or thing
    thing = inspect.unwrap(thing) if callable(thing) else thing
    return thing if inspect.isfunction(thing) else None


def lacking(function: Any) -> list[str]:
    """The parameters without a type, and `return`."""
    signature = inspect.signature(function)
    first = next(iter(signature.parameters), "")
    names = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.annotation is parameter.empty and not (name == first in {"self", "cls"})
    ]
    return names + ["return"] * (signature.return_annotation is signature.empty)


def own(kind: type) -> Iterator[tuple[str, Any]]:
    """(name, function) of what a class itself defines for others."""
    for name, thing in vars(kind).items():
        function = function_of(thing)
        ours = function and function.__module__.startswith("anodyne_blocks.")
        if ours and not name.startswith(("_", "test_")):
            yield name, function


def faults(name: str, thing: Any) -> Iterator[str]:
    function = function_of(thing)
    if isinstance(thing, type):
        if not told(vars(thing).get("__doc__"), thing.__name__):
            yield f"{name} has no docstring"
        for method, function in own(thing):
            # What replaces a method is documented where that is; a mixin calls it by `super`.
            is_other_s = any(hasattr(base, method) for base in thing.__bases__)
            is_other_s = is_other_s or "super" in function.__code__.co_names
            if not (is_other_s or function.__doc__):
                yield f"{name}.{method} has no docstring"
            yield from (f"{name}.{method}: no type of {which}" for which in lacking(function))
    elif function:
        if not function.__doc__:
            yield f"{name} has no docstring"
        yield from (f"{name}: no type of {which}" for which in lacking(function))
    elif name not in COMMENTED:
        yield f"{name} has no comment (`#: …`) above it"


@pytest.mark.parametrize("module", PUBLIC)
def test_every_public_name_is_documented_and_typed(module: str) -> None:
    loaded = importlib.import_module(module)
    found = [fault for name in loaded.__all__ for fault in faults(name, getattr(loaded, name))]
    assert found == []
