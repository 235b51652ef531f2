"""Wrong gradients that must be caught and right ones that must pass, by several checkers.

    python -m tests.benchmarks.checkers
    python -m tests.benchmarks.checkers --hips PYTHON     an interpreter that has HIPS autograd

Each claimed gradient is given to this project's checker twice: for the recorded function, and for
the same function as plain code. `peers` has the others, where they are installed: PyTorch's
`gradcheck` in both modes, JAX's and HIPS's `check_grads`, numdifftools and jacobi. HIPS's package
has this one's name, so it runs in an interpreter of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd.testing import GradientReport, check_gradient, gradient_report
from examples import mazur
from examples.report import loss_of
from tests.benchmarks.case import PLAIN, Case
from tests.benchmarks.cases import CASES
from tests.benchmarks.measure import medians
from tests.benchmarks.peers import hips_verdicts, installed

NOT_RUN = "—"
RECORDED = {
    **{name: getattr(autograd, name) for name in PLAIN if hasattr(autograd, name)},
    "abs": abs,
    "choose": lambda condition, x, y: autograd.where(condition, x, y),
}


def ours(case: Case) -> GradientReport | None:
    """The report on the recorded function; None if it cannot be recorded."""
    if case.plain_only or case.dtype == "float32 only":
        return None
    function = case.read(case.function, RECORDED)
    return gradient_report(function, *case.inputs, claimed=case.plain(case.gradient))


def ours_black_box(case: Case) -> GradientReport:
    """The report on the function as plain code."""
    plain = case.plain(case.function)

    def function(*inputs: Any) -> Any:
        if any(isinstance(x, autograd.Value) for x in inputs):
            raise TypeError("plain code takes no Values")
        return plain(*inputs)

    return gradient_report(function, *case.inputs, claimed=case.plain(case.gradient))


def table(
    cases: Sequence[Case], peers: bool = True, hips: str | None = None
) -> dict[str, list[str]]:
    """The verdicts of this project's checker and, if they are asked for and there, of others."""
    columns = {
        "recorded": [_verdict(ours(case)) for case in cases],
        "black box": [_verdict(ours_black_box(case)) for case in cases],
    }
    for name, verdict in installed().items() if peers else ():
        columns[name] = [verdict(case) for case in cases]
    if hips is not None:
        columns["HIPS"] = hips_verdicts(cases, hips)
    return columns


def scores(title: str, columns: dict[str, list[str]], places: Sequence[int]) -> None:
    """Prints how many of the cases at these places each checker judges for what they are."""
    print(f"\n{title:<26}" + "".join(f"{name:>14}" for name in columns))
    for is_right in (False, True):
        chosen = [i for i in places if CASES[i].right is is_right]
        truth, other = ("right", "wrong") if is_right else ("wrong", "right")
        for words, counted in (
            (f"{len(chosen)} {truth}: judged so", lambda v, t=truth: v == t),
            ("  misjudged", lambda v, o=other: v == o),
            ("  neither", lambda v, t=truth, o=other: v not in (t, o, NOT_RUN)),
        ):
            counts = [sum(counted(v[i]) for i in chosen) for v in columns.values()]
            print(f"{words:<26}" + "".join(f"{count:>14}" for count in counts))


def _verdict(report: GradientReport | None) -> str:
    return NOT_RUN if report is None else report.verdict


def main() -> None:
    """Prints the table, the scores, and why a case is inconclusive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hips", metavar="PYTHON", help="an interpreter that has HIPS autograd")
    columns = table(CASES, hips=parser.parse_args().hips)
    print(f"{'':<58}{'is':<7}" + "".join(f"{name:<15}" for name in columns))
    for i, case in enumerate(CASES):
        truth = "right" if case.right else "wrong"
        shown = [v[i] if v[i] in (truth, NOT_RUN) else f"{v[i]} ✗" for v in columns.values()]
        print(f"{case.name:<58}{truth:<7}" + "".join(f"{text:<15}" for text in shown).rstrip())
    for title, is_narrow in (("In float64", False), ("In float32", True)):
        scores(title, columns, [i for i, c in enumerate(CASES) if ("32" in c.dtype) is is_narrow])
    print("\nInconclusive, and why:")
    for case in CASES:
        for report in (ours(case), ours_black_box(case)):
            if report is not None and report.verdict == "inconclusive":
                print(f"  {case.name}: {report.reason}")
    print()
    cost()


def cost() -> None:
    """Prints how long our checker takes for T1's ten gradients, and for 10,000 nodes."""

    def chain(x: Any) -> Any:
        for _ in range(5000):
            x = autograd.sin(x) * 1.5
        return x

    model = mazur.network()
    parameters = model.parameters()
    runs: dict[str, Callable[[], object]] = {
        "T1's ten gradients": lambda: check_gradient(
            lambda: loss_of(model, mazur.X, mazur.Y), parameters=parameters
        ),
        "10,000 nodes": lambda: check_gradient(chain, 0.7),
    }
    for name, seconds in medians(runs, 5).items():
        print(f"{name}: {seconds:.3f} s")


if __name__ == "__main__":
    sys.exit(main())
