"""Writes the figures of PyTorch that the tests of optimisers and schedules are held to.

Run it where PyTorch is installed, from the root of a clone:

    python -m tests.nn.data.make_torch_figures

PyTorch's plain kernels round after every operation, as Python does; those for newer processors fuse
a multiplication with the addition after it, which changes the last digit.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

os.environ["ATEN_CPU_CAPABILITY"] = "default"

import torch

STEPS, PARAMETERS, EPOCHS = 25, 6, 30
HERE = Path(__file__).parent

OPTIMISERS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("SGD", {"lr": 0.1}),
    "weight decay": ("SGD", {"lr": 0.1, "weight_decay": 0.01}),
    "momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "nesterov": ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "all of SGD": (
        "SGD",
        {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
    ),
    "adam": ("Adam", {"lr": 0.01}),
    "all of Adam": (
        "Adam",
        {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1},
    ),
    "adam with slow betas": ("Adam", {"lr": 0.05, "betas": [0.3, 0.4]}),
}

SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    "constant_lr": ("ConstantLR", {"factor": 0.25, "total_iters": 4}),
    "step_lr": ("StepLR", {"step_size": 7, "gamma": 0.5}),
    "exponential_lr": ("ExponentialLR", {"gamma": 0.9}),
    "linear_lr": ("LinearLR", {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 8}),
    "cosine_annealing_lr": ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.001}),
}


def optimiser_figures(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Random parameters and gradients, and the parameters after each step."""
    rng = random.Random(0)
    start = [rng.uniform(-2, 2) for _ in range(PARAMETERS)]
    gradients = [[rng.gauss(0, 1) for _ in range(PARAMETERS)] for _ in range(STEPS)]
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    arguments = settings | ({"betas": tuple(settings["betas"])} if "betas" in settings else {})
    optimiser = getattr(torch.optim, kind)(tensors, foreach=False, **arguments)
    after = []
    for row in gradients:
        for tensor, gradient in zip(tensors, row, strict=True):
            tensor.grad = torch.tensor(gradient, dtype=torch.float64)
        optimiser.step()
        after.append([tensor.item() for tensor in tensors])
    return {
        "kind": kind, "settings": settings, "start": start, "gradients": gradients, "after": after,
    }  # fmt: skip


def rates(build: Any) -> list[float]:
    """The learning rates of the first epochs."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = build(optimiser)
    found = []
    for _ in range(EPOCHS):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return found


def warm_up_then_cosine(optimiser: Any) -> Any:
    """Five epochs of warm-up, then a cosine over twenty."""
    module = torch.optim.lr_scheduler
    parts = [
        module.LinearLR(optimiser, start_factor=0.2, total_iters=5),
        module.CosineAnnealingLR(optimiser, T_max=20),
    ]
    return module.SequentialLR(optimiser, parts, milestones=[5])


def main() -> None:
    """Writes both files."""
    optimisers = {name: optimiser_figures(*row) for name, row in OPTIMISERS.items()}
    schedules = {
        name: {
            "settings": settings,
            "rates": rates(
                lambda optimiser, kind=kind, settings=settings: getattr(
                    torch.optim.lr_scheduler, kind
                )(optimiser, **settings)
            ),
        }
        for name, (kind, settings) in SCHEDULES.items()
    }
    schedules["warm-up, then cosine"] = {"settings": {}, "rates": rates(warm_up_then_cosine)}
    for name, figures in (("optimisers", optimisers), ("schedules", schedules)):
        document = {"torch": torch.__version__, "figures": figures}
        (HERE / f"torch_{name}.json").write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
