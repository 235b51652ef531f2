"""detect_anomaly: the first operation that is not finite is named, with its line."""

from __future__ import annotations

import math
import pickle
import re
import subprocess
import sys
import threading

import pytest

import autograd
from autograd import AnomalyError, Value, detect_anomaly, exp, grad, gradients, log, relu, sqrt


def line_of(function, offset: int) -> str:
    return f"test_anomaly.py:{function.__code__.co_firstlineno + offset}"


def test_forward_names_the_first_operation_and_its_line() -> None:
    def loss(x, y):
        z = x * y
        w = log(z)
        return w * 3 + exp(w)

    x, y = Value(-1.0, "x"), Value(2.0)
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        loss(x, y)
    line = line_of(loss, 2)
    assert str(caught.value) == f"log gave nan: log(mul(…) = -2.0), created at {line}"
    assert caught.value.line == line
    assert caught.value.node.op == "log"


def test_forward_infinity_and_operands_with_labels_and_numbers() -> None:
    x = Value(800.0, "x")
    with (
        pytest.raises(AnomalyError, match=re.escape("exp gave inf: exp(x = 800.0), created")),
        detect_anomaly(),
    ):
        exp(x)
    with (
        pytest.raises(AnomalyError, match=re.escape("truediv gave inf: truediv(1.0, zero = 0.0)")),
        detect_anomaly(),
    ):
        1 / Value(0.0, "zero")
    with (
        pytest.raises(AnomalyError, match=re.escape("sum gave inf: sum(a = 1e+308, a = 1e+308")),
        detect_anomaly(),
    ):
        autograd.sum([Value(1e308, "a")] * 9)


def test_it_goes_through_the_code_that_is_kept_for_a_number_of_operands() -> None:
    for _ in range(2):  # the second time there is code of its own for eleven operands
        autograd.sum([Value(1.0)] * 11)
        with pytest.raises(AnomalyError, match="sum gave inf"), detect_anomaly():
            autograd.sum([Value(1e308)] * 11)


def test_what_was_nan_already_is_named() -> None:
    x = Value(math.nan, "x")
    message = "add gave nan: add(x = nan, 1.0), created at .*; x was nan already, as the leaf that"
    with (
        pytest.raises(AnomalyError, match=message.replace("(", r"\(").replace("0)", r"0\)")),
        detect_anomaly(),
    ):
        x + 1
    inner = log(x)
    with (
        pytest.raises(AnomalyError, match="was nan already, as the result of log that was given"),
        detect_anomaly(),
    ):
        inner * 2


def test_backward_names_the_edge() -> None:
    def loss(x):
        root = sqrt(x)
        return root * 3

    x = Value(0.0, "x")
    with detect_anomaly():
        output = loss(x)
        with pytest.raises(AnomalyError) as caught:
            output.backward()
    assert str(caught.value) == (
        "backward: the share of sqrt(x = 0.0) = 0.0 in the gradient of x is inf: upstream 3.0 "
        f"times local derivative inf, created at {line_of(loss, 1)}"
    )
    assert (x.grad, output.grad, x.has_gradient) == (0.0, 0.0, False)  # nothing is half-done


@pytest.mark.parametrize(
    "differentiate",
    [
        lambda y, x: y.backward(),
        lambda y, x: gradients(y, [x]),
        lambda y, x: gradients(y, [x], create_graph=True),
    ],
)
def test_every_reverse_pass_is_watched(differentiate) -> None:
    x = Value(0.0, "x")
    y = sqrt(x) * 0.0
    with (
        pytest.raises(AnomalyError, match=r"is nan: upstream 0\.0 times local derivative inf"),
        detect_anomaly(),
    ):
        differentiate(y, x)


def test_a_sum_of_shares_that_overflows() -> None:
    x = Value(0.5, "x")
    thirds = [x * 7e307 - 3e307 for _ in range(3)]
    output = thirds[0] + thirds[1] + thirds[2]
    message = re.escape("the gradient of x overflows: 1.4e+308 so far and 7e+307 from mul(x = 0.5")
    with pytest.raises(AnomalyError, match=message), detect_anomaly():
        output.backward()


def test_outside_nothing_is_watched_and_nothing_is_left() -> None:
    before = sys.getprofile()
    with pytest.raises(AnomalyError), detect_anomaly():
        log(Value(-1.0))
    assert sys.getprofile() is before
    assert math.isnan(log(Value(-1.0)).data)
    sqrt(Value(0.0)).backward()
    with detect_anomaly(), detect_anomaly():
        pass
    assert sys.getprofile() is before


def test_it_goes_on_after_an_error() -> None:
    x = Value(-1.0, "x")
    before, traced = sys.getprofile(), sys.gettrace()
    lines = []
    with detect_anomaly():
        for _ in range(3):
            with pytest.raises(AnomalyError, match="log gave nan"):
                log(x)
        try:
            log(x)
        except AnomalyError:
            try:
                x * 1e308 * 10
            except AnomalyError as error:
                lines.append(error.line)
        with pytest.raises(AnomalyError, match="sum gave inf"):
            autograd.sum([Value(1e308)] * 11)
        y = sqrt(Value(0.0))
        with pytest.raises(AnomalyError) as caught:
            y.backward()
        lines.append(caught.value.line)
        assert sys.gettrace() is traced
    assert lines == [line_of(test_it_goes_on_after_an_error, n) for n in (12, 17)]
    assert (sys.getprofile(), sys.gettrace()) == (before, traced)


def test_an_error_at_the_end_leaves_nothing() -> None:
    before, traced = sys.getprofile(), sys.gettrace()
    with pytest.raises(AnomalyError), detect_anomaly(), detect_anomaly():
        log(Value(-1.0))
    assert (sys.getprofile(), sys.gettrace()) == (before, traced)
    assert math.isnan(log(Value(-1.0)).data)


COLLECTIONS = """
import contextlib, gc, weakref
import autograd

class Cycle:
    def __init__(self):
        self.me = self

x, kept = autograd.Value(-1.0), []
with autograd.detect_anomaly():
    for allocations in range(1, 400):
        gc.collect()
        gc.set_threshold(allocations)
        kept.append(weakref.ref(Cycle(), lambda _: None))
        with contextlib.suppress(autograd.AnomalyError):
            autograd.log(x)
        gc.set_threshold(10_000)
print("done")
"""


def test_a_garbage_collection_at_any_moment() -> None:
    """CPython calls a trace function that has taken itself off, which nobody else might keep."""
    result = subprocess.run([sys.executable, "-c", COLLECTIONS], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "done\n"), result.stderr


def test_a_debugger_s_trace_function_is_kept() -> None:
    seen = []

    def trace(frame, event, argument):
        seen.append((frame.f_code.co_name, event))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with detect_anomaly():
            for _ in range(2):
                with pytest.raises(AnomalyError):
                    log(Value(-1.0))
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
    assert seen.count(("log", "call")) == 2


def test_nested_contexts() -> None:
    with detect_anomaly():
        with detect_anomaly():
            y = relu(Value(2.0))
        with pytest.raises(AnomalyError):
            log(y * -1)


def test_it_concerns_one_thread() -> None:
    found = []
    with detect_anomaly():
        thread = threading.Thread(target=lambda: found.append(log(Value(-1.0)).data))
        thread.start()
        thread.join()
    assert math.isnan(found[0])


def test_what_is_finite_passes_at_every_order() -> None:
    with detect_anomaly():
        third = grad(grad(grad(lambda x: autograd.gelu(x) * autograd.hypot(x, 3.0) ** 2)))(0.7)
        assert math.isfinite(third)
    with pytest.raises(AnomalyError, match=r"local derivative inf"), detect_anomaly():
        grad(grad(lambda x: x**1.5))(0.0)


def test_lines_follow_nodes_whose_ids_are_used_again() -> None:
    def many():
        for i in range(200):
            y = Value(float(i)) * 2
        return y

    x = Value(0.0, "x")
    with detect_anomaly():
        many()
        y = sqrt(x)
        with pytest.raises(AnomalyError) as caught:
            y.backward()
    assert caught.value.line == line_of(test_lines_follow_nodes_whose_ids_are_used_again, 9)


def test_the_error_can_be_pickled() -> None:
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        log(Value(-1.0))
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.line) == (str(caught.value), caught.value.line)
