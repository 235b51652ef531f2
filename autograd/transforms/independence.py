"""The warning that a result does not depend on the input, as where a graph was left by `.data`."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.errors import IndependentWarning
from autograd.graph import every_input
from autograd.graph.order import topological_order
from autograd.transforms.call import Call
from autograd.transforms.reverse import drops
from autograd.value import Value


def warn_if_independent(call: Call, outputs: Sequence[Value], slopes: Iterable[Any]) -> None:
    """Warns if no output depends on an input, as HIPS/autograd does.

    A derivative that is 0 is as it should be, and so is a constant that an arm of `where`, a
    comparison of Values or a derivative within the function gave.

    Args:
        call: The run of the function.
        outputs: The nodes of what it returned.
        slopes: Their derivatives; if one is not 0, there is nothing to look for.
    """
    numbers = (x._data if isinstance(x, Value) else x for x in slopes)
    if (
        any(numbers)
        or call.may_be_constant
        or every_input.active()
        or not (outputs and call.leaves)
    ):
        return
    own = set(call.leaves)
    if any(x in own or (not x.is_leaf and drops(x)) for x in topological_order(outputs)):
        return
    warnings.warn(
        f"{call.transform}: what {call.name} returned does not depend on its input, so the "
        "derivative is 0; compute with the Value itself, and not with its .data; where it is "
        "meant, silence autograd.IndependentWarning",
        IndependentWarning,
        stacklevel=_level_of_user(),
    )


def _level_of_user() -> int:
    """How many frames up the user's line is, as `warnings.warn` counts from its caller."""
    frame: Any = sys._getframe(1)
    level = 1
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith("autograd."):
        frame, level = frame.f_back, level + 1
    return level
