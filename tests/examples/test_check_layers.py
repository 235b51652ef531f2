"""The example of checked layers: each mistake is found, and named as the how-to page says."""

import importlib.util
import re
from pathlib import Path

import pytest

from examples import check_layers

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to-check-a-gradient.md"


@pytest.mark.parametrize("row", check_layers.CHECKS, ids=lambda row: row[0])
def test_each_check_says_what_it_has_to(row) -> None:
    _, library, check, arguments, remark = row
    pytest.importorskip(library)
    report = check(*arguments)
    assert report.verdict == ("wrong" if remark else "right")
    assert remark in str(report)


@pytest.mark.parametrize(
    ("library", "check", "argument"),
    [
        ("torch", check_layers.torch_function, 2.0),
        ("jax", check_layers.jax_function, -1.0),
    ],
)
def test_the_page_shows_what_is_printed(library, check, argument) -> None:
    pytest.importorskip(library)
    beginning = str(check(argument)).partition("\nreference")[0]
    assert f"```text\n{beginning}\n```" in PAGE.read_text(encoding="utf-8")


def test_it_runs(capsys) -> None:
    assert check_layers.main() == 0
    printed = capsys.readouterr().out
    assert "MISSED" not in printed
    for what, library, *_ in check_layers.CHECKS:
        if importlib.util.find_spec(library) is None:
            assert f"{what}: {library} is not installed" in printed
        else:
            assert re.search(rf"^ok: {re.escape(what)}$", printed, re.M)
    check_layers.in_a_test()
