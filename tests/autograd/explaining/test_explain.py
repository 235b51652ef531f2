"""A derivation is right: its paths, sums and figures are those of the graph."""

import math
import re
import time

import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, explain, gradients
from autograd.explaining import paths as path_limits
from examples import mazur, three_two_one, two_two_one, two_two_two
from examples.report import loss_of
from nn import MLP
from tests.compiling import recorded, sizes
from tests.programs import Program, programs


def tutorials() -> dict[str, tuple[MLP, Value]]:
    """The network and the loss of each of the four tutorials."""
    sample = two_two_one.SAMPLES[0]
    t3 = MLP.from_weights([list(zip(*sample.hidden, strict=True)), [sample.output]])
    models = {
        "T1": (mazur.network(), mazur.X, mazur.Y),
        "T2": (two_two_two.network(), two_two_two.X, two_two_two.Y),
        "T3": (t3, sample.x, [sample.y]),
        "T4": (three_two_one.network(), three_two_one.X, [three_two_one.Y]),
    }
    return {name: (model, loss_of(model, x, y)) for name, (model, x, y) in models.items()}


def parameter(model: MLP, label: str) -> Value:
    (found,) = [p for p in model.parameters() if p.label == label]
    return found


def products_of_paths(output: Value, wrt: Value) -> list[float]:
    """The product along every path, by recursion over the graph."""
    if output is wrt:
        return [1.0]
    return [
        partial * rest
        for parent, partial in zip(output.parents, output.partials, strict=True)
        for rest in products_of_paths(parent, wrt)
    ]


# --- T1, as the article has it --------------------------------------------------------------------


def test_the_article_s_table_for_w5() -> None:
    model, loss = tutorials()["T1"]
    text = explain(loss, parameter(model, "w5")).text()
    assert "∂E/∂w5 = ∂E/∂out_o1 · ∂out_o1/∂net_o1 · ∂net_o1/∂w5\n" in text
    assert "∂E/∂w5 = 0.74136507 · 0.186815602 · 0.593269992 = 0.082167041" in text
    assert "∂out_o1/∂net_o1 = out_o1 · (1 - out_o1) = 0.75136507 · (1 - 0.75136507)" in text
    assert "net_o1 = dot(w5, w6, out_h1, out_h2, b2)\n         = w5 · out_h1 + w6 · out_h2" in text
    assert "out_o1 = sigmoid(net_o1) = 1 / (1 + exp(-net_o1)) = 1 / (1 + exp(-1.10590597))" in text


def test_a_hidden_weight_has_two_paths() -> None:
    model, loss = tutorials()["T1"]
    explanation = explain(loss, parameter(model, "w1"))
    assert explanation.paths is not None
    # The article's ∂E_o1/∂out_h1 and ∂E_o2/∂out_h1, its ∂out_h1/∂net_h1, and x1.
    article = [share * 0.241300709 * 0.05 for share in (0.055399425, -0.019049119)]
    assert [path.product for path in explanation.paths] == pytest.approx(article, rel=1e-7)
    names = [[node.label for node in path.nodes] for path in explanation.paths]
    assert names == [
        ["E", f"out_o{i}", f"net_o{i}", "out_h1", "net_h1", "w1"] for i in (1, 2)
    ]  # fmt: skip
    assert explanation.text().endswith("0.000668396 - 0.000229828 = 0.000438568")


@pytest.mark.parametrize("name", ["T1", "T2", "T3", "T4"])
def test_every_printed_equation_of_numbers_holds(name: str) -> None:
    model, loss = tutorials()[name]
    for p in model.parameters():
        checked = 0
        for line in explain(loss, p).text().splitlines():
            sides = [side.strip() for side in line.split(" = ")]
            numbers = [side for side in sides if re.fullmatch(r"(exp|[-\d.e()+·²/ ])+", side)]
            for side in numbers[:-1]:
                value = eval(side.replace("·", "*").replace("²", "**2"), {"exp": math.exp})
                assert value == pytest.approx(float(numbers[-1]), rel=2e-6, abs=1e-9), line
                checked += 1
        assert checked


# --- Any graph ------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(programs(max_steps=12))
def test_the_paths_add_up_to_the_gradient(program: Program) -> None:
    inputs, output = recorded(program, program.inputs)
    for x, size in zip(inputs, sizes(output, inputs), strict=True):
        explanation = explain(output, x)
        (gradient,) = gradients(output, [x])
        assert explanation.gradient == gradient
        products = products_of_paths(output, x)
        assert explanation.count == len(products)
        assert math.fsum(products) == pytest.approx(gradient, rel=0, abs=1e-12 * size)
        if explanation.paths is None:
            assert len(products) > path_limits.MOST_PATHS
            assert "too many to list" in explanation.text()
        elif output is not x:
            assert sorted(path.product for path in explanation.paths) == pytest.approx(
                sorted(products), rel=1e-12
            )
            for path in explanation.paths:
                assert path.nodes[0] is output
                assert path.nodes[-1] is x
        for row in explanation.accumulations:
            total = sum(upstream * link.partial for link, upstream in row.terms)
            assert row.gradient == total or math.isclose(row.gradient, total, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("paths", "said"),
    [(1, "1 path leads from y to x, too long to list"), (2, "2 paths lead from y to x, too long")],
)
def test_few_long_paths_are_called_long_and_not_many(paths: int, said: str) -> None:
    x = Value(1.5, label="x")
    y = Value(2.0) * x if paths == 1 else x * x
    for _ in range(200):
        y = y + 1
    y.label = "y"
    assert said in explain(y, x).text()


def test_forty_doublings_are_a_table_at_once() -> None:
    x = y = Value(1.5, label="x")
    for _ in range(40):
        y = y + y
    start = time.perf_counter()
    explanation = explain(y, x)
    text = explanation.text()
    assert time.perf_counter() - start < 20  # along each path it would not end
    assert explanation.count == 2**40
    assert explanation.paths is None
    assert explanation.gradient == 2.0**40
    assert "1,099,511,627,776 paths lead from v40 to x, too many to list" in text
    row = "∂v40/∂v39 · ∂v39/∂v38⁽¹⁾ + ∂v40/∂v39 · ∂v39/∂v38⁽²⁾ = 2 · 1 + 2 · 1 = 4"
    assert f"∂v40/∂v38 = {row}" in text
    assert "… and so on for 8 nodes; at the end:" in text


def test_a_very_large_graph_is_shortened() -> None:
    x = y = Value(0.5, label="x")
    for _ in range(100_000):
        y = y * 0.5 + x
    explanation = explain(y, x)
    assert len(explanation.text().splitlines()) < 60
    assert explanation.gradient == pytest.approx(2.0)
    doubled = x
    for _ in range(300):
        doubled = doubled + doubled
    assert "more than 10^30 paths" in explain(doubled, x).text()


def test_what_was_recorded_is_explained_whatever_the_data_is_now() -> None:
    w, x = Value.parameter(2.0, label="w"), Value(3.0, label="x")
    y = w * w * x
    w.data = 100.0
    explanation = explain(y, w)
    assert explanation.gradient == 12.0
    assert "100 ·" not in explanation.text()


def test_an_inner_node_and_the_output_itself() -> None:
    x = Value(2.0, label="x")
    h = x * x
    h.label = "h"
    y = autograd.exp(h)
    y.label = "y"
    assert explain(y, h).gradient == y.data
    assert explain(y, y).gradient == 1.0
    assert explain(y, y).text().startswith("∂y/∂y = 1\n")
    assert explain(x, x).gradient == 1.0


def test_only_the_arm_that_is_taken_is_written() -> None:
    x = Value(-2.0, label="x")
    assert "∂v1/∂x = 0" in explain(x.relu(), x).text()
    assert "if" not in explain(x.relu(), x).text()
    assert "∂v1/∂x = 0.01" in explain(x.leaky_relu(), x).text()


# --- Bad input ------------------------------------------------------------------------------------


def test_what_does_not_depend() -> None:
    x, other = Value(2.0, label="x"), Value(3.0, label="other")
    with pytest.raises(ValueError, match=r"label='other'.* so the derivative is 0") as raised:
        explain(x * x, other)
    assert "took its place" in str(raised.value)


@pytest.mark.parametrize("wrong", [2.0, None, "w"])
def test_what_is_no_value(wrong: object) -> None:
    x = Value(2.0)
    with pytest.raises(TypeError, match="expected a Value as wrt"):
        explain(x * x, wrong)
    with pytest.raises(TypeError, match="expected a Value as output"):
        explain(wrong, x)


# --- Formulas that a reader can check -------------------------------------------------------------


def test_operands_are_told_apart_where_a_node_depends_on_one_in_several_ways() -> None:
    x = Value(3.0, label="x")
    text = explain(x * x * x, x).text()
    assert "path 1 = ∂v2/∂v1 · ∂v1/∂x⁽¹⁾\n" in text
    assert "path 2 = ∂v2/∂v1 · ∂v1/∂x⁽²⁾\n" in text
    assert "path 3 = ∂v2/∂x⁽²⁾\n" in text
    assert "x⁽¹⁾ is x as operand number 1 of v1, its other operands held fixed." in text
    model, loss = tutorials()["T1"]
    assert "⁽" not in explain(loss, parameter(model, "w1")).text()


def test_numbers_have_as_many_digits_as_make_the_line_true() -> None:
    x = Value(9.0, label="x")
    assert "= 1 - 0.999999969540041² = 6.09199171e-08" in explain(x.tanh(), x).text()


def test_where_a_textbook_s_formula_fails_it_is_said() -> None:
    x, zero = Value(20.0, label="x"), Value(0.0, label="z")
    text = explain(x.tanh(), x).text()
    assert "∂v1/∂x = 1 - v1² = 1.6993417e-17\n    (the formula loses its digits here" in text
    assert "(by convention: x**0 has ∂x = 0 for every x" in explain(zero**0, zero).text()
    w = Value(2.0, label="w")
    y = w * 3.0 * w
    w.data = 50.0
    assert "(as recorded: the data of an operand has been changed since)" in explain(y, w).text()
