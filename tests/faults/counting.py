"""Counts what a call does: calls of Python and of C, and the most memory that it held."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any


class TooMuch(BaseException):
    """Nothing catches it: the work is ended where it passes its bound."""


def steps(work: Callable[[], Any], most: int) -> int:
    """How many calls `work` makes; `TooMuch` once there are more than `most`."""
    count = 0

    def note(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1
            if count > most:
                raise TooMuch(f"more than {most} calls")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def peak(work: Callable[[], Any]) -> int:
    """The most bytes that `work` held beyond what was there before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
