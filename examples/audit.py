"""The tutorials' hand-written gradients, checked: which are right, which are wrong, and where.

T1's update rule and its leaky-ReLU derivative, T2's two formulas, and the steps that T3 and T4
printed. A figure that was printed is right if the derivative rounds to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd
from autograd import Value, half_sse, sigmoid
from autograd.testing import GradientReport, gradient_report
from examples import activations, mazur, three_two_one, two_two_one, two_two_two
from examples.report import loss_of
from nn import MLP


@dataclass(frozen=True)
class Finding:
    """What a check of one hand-written gradient found.

    Attributes:
        what: What was checked.
        report: The report.
        expected: The verdict that the tutorial deserves.
    """

    what: str
    report: GradientReport
    expected: str


def loss_function(
    model: MLP, x: Sequence[float], y: Sequence[float], rate: float = 1.0
) -> Callable[[], Value]:
    """The loss of a model, times a learning rate: its derivatives are then the printed steps."""

    def loss() -> Value:
        return rate * loss_of(model, x, y)

    return loss


# --- T1 -------------------------------------------------------------------------------------------


def flawed_rule() -> list[float]:
    """The gradient of w1 … w8 that the notebook's first update amounts to."""
    rule = mazur.FlawedRule()
    before = np.concatenate([matrix.ravel() for matrix in rule.weights])
    rule.loss()
    rule.step()
    after = np.concatenate([matrix.ravel() for matrix in rule.weights])
    steps: list[float] = ((before - after) / mazur.LR).tolist()
    return steps


def published_slope(x: float) -> float:
    """The notebook's derivative of the leaky ReLU."""
    return activations.published_leaky_slope(autograd.leaky_relu(x))


def first_tutorial() -> Iterator[Finding]:
    """The update rule, and the derivative of the leaky ReLU as the notebook has it."""
    model = mazur.network()
    report = gradient_report(
        loss_function(model, mazur.X, mazur.Y),
        claimed=flawed_rule(),
        parameters=mazur.weights_of(model),
        rtol=1e-9,  # a step is a difference of two weights, so it has lost digits
    )
    yield Finding("T1, the notebook's update rule", report, "wrong")
    for x, expected in ((2.0, "right"), (-2.0, "wrong")):
        report = gradient_report(
            autograd.leaky_relu,
            x,
            claimed=published_slope,
        )
        yield Finding(f"T1, the leaky ReLU's derivative at {x:g}", report, expected)


# --- T2 -------------------------------------------------------------------------------------------


def second_tutorial() -> Iterator[Finding]:
    """The formulas for ∂E/∂w5 and ∂E/∂h1."""
    (w1, w2), (w3, w4) = two_two_two.HIDDEN
    (w5, w6), (w7, w8) = two_two_two.OUTPUT
    (x1, x2), (b1, b2) = two_two_two.X, two_two_two.BIASES
    h1, h2 = sigmoid(w1 * x1 + w2 * x2 + b1), sigmoid(w3 * x1 + w4 * x2 + b1)

    def error_by_w5(w5: Value) -> Value:
        o1, o2 = sigmoid(w5 * h1 + w6 * h2 + b2), sigmoid(w7 * h1 + w8 * h2 + b2)
        return half_sse([o1, o2], two_two_two.Y)

    def error_by_h1(h1: Value) -> Value:
        o1, o2 = sigmoid(w5 * h1 + w6 * h2 + b2), sigmoid(w7 * h1 + w8 * h2 + b2)
        return half_sse([o1, o2], two_two_two.Y)

    by_w5, by_h1 = two_two_two.published_formulas()
    for name, function, at, claimed in (
        ("∂E/∂w5", error_by_w5, w5, by_w5),
        ("∂E/∂h1", error_by_h1, h1, by_h1),
    ):
        report = gradient_report(function, at, claimed=claimed)
        yield Finding(f"T2, the formula for {name}", report, "wrong")


# --- T3 and T4 ------------------------------------------------------------------------------------


def third_tutorial() -> Iterator[Finding]:
    """The printed first steps of the linear networks."""
    for sample in two_two_one.SAMPLES:
        model = two_two_one.network(sample)
        hidden = [w for layer in model.layers[:1] for n in layer.neurons for w in n.weights]
        printed = [sample.step[i][j] for j in (0, 1) for i in (0, 1)]
        report = gradient_report(
            loss_function(model, sample.x, [sample.y], sample.lr),
            claimed=printed,
            parameters=hidden,
        )
        yield Finding(f"T3, {sample.name}: the printed steps", report, "right")


def fourth_tutorial() -> Iterator[Finding]:
    """The printed first steps of the 3-2-1 network."""
    model = three_two_one.network()
    steps = [three_two_one.HIDDEN_STEP[i][j] for j in (0, 1) for i in (0, 1, 2)]
    report = gradient_report(
        loss_function(model, three_two_one.X, [three_two_one.Y], three_two_one.LR),
        claimed=[*steps, *three_two_one.OUTPUT_STEP],
        parameters=model.parameters(),
    )
    yield Finding("T4, the printed steps", report, "right")


def findings() -> list[Finding]:
    """All checks, in the order of the tutorials."""
    parts: list[Any] = [first_tutorial(), second_tutorial(), third_tutorial(), fourth_tutorial()]
    return [finding for part in parts for finding in part]


def main() -> int:
    """Prints every report and a summary; returns 1 if one is not as it should be."""
    found = findings()
    for finding in found:
        print(f"{finding.what}\n\n{finding.report}\n")
    for finding in found:
        print(f"{finding.what:<44}{finding.report.verdict}")
    return 0 if all(f.report.verdict == f.expected for f in found) else 1


if __name__ == "__main__":
    sys.exit(main())
