"""Handwritten digits of 8 × 8 pixels: ten classes, by a network with one hidden layer.

Mini-batches, Adam with a cosine schedule, dropout; judged on a quarter that training never saw.

Source: Alpaydin & Kaynak, "Optical recognition of handwritten digits", 1998.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from examples.report import classes, judge, save_plot, split
from nn import MLP, Adam, cosine_annealing_lr, cross_entropy, fit

EPOCHS, LR, ASKED = 12, 0.01, 0.93


def main() -> int:
    """Trains, judges and draws; returns 1 if too few digits are right."""
    digits: Any = load_digits()
    training, held_out = split(digits.data / 16.0, digits.target, 1 / 4, seed=0)
    model = MLP(64, [24, 10], activation="relu", init="he", dropout=0.1, rng=0)
    history = fit(
        model,
        training,
        cross_entropy,
        Adam(model.parameters(), lr=LR),
        epochs=EPOCHS,
        batch_size=32,
        rng=0,
        schedule=cosine_annealing_lr(LR, EPOCHS),
        validation=held_out,
    )
    print(model, history, sep="\n")
    model.eval()
    predicted = classes(model, held_out[0])
    right = judge("digits, held out", predicted, held_out[1].tolist(), ASKED)

    def plot(loss: Any, confusion: Any) -> None:
        history.plot(loss)
        counts = np.zeros((10, 10), int)
        np.add.at(counts, (held_out[1], predicted), 1)
        confusion.imshow(counts, cmap="Blues", vmax=counts.max())
        for row, column in np.argwhere(counts):
            colour = "white" if counts[row, column] > counts.max() / 2 else "black"
            text = str(counts[row, column])
            confusion.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
        confusion.set(xticks=range(10), yticks=range(10), xlabel="predicted", ylabel="digit")
        confusion.set_title("held-out digits")

    save_plot("digits", plot, columns=2)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
