"""What `fit` tells a callback: a step that was computed and is about to be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd import Value


@dataclass(frozen=True)
class Step:
    """A step of training that was computed and is about to be made.

    Attributes:
        number: How many steps were made before it, from 0 on.
        epoch: How many epochs were complete before it, from 0 on.
        loss: The mean loss of the batch plus the penalty, at the present parameters.
        parameters: The parameters that are trained.
        gradient: The derivative of the loss by each of them.
    """

    number: int
    epoch: int
    loss: float
    parameters: Sequence[Value]
    gradient: Sequence[float]
