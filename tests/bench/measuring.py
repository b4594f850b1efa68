"""Counting what does not vary, and timing side by side what does."""

from __future__ import annotations

import gc
import pstats
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from cProfile import Profile
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

Work = Callable[[], Any]
# (file, line, function): how often it was called.
Calls = Counter[tuple[str, int, str]]


def queries_of(work: Work) -> int:
    """The number of queries."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def calls_of(work: Work, by_caller: bool = False) -> Calls:
    """The calls that cProfile counts, of functions in Python and in C, by function called.

    `by_caller` counts them by the function that makes them.
    """
    profile = Profile()
    with _no_garbage():
        profile.runcall(work)
    calls: Calls = Counter()
    for where, (_, count, _, _, callers) in pstats.Stats(profile).stats.items():
        if by_caller:
            calls.update({caller: row[1] for caller, row in callers.items()})
        else:
            calls[where] = count
    return calls


def of_python(calls: Calls) -> Calls:
    """Those of functions in Python alone."""
    return Counter({where: count for where, count in calls.items() if where[0] != "~"})


def per_added(more: Calls, less: Calls, added: int) -> float:
    """Calls for each of `added` things, by which one work is larger than the other."""
    return (more.total() - less.total()) / added


def top_added(more: Calls, less: Calls, added: int, count: int = 40) -> Iterator[str]:
    """The functions with the most calls for each added thing, one a line."""
    each = {where: (more[where] - less[where]) / added for where in more}
    for where, calls in sorted(each.items(), key=lambda item: -item[1])[:count]:
        file, line, function = where
        place = "/".join(file.split("/")[-3:])
        yield f"{calls:8.2f}  {function}  {place}:{line}" if line else f"{calls:8.2f}  {function}"


def fastest(works: Sequence[Work], rounds: int) -> list[float]:
    """The least processor seconds of each, in turns, so that all meet the same machine."""
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for index, work in enumerate(works):
            with _no_garbage():
                start = time.process_time()
                work()
                least[index] = min(least[index], time.process_time() - start)
    return least


def forget() -> None:
    """Empty the site's caches: of renditions, of the sites' addresses."""
    caches["default"].clear()


def forget_all() -> None:
    """What a new process does not know: loaded templates, kept HTML, resolved cards, caches."""
    # Not at the top: peers' environments, which count here too, have no such package.
    from anodyne_blocks import conf
    from anodyne_blocks.article.images import image_of

    forget()
    conf.forget()
    image_of.cache_clear()
    for engine in engines.all():
        for loader in engine.engine.template_loaders:
            loader.reset()


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Collect before, not meanwhile."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
