"""Names that sites may import from where they were once."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string


def moved(module: str, **places: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module whose names are at other places now, by dotted path."""

    def lookup(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"Module {module!r} has no attribute {name!r}.")
        message = f"{module}.{name} is now {places[name]}."
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        return import_string(places[name])

    return lookup
