"""Backward passes that people wrote, checked: in NumPy, in PyTorch and in JAX.

Each has a right version and one with a mistake, which the report names. PyTorch and JAX are checked
where they are installed: `pip install torch jax`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.testing import GradientReport, check_gradient, check_vjp, gradient_report, vjp_report

# --- NumPy ----------------------------------------------------------------------------------------


class Dense:
    """A layer tanh(x·W + b), as it is written by hand; `mistake` is planted on request."""

    def __init__(self, mistake: str = "") -> None:
        self.mistake = mistake

    def forward(self, x: Any, w: Any, b: Any) -> Any:
        """The layer's activations, one row for each sample."""
        self.x, self.w = x, w
        self.y = np.tanh(x @ w + b)
        return self.y

    def backward(self, upstream: Any) -> tuple[Any, Any, Any]:
        """The derivatives by x, W and b, of those by the activations."""
        delta = upstream * (1 - self.y**2)
        if self.mistake == "activation":
            delta = upstream
        by_bias = delta if self.mistake == "batch" else delta.sum(axis=0)
        weights = self.w if self.mistake == "transpose" else self.w.T
        return delta @ weights, self.x.T @ delta, by_bias


def layer(mistake: str = "") -> GradientReport:
    """The report on a layer of three inputs and three neurons, on a batch of five in float32."""
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=s).astype(np.float32) for s in ((5, 3), (3, 3), (3,)))
    dense = Dense(mistake)
    return vjp_report(dense.forward, x, w, b, backward=dense.backward)


def network(mistake: str = "") -> GradientReport:
    """The report on a network with a penalty, whose parameters are a dictionary of arrays."""
    rng = np.random.default_rng(1)
    x, t = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))
    parameters = {"W1": rng.normal(size=(2, 3)), "W2": rng.normal(size=(3, 1))}

    def loss(p: dict[str, Any]) -> Any:
        errors = np.tanh(x @ p["W1"]) @ p["W2"] - t
        return (errors**2).sum() / len(x) + 0.01 * (p["W1"] ** 2).sum()

    def gradient(p: dict[str, Any]) -> dict[str, Any]:
        hidden = np.tanh(x @ p["W1"])
        delta = 2 * (hidden @ p["W2"] - t)
        by_w1 = x.T @ (delta @ p["W2"].T * (1 - hidden**2))
        if mistake != "mean":
            by_w1 = by_w1 / len(x)
        return {"W1": by_w1 + 0.02 * p["W1"], "W2": hidden.T @ delta / len(x)}

    return gradient_report(loss, parameters, claimed=gradient)


# --- PyTorch --------------------------------------------------------------------------------------


def torch_function(factor: float = 3.0) -> GradientReport:
    """The report on x³ as a `torch.autograd.Function`, whose backward pass says factor·x²."""
    torch: Any = importlib.import_module("torch")

    def forward(context: Any, x: Any) -> Any:
        context.save_for_backward(x)
        return x**3

    def backward(context: Any, upstream: Any) -> Any:
        (x,) = context.saved_tensors
        return upstream * factor * x**2

    rule = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    cube: Any = type("Cube", (torch.autograd.Function,), rule)
    return gradient_report(cube.apply, torch.tensor([[0.5, -1.0], [2.0, 1.5]]))


# --- JAX ------------------------------------------------------------------------------------------


def jax_function(sign: float = 1.0) -> GradientReport:
    """The report on log(1 + exp x) as a `jax.custom_vjp`, whose rule may have the wrong sign."""
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_platforms", "cpu")

    @jax.custom_vjp  # type: ignore[untyped-decorator]
    def softplus(x: Any) -> Any:
        return jax.numpy.logaddexp(x, 0.0)

    softplus.defvjp(
        lambda x: (softplus(x), x),
        lambda x, upstream: (sign * upstream * jax.nn.sigmoid(x),),
    )
    return gradient_report(softplus, jax.numpy.array([-2.0, 0.5, 3.0]))


# --- All of them ----------------------------------------------------------------------------------

CHECKS: tuple[tuple[str, str, Callable[..., GradientReport], tuple[Any, ...], str], ...] = (
    # What is checked; the library; the check and its argument; what the report has to say.
    ("a layer", "numpy", layer, (), ""),
    ("a layer without its activation's derivative", "numpy", layer, ("activation",), "wrong"),
    ("a layer whose weights are not transposed", "numpy", layer, ("transpose",), "wrong"),
    ("a layer whose bias is not summed over the batch", "numpy", layer, ("batch",),
     "a batch of 5 was not summed"),
    ("a network with a penalty", "numpy", network, (), ""),
    ("a network, 1/N missing from one of two terms", "numpy", network, ("mean",),
     "the other misses its 1/8"),
    ("a torch.autograd.Function", "torch", torch_function, (), ""),
    ("a torch.autograd.Function with a wrong factor", "torch", torch_function, (2.0,),
     "what is wrong is 0.666667 times what it should be"),
    ("a jax.custom_vjp", "jax", jax_function, (), ""),
    ("a jax.custom_vjp with a wrong sign", "jax", jax_function, (-1.0,),
     "what is wrong has the wrong sign"),
)  # fmt: skip


def main() -> int:
    """Prints the reports; 0 if each says what it has to."""
    missed = 0
    for what, library, check, arguments, remark in CHECKS:
        if importlib.util.find_spec(library) is None:
            print(f"{what}: {library} is not installed\n")
            continue
        report = check(*arguments)
        expected = "wrong" if remark else "right"
        is_found = report.verdict == expected and remark in str(report)
        missed += not is_found
        print(f"{'ok' if is_found else 'MISSED'}: {what}")
        print(f"{report if expected == 'wrong' else str(report).splitlines()[0]}\n")
    return int(missed > 0)


def in_a_test() -> None:
    """The same in one line each, as it stands in a test: an error if something is wrong."""
    dense = Dense()
    check_vjp(dense.forward, np.eye(2), np.ones((2, 2)), np.zeros(2), backward=dense.backward)
    check_gradient(lambda x: (x**3).sum(), np.array([0.5, -1.0]), claimed=lambda x: 3 * x**2)


if __name__ == "__main__":
    sys.exit(main())
