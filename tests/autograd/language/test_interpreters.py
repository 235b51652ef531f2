"""Every interpreter of the language has every elementary function, and they agree."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, gradients
from autograd.compiled.lowering import Lowered
from autograd.compiled.numpy.plans import Plan
from autograd.compiled.steps import Steps
from autograd.graph import every_input
from autograd.language import floats
from autograd.language.elementary import CONSTANTS, ELEMENTARY, FUNCTIONS
from autograd.language.emitting import FunctionText
from autograd.language.symbols import Trace
from autograd.language.writing import GUARDED, PLAIN, Writer
from autograd.testing.precise import Precise
from autograd.transforms import vocabulary

NAMES = sorted(FUNCTIONS.union(CONSTANTS))
CONDITIONS = {"<", "<=", ">", ">=", "equal", "both", "either"}
POINTS = {
    "acosh": (1.5,),
    "where": (True, 0.3, 0.7),
    "both": (True, False),
    "either": (False, True),
}


def arguments(name: str) -> tuple:
    """Numbers, or truths, to which a function can be applied."""
    several = ("pow", "hypot", "atan2", "equal", "largest", "product_error")
    return POINTS.get(name) or (
        (0.3, 0.7) if name in several or not name.isidentifier() else (0.3,)
    )


@pytest.mark.parametrize("m", [floats, Trace(), Steps(), vocabulary, Precise()])
@pytest.mark.parametrize("name", NAMES)
def test_it_has_everything(m, name) -> None:
    assert getattr(m, name) is not None


@pytest.mark.parametrize("style", [PLAIN, GUARDED])
@pytest.mark.parametrize("head", ELEMENTARY)
def test_what_is_written_is_the_function_on_floats(head, style) -> None:
    given = arguments(head) if head != "negative" else (0.3,)
    trace, text = Trace(), FunctionText("f")
    known = {trace.argument(f"x{i}"): text.parameter(f"x{i}") for i in range(len(given))}
    step = trace.step(head, *known)
    writer = Writer(text, style, [step], known)
    text.lines.append(f"return {writer.expression(step)}")
    assert text.compiled()(*given) == ELEMENTARY[head].on_floats(*given)


@pytest.mark.parametrize("head", sorted(ELEMENTARY.keys() - CONDITIONS - {"negative", "where"}))
def test_every_function_runs_on_arrays_and_on_a_library(head) -> None:
    given = arguments(head)
    symbols = autograd.compile(lambda *xs: autograd.sum(xs), len(given))

    class Lowering(Lowered):
        def _value(self, entry):
            return self.steps.step(head, *self._arguments(entry)[0])

    lowered = Lowering(symbols._tape)
    expected = ELEMENTARY[head].on_floats(*given)
    plan = Plan(lowered, [True] * len(given), np.dtype(float))
    results = [np.empty(2) for _ in range(plan.arrays)]
    plan.run([np.full(2, x) for x in given], results, 2)
    varies, place = plan.results[0]
    assert varies
    assert results[place] == pytest.approx([expected] * 2, rel=1e-15)


@pytest.mark.parametrize(
    "name", sorted(n for n, e in ELEMENTARY.items() if e.derivative and n != "stop_gradient")
)
def test_a_derivative_is_the_slope(name) -> None:
    """Against a central difference of the function itself, at 256 bits."""
    home = Precise()
    (x,) = arguments(name)
    step = home.constant(2.0**-80)
    function = getattr(home, name)
    slope = (function(home.constant(x) + step) - function(home.constant(x) - step)) / (2 * step)
    y = function(home.constant(x))
    derivative = home.number(ELEMENTARY[name].derivative(home, home.constant(x), y))
    assert abs(slope.value - derivative.value) < 1e-30


@pytest.mark.parametrize(
    "name", sorted(FUNCTIONS - {"where", "both", "either", "equal", "product_error", "largest"})
)
def test_functions_on_values_are_those_on_numbers(name) -> None:
    given = arguments(name)
    expected = getattr(floats, name)(*given)
    assert getattr(vocabulary, name)(*map(Value, given)).data == expected
    assert getattr(vocabulary, name)(*given) == expected


def test_where_takes_one_arm_into_the_graph() -> None:
    x, y = Value(1.0), Value(0.0)
    assert vocabulary.where(x > y, x, y) is x
    assert vocabulary.where(x < y, x, y) is y
    assert vocabulary.both(x > y, x > 2.0) is False
    assert vocabulary.either(x > y, x > 2.0) is True
    assert vocabulary.equal(x, 1.0) is True
    assert vocabulary.largest([y, x, Value(1.0)]) is x


def test_for_every_input_both_arms_stay() -> None:
    x, y = Value(1.0), Value(0.0)
    with every_input.recording():
        both = vocabulary.both(x > y, x > 2.0)
        node = vocabulary.where(both, x, vocabulary.largest([x, y]))
        error = vocabulary.product_error(x, 3.0)
    assert node.op == "where"
    assert x in node.parents
    assert error.op == "product_error"


def test_a_product_error_is_a_number_without_a_derivative() -> None:
    x = Value(0.1)
    error = vocabulary.product_error(x, x)
    assert error == floats.product_error(0.1, 0.1) != 0.0
    assert gradients(x * (1 + error), [x]) == [1 + error]


@pytest.mark.parametrize("x", [0.0, -0.0, math.inf, -math.inf, 5e-324, -1e-300, 1e300, 27.0, -8.0])
def test_the_cube_root_is_one_everywhere(x) -> None:
    root = floats.cbrt(x)
    assert math.copysign(1.0, root) == math.copysign(1.0, x)
    assert root == pytest.approx(math.cbrt(x), rel=1e-15)
    assert math.isnan(floats.cbrt(math.nan))
