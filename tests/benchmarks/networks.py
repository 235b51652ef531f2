"""Right and wrong gradients of random networks in float32: how the checker judges them.

    python -m tests.benchmarks.networks [--count 500] [--seed 0]

Weights have size 1 or 4, batches have 1 to 64 samples. The network is plain NumPy code that follows
the type of its parameters, or code that computes in float32 only; the claim is a function, or the
arrays that backpropagation gave in float32. In half of the cases each.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd import Value
from autograd.testing import GradientReport, gradient_report
from tests.benchmarks.handwritten import MISTAKES, Network, deviation, drawn, mistaken

SCALES = (1.0, 4.0)
CODE = ("follows the type", "float32 only")
CLAIM = ("function", "arrays")


def judged(network: Network, mistake: str, code: str, claim: str) -> GradientReport:
    """The report on a network's gradient, with a mistake if one is named."""

    def narrow(parameters: tuple[Any, ...]) -> list[Any]:
        return [a.astype(np.float32) for a in parameters]

    def loss(*parameters: Any) -> Any:
        if any(isinstance(a, Value) or a.dtype == object for a in parameters):
            raise TypeError("plain code takes no Values")
        if code == "float32 only":
            return np.float32(network.loss(*narrow(parameters)))
        return network.loss(*parameters)

    def gradient(*parameters: Any) -> Any:
        if code == "float32 only":
            parameters = tuple(narrow(parameters))
        return network.gradient(*parameters, mistake=mistake)

    claimed: Any = gradient if claim == "function" else gradient(*network.parameters)
    return gradient_report(loss, *network.parameters, claimed=claimed)


def right_cases(rng: Any) -> Iterator[tuple[float, Network, str]]:
    """Networks whose handwritten gradient is right, by the exact one."""
    for scale in itertools.cycle(SCALES):
        network = drawn(rng, scale)
        wide = [a.astype(float) for a in network.parameters]
        if deviation(network, network.gradient(*wide)) > 1e-9:
            raise AssertionError("the handwritten gradient is not the exact one")
        yield scale, network, ""


def wrong_cases(rng: Any) -> Iterator[tuple[float, Network, str]]:
    """Networks and a mistake each that changes the gradient by a hundredth or more."""
    for scale, mistake in itertools.cycle(itertools.product(SCALES, MISTAKES)):
        while True:
            network = drawn(rng, scale)
            name = mistaken(network, mistake)
            wide = [a.astype(float) for a in network.parameters]
            if deviation(network, network.gradient(*wide, mistake=name)) > 0.01:
                break
        yield scale, network, name


def counted(
    cases: Iterator[tuple[float, Network, str]], count: int
) -> tuple[dict[str, Counter[str]], list[str]]:
    """The verdicts by weights, code, claim and mistake, and the reasons of the inconclusive."""
    groups: dict[str, Counter[str]] = {"all": Counter()}
    reasons = []
    kinds = list(itertools.product(CODE, CLAIM))
    for i, (scale, network, mistake) in enumerate(itertools.islice(cases, count)):
        code, claim = kinds[i // 2 % len(kinds)]
        report = judged(network, mistake, code, claim)
        for group in ("all", f"weights of size {scale:g}", f"code: {code}", f"claim: {claim}",
                      mistake and f"mistake: {mistake}"):  # fmt: skip
            if group:
                groups.setdefault(group, Counter())[report.verdict] += 1
        if report.verdict == "inconclusive":
            reasons.append(re.sub(r"^by \S+: ", "", report.reason))
    return groups, reasons


def main() -> None:
    """Prints the verdicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many of each")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    kinds: dict[str, Callable[[Any], Iterator[tuple[float, Network, str]]]] = {
        "right gradients": right_cases,
        "gradients with a planted mistake": wrong_cases,
    }
    for title, cases in kinds.items():
        start = time.perf_counter()
        groups, reasons = counted(cases(np.random.default_rng(chosen.seed)), chosen.count)
        seconds = time.perf_counter() - start
        print(f"\n{chosen.count} {title} ({seconds:.0f} s)\n")
        print(f"{'':<36}{'right':>8}{'wrong':>8}{'inconclusive':>14}")
        for name, verdicts in sorted(groups.items(), key=lambda item: (item[0] != "all", item[0])):
            numbers = [verdicts[v] for v in ("right", "wrong", "inconclusive")]
            print(f"{name:<36}{numbers[0]:>8}{numbers[1]:>8}{numbers[2]:>14}")
        for reason, often in Counter(
            re.sub(r"[\d.]+e[-+]\d+", "…", r) for r in reasons
        ).most_common(5):
            print(f"  {often} inconclusive as {reason}")


if __name__ == "__main__":
    main()
