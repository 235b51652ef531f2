"""The plots of operations: each row has one, of its value and of its derivative."""

import math

import pytest

import autograd.functions  # noqa: F401 - fills the table
from autograd.table import TABLE
from docs.website import operations, plots


@pytest.mark.parametrize("row", TABLE.values(), ids=list(TABLE))
def test_the_slope_that_is_plotted_is_that_of_the_value(row) -> None:
    words, xs, values, slopes = plots.curves(row)
    assert words.startswith(f"{row.name} along ")
    if row.name == "stop_gradient":
        assert set(slopes) == {0.0}  # by definition, whatever the value does
        return
    seen = 0
    for i in range(1, len(xs) - 1):
        quotients = [
            (values[i + 1] - values[i]) / (xs[i + 1] - xs[i]),
            (values[i] - values[i - 1]) / (xs[i] - xs[i - 1]),
        ]
        bend = abs(quotients[0] - quotients[1])
        jumps = abs(values[i + 1] - values[i - 1]) > 1.5 * (1 + abs(slopes[i]))
        if math.isfinite(bend + slopes[i]) and bend < 0.05 and not jumps:
            assert slopes[i] == pytest.approx(sum(quotients) / 2, abs=0.05)
            seen += 1
    assert seen > 100


def test_each_operation_of_the_page_has_its_plot(tmp_path) -> None:
    text = "# Operations\n\n## exp\n\ne to the power x.\n\n## expm1\n\nMore.\n"
    shown = plots.with_plots(text, tmp_path / "plots", "files/plots")
    assert shown.count('<img src="files/plots/exp.svg" alt="Plot of exp along x">') == 1
    assert shown.index("## exp\n") < shown.index("exp.svg") < shown.index("e to the power")
    assert {file.stem for file in (tmp_path / "plots").iterdir()} == set(TABLE)
    assert all(f"\n## {name}\n" in operations.page() for name in TABLE)
