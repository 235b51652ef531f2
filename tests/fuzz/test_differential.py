"""The comparison of engines: it finds faults, shows them, and leaves alone what is none."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd.transforms import forward
from tests.fuzz import differential, ways
from tests.fuzz.calls import Call
from tests.fuzz.planted import planted
from tests.fuzz.slack import Expected
from tests.programs import Program, Step

LAYER = Program(
    (0.058, -0.695, -0.727, 0.727, -0.725),
    (Step("dot", ((2, 3), (0, 1), (4,))), Step("sigmoid", ((5,),))),
)


def test_random_graphs() -> None:
    for seed in range(150):
        failure = differential.case(seed)
        assert failure is None, f"seed {seed}:\n{failure}"


@pytest.mark.parametrize("way", ways.NAMES)
def test_each_way(way: str) -> None:
    if not ways.is_installed(way):
        pytest.skip(f"{way} needs {ways.NEEDS[way]}")
    for seed in range(4):
        graph, call = differential.drawn_from(seed)
        assert differential.wrong(graph, call._replace(ways=(way,))) is None


@pytest.mark.parametrize(
    ("fault", "way"),
    [
        ("taping: the operands in reverse", "program"),
        ("matrices: a weight of the neighbour", "program"),
        ("libraries: a mean over the lanes", "on_numpy"),
        ("forward: all inputs at one speed", "jvp"),
        ("reverse in Values: a product too large", "recorded"),
    ],
)
def test_a_fault_is_found_and_the_program_shows_it(fault, way, capsys) -> None:
    def numbers_shown() -> list[float]:
        exec(failure, {})
        return [float(x) for x in re.findall(r"-?\d+\.?\d*(?:e[+-]\d+)?", capsys.readouterr().out)]

    with planted(fault):
        drawn = map(differential.drawn_from, range(60))
        tries = (differential.compared(graph, call._replace(ways=(way,))) for graph, call in drawn)
        failure = next(filter(None, tries))
        shown = numbers_shown()
    assert f"print(ways.{way}(" in failure
    found, right = map(float, re.search(r": (\S+) for (\S+)$", failure.strip()).groups())
    assert any(x == pytest.approx(found, rel=1e-6) for x in shown)
    assert any(x == pytest.approx(right, rel=1e-6) for x in numbers_shown())


def test_a_crash_is_found(monkeypatch) -> None:
    def crashing(*_: object) -> None:
        raise KeyError("a number")

    monkeypatch.setattr(forward, "moving", crashing)
    monkeypatch.setattr("autograd.transforms.products.plain_tangents", crashing)
    failure = next(filter(None, map(differential.case, range(60))))
    assert failure.endswith("# KeyError: 'a number'\n")


def test_a_rule_that_is_wrong_for_all_engines() -> None:
    """High precision sees it, as it does not come from the table; nothing else can."""
    code = """
import warnings
import autograd.table.rules
from autograd.table import TABLE
row = TABLE["sigmoid"]
right = row.partials
object.__setattr__(row, "partials", lambda m, x, y: right(m, x, y) * 1.001)
from tests.fuzz import differential, ways
warnings.simplefilter("ignore")
found = []
for seed in range(60):
    graph, call = differential.drawn_from(seed)
    others = tuple(name for name in ways.NAMES if name not in ("exactly", *ways.NEEDS))
    assert differential.wrong(graph, call._replace(ways=others)) is None, seed
    found.append(differential.wrong(graph, call._replace(ways=("exactly",))))
print(sum(one is not None for one in found))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) > 0


@pytest.mark.parametrize(
    ("graph", "lanes", "seed"),
    [
        (  # x^x is 1.9e49
            Program((-2.16,), (Step("pow", ((0, 0),)), Step("logsigmoid", ((0,),)),
                               Step("dot", ((1, 0), (2, 2), (2,))))), 2, 3006744527,
        ),
        (  # e^700 is 1e304
            Program((-0.148, -1.407), (Step("expm1", ((1,),)), Step("erfc", ((2,),)))),
            4, 1726131656,
        ),
        (  # the hyperbolic cosine of 158 is 2.2e68
            Program((-1.535, 2.872), (Step("degrees", ((1,),)), Step("cosh", ((2,),)),
                                      Step("floordiv", ((3, 1),)))), 2, 3255617125,
        ),
    ],
)  # fmt: skip
def test_what_a_float32_does_not_hold_on_the_way_is_no_fault(graph, lanes, seed) -> None:
    count = len(graph.inputs)
    call = Call((True,) * count, lanes, tuple(range(count)), "float32", seed, ("program",))
    assert differential.wrong(graph, call) is None


def expected(points, dtype="float64", graph=LAYER) -> Expected:
    return Expected(graph, points, lambda f: f, dtype, lanes=len(points))


def test_a_lane_of_rounding_only_does_not_count_in_a_sum() -> None:
    """0.727e160 - 0.727e160 and what is small beside it: the slope is 1e160 times anything."""
    ordinary = [(x, 0.5, *LAYER.inputs[2:]) for x in np.linspace(-1, 1, 9)]
    all_lanes = expected([*ordinary, (-1e160, -1e160, *LAYER.inputs[2:])])
    entries = (slice(None), 3)
    whole = float(np.sum(all_lanes.numbers[entries]))
    assert abs(whole) > 1e150
    assert not all_lanes.is_far_from_sum(whole / 3, entries)
    few = expected(ordinary)
    whole = float(np.sum(few.numbers[entries]))
    assert not few.is_far_from_sum(whole * (1 + 1e-14), entries)
    assert few.is_far_from_sum(whole * (1 + 1e-9), entries)


@pytest.mark.parametrize(
    ("dtype", "near", "far"), [("float64", 1e-14, 1e-10), ("float32", 1e-6, 1e-2)]
)
def test_a_rounding_is_near_and_a_thousand_are_far(dtype, near, far) -> None:
    exact = expected([LAYER.inputs], dtype)
    for column in range(len(LAYER.inputs) + 1):
        number = exact.numbers[:, [column]]
        assert exact.far(number * (1 + near), [column]) is None
        assert exact.far(number * (1 + far), [column]) == (0, 0)
        assert exact.far(number * (1 + near), [column], "bits") == (0, 0)


def test_an_infinity_is_far_from_all_but_the_largest_numbers() -> None:
    for data, near in itertools.product([1.0, 1e300, 1.7e308], [np.inf, -np.inf, np.nan]):
        graph = Program((data,), (Step("neg", ((0,),)),))
        is_near = data == 1.7e308 and near == -np.inf
        far = expected([(data,)], graph=graph).far(np.array([[near]]), [0])
        assert far == (None if is_near else (0, 0)), (data, near)


def test_where_the_order_is_another_only_finite_numbers_count() -> None:
    graph = Program((1e200,), (Step("mul", ((0, 0),)),))
    exact = expected([graph.inputs], graph=graph)
    assert exact.numbers.tolist() == [[np.inf, 2e200]]
    for found, near in [(np.nan, True), (-np.inf, True), (1.0, False)]:
        assert (exact.far(np.array([[found]]), [0], "reordered") is None) == near
        assert exact.far(np.array([[found]]), [0]) == (0, 0)


def test_a_derivative_that_depends_on_nothing_is_not_compared() -> None:
    assert differential.is_constant(autograd.grad(lambda x: 2 * x), 1)
    assert not differential.is_constant(autograd.grad(lambda x: x * x), 1)
