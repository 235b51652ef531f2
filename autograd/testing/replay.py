"""A recorded graph replayed in high precision: the best reference there is.

Each operation's value is run again on the operands that it really had, with its derivatives. The
chain rule over these is the derivative of what was recorded, exact to rounding, and what the
engine's own may differ by follows from the bounds of the operations and the sizes of the paths.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from autograd import Value
from autograd.graph.accumulation import Edge, accumulate
from autograd.testing.exact import Real, context, mpf
from autograd.testing.local import UNIT, Local, directional, local_derivatives, run, value_is_right
from autograd.testing.precise import Precise


class Replay:
    """The local derivatives and the gradient of a recorded graph, in high precision.

    Args:
        order: The nodes in topological order; the last is the output.
        strict: Whether to hold the operations to their bounds exactly.

    Attributes:
        locals: For each computed node its local derivatives beside the exact ones.
        off: The nodes whose value is not what their rule gives, with that.
    """

    def __init__(self, order: Sequence[Value], strict: bool = False) -> None:
        self.order = order
        self.locals: dict[Value, list[Local]] = {}
        self.off: list[tuple[Value, Real]] = []
        for node in order:
            if not node.is_leaf:
                value, self.locals[node] = local_derivatives(node, strict)
                if not value_is_right(node, value, self.locals[node], strict):
                    self.off.append((node, value))

    @cached_property
    def kinks(self) -> list[Local]:
        """The local derivatives at a kink."""
        return [d for found in self.locals.values() for d in found if d.sides is not None]

    @cached_property
    def wrong(self) -> list[Local]:
        """The local derivatives that are known not to be right."""
        return [d for found in self.locals.values() for d in found if d.known and not d.right]

    @cached_property
    def unknown(self) -> list[Local]:
        """The local derivatives with nothing to compare with."""
        return [d for found in self.locals.values() for d in found if not d.known]

    def gradient(self) -> tuple[dict[Value, Real], dict[Value, float], dict[Value, float]]:
        """For each node the gradient; the size of its paths; the error that rounding may cause."""
        exact: dict[Value, Real] = dict.fromkeys(self.order, mpf(0))
        size: dict[Value, float] = dict.fromkeys(self.order, 0.0)
        error: dict[Value, float] = dict.fromkeys(self.order, 0.0)
        uses: dict[Value, int] = dict.fromkeys(self.order, 0)
        exact[self.order[-1]], size[self.order[-1]] = mpf(1), 1.0
        for node in reversed(self.order):
            if node.is_leaf:
                error[node] += uses[node] * UNIT * size[node]
                continue
            upstream, reach = exact[node], size[node]
            doubt = error[node] = error[node] + uses[node] * UNIT * reach
            for local, parent in zip(self.locals[node], node.parents, strict=True):
                partial = local.exact
                if upstream:
                    exact[parent] += upstream * partial
                steep = float(abs(partial)) if context.isfinite(partial) else math.inf
                size[parent] += product(reach, steep)
                error[parent] += product(doubt, steep) + product(reach, local.tolerance)
                error[parent] += 2 * UNIT * product(reach, steep) + math.ulp(0.0)
                uses[parent] += 1
        return exact, size, error

    def along(self, leaf: Value, sign: int) -> Real:
        """The derivative of the output by a leaf from the right (1) or from the left (-1)."""
        tangents: dict[Value, Real] = {leaf: mpf(sign)}
        for node in self.order:
            if node.is_leaf or not any(tangents.get(parent) for parent in node.parents):
                continue
            found = self.locals[node]
            if any(local.sides for local in found):
                tangents[node] = directional(node, [tangents.get(p, 0) for p in node.parents])
            else:
                edges = zip(found, node.parents, strict=True)
                tangents[node] = context.fsum(d.exact * tangents.get(p, 0) for d, p in edges)
        return sign * tangents.get(self.order[-1], mpf(0))

    def exact_gradient(
        self, leaves: Iterable[Value], moved: Mapping[Value, Real] | None = None
    ) -> list[Real]:
        """The gradient by the leaves with no value rounded on the way.

        Args:
            leaves: What to differentiate by.
            moved: Leaves with other numbers than their own.
        """
        values: dict[Value, Real] = {}
        moved = moved or {}
        partials: dict[Value, list[Real]] = {}
        home = Precise()
        for node in self.order:
            if node.is_leaf:
                values[node] = mpf(moved.get(node, node.data))
                continue
            parents = [values[parent] for parent in node.parents]
            result = run(node, home, parents, [mpf(1)] * len(parents))
            values[node] = result.value
            partials[node] = [result.slopes.get(k, mpf(0)) for k in range(len(parents))]
        total = dict.fromkeys(self.order, mpf(0))
        total[self.order[-1]] = mpf(1)

        def edges(node: Value, upstream: Real) -> Iterator[Edge[Value]]:
            for parent, partial in zip(node.parents, partials.get(node, ()), strict=True):
                yield parent, upstream * partial if upstream else 0, False

        accumulate(home, self.order, total, edges)
        return [total.get(leaf, mpf(0)) for leaf in leaves]


def product(x: float, y: float) -> float:
    """x·y of sizes; 0·inf is 0."""
    return x * y if x and y else 0.0
