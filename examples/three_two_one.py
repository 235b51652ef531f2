"""T4: a 3-2-1 sigmoid network without biases, after "Understanding Backpropagation"."""

from __future__ import annotations

import sys

import numpy as np

from autograd import Value, dot, relu, sigmoid, softmax
from examples.report import Figure, compare, loss_of, outputs, save_graph, save_losses, train
from nn import MLP

X, Y, LR = (0.5, 0.1, -0.2), 0.6, 0.5
HIDDEN, OUTPUT = ((0.5, -0.6), (0.1, -0.2), (0.1, 0.7)), (0.1, -0.3)  # a row: out of an input
HIDDEN_OUTPUTS = ("0.55971365", "0.38698582")
OUTPUT_STEP = ("-0.00804047", "-0.00555918")
HIDDEN_STEP = (
    ("-1.77005547e-04", "5.11178506e-04"),
    ("-3.54011093e-05", "1.02235701e-04"),
    ("7.08022187e-05", "-2.04471402e-04"),
)


def network() -> MLP:
    """The network; the published matrix transposed, so that a row is a neuron's."""
    rows = list(zip(*HIDDEN, strict=True))
    return MLP.from_weights([rows, [OUTPUT]], activation="sigmoid", output_activation="sigmoid")


def figures() -> list[Figure]:
    """The published figures beside the engine's."""
    model = network()
    loss = loss_of(model, X, [Y])
    loss.backward()
    (output,) = outputs(model, X)
    hidden, (last,) = (layer.neurons for layer in model.layers)
    out_h = [neuron([Value(x) for x in X]).data for neuron in hidden]
    result: list[Figure] = [(f"output of h{j + 1}", HIDDEN_OUTPUTS[j], out_h[j]) for j in (0, 1)]
    result.append(("output", "0.48497343084992534", output.data))
    for j in (0, 1):
        result.append((f"η · ∂E/∂output[{j}]", OUTPUT_STEP[j], LR * last.weights[j].grad))
    for i in (0, 1, 2):
        for j in (0, 1):
            step = LR * hidden[j].weights[i].grad
            result.append((f"η · ∂E/∂hidden[{i}][{j}]", HIDDEN_STEP[i][j], step))
    return result


def functions() -> list[Figure]:
    """The article's figures for single functions, at [2, 4, 5]."""
    at = [2.0, 4.0, 5.0]
    published = {
        "softmax": (("0.03511903", "0.25949646", "0.70538451"), softmax(at)),
        "sigmoid": (("0.88079708", "0.98201379", "0.99330715"), [sigmoid(x) for x in at]),
        "ReLU": (("2", "4", "5"), [relu(x) for x in at]),
    }
    return [
        (f"{name}({x:g})", text, number)
        for name, (texts, numbers) in published.items()
        for x, text, number in zip(at, texts, numbers, strict=True)
    ]


def perceptron(seed: int = 0) -> tuple[float, list[float]]:
    """sigmoid(w · x + 10) at (2, 4, 5) for weights from [0, 1): its output and its gradient."""
    rng = np.random.default_rng(seed)
    weights = [Value.parameter(w) for w in rng.uniform(0, 1, 3)]
    output = sigmoid(dot(weights, [2.0, 4.0, 5.0], 10.0))
    output.backward()
    return output.data, [w.grad for w in weights]


def main() -> int:
    """Prints the tables, writes the pictures; returns 1 if a published figure is missed."""
    model = network()
    loss = loss_of(model, X, [Y])
    loss.backward()
    save_graph(loss, "three_two_one")
    right = compare("T4, 3-2-1: the article's figures", figures())
    right &= compare("Single functions", functions())
    output, gradient = perceptron()
    print("\n  A perceptron sigmoid(w · x + 10), which is saturated:")
    print(f"  output {output:.8f}, gradient {', '.join(f'{g:.3g}' for g in gradient)}")
    losses = train(model.parameters(), lambda: loss_of(model, X, [Y]), LR, 200)
    save_losses("three_two_one", {"true gradient": losses})
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
