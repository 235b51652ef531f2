"""T1: the 2-2-2 network of Matt Mazur's "A Step by Step Backpropagation Example", rebuilt.

The network is built from published weights, its gradient drawn, and every published figure set
beside the engine's. Three of them come from a rule that uses output weights which it has updated
already, and a notebook that was built on the article printed 147 losses of another rule that is not
the gradient: both are replayed.

The notebook's list of what to do next is done: biases that are trained, momentum, batches.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Value
from examples import two_two_two
from examples.report import (
    compare,
    loss_of,
    named,
    outputs,
    save_graph,
    save_losses,
    save_plot,
    train,
)
from nn import MLP, SGD, Batches, fit, half_sse

X, Y, LR = (0.05, 0.10), (0.01, 0.99), 0.5
HIDDEN, OUTPUT = ((0.15, 0.20), (0.25, 0.30)), ((0.40, 0.45), (0.50, 0.55))
BIASES = (0.35, 0.60)
PUBLISHED_LOSSES = Path(__file__).parent / "data" / "mazur_published_losses.txt"


def network() -> MLP:
    """The network with its first weights; each layer's neurons share one bias."""
    return MLP.from_weights(
        [HIDDEN, OUTPUT], BIASES, activation="sigmoid", output_activation="sigmoid"
    )


def weights_of(model: MLP) -> list[Value]:
    """The eight weights w1 … w8; Mazur leaves the biases alone."""
    return [p for p in model.parameters() if p.label.startswith("w")]


def train_as_the_notebook(tolerance: float = 1e-5, most: int = 1000) -> list[float]:
    """The losses under the true gradient, stopped as the notebook stops."""
    model = network()
    optimiser = SGD(weights_of(model), LR)
    data = [X], [Y]
    return fit(
        model, data, half_sse, optimiser, tolerance=tolerance, max_steps=most, progress=False
    ).losses


def variants(steps: int = 1000) -> dict[str, list[float]]:
    """The losses of the article's training and of what the notebook leaves to be done."""
    found = {}
    for name, with_biases, momentum in (
        ("weights", False, 0.0),
        ("weights and biases", True, 0.0),
        ("weights, momentum 0.9", False, 0.9),
        ("weights and biases, momentum 0.9", True, 0.9),
    ):
        model = network()
        parameters = model.parameters() if with_biases else weights_of(model)
        optimiser = SGD(parameters, LR, momentum=momentum)
        found[name] = fit(model, ([X], [Y]), half_sse, optimiser, max_steps=steps).losses
    return found


def batched(steps: int = 1000) -> dict[str, list[float]]:
    """The mean losses of two samples, this and that of T2, trained one by one and together."""
    found = {}
    for name, size in (("one sample a step", 1), ("both samples a step", 2)):
        model = network()
        batches = Batches(([X, two_two_two.X], [Y, two_two_two.Y]), size, shuffle=False)
        optimiser = SGD(model.parameters(), LR)
        epochs = steps * size // 2
        history = fit(model, batches, half_sse, optimiser, epochs=epochs)
        found[name] = [loss for loss in history.epoch_losses for _ in range(len(batches))]
    return found


def compare_variants() -> None:
    """Prints and plots how fast each way of training is."""
    curves, samples = variants(), batched()
    print("\nThe notebook's list of what to do next\n")
    print(f"  {'':<34} {'E after 100 steps':>18} {'after 1,000':>12} {'steps to E < 0.001':>19}")
    for name, losses in (curves | samples).items():
        needed = next((i for i, loss in enumerate(losses) if loss < 1e-3), None)
        shown = "—" if needed is None else f"{needed:,}"
        print(f"  {name:<34} {losses[99]:>18.6f} {losses[999]:>12.2e} {shown:>19}")

    def plot(left: Any, right: Any) -> None:
        for axes, title, found in (
            (left, "one sample", curves),
            (right, "two samples", samples),
        ):
            for name, losses in found.items():
                axes.semilogy(losses, label=name)
            axes.set(xlabel="step", ylabel="loss E", title=title)
            axes.legend()

    save_plot("mazur_variants", plot, columns=2)


def late_rounds(count: int) -> tuple[float, list[float]]:
    """The error and the outputs after some rounds of a rule that updates the output weights first.

    Each round takes the gradients of w1 … w4 from the w5 … w8 that it has just updated. The article
    says to use the original ones, and its updated w1 … w4 do.
    """
    hidden_weights, output_weights = np.array(HIDDEN), np.array(OUTPUT)
    x, y = np.array(X), np.array(Y)
    rounds = 0
    while True:
        hidden = 1 / (1 + np.exp(-(hidden_weights @ x + BIASES[0])))
        out = 1 / (1 + np.exp(-(output_weights @ hidden + BIASES[1])))
        if rounds == count:
            return float(0.5 * np.sum((out - y) ** 2)), out.tolist()
        slope = (out - y) * out * (1 - out)
        output_weights -= LR * np.outer(slope, hidden)
        hidden_slope = (output_weights.T @ slope) * hidden * (1 - hidden)
        hidden_weights -= LR * np.outer(hidden_slope, x)
        rounds += 1


class FlawedRule:
    """The notebook's update, in plain NumPy and with its two slips.

    It appends the outputs of every layer to one list `a` that is never cleared: a[0] and a[1] stay
    the outputs of the first iteration for ever, and a[-1] is the newest output layer. And for
    layer k it uses a[k][j] - y[j] as the error of neuron j, and a[k - 1][j] for both its weights.
    """

    def __init__(self) -> None:
        self.weights = [np.array(HIDDEN), np.array(OUTPUT)]
        self.a: list[np.ndarray] = []

    def loss(self) -> float:
        """A forward pass, whose outputs stay in the list."""
        inputs = np.array(X)
        for matrix, bias in zip(self.weights, BIASES, strict=True):
            inputs = 1 / (1 + np.exp(-(matrix @ inputs + bias)))
            self.a.append(inputs)
        return float(0.5 * np.sum((inputs - np.array(Y)) ** 2))

    def step(self) -> None:
        """The update of both weights of each neuron j of layer k."""
        a = self.a
        for j in (0, 1):
            for k in (0, 1):
                slope = (a[k][j] - Y[j]) * a[k][j] * (1 - a[k][j]) * a[k - 1][j]
                self.weights[k][j] -= LR * slope


def flawed_losses(count: int) -> list[float]:
    """The first losses under the flawed rule."""
    rule = FlawedRule()
    losses = []
    for _ in range(count):
        losses.append(rule.loss())
        rule.step()
    return losses


def first_step_errors() -> list[tuple[str, float, float]]:
    """Each weight's first change under the true gradient and under the flawed rule."""
    model = network()
    weights = weights_of(model)
    before = [w.data for w in weights]
    train(weights, lambda: loss_of(model, X, Y), LR, 1)
    rule = FlawedRule()
    rule.loss()
    rule.step()
    flawed = np.concatenate([matrix.ravel() for matrix in rule.weights]).tolist()
    return [
        (w.label, w.data - old, new - old)
        for w, old, new in zip(weights, before, flawed, strict=True)
    ]


def main() -> int:
    """Prints the tables, writes the pictures; returns 1 if a published figure is missed."""
    model = network()
    loss = loss_of(model, X, Y)
    loss.backward()
    save_graph(loss, "mazur")
    weights = weights_of(model)
    gradients = [w.grad for w in weights]
    losses = train(weights, lambda: loss_of(model, X, Y), LR, 1)
    updated = [w.data for w in weights]
    losses += train(weights, lambda: loss_of(model, X, Y), LR, 9_999)[1:]
    published_weights = [
        "0.149780716", "0.19956143", "0.24975114", "0.29950229",
        "0.35891648", "0.408666186", "0.511301270", "0.561370121",
    ]  # fmt: skip
    published_gradients = ["0.000438568", None, None, None, "0.082167041", None, None, None]
    right = compare(
        "T1, 2-2-2: the article's figures",
        [
            ("E at the start", "0.298371109", losses[0]),
            *named("∂E/∂w", published_gradients, gradients),
            *named("updated w", published_weights, updated),
            ("E in round 10,000", "0.0000351085", losses[9_999]),
            ("E after 10,000 updates", None, losses[10_000]),
            *named("output o", [None, None], [o.data for o in outputs(model, X)]),
        ],
    )

    right &= compare(
        "Three more, replayed with output weights that are updated before they are used",
        [
            ("E after 1 round", "0.291027924", late_rounds(1)[0]),
            *named("output o", ["0.015912196", "0.984065734"], late_rounds(10_000)[1]),
        ],
    )
    o1, o2 = (o.data for o in outputs(model, X))
    print(f"\n  by the gradient, with the original ones: {losses[1]:.9f}, {o1:.9f}, {o2:.9f}")

    published = PUBLISHED_LOSSES.read_text(encoding="utf-8").split()
    replayed = flawed_losses(len(published))
    true = train_as_the_notebook()
    shown = [0, 1, 2, 50, 100, 146]
    right &= compare(
        "The notebook's 147 losses, replayed with its flawed rule",
        [(f"loss {i}", published[i], replayed[i]) for i in shown],
    )
    errors = [abs(float(p) - r) for p, r in zip(published, replayed, strict=True)]
    right &= max(errors) < 1e-9
    print(f"\n  all {len(errors)} losses: largest difference {max(errors):.1e}")
    print(f"  with the true gradient, loss 1 is {true[1]:.12f}, published {published[1]};")
    print(f"  it stops at step {len(true) - 1} with E = {true[-1]:.12g}")

    print("\n  The first step of each weight, by the gradient and by the flawed rule:\n")
    wrong = []
    for name, true_step, flawed_step in first_step_errors():
        ok = abs(flawed_step - true_step) <= 1e-9
        wrong += [] if ok else [name]
        print(f"  {name}  {true_step:>14.9f}  {flawed_step:>14.9f}  {'right' if ok else 'wrong'}")
    print(f"\n  wrong at the first step: {', '.join(wrong)}")
    save_losses("mazur", {"true gradient": true, "the notebook's rule": replayed})
    compare_variants()
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
