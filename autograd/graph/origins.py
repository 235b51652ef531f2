"""Which line created a node: found only when somebody asks, by watching the engine's functions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from autograd.graph.node import Node
from autograd.language.emitting import MARK

OWN = __file__.rpartition("graph")[0]  # the folder of the package


class Watch:
    """Keeps the caller's line for each node that an operation creates in this thread.

    A generated function returns a node exactly when it has created it, and no other function does.
    When Python gives the id of a freed node to a new one, the line of the new one takes its place.

    Args:
        on_node: What is called with each new node and its line.

    Attributes:
        lines: For each node's id "file:line".
    """

    def __init__(self, on_node: Callable[[Node, str], None] | None = None) -> None:
        self.lines: dict[int, str] = {}
        self._on_node = on_node
        self._before: list[Any] = []
        self._first_call: Callable[..., Any] | None = None

    def __enter__(self) -> Watch:
        self._before.append(sys.getprofile())
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self._before.pop())

    def resume(self) -> None:
        """Goes on watching from the next call on: Python drops a profile function that raises.

        What is called first is seen by a trace function, which puts the old state back. It is kept
        for as long as this object lives: where a garbage collection comes between its first call
        and that call's frame, CPython 3.11 calls it once more after it has taken itself off.
        """
        before = sys.gettrace()

        def first_call(frame: FrameType, event: Any, argument: Any) -> Any:
            sys.settrace(before)
            sys.setprofile(self._see)
            return before and before(frame, event, argument)

        self._first_call = first_call
        sys.settrace(first_call)

    def _see(self, frame: FrameType, event: str, result: Any) -> None:
        if event != "return" or not isinstance(result, Node):
            return
        if not frame.f_code.co_filename.startswith(MARK):
            return
        line = self.lines[id(result)] = _caller(frame)
        if self._on_node is not None:
            try:
                self._on_node(result, line)
            except BaseException:
                self.resume()
                raise


def with_lines(run: Callable[[], Any]) -> tuple[Any, dict[int, str]]:
    """Runs a function and finds the caller's line for each node that it creates.

    Args:
        run: What to run.

    Returns:
        Its result, and for each id of a node in its graph "file:line".
    """
    with Watch() as watch:
        result = run()
    return result, watch.lines


def _caller(frame: FrameType) -> str:
    """The line of the first frame that is not the engine's."""
    caller: FrameType | None = frame
    while caller is not None and caller.f_code.co_filename.startswith((OWN, MARK)):
        caller = caller.f_back
    if caller is None:
        return ""
    from pathlib import Path

    return f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"
