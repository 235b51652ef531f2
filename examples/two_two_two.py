"""T2: a 2-2-2 network that was published without a result, and with two wrong formulas.

The published program stops with `NameError: name 'l2' is not defined`. Here is what it would have
printed, and what its two formulas say beside the gradient.
"""

from __future__ import annotations

import sys

from examples.report import compare, loss_of, named, outputs, save_graph, save_losses, train
from nn import MLP

X, Y, LR, EPOCHS = (0.15, 0.85), (0.95, 0.25), 0.5, 500
HIDDEN, OUTPUT = ((0.1, 0.2), (0.3, 0.4)), ((0.5, 0.6), (0.7, 0.8))
BIASES = (0.35, 0.60)


def network() -> MLP:
    """The network with its first weights; each layer's neurons share one bias."""
    return MLP.from_weights(
        [HIDDEN, OUTPUT], BIASES, activation="sigmoid", output_activation="sigmoid"
    )


def published_formulas() -> tuple[float, float]:
    """∂E/∂w5 and ∂E/∂h1 by the published formulas, at the first weights.

    The first takes the pre-activation where the activation belongs; the second ∂E/∂w5 and ∂E/∂w7
    where the derivatives by the pre-activations belong.
    """
    o1, o2 = outputs(network(), X)
    (total1, total2), (h1, _) = (o.parents[0] for o in (o1, o2)), o1.parents[0].operands[2:4]
    d_w5 = (o1.data - Y[0]) * (total1.data * (1 - total1.data)) * h1.data  # type: ignore[union-attr]
    d_w7 = (o2.data - Y[1]) * (total2.data * (1 - total2.data)) * h1.data  # type: ignore[union-attr]
    return d_w5, d_w5 * OUTPUT[0][0] + d_w7 * OUTPUT[1][0]


def main() -> int:
    """Prints the tables and writes the pictures."""
    model = network()
    loss = loss_of(model, X, Y)
    loss.backward()
    save_graph(loss, "two_two_two")
    weights = [p for p in model.parameters() if p.label.startswith("w")]
    gradients = [w.grad for w in weights]
    out_h1 = next(n for n in loss.parents[0].parents[0].parents if n.label == "out_h1")
    hidden_gradient = out_h1.grad
    losses = train(weights, lambda: loss_of(model, X, Y), LR, EPOCHS)
    compare(
        "T2, 2-2-2: nothing was published; this is what the program would have printed",
        [
            ("E at the start", None, losses[0]),
            *named("∂E/∂w", [None] * 8, gradients),
            ("E after 1 update", None, losses[1]),
            ("E after 500 updates", None, losses[-1]),
            *named("output o", [None, None], [o.data for o in outputs(model, X)]),
        ],
    )
    d_w5, d_h1 = published_formulas()
    print("\n  The two published formulas beside the gradient:\n")
    print(f"  ∂E/∂w5  formula {d_w5:>12.8f}   gradient {gradients[4]:>12.8f}   wrong")
    print(f"  ∂E/∂h1  formula {d_h1:>12.8f}   gradient {hidden_gradient:>12.8f}   wrong")
    save_losses("two_two_two", {"true gradient": losses})
    return 0


if __name__ == "__main__":
    sys.exit(main())
