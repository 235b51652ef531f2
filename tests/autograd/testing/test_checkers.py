"""The table of wrong and right gradients: every one is judged, and judged for what it is.

`python -m tests.benchmarks.checkers` prints the table, with other checkers' verdicts beside.
"""

from tests.benchmarks.cases import CASES, RIGHT, WRONG
from tests.benchmarks.checkers import table


def test_every_gradient_is_judged_for_what_it_is() -> None:
    assert len(WRONG) >= 40
    assert len(RIGHT) >= 40
    truth = ["right" if case.right else "wrong" for case in CASES]
    for verdicts in table(CASES, peers=False).values():
        misjudged = {
            case.name: verdict
            for case, verdict, true in zip(CASES, verdicts, truth, strict=True)
            if verdict != true
        }
        assert misjudged == {}


def test_the_known_traps_are_among_them() -> None:
    names = {case.name for case in CASES}
    assert names >= {
        "sin′·(1 + 9e-4)", "sigmoid′ ≡ 0 at 15", "product rule, error orthogonal to (1, 1)",
        "zero gradient of a function of size 1e-7", "log at 1e-5", "x² at 1e9", "relu at 1e-7",
        "x³ at 0", "|x| at 0", "max(x, x)",
    }  # fmt: skip
