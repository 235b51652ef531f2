"""Numbers that are changed in the page: the engine's, to nine digits; undo; what is refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import autograd
import nn
from autograd import Value
from autograd.drawing import draw
from autograd.graph.order import topological_order
from autograd.page.javascript import Forms
from autograd.table import TABLE
from tests import browsing
from tests.drawn import network, tutorial
from tests.programs import ENGINE, Program, programs

browsing.required()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from browsing.started()


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """One page for all tests, which open what they need in it; no message may come of it."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5000)
    opened, messages = context.new_page(), []
    opened.on("console", lambda message: messages.append(message.text))
    opened.on("pageerror", lambda error: messages.append(str(error)))
    yield opened
    assert messages == []
    context.close()


def open_in(page: Any, html: str, folder: Path) -> None:
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri())


def select(page: Any, name: str) -> None:
    page.fill("#search", name)
    page.keyboard.press("Enter")


def change(page: Any, name: str, number: str) -> None:
    select(page, name)
    page.fill("#number", number)
    page.keyboard.press("Enter")


def leaves_of(page: Any) -> dict[str, tuple[float, float]]:
    """Value and gradient of each leaf, all digits, from the table at the end of the passes."""
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    rows = page.locator("#step tbody tr")
    texts = rows.evaluate_all(
        "rows => rows.map(row => [row.cells[0].textContent,"
        " ...[...row.querySelectorAll('.figure')].map(figure => figure.title)])"
    )
    return {name: (float(value), float(gradient)) for name, value, gradient in texts}


def same(x: float, y: float) -> bool:
    return x == y or math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-300) or (x != x and y != y)


def leaves_and_output(program: Program, inputs: Any) -> tuple[list[Value], Value]:
    leaves = [Value.parameter(x, label=f"p{i}") for i, x in enumerate(inputs)]
    output = program.run(ENGINE, leaves)[-1]
    if isinstance(output, Value):
        output.backward()
    return leaves, output


def choices(output: Value) -> list[list[bool]]:
    """Which operands each node has that chose one."""
    order = topological_order([output])
    return [[isinstance(x, Value) for x in node.operands] for node in order if node.op == "where"]


SEEN: set[str] = set()


@given(programs(max_steps=8))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_changed_numbers_are_the_engines(
    page: Any, tmp_path_factory: Any, program: Program
) -> None:
    leaves, output = leaves_and_output(program, program.inputs)
    order = topological_order([output])
    used = [place for place, leaf in enumerate(leaves) if leaf in set(order)]
    names = {node.op for node in order if not node.is_leaf}
    if not used:
        return
    open_in(page, draw(output).html(), tmp_path_factory.getbasetemp())
    if "stop_gradient" in names:  # which does not know its operand
        assert "stop_gradient has no edge to what it was computed from" in page.text_content(
            "#notes"
        )
        assert page.is_hidden("#live")
        return
    SEEN.update(names)
    inputs = list(program.inputs)
    inputs[used[0]] += 0.0625
    change(page, f"p{used[0]}", repr(inputs[used[0]]))
    kept = choices(output)
    assert ("the condition is not part of the graph" in page.text_content("#live")) == bool(kept)
    leaves, output = leaves_and_output(program, inputs)
    if choices(output) != kept:  # as that says, the program has to be run
        return
    shown = leaves_of(page)
    for place in used:
        value, gradient = shown[f"p{place}"]
        assert value == inputs[place]
        # What cancels in both in other ways is no difference.
        size = max(abs(leaf.grad) for leaf in leaves)
        assert (
            same(gradient, leaves[place].grad) or abs(gradient - leaves[place].grad) < 1e-9 * size
        )


@pytest.mark.parametrize("row", TABLE.values(), ids=str)
def test_every_operation_has_a_form(row: Any) -> None:
    leaves = [Value(0.5 + 0.25 * i + max(0.0, row.domain[0].low)) for i in range(4)]
    if row.groups:
        groups = [[leaves[0]] if name in row.single else leaves for name in row.groups]
        pairs = zip(row.groups, groups, strict=True)
        given_ = [group[0] if n in row.single else group for n, group in pairs]
        node = ENGINE[row.name](*given_, *(0 for _ in row.settings))
    else:
        node = ENGINE[row.name](*leaves[: len(row.arguments)], *[0.25 for _ in row.settings])
    assert Forms().place(node) == 0


@pytest.mark.parametrize(
    "condition", [True, False, 1.0, 0, Value(2.0), Value(0.0), Value(math.nan)]
)
@pytest.mark.parametrize("arms", ["both", "first", "second"])
def test_a_choice_goes_on_taking_what_it_took(
    page: Any, tmp_path: Path, condition: Any, arms: str
) -> None:
    def computed(x: Value, y: Value) -> Value:
        first, second = (x * y if arms != "second" else 5.0), (y + y if arms != "first" else 7.0)
        return autograd.where(condition, first, second) * y + x

    def recorded(*numbers: float) -> tuple[Value, list[Value]]:
        leaves = [Value.parameter(n, label=name) for n, name in zip(numbers, "xy", strict=True)]
        output = computed(*leaves)
        output.backward()
        return output, leaves

    open_in(page, draw(recorded(2.0, 3.0)[0]).html(), tmp_path)
    assert "condition" not in page.text_content("#live")  # nothing is changed yet
    change(page, "y", "-1.5")
    took = recorded(2.0, 3.0)[0]
    has_choice = any(node.op == "where" for node in topological_order([took]))
    assert ("= where(…) goes on taking the operand that it took" in page.text_content("#live")) == (
        has_choice
    )
    shown = leaves_of(page)
    for leaf in recorded(2.0, -1.5)[1]:
        assert shown[leaf.label] == (leaf.data, leaf.grad)


def test_what_has_no_edge_keeps_the_page_still_with_the_way_out(page: Any, tmp_path: Path) -> None:
    x = Value(2.0, label="x")
    y = autograd.stop_gradient(x) * x
    y.backward()
    open_in(page, draw(y).html(), tmp_path)
    assert page.is_hidden("#live")
    assert page.text_content("#notes") == (
        "The numbers stay as they are: stop_gradient has no edge to what it was computed from, so "
        "the page does not know what other numbers would make of it. To see other numbers, change "
        "them in the program and draw the graph again."
    )


def test_more_operands_than_the_page_computes_are_counted(page: Any, tmp_path: Path) -> None:
    leaves = [Value(float(i), label=f"x{i}") for i in range(65)]
    total = autograd.sum(leaves)
    total.backward()
    open_in(page, draw(total).html(), tmp_path)
    assert "the page cannot compute sum anew with 65 operands." in page.text_content("#notes")


def test_undo_reset_and_a_step_of_descent(page: Any, tmp_path: Path) -> None:
    loss = tutorial()
    loss.backward()
    open_in(page, draw(loss).html(), tmp_path)
    recorded = leaves_of(page)
    picture = page.text_content("#canvas svg")
    change(page, "w5", "0.9")
    change(page, "w1", "-2")
    changed = leaves_of(page)
    assert (changed["w5"][0], changed["w1"][0]) == (0.9, -2.0)
    page.keyboard.press("Control+z")
    assert leaves_of(page)["w1"] == pytest.approx(leaves_of(page)["w1"])
    assert leaves_of(page)["w1"][0] == recorded["w1"][0]
    page.click("text=As recorded")
    assert leaves_of(page) == recorded
    assert page.text_content("#canvas svg") == picture
    page.click("text=Take a step")
    moved = leaves_of(page)
    leaves = [leaf for leaf in topological_order([loss]) if leaf.op == "parameter"]
    nn.SGD(leaves, lr=0.5).step()
    for leaf in leaves:
        assert moved[leaf.label][0] == pytest.approx(leaf.data, rel=1e-14)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "is no number; write it as 0.25 or 2.5e-3. Nothing was changed."),
        ("abc", "“abc” is no number"),
        ("nan", "“nan” is no number"),
        ("1e400", "1e400 is too large for a number of 64 bits; nothing was changed."),
        ("1,5", "“1,5” is no number"),
    ],
)
def test_what_is_no_number_is_said_and_nothing_is_lost(page, tmp_path, typed, said) -> None:
    loss = tutorial()
    loss.backward()
    open_in(page, draw(loss).html(), tmp_path)
    change(page, "w5", "0.875")
    page.fill("#number", typed)
    page.keyboard.press("Enter")
    assert said in page.text_content("#live [role=alert]")
    assert page.input_value("#number") == typed
    assert leaves_of(page)["w5"][0] == 0.875


def test_a_step_that_would_leave_the_numbers_is_not_taken(page: Any, tmp_path: Path) -> None:
    loss = tutorial()
    loss.backward()
    open_in(page, draw(loss).html(), tmp_path)
    recorded = leaves_of(page)
    page.fill("#rate", "1e308")
    page.click("text=Take a step")
    page.click("text=Take a step")
    page.click("text=Take a step")
    finite = leaves_of(page)
    assert all(math.isfinite(value) for value, _ in finite.values())
    page.fill("#rate", "much")
    page.click("text=Take a step")
    assert "“much” is no number" in page.text_content("#live [role=alert]")
    assert recorded.keys() == finite.keys()


def test_the_slider_is_one_change(page: Any, tmp_path: Path) -> None:
    loss = tutorial()
    loss.backward()
    open_in(page, draw(loss).html(), tmp_path)
    recorded = leaves_of(page)
    select(page, "w5")
    box = page.locator("#live input[type=range]").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for share in (0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + box["width"] * share, middle)
    page.mouse.up()
    assert leaves_of(page)["w5"][0] > recorded["w5"][0]
    page.click("#live >> text=Undo")
    assert leaves_of(page) == recorded


def test_steps_and_pictures_follow_in_every_view(page: Any, tmp_path: Path) -> None:
    loss = network([2, 3, 1])
    loss.backward()
    open_in(page, draw(loss, fold=True).html(), tmp_path)
    count = page.locator("#view option").count()
    assert count > 1
    page.fill("#rate", "0.125")
    page.click("text=Take a step")
    nn.SGD([n for n in topological_order([loss]) if n.op == "parameter"], lr=0.125).step()
    for view in range(count):
        page.select_option("#view", str(view))
        page.click("#to-start")
        while page.is_enabled("#on"):
            page.click("#on")
            assert "NaN" not in page.inner_text("#step")
            assert "undefined" not in page.inner_text("aside")


def test_numbers_that_were_changed_before_stay_still(page: Any, tmp_path: Path) -> None:
    loss = tutorial()
    loss.backward()
    next(n for n in topological_order([loss]) if n.label == "w5").data = 3.0
    open_in(page, draw(loss).html(), tmp_path)
    assert "The numbers stay as they are" in page.text_content("#notes")
    assert page.is_hidden("#live")
