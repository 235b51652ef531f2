"""Compiled programs on one sample: the eager engine's results, bit for bit."""

import ast
import inspect
import math
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, gradients
from autograd.compiled.large.sweep import Sweep
from autograd.graph.order import topological_order
from nn import MLP
from tests.compiling import WITHOUT_EDGE, bits, recorded
from tests.programs import ENGINE, Program, programs


@settings(max_examples=300)
@given(programs(without=WITHOUT_EDGE))
def test_equals_the_eager_engine_bit_for_bit(program: Program) -> None:
    inputs, output = recorded(program, program.inputs)
    value, slopes = autograd.compile(output, inputs)(*(x.data for x in inputs))
    assert bits([value]) == bits([output.data])
    assert bits(slopes) == bits(gradients(output, inputs))
    output.backward()
    assert bits(slopes) == bits([x.grad for x in inputs])


@given(programs(without=WITHOUT_EDGE), st.data())
def test_runs_on_other_numbers_than_it_was_recorded_on(program: Program, data) -> None:
    inputs, output = recorded(program, program.inputs)
    compiled = autograd.compile(output, inputs)
    edges = st.sampled_from([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 1e308, 5e-324])
    numbers = [data.draw(edges | st.floats()) for _ in inputs]
    value, slopes = compiled(*numbers)
    sweep = Sweep(compiled._tape)(*numbers)
    assert same([value], [sweep[0]])
    assert same(slopes, sweep[1])


def same(xs, ys) -> bool:
    return all(x == y or (math.isnan(x) and math.isnan(y)) for x, y in zip(xs, ys, strict=True))


@given(programs(max_steps=12, without=WITHOUT_EDGE), st.data())
def test_edges_are_the_eager_engine_s(program: Program, data) -> None:
    """At any numbers, domains left and infinities met, for programs without a decision."""
    if any(step.name == "where" for step in program.steps):
        return
    inputs, output = recorded(program, program.inputs)
    compiled = autograd.compile(output, inputs)
    edges = st.sampled_from([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 1e308, 5e-324])
    numbers = [data.draw(edges) for _ in program.inputs]
    again = [Value(x) for x in numbers]
    twin = program.run(ENGINE, again)[-1]
    used = [i for i, x in enumerate(program.inputs) if any(y.data == x for y in inputs)]
    if len(used) != len(inputs):
        return
    value, slopes = compiled(*(numbers[i] for i in used))
    assert same([value], [twin.data])
    assert same(slopes, gradients(twin, [again[i] for i in used]))


@given(programs(without=WITHOUT_EDGE))
def test_several_outputs_each_have_their_gradients(program: Program) -> None:
    inputs = [Value(x) for x in program.inputs]
    outputs = program.run(ENGINE, inputs)[-3:]
    graph = set(topological_order(outputs))
    inputs = [x for x in inputs if x in graph]
    values, jacobian = autograd.compile(outputs, inputs)(*(x.data for x in inputs))
    assert bits(values) == bits([output.data for output in outputs])
    for row, output in zip(jacobian, outputs, strict=True):
        assert bits(row) == bits(gradients(output, inputs))


def mazur() -> tuple[MLP, Value]:
    model = MLP.from_weights(
        [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        [0.35, 0.60],
        activation="sigmoid",
        output_activation="sigmoid",
    )
    loss = autograd.half_sse(model([0.05, 0.10]), [0.01, 0.99])
    loss.label = "E"
    return model, loss


LINES = """\
from math import exp
def program(w1, w2, w3, w4, w5, w6, w7, w8):
    net_h1 = w1 * 0.05 + w2 * 0.1 + 0.35  # dot(w1, w2, 0.05, 0.1, 0.35)
    net_h2 = w3 * 0.05 + w4 * 0.1 + 0.35  # dot(w3, w4, 0.05, 0.1, 0.35)
    net_o1 = w5 * out_h1 + w6 * out_h2 + 0.6  # dot(w5, w6, out_h1, out_h2, 0.6)
    net_o2 = w7 * out_h1 + w8 * out_h2 + 0.6  # dot(w7, w8, out_h1, out_h2, 0.6)
    # ∂E/∂…
    d_out_h2 = d_net_o2 * w8 + d_net_o1 * w6  # through dot
    d_out_h1 = d_net_o2 * w7 + d_net_o1 * w5  # through dot
    d_w1 = d_net_h1 * 0.05  # through dot
    d_w2 = d_net_h1 * 0.1  # through dot
    d_w3 = d_net_h2 * 0.05  # through dot
    d_w4 = d_net_h2 * 0.1  # through dot
    d_w5 = d_net_o1 * out_h1  # through dot
    d_w6 = d_net_o1 * out_h2  # through dot
    d_w7 = d_net_o2 * out_h1  # through dot
    d_w8 = d_net_o2 * out_h2  # through dot
    return E, (d_w1, d_w2, d_w3, d_w4, d_w5, d_w6, d_w7, d_w8)
"""


def test_the_source_reads_as_tutorials_print_it() -> None:
    model, loss = mazur()
    weights = [w for w in model.parameters() if w.label.startswith("w")]
    source = autograd.compile(loss, weights).source
    lines = iter(source.splitlines())
    assert all(line in lines for line in LINES.splitlines())  # in this order
    for node in ("out_h1", "out_o2", "d_net_h1", "d_net_o2"):
        assert re.search(rf"^    {node} = .*  # .*sigmoid", source, flags=re.MULTILINE)
    assert max(map(len, source.splitlines())) <= 100
    namespace: dict = {}
    exec(source, namespace)
    assert namespace["program"](*(w.data for w in weights))[0] == 0.2983711087600027


def test_only_what_was_asked_for_is_computed() -> None:
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    product = x * y
    forward = autograd.compile(product, [x, y], wrt=[])
    assert "d_" not in forward.source
    assert forward(2.0, 3.0) == (6.0, ())
    one = autograd.compile(product, [x, y], wrt=[y])
    assert one(5.0, 7.0) == (35.0, (5.0,))
    assert one.source.count("=") == 1  # the gradient is x, without a copy and without · 1


def test_constants_are_folded_and_frozen_leaves_keep_their_present_data() -> None:
    x, scale = Value(1.0, label="x"), Value.parameter(2.0, label="scale")
    y = x * autograd.exp(scale * scale)
    scale.data = 0.5
    program = autograd.compile(y, [x])
    assert program.source.count("x * 1.2840254166877414") == 1
    assert "exp" not in program.source.partition("#")[0]
    assert program(2.0) == (2 * math.exp(0.25), (math.exp(0.25),))


WORDS = ["class", "print", "exp", "math", "floats", "program", "__debug__", "a b", "x\n    y", "ｘ"]


@pytest.mark.parametrize("label", [*WORDS, "'''", "x;y", "# x", "é", "d_x", "t1", "v1", "inf"])
def test_labels_cannot_change_what_the_source_does(label) -> None:
    x, y = Value(0.5, label=label), Value(2.0, label=label)
    out = autograd.exp(x * y) + x
    out.label = label
    program = autograd.compile(out, [x, y])
    assert bits(program(0.5, 2.0)[1]) == bits(gradients(out, [x, y]))
    tree = ast.parse(program.source)
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    kinds = {type(node) for node in function.body}
    assert kinds == {ast.Assign, ast.Return}


def test_the_source_shows_in_tracebacks() -> None:
    x = Value(2.0, label="x")
    program = autograd.compile(1 / x, [x])
    assert inspect.getsource(program.function) == program.source[program.source.index("def") :]
    with pytest.raises(ZeroDivisionError):
        program.function(0.0)
    assert program(0.0) == (math.inf, (-math.inf,))


def test_a_program_takes_every_kind_of_number() -> None:
    import numpy as np

    program = autograd.compile(lambda x, y: x * y)
    for number in (2, True + 1, np.float32(2), np.int8(2), np.array(2.0)):
        result = program(number, 3.0)
        assert result == (6.0, (3.0, 2.0))
        assert type(result[0]) is float


# --- Functions ------------------------------------------------------------------------------------


def test_where_keeps_both_arms_of_a_function() -> None:
    @autograd.compile
    def program(x, y):
        return autograd.where(x * y > 1, autograd.log(x), autograd.where(x == 0, y, x * x))

    for x, y in [(2.0, 3.0), (-2.0, 3.0), (0.0, 3.0), (0.5, 0.1)]:
        a, b = Value(x), Value(y)
        other = b if x == 0 else a * a
        out = (autograd.log(a) if x * y > 1 else other) + 0 * (a + b)
        value, slopes = program(x, y)
        assert value == out.data
        assert list(slopes) == gradients(out, [a, b])


def test_nothing_of_the_other_arm_reaches_the_gradient() -> None:
    program = autograd.compile(lambda x: autograd.where(x > 0, x * autograd.log(x), 0.0) + x)
    assert program(0.0) == (0.0, (1.0,))
    assert program(-1.0) == (-1.0, (1.0,))
    assert program(1.0) == (1.0, (2.0,))
    shared = autograd.compile(
        lambda x: autograd.where(x > 0, autograd.sqrt(x), autograd.sqrt(x) + 1 / x)
    )
    assert shared(4.0) == (2.0, (0.25,))
    value, (slope,) = shared(0.0)
    assert math.isnan(value) or math.isinf(value)
    assert math.isnan(slope) or math.isinf(slope)


COMPARED = [
    (lambda x: x < 1, [1.0, 0.0, 0.0]),
    (lambda x: x <= 1, [1.0, 1.0, 0.0]),
    (lambda x: x > 1, [0.0, 0.0, 1.0]),
    (lambda x: 1 < x, [0.0, 0.0, 1.0]),  # noqa: SIM300 - Python calls x > 1
    (lambda x: x >= 1, [0.0, 1.0, 1.0]),
    (lambda x: x == 1, [0.0, 1.0, 0.0]),
    (lambda x: x != 1, [1.0, 0.0, 1.0]),
]


@pytest.mark.parametrize(("compare", "expected"), COMPARED)
def test_comparisons_are_recorded(compare, expected) -> None:
    program = autograd.compile(lambda x: autograd.where(compare(x), 1.0, 0.0) + 0 * x, 1)
    assert [program(x)[0] for x in (0.0, 1.0, 2.0)] == expected


def test_comparisons_are_of_numbers_outside_of_recorded_functions() -> None:
    seen = []
    autograd.compile(lambda x: seen.append(x) or x * 2)
    assert (seen[0] > 0) is False
    assert (Value(2.0) > 1) is True
    with pytest.raises(ZeroDivisionError):
        autograd.compile(lambda x: x * (1 // 0))
    assert (Value(2.0) > 1) is True


BRANCHES = [
    lambda x: x if x > 0 else -x,
    lambda x: max(x, -x),
    lambda x: x and 1,
    lambda x: x if not x else -x,
    lambda x: x if x in [1.0, 2.0] else -x,
    lambda x: x if 0 < x < 1 else -x,
]


@pytest.mark.parametrize("function", BRANCHES)
def test_a_branch_on_an_input_raises_and_points_to_where(function) -> None:
    with pytest.raises(
        TypeError, match=r"cannot branch with .* write autograd\.where\(x > 0, a, b"
    ):
        autograd.compile(function)


def test_the_number_of_inputs_and_their_names() -> None:
    assert autograd.compile(lambda a, b: a * b).inputs == ("a", "b")
    assert autograd.compile(lambda *xs: autograd.sum(xs), 3).inputs == ("x1", "x2", "x3")
    assert autograd.compile(lambda a, b, c: a * b, 3)(2.0, 3.0, 4.0) == (6.0, (3.0, 2.0, 0.0))
    program = autograd.compile(lambda a, b: [a * b, a], wrt=[1])
    assert program(2.0, 3.0) == ((6.0, 2.0), ((2.0,), (0.0,)))
    assert repr(program) == "<Program of a, b: 1 operations>"


# --- Bad input ------------------------------------------------------------------------------------

X, Y = Value(1.0, label="x"), Value(2.0)
Z = X * Y

BAD = [
    (lambda: autograd.compile(Z, [Z]), "input 0 is computed by 'mul'; give the leaves"),
    (lambda: autograd.compile(Z, [X, X]), "inputs has the same entry at 0 and at 1"),
    (
        lambda: autograd.compile(Z, [X, Value(3.0)]),
        "does not depend on input 1, Value(data=3",
    ),
    (lambda: autograd.compile(Z, [X, 3.0]), "input 1 is float 3.0; give Values of the graph"),
    (lambda: autograd.compile(Z, X), "expected a list of inputs, got Value"),
    (lambda: autograd.compile(Z, []), "the output depends on no input"),
    (lambda: autograd.compile([Z, Y * 2], [X]), "output 1 depends on no input"),
    (lambda: autograd.compile([], [X]), "the output is an empty list"),
    (lambda: autograd.compile(3.0, [X]), "expected the output to be a Value or a list of Values"),
    (lambda: autograd.compile("x", [X]), "got str 'x'"),
    (lambda: autograd.compile(None, [X]), "a list of Values, got None"),
    (lambda: autograd.compile(Z), "expected a list of inputs, got None; write autograd.compile("),
    (lambda: autograd.compile(Z, [None]), "input 0 is None; give Values of the graph"),
    (lambda: autograd.compile([Z, None], [X]), "a list of Values, got None at 1"),
    (lambda: autograd.compile({"z": Z}, [X]), "got dict {'z': Value(data=2.0, grad=0.0)}"),
    (lambda: autograd.compile(Z, [X], wrt=X), "expected wrt to be a list, got Value(data=1.0"),
    (lambda: autograd.compile(Z, [X], wrt=[Y]), "wrt has Value(data=2.0, grad=0.0), which"),
    (lambda: autograd.compile(Z, [X], wrt=[X, X]), "wrt has the same entry at 0 and at 1"),
    (lambda: autograd.compile(lambda x: 1.0), "what <lambda> returned to be a Value"),
    (lambda: autograd.compile(lambda x: Value(1.0)), "the output depends on no input"),
    (lambda: autograd.compile(lambda *xs: xs[0]), "the number of inputs of <lambda> is not to be"),
    (
        lambda: autograd.compile(lambda x: None),
        "returned to be a Value or a list of Values, got Non",
    ),
    (lambda: autograd.compile(lambda: 1.0), "<lambda> has no inputs; give a function with a para"),
    (lambda: autograd.compile(lambda x: x, 0), "a positive integer, got int 0"),
    (lambda: autograd.compile(lambda x: x, True), "a positive integer, got bool True"),
    (lambda: autograd.compile(lambda x: x, wrt=[1]), "wrt has 1; of a function give the indices"),
    (lambda: autograd.compile(Z, [X])(), "expected 1 arguments, one for each input, got 0"),
    (lambda: autograd.compile(Z, [X])(1.0, 2.0), "expected 1 arguments, one for each input, got 2"),
    (lambda: autograd.compile(Z, [X])("1"), "program: x: expected a real number, got the text '1'"),
    (lambda: autograd.compile(Z, [X])(1j), "got the complex number 1j; a graph is of real numbers"),
    (lambda: autograd.compile(Z, [X])(None), "program: x: expected a real number, got None"),
    (lambda: autograd.compile(Z, [X])(X), "a Value, which is a node already; take its number with"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message[:40] for _, message in BAD])
def test_bad_input(call, message) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: autograd.compile(lambda p: p["w"] * p["x"]),
        lambda: autograd.compile(lambda xs: xs[0] * xs[1]),
        lambda: autograd.compile(lambda xs: [x * x for x in xs]),
        lambda: autograd.compile(lambda layer: layer.weights),
        lambda: autograd.compile(lambda xs: len(xs)),
        lambda: autograd.compile(lambda xs: xs[0], [1.0, 2.0]),
        lambda: autograd.compile(lambda p: p["w"], {"w": 1.0}),
    ],
)
def test_a_function_of_containers_gets_the_remedy(call) -> None:
    message = (
        r"no containers: for a list of three write autograd\.compile\(lambda \*xs: f\(xs\), 3\)"
    )
    with pytest.raises(TypeError, match=message):
        call()


def test_the_remedy_for_containers_is_one() -> None:
    def f(p):
        return p["w"] * p["x"]

    def g(xs):
        return xs[0] * xs[1] * xs[2]

    assert autograd.compile(lambda w, x: f({"w": w, "x": x}))(2.0, 3.0) == (6.0, (3.0, 2.0))
    assert autograd.compile(lambda *xs: g(xs), 3)(2.0, 3.0, 4.0)[1] == (12.0, 8.0, 6.0)


def test_an_error_of_the_function_itself_is_its_own() -> None:
    with pytest.raises(TypeError, match=r"^unsupported operand") as caught:
        autograd.compile(lambda x: x * (1.0 + "a"))
    assert caught.value.__cause__ is None


# --- Other ways to run the function ---------------------------------------------------------------


def test_numpy_is_imported_for_arrays_only() -> None:
    check = (
        "import sys, autograd\n"
        "program = autograd.compile(lambda x: autograd.tanh(x))\n"
        "program(1.0)\n"
        "print('numpy' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert result.stdout == "False\n", result.stderr
