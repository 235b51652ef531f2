"""T1: the 2-2-2 network of Matt Mazur's "A Step by Step Backpropagation Example", rebuilt.

The network is built from published weights, its gradient drawn, and every published figure set
beside the engine's. A notebook that was built on the article printed 147 losses: they are replayed
with the rule that the notebook really used, which is not the gradient.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from autograd import Value
from examples.report import compare, loss_of, named, outputs, save_graph, save_losses, train
from nn import MLP

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
    losses = train(weights_of(model), lambda: loss_of(model, X, Y), LR, 1)
    while losses[-2] - losses[-1] >= tolerance and len(losses) <= most:
        losses += train(weights_of(model), lambda: loss_of(model, X, Y), LR, 1)[1:]
    return losses


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
    right = compare(
        "T1, 2-2-2: the article's figures",
        [
            ("E at the start", "0.298371109", losses[0]),
            *named("∂E/∂w", [None] * 4 + ["0.082167041"] + [None] * 3, gradients),
            *named("updated w", published_weights, updated),
            ("E in round 10,000", "0.0000351085", losses[9_999]),
            ("E after 10,000 updates", None, losses[10_000]),
            *named("output o", [None, None], [o.data for o in outputs(model, X)]),
        ],
    )

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
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
