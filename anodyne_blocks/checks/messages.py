"""Messages of the system checks: ids, and places in the setting as an editor of it finds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning

from anodyne_blocks import conf

Messages = Iterator[CheckMessage]


def error(number: int, message: str, hint: str) -> Error:
    """An error of this package; the site cannot work with it."""
    return Error(message, hint=hint, id=f"anodyne_blocks.E{number:03}")


def warning(number: int, message: str, hint: str) -> Warning:
    """A warning of this package; something is likely not what was meant."""
    return Warning(message, hint=hint, id=f"anodyne_blocks.W{number:03}")


def where(*path: Any) -> str:
    """A place in the setting: "ANODYNE_BLOCKS['MARKETS']['nl']"."""
    return conf.SETTING_NAME + "".join(f"[{part!r}]" for part in path)


def not_a_dict(value: Any, *path: Any) -> Messages:
    """That the value at this place must be a dictionary."""
    found = type(value).__name__
    message = f"{where(*path)} must be a dictionary, not {found}."
    yield error(2, message, "See “Settings” in the reference for its keys.")
