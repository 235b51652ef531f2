"""What a check costs, beside `torch.autograd.gradcheck` and by itself.

    python -m tests.benchmarks.costs

Needs torch for the first table. Both check the same `torch.autograd.Function` in float64, in one
process, in turns; gradcheck is in its slow mode, which looks at every partial as ours does.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from typing import Any

import numpy as np

from autograd.testing import check_gradient, gradient_report
from tests.benchmarks.measure import medians, table


def torch_function(factor: float = 1.0) -> Any:
    """The loss Σ tanh(x)²·c as a function of torch's with a backward pass of its own."""
    torch: Any = importlib.import_module("torch")

    class Loss(torch.autograd.Function):  # type: ignore[misc,name-defined]
        @staticmethod
        def forward(context: Any, x: Any) -> Any:
            context.save_for_backward(x)
            return (torch.tanh(x) ** 2).sum()

        @staticmethod
        def backward(context: Any, upstream: Any) -> Any:
            (x,) = context.saved_tensors
            y = torch.tanh(x)
            return factor * upstream * 2 * y * (1 - y * y)

    return Loss.apply


def beside_torch() -> None:
    """Prints the ratio to gradcheck's time, for right and for wrong claims."""
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    right, wrong = torch_function(), torch_function(1.01)
    rows = []
    for partials, rounds in ((256, 7), (3000, 3)):
        x = torch.randn(partials, dtype=torch.float64)
        leaf = x.clone().requires_grad_()
        check_gradient(right, x)  # imports what it needs
        found = medians(
            {
                "gradcheck": lambda leaf=leaf: torch.autograd.gradcheck(right, leaf),
                "ours": lambda x=x: check_gradient(right, x),
                "ours, wrong": lambda x=x: gradient_report(wrong, x),
            },
            rounds,
        )
        base = found["gradcheck"]
        rows.append(
            [f"{partials:,}", f"{base:.3f} s"]
            + [
                f"{found[name]:.3f} s ({found[name] / base:.2f}×)"
                for name in ("ours", "ours, wrong")
            ]
        )
    columns = ["partials", "gradcheck", "ours", "ours, of a wrong claim"]
    table("A torch function in float64, in one process", columns, rows)


def many_partials() -> None:
    """Prints how long 10,000 partials of a NumPy loss take."""
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=10_000), rng.normal(size=10_000)

    def loss(x: Any) -> float:
        return float(np.dot(x - target, x - target))

    claims = {
        "right": lambda x: 2 * (x - target),
        "wrong": lambda x: 2.02 * (x - target),
    }
    count = 1000
    start = time.perf_counter()
    for _ in range(count):
        loss(x)
    one = (time.perf_counter() - start) / count
    rows = []
    for name, claim in claims.items():
        start = time.perf_counter()
        report = gradient_report(loss, x, claimed=claim)
        rows.append([name, report.verdict, f"{time.perf_counter() - start:.1f} s"])
    title = f"10,000 partials of a NumPy loss that takes {1e6 * one:.0f} µs"
    table(title, ["claim", "verdict", "time"], rows)


def main() -> None:
    """Prints the tables."""
    if importlib.util.find_spec("torch") is not None:
        beside_torch()
    else:
        print("torch is not installed")
    many_partials()


if __name__ == "__main__":
    main()
