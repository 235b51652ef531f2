"""A layer's pair: what `backward(upstream)` returns, against the derivatives of `forward`.

A backward pass is a vector-Jacobian product: for the derivatives of some loss by the layer's
result, it gives those by the layer's inputs. These are the gradient of the sum of the result's
numbers, each times its upstream derivative, which costs no more to check than one gradient.

Source: Griewank & Walther, "Evaluating Derivatives", 2008, ch. 3; `jax.test_util.check_vjp`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.errors import shown
from autograd.testing.calling import name_of
from autograd.testing.check import report_on
from autograd.testing.entries import Unusable
from autograd.testing.libraries import library_of
from autograd.testing.report import GradientError, GradientReport
from autograd.testing.results import Weighted
from autograd.transforms.containers import walked

CLAIM = "backward's vector-Jacobian product"


def check_vjp(
    forward: Callable[..., Any],
    *inputs: Any,
    backward: Callable[[Any], Any],
    upstream: Any = None,
    rtol: float = 0.0,
    atol: float = 0.0,
) -> GradientReport:
    """Checks a layer's backward pass: its vector-Jacobian product.

    Args:
        forward: The layer; it takes the inputs, and returns an array or a container of them.
        inputs: Where it is checked: x, and the parameters, if they are to be checked as well.
        backward: Takes the derivatives of a loss by what `forward` returned, in its form, and
            returns those by the inputs: one alone, or several in their order. It is called right
            after `forward` was, so that it may use what a layer has kept.
        upstream: The derivatives by the result; by default fixed numbers of both signs, of size
            1/2 to 3/2, under which no mistake cancels.
        rtol: As for `check_gradient`.
        atol: As for `check_gradient`.

    Returns:
        The report, if everything is right.

    Raises:
        GradientError: If a derivative is wrong, or cannot be checked. Its text is the report.

    Example:
        >>> import numpy as np
        >>> from autograd.testing import check_vjp
        >>> class Square:
        ...     def forward(self, x):
        ...         self.x = x
        ...         return x * x
        ...     def backward(self, upstream):
        ...         return 2 * self.x * upstream
        >>> layer = Square()
        >>> check_vjp(layer.forward, np.array([1.0, 3.0]), backward=layer.backward).verdict
        'right'
    """
    __tracebackhide__ = True
    report = vjp_report(
        forward, *inputs, backward=backward, upstream=upstream, rtol=rtol, atol=atol
    )
    if not report.is_right:
        raise GradientError(report)
    return report


def vjp_report(
    forward: Callable[..., Any],
    *inputs: Any,
    backward: Callable[[Any], Any],
    upstream: Any = None,
    rtol: float = 0.0,
    atol: float = 0.0,
) -> GradientReport:
    """The same check as `check_vjp`, which never raises.

    Args:
        forward: As for `check_vjp`.
        inputs: As for `check_vjp`.
        backward: As for `check_vjp`.
        upstream: As for `check_vjp`.
        rtol: As for `check_vjp`.
        atol: As for `check_vjp`.

    Returns:
        The report, whose verdict is "right", "wrong" or "inconclusive".

    Example:
        >>> from autograd.testing import vjp_report
        >>> vjp_report(lambda x: [x * x, x], 3.0, backward=lambda g: 6 * g[0] - g[1]).verdict
        'wrong'
    """
    name = name_of(forward)
    sums = Weighted(name, upstream)

    def claimed(*arguments: Any) -> Any:
        if not callable(backward):
            raise Unusable(f"expected a function as backward, got {shown(backward)}")
        result = forward(*arguments)
        return backward(_like(result, sums.weights_for(result)))

    options = {"rtol": rtol, "atol": atol, "lines": True}
    return report_on(forward, inputs, claimed, 1, (), options, CLAIM, sums)


def _like(result: Any, weights: Sequence[float]) -> Any:
    """Weights in the form of a result: arrays of its types, in its containers."""
    import numpy as np

    parts: list[Any] = []
    start = 0

    def found(part: Any, _: Any, __: Callable[[], str]) -> None:
        nonlocal start
        library = library_of(part)
        stop = start + (1 if library is None else int(np.prod(part.shape)))
        own = weights[start:stop]
        start = stop
        vector = np.array(own, dtype=float)
        parts.append(own[0] if library is None else library.built(vector, part, False))

    build = walked(result, "result", found, lambda given: library_of(given) is not None)[1]
    return build(iter(parts))
