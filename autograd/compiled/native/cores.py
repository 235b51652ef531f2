"""Work that is done on all cores: this thread takes part, and others come to its help."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any


def available() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each(work: Callable[[Any], None], units: Iterable[Any], cores: int) -> None:
    """Does the work of all units, on some cores.

    Each thread takes the next unit when it is done with one, so that a core on which others work
    gets fewer. Whatever ends it, an error or Ctrl-C, no thread does any of the work after it.

    Args:
        work: What is done of a unit; it lets other threads run while it takes its time.
        units: The units, in the order in which they are begun.
        cores: How many threads work, this one included.
    """
    waiting = deque(units)

    def take() -> None:
        try:
            while waiting:
                try:
                    unit = waiting.popleft()
                except IndexError:  # another thread took the last
                    return
                work(unit)
        except BaseException:
            waiting.clear()
            raise

    helpers: list[Future[None]] = []
    try:
        if cores > 1:
            _call_for_help(take, cores - 1, helpers)
        take()
    finally:
        waiting.clear()
        for helper in helpers:
            if not helper.cancel():  # it has begun
                helper.exception()
    for helper in helpers:
        if not helper.cancelled():
            helper.result()


def _call_for_help(take: Callable[[], None], count: int, helpers: list[Future[None]]) -> None:
    """Has other threads begin; where none can be started, this one does all of the work."""
    try:
        pool = _pool(os.getpid(), count)
        for _ in range(count):
            helpers.append(pool.submit(take))
    except RuntimeError:  # Python is about to end, or the system has no thread left
        return


@cache
def _pool(process: int, count: int) -> ThreadPoolExecutor:
    """The threads of this process; a process that was forked has none of its parent's."""
    return ThreadPoolExecutor(count, f"autograd-{process}")
