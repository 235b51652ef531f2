"""T3: a linear 2-2-1 network, after hmkcode's "Backpropagation Step by Step".

Two samples, each with weights of its own; all published figures are of the first update.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from examples.report import Figure, compare, loss_of, outputs, save_graph, save_losses, train
from nn import MLP


@dataclass(frozen=True)
class Sample:
    """A worked example: data, weights as published (columns into a hidden neuron), figures."""

    name: str
    x: tuple[float, float]
    y: float
    lr: float
    hidden: tuple[tuple[float, float], tuple[float, float]]
    output: tuple[float, float]
    prediction: str
    loss: str
    step: tuple[tuple[str, str], tuple[str, str]]
    hidden_after: tuple[tuple[str, str], tuple[str, str]]
    output_after: tuple[str, str]
    second: tuple[str | None, str | None] = (None, None)


SAMPLES = (
    Sample(
        name="sample A",
        x=(5, 4),
        y=2,
        lr=0.01,
        hidden=((0.15, 0.1), (0.2, 0.18)),
        output=(0.05, 0.26),
        prediction="0.3947",
        loss="1.288494045",
        step=(("-0.00401325", "-0.0208689"), ("-0.0032106", "-0.01669512")),
        hidden_after=(("0.15401325", "0.1208689"), ("0.2032106", "0.19669512")),
        output_after=("0.07488215", "0.27958466"),
        second=("0.5074688075164043", "1.1138246802682523"),
    ),
    Sample(
        name="sample B",
        x=(2, 3),
        y=1,
        lr=0.05,
        hidden=((0.11, 0.12), (0.21, 0.08)),
        output=(0.14, 0.15),
        prediction="0.191",
        loss="0.32724049999999993",
        step=(("-0.011326", "-0.012135"), ("-0.016989", "-0.0182025")),
        hidden_after=(("0.121326", "0.132135"), ("0.226989", "0.0982025")),
        output_after=("0.1743825", "0.169416"),
    ),
)


def network(sample: Sample) -> MLP:
    """The linear network; the published matrix transposed, so that a row is a neuron's."""
    rows = list(zip(*sample.hidden, strict=True))
    return MLP.from_weights([rows, [sample.output]], activation="linear")


def figures(sample: Sample) -> list[Figure]:
    """The published figures beside the engine's."""
    model = network(sample)
    loss = loss_of(model, sample.x, [sample.y])
    loss.backward()
    (prediction,) = outputs(model, sample.x)
    result: list[Figure] = [
        ("prediction", sample.prediction, prediction.data),
        ("E", sample.loss, loss.data),
    ]
    hidden, (output,) = (layer.neurons for layer in model.layers)
    for i in (0, 1):
        for j in (0, 1):
            step = sample.lr * hidden[j].weights[i].grad
            result.append((f"η · ∂E/∂hidden[{i}][{j}]", sample.step[i][j], step))
    train(model.parameters(), lambda: loss_of(model, sample.x, [sample.y]), sample.lr, 1)
    for i in (0, 1):
        for j in (0, 1):
            after = hidden[j].weights[i].data
            result.append((f"updated hidden[{i}][{j}]", sample.hidden_after[i][j], after))
    for j in (0, 1):
        result.append((f"updated output[{j}]", sample.output_after[j], output.weights[j].data))
    (prediction,) = outputs(model, sample.x)
    second = loss_of(model, sample.x, [sample.y])
    result.append(("second prediction", sample.second[0], prediction.data))
    result.append(("second E", sample.second[1], second.data))
    return result


def main() -> int:
    """Prints the tables, writes the pictures; returns 1 if a published figure is missed."""
    right = True
    curves = {}
    for sample in SAMPLES:
        right &= compare(f"T3, 2-2-1, {sample.name}", figures(sample))
        model = network(sample)
        loss = loss_of(model, sample.x, [sample.y])
        loss.backward()
        save_graph(loss, f"two_two_one_{sample.name[-1].lower()}")
        curves[sample.name] = train(
            model.parameters(),
            lambda model=model, sample=sample: loss_of(model, sample.x, [sample.y]),  # type: ignore[misc]
            sample.lr,
            30,
        )
    save_losses("two_two_one", curves)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
