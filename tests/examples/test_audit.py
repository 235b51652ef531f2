"""The audit of the tutorials: its verdicts, and how to check a gradient, as the page says it."""

import math
import re
from pathlib import Path

import pytest

from examples import audit

DOCS = Path(__file__).parent.parent.parent / "docs"
FOUND = audit.findings()


@pytest.mark.parametrize("finding", FOUND, ids=lambda finding: finding.what)
def test_verdicts(finding) -> None:
    assert finding.report.verdict == finding.expected


def test_the_update_rule_is_wrong_for_six_weights() -> None:
    wrong = [p.name for p in FOUND[0].report.partials if p.verdict == "wrong"]
    assert wrong == ["w1", "w2", "w3", "w4", "w6", "w7"]


def test_the_formulas_are_off_by_what_the_reference_program_says() -> None:
    w5 = next(f for f in FOUND if "w5" in f.what).report.partials[0]
    assert w5.reference == pytest.approx(-0.01685008, abs=5e-9)
    assert math.copysign(1, w5.claimed) == 1


def test_it_runs(capsys) -> None:
    assert audit.main() == 0
    printed = capsys.readouterr().out
    for finding in FOUND:
        assert re.search(rf"^{re.escape(finding.what)} +{finding.expected}$", printed, re.M)
