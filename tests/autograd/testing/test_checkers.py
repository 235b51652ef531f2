"""The table of wrong and right gradients: every one is judged, and judged for what it is.

`python -m tests.benchmarks.checkers` prints the table, with other checkers' verdicts beside.
"""

import pytest

from tests.benchmarks import cases_classic
from tests.benchmarks.cases import CASES, RIGHT, WRONG
from tests.benchmarks.checkers import table


def test_every_gradient_is_judged_for_what_it_is() -> None:
    assert len(WRONG) >= 120
    assert len(RIGHT) >= 120
    other = ["wrong" if case.right else "right" for case in CASES]
    for verdicts in table(CASES, peers=False).values():
        judged = list(zip(CASES, verdicts, other, strict=True))
        assert {case.name: verdict for case, verdict, false in judged if verdict == false} == {}
        unclear = [case.name for case, verdict, _ in judged if verdict == "inconclusive"]
        assert len(unclear) <= 0.05 * len(CASES), unclear


def test_none_of_the_classic_ones_is_inconclusive() -> None:
    cases = [*cases_classic.WRONG, *cases_classic.RIGHT]
    truth = ["right" if case.right else "wrong" for case in cases]
    for verdicts in table(cases, peers=False).values():
        assert verdicts == truth


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_right_follows_from_the_function_in_high_precision(case) -> None:
    assert case.truth() is case.right


def test_the_known_traps_are_among_them() -> None:
    names = {case.name for case in CASES}
    assert names >= {
        "sin′·(1 + 9e-4)", "sigmoid′ ≡ 0 at 15", "product rule, error orthogonal to (1, 1)",
        "zero gradient of a function of size 1e-7", "log at 1e-5", "x² at 1e9", "relu at 1e-7",
        "x³ at 0", "|x| at 0", "max(x, x)",
    }  # fmt: skip
