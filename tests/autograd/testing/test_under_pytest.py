"""What pytest prints of a failing check: the report first, and no source of this library."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.testing import GradientError, check_gradient, floats_in, gradient_property

ROOT = Path(__file__).parents[3]
TESTS = """
import numpy as np
from autograd.testing import check_gradient, check_vjp, floats_in, gradient_property


def test_gradient():
    check_gradient(lambda x: x * x, 3.0, claimed=[5.0])


def test_layer():
    check_vjp(lambda x: x * x, np.array([3.0, 1.0]), backward=lambda upstream: upstream)


@gradient_property(floats_in((-10, 10)), claimed=lambda x: 2 * x if x < 3 else 2.0)
def test_square(x):
    return x * x
"""


def test_the_report_comes_first_and_no_source_of_the_library(tmp_path) -> None:
    file = tmp_path / "test_users.py"
    file.write_text(TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist",
               "-c", str(tmp_path / "none.ini"), "--rootdir", str(tmp_path), str(file)]  # fmt: skip
    (tmp_path / "none.ini").write_text("[pytest]\n", encoding="utf-8")
    printed = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}
    ).stdout
    assert "3 failed" in printed
    failures = re.split(r"\n_+ test_\w+ _+\n", printed)[1:]
    assert len(failures) == 3
    for failure in failures:
        source, *messages = [line for line in failure.splitlines() if line.startswith((">", "E  "))]
        assert source.lstrip("> ").startswith(("check_", "def test_square"))
        assert re.match(
            r"E +autograd\.testing\.report\.GradientError: (the|backward's) .* wrong$", messages[0]
        )
        # Hypothesis lists places, and no source, of what only failing examples run.
        shown = [line for line in failure.splitlines() if not line.startswith("E  ")]
        assert not any("autograd/testing" in line for line in shown)
    assert (
        "reproduce: check_gradient(test_square.function, 3.0, claimed=test_square.claimed)"
        in printed
    )


def test_the_line_to_reproduce_has_all_settings() -> None:
    @gradient_property(floats_in((1, 2)), claimed=lambda x: 3 * x, rtol=1e-3)
    def wrong(x):
        return x * x

    with pytest.raises(GradientError) as caught:
        wrong()
    line = str(caught.value).splitlines()[-1].removeprefix("reproduce: ")
    name = "test_the_line_to_reproduce_has_all_settings.<locals>.wrong"
    written = f"check_gradient({name}.function, 1.0, claimed={name}.claimed, rtol=0.001)"
    assert line == written
    with pytest.raises(GradientError, match="wrong"):
        eval(line.replace(name, "wrong"), {"wrong": wrong, "check_gradient": check_gradient})


def test_arrays_are_written_out_in_the_line_to_reproduce() -> None:
    import numpy as np
    from hypothesis import strategies as st

    @gradient_property(st.just({"w": np.array([1.0, 2.0], "float32")}), claimed=lambda p: p)
    def wrong(p):
        return (p["w"] * p["w"]).sum()

    with pytest.raises(GradientError) as caught:
        wrong()
    assert "function, {'w': np.array([1.0, 2.0], dtype='float32')}, claimed=" in str(caught.value)


def test_the_first_example_imports_nothing() -> None:
    code = """
import sys
from autograd.testing import floats_in, gradient_property
known = None
@gradient_property(floats_in((-1, 1)), claimed=lambda x: 2 * x)
def test(x):
    global known
    known = known or set(sys.modules)
    return x * x
test()
more = {name for name in set(sys.modules) - known if name.startswith(("autograd", "mpmath"))}
assert not more, more
"""
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
