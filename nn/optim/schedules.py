"""Learning-rate schedules: plain functions from the number of an epoch to its learning rate.

Epochs are counted from 0. `nn.fit(..., schedule=...)` asks a schedule for every epoch or, with
`schedule_by="step"`, for every step, with the step's number. A training loop of your own writes
`optimiser.lr = schedule(epoch)`. Any such function will do. The functions here have the names, the
arguments and the figures of PyTorch's, with the learning rate as first argument. What they return
can be pickled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from nn import checks

Schedule = Callable[[int], float]


def constant_lr(lr: float, factor: float = 1.0, total_iters: int = 0) -> Schedule:
    """The rate `lr`, but `lr · factor` in the first epochs.

    Args:
        lr: The learning rate, a positive number.
        factor: What the rate is multiplied by at first.
        total_iters: The number of epochs for which it is.

    Returns:
        The schedule: a function from an epoch, an integer from 0, to a learning rate.

    Raises:
        ValueError: If `lr` is not positive.

    Example:
        >>> from nn import constant_lr
        >>> [constant_lr(0.1, factor=0.5, total_iters=2)(epoch) for epoch in range(4)]
        [0.05, 0.05, 0.1, 0.1]
    """
    lr = _rate("constant_lr", lr)
    return partial(_constant, lr, factor, total_iters)


def _constant(lr: float, factor: float, total: int, epoch: int) -> float:
    return lr * factor if epoch < total else lr


def step_lr(lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """The rate `lr`, multiplied by `gamma` after every `step_size` epochs.

    Args:
        lr: The learning rate, a positive number.
        step_size: The number of epochs from one change to the next, a positive integer.
        gamma: What the rate is multiplied by.

    Returns:
        The schedule: a function from an epoch, an integer from 0, to a learning rate.

    Raises:
        TypeError: If `step_size` is not an integer.
        ValueError: If `lr` or `step_size` is not positive.

    Example:
        >>> from nn import step_lr
        >>> [step_lr(1.0, step_size=2, gamma=0.5)(epoch) for epoch in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    lr, step_size = _rate("step_lr", lr), checks.count(step_size, "step_lr: step_size")
    return partial(_step, lr, step_size, gamma)


def _step(lr: float, step_size: int, gamma: float, epoch: int) -> float:
    rate: float = lr * gamma ** (epoch // step_size)
    return rate


def exponential_lr(lr: float, gamma: float) -> Schedule:
    """The rate `lr`, multiplied by `gamma` after every epoch.

    Args:
        lr: The learning rate, a positive number.
        gamma: What the rate is multiplied by.

    Returns:
        The schedule: a function from an epoch, an integer from 0, to a learning rate.

    Raises:
        ValueError: If `lr` is not positive.

    Example:
        >>> from nn import exponential_lr
        >>> [exponential_lr(1.0, gamma=0.5)(epoch) for epoch in range(3)]
        [1.0, 0.5, 0.25]
    """
    lr = _rate("exponential_lr", lr)
    return partial(_step, lr, 1, gamma)


def linear_lr(
    lr: float, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
) -> Schedule:
    """A warm-up: the rate moves in equal steps to `lr · end_factor`, and then stays.

    Args:
        lr: The learning rate, a positive number.
        start_factor: What `lr` is multiplied by in epoch 0.
        end_factor: What `lr` is multiplied by from epoch `total_iters` on.
        total_iters: The number of epochs that the way takes, a positive integer.

    Returns:
        The schedule: a function from an epoch, an integer from 0, to a learning rate.

    Raises:
        TypeError: If `total_iters` is not an integer.
        ValueError: If `lr` or `total_iters` is not positive.

    Example:
        >>> from nn import linear_lr
        >>> [linear_lr(1.0, start_factor=0.25, total_iters=3)(epoch) for epoch in range(5)]
        [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    lr, total = _rate("linear_lr", lr), checks.count(total_iters, "linear_lr: total_iters")
    return partial(_linear, lr, start_factor, end_factor, total)


def _linear(lr: float, start: float, end: float, total: int, epoch: int) -> float:
    return lr * (start + (end - start) * (min(epoch, total) / total))


def cosine_annealing_lr(lr: float, T_max: int, eta_min: float = 0.0) -> Schedule:  # noqa: N803
    """The rate falls from `lr` to `eta_min` along half a wave of the cosine.

    Args:
        lr: The learning rate of epoch 0, a positive number.
        T_max: The number of epochs until `eta_min` is reached, a positive integer; after that the
            rate rises again, as the cosine does.
        eta_min: The lowest learning rate.

    Returns:
        The schedule: a function from an epoch, an integer from 0, to a learning rate.

    Raises:
        TypeError: If `T_max` is not an integer.
        ValueError: If `lr` or `T_max` is not positive.

    Example:
        >>> from nn import cosine_annealing_lr
        >>> [round(cosine_annealing_lr(1.0, T_max=4)(epoch), 3) for epoch in range(5)]
        [1.0, 0.854, 0.5, 0.146, 0.0]

    Source: Loshchilov & Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """
    lr, half = _rate("cosine_annealing_lr", lr), checks.count(T_max, "cosine_annealing_lr: T_max")
    return partial(_cosine, lr, eta_min, half)


def _cosine(lr: float, least: float, half: int, epoch: int) -> float:
    return least + (lr - least) * (1 + math.cos(math.pi * epoch / half)) / 2


def sequential_lr(schedules: Sequence[Schedule], milestones: Sequence[int]) -> Schedule:
    """One schedule after the other; each counts its own epochs from 0.

    Args:
        schedules: The schedules, functions from an epoch to a learning rate.
        milestones: The epochs at which the second, the third, … schedule begins, rising integers
            above 0.

    Returns:
        The schedule: a function from an epoch, an integer from 0, to a learning rate.

    Raises:
        ValueError: If the number of milestones is not one less than that of the schedules, or they
            do not rise.

    Example:
        >>> from nn import cosine_annealing_lr, linear_lr, sequential_lr
        >>> warm_up = linear_lr(1.0, start_factor=0.5, total_iters=2)
        >>> schedule = sequential_lr([warm_up, cosine_annealing_lr(1.0, T_max=2)], [2])
        >>> [round(schedule(epoch), 3) for epoch in range(5)]
        [0.5, 0.75, 1.0, 0.5, 0.0]
    """
    if len(milestones) != len(schedules) - 1:
        raise ValueError(
            f"sequential_lr: {len(schedules)} schedules need {len(schedules) - 1} milestones, "
            f"got {len(milestones)}"
        )
    starts = [0, *milestones]
    if any(later <= sooner for sooner, later in zip(starts, milestones, strict=False)):
        raise ValueError(f"sequential_lr: the milestones must rise, got {list(milestones)}")
    return partial(_sequential, list(schedules), starts)


def _sequential(schedules: Sequence[Schedule], starts: Sequence[int], epoch: int) -> float:
    index = sum(epoch >= start for start in starts[1:])
    return schedules[index](epoch - starts[index])


def _rate(name: str, lr: float) -> float:
    return checks.positive(lr, f"{name}: lr")
