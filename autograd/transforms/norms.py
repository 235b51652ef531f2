"""Norms at the origin: gradients of functions of their squares, which are smooth there.

The norm of x has no derivative at 0, its square has all: the gradient of u(|x|) is u'(|x|)·x/|x|,
and where u'(|x|) is |x| times something, that times x. So the factor is taken out of the recorded
u'(|x|), if it is found there. Where it is not, as for cos(|x|), the convention for norms holds.
"""

from __future__ import annotations

from typing import Any

from autograd.graph import every_input
from autograd.transforms import vocabulary
from autograd.transforms.partials import Number
from autograd.value import Value

DEEP = 30  # steps in which the factor is looked for


def without_factor(upstream: Number, node: Value) -> Any:
    """What times a norm is the gradient by it, where the norm may be 0; else None."""
    operation: Any = node._op
    if not operation.is_norm or not isinstance(upstream, Value):
        return None
    if node._data != 0.0 and not every_input.active():
        return None
    return _Quotient(node)(upstream)


def through_origin(node: Value, quotient: Any, parent: Value, contribution: Number) -> Any:
    """The gradient by an operand of a norm: at the origin by the quotient."""
    found = vocabulary.equal(quotient, quotient)  # nan in arms that have not the factor
    at_origin = vocabulary.both(vocabulary.equal(node, 0.0), found)
    return vocabulary.where(at_origin, quotient * parent, contribution)


class _Quotient:
    """What a recorded number is divided by a node that is a factor of it; None if it is none."""

    def __init__(self, node: Value) -> None:
        self.node = node
        self.known: dict[Value, Any] = {}
        self.depth = 0

    def __call__(self, given: Number) -> Any:
        if not isinstance(given, Value):
            return 0.0 if given == 0.0 else None
        if given is self.node or self._is_again(given):
            return 1.0
        operation: Any = given._op
        if given.is_leaf or operation.over is None or self.depth == DEEP:
            return None
        if given not in self.known:
            self.depth += 1
            self.known[given] = operation.over(vocabulary, self, *given.operands)
            self.depth -= 1
        return self.known[given]

    def _is_again(self, given: Value) -> bool:
        """Whether a node is the same norm, computed once more."""
        if given._op is not self.node._op:
            return False
        pairs = zip(given.operands, self.node.operands, strict=True)
        return all(x is y or (type(x) is float and x == y) for x, y in pairs)
