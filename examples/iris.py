"""Fisher's irises: three species from four measurements, by a small network with a softmax.

Mini-batches, Adam, early stopping on a validation part; judged on a third that training never saw.

Source: Fisher, "The use of multiple measurements in taxonomic problems", 1936.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from sklearn.datasets import load_iris

from examples.report import classes, judge, save_plot, split
from nn import MLP, Adam, cross_entropy, fit

ASKED = 0.93


def main() -> int:
    """Trains, judges and draws; returns 1 if too few flowers are right."""
    iris: Any = load_iris()
    known, held_out = split(iris.data, iris.target, 1 / 3, seed=0)
    mean, deviation = known[0].mean(axis=0), known[0].std(axis=0)
    training, validation = split((known[0] - mean) / deviation, known[1], 0.2, seed=0)
    model = MLP(4, [8, 3], activation="tanh", init="glorot", rng=0)
    history = fit(
        model,
        training,
        cross_entropy,
        Adam(model.parameters(), lr=0.02),
        epochs=200,
        batch_size=16,
        rng=0,
        validation=validation,
        patience=20,
    )
    print(model, history, sep="\n")
    predicted = classes(model, (held_out[0] - mean) / deviation)
    right = judge("iris, held out", predicted, held_out[1].tolist(), ASKED)

    def plot(loss: Any, petals: Any) -> None:
        history.plot(loss)
        for index, name in enumerate(iris.target_names):
            shown = held_out[0][held_out[1] == index]
            petals.scatter(shown[:, 2], shown[:, 3], s=18, label=name)
        wrong = held_out[0][np.array(predicted) != held_out[1]]
        petals.scatter(
            wrong[:, 2], wrong[:, 3], s=110, facecolors="none", edgecolors="k", label="wrong"
        )
        petals.set(xlabel="petal length, cm", ylabel="petal width, cm", title="held-out flowers")
        petals.legend()

    save_plot("iris", plot, columns=2)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
