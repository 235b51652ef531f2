"""Checks at many points, which Hypothesis draws and shrinks."""

from __future__ import annotations

import copy
import functools
import inspect
import math
import pickle
from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.table import Operation
from autograd.testing.check import gradient_report
from autograd.testing.operands import called, operands_and_settings, operation_named
from autograd.testing.reasons import argument_name
from autograd.testing.report import GradientError
from autograd.testing.strategies import operands
from autograd.transforms.containers import is_array

ANY_FLOAT = st.floats()  # infinities and nan included


def gradient_property(
    *points: st.SearchStrategy[Any],
    claimed: Any = None,
    order: int = 1,
    rtol: float = 0.0,
    atol: float = 0.0,
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Makes a test of a function: its gradient is right at every point that is drawn.

    Hypothesis shrinks what fails, so the failure that is shown is the simplest one, with a line
    that reproduces it. `@settings` and `@example` work as on any test with `@given`.

    Args:
        points: A strategy for each argument.
        claimed: As for `check_gradient`.
        order: As for `check_gradient`.
        rtol: As for `check_gradient`.
        atol: As for `check_gradient`.

    Returns:
        The decorator. The function itself is kept as the test's attribute `function`, and the claim
        as `claimed`: the line that reproduces a failure has both.

    Raises:
        TypeError: If there are not as many strategies as arguments.

    Example:
        >>> from autograd import tanh
        >>> from autograd.testing import floats_in, gradient_property
        >>> @gradient_property(floats_in((-3, 3)))
        ... def test_wave(x):
        ...     return tanh(x) * x
        >>> test_wave()
    """
    defaults: dict[str, Any] = {"claimed": None, "order": 1, "rtol": 0.0, "atol": 0.0}
    options = {"claimed": claimed, "order": order, "rtol": rtol, "atol": atol}

    def decorate(function: Callable[..., Any]) -> Callable[..., None]:
        names = list(inspect.signature(function).parameters)
        owners = len(names) - len(points)
        if owners not in (0, 1):
            raise TypeError(
                f"gradient_property: {len(points)} strategies for the {len(names)} arguments of "
                f"{function.__name__}; give one for each"
            )

        @functools.wraps(function)
        def test(*given: Any, **drawn: Any) -> None:
            __tracebackhide__ = True  # pytest shows the report, and no source of this library
            owner = [*given, *(drawn[name] for name in names[:owners] if name in drawn)]
            bound: Any = functools.partial(function, *owner)
            bound.__name__ = function.__name__
            point = [_plain(drawn[name]) for name in names[owners:]]
            report = gradient_report(bound if owner else function, *point, **options)
            if not report.is_right:
                name = f"{function.__qualname__}.function"
                name = f"functools.partial({name}, self)" if owner else name
                written = [written_out(x) for x in point]
                written += [
                    f"{key}={function.__qualname__}.claimed" if callable(value) else
                    f"{key}={written_out(value)}"
                    for key, value in options.items() if value is not defaults[key]
                ]  # fmt: skip
                line = f"check_gradient({name}, {', '.join(written)})"
                raise GradientError(report, f"reproduce: {line}")

        # Hypothesis gives its wrapper the place of the test's code, and pytest shows the source
        # that stands there: so the place has to be the user's.
        wrapper: Any = test
        its = getattr(function, "__code__", wrapper.__code__)
        wrapper.__code__ = wrapper.__code__.replace(
            co_filename=its.co_filename, co_firstlineno=its.co_firstlineno
        )
        strategies = dict(zip(names[owners:], points, strict=True))
        if points:  # what is drawn does not count towards Hypothesis's deadline
            first = names[owners]
            strategies[first] = strategies[first].map(_when_ready)
        result: Any = hypothesis.given(**strategies)(test)
        result.function = function
        result.claimed = claimed
        checked: Callable[..., None] = result
        return checked

    return decorate


def _when_ready(drawn: Any) -> Any:
    """What was drawn, after all that a check imports and compiles once."""
    _get_ready()
    return drawn


@functools.cache
def _get_ready() -> None:
    """Runs a check by each reference, so that the first example takes as long as any other."""
    gradient_report(autograd.tanh, 0.5)
    gradient_report(math.sin, 0.5, claimed=math.cos)
    gradient_report(autograd.tanh, 0.5, order=2)


def written_out(given: Any) -> str:
    """A point's entry, or a setting, as Python source that gives it again."""
    if isinstance(given, list | tuple) and not hasattr(given, "_fields"):
        inner = ", ".join(map(written_out, given))
        if isinstance(given, list):
            return f"[{inner}]"
        return f"({inner},)" if len(given) == 1 else f"({inner})"
    if isinstance(given, dict):
        return "{" + ", ".join(f"{key!r}: {written_out(x)}" for key, x in given.items()) + "}"
    if is_array(given):
        return f"np.array({given.tolist()!r}, dtype={str(given.dtype)!r})"
    return repr(given)


def _plain(drawn: Any) -> Any:
    """Drawn nodes as their numbers."""
    if isinstance(drawn, Value):
        return drawn.data
    if isinstance(drawn, dict):
        return {key: _plain(entry) for key, entry in drawn.items()}
    return [_plain(entry) for entry in drawn] if isinstance(drawn, list | tuple) else drawn


class OperationError(AssertionError):
    """An operation's row is not right; the text says what and at which operands."""


def check_operation(
    operation: Operation | str | Callable[..., Any],
    *,
    order: int = 1,
    settings: hypothesis.settings | None = None,
) -> None:
    """Runs an operation through what the built-in ones go through.

    At many operands of its domain, ends, kinks and their neighbours included: the recorded value
    and local derivatives are those of the value's rule, within the row's bounds; plain numbers give
    the same; nothing raises anywhere, whatever the floats. And it can be copied, pickled and drawn.

    Args:
        operation: The row, its name, or the function that `autograd.operation` returned.
        order: 2 checks second derivatives as well: whether the rule for the local derivatives is
            right as a function, and not only in its numbers.
        settings: How Hypothesis runs; without a deadline by default.

    Raises:
        OperationError: If something is not right, at the simplest operands that Hypothesis finds.
        LookupError: If there is no such operation.
        ValueError: If `order` is neither 1 nor 2.

    Example:
        >>> from autograd.testing import check_operation
        >>> check_operation("tanh")
    """
    if order not in (1, 2):
        raise ValueError(
            f"check_operation: order is {order!r}; give 1, or 2 for second derivatives"
        )
    row = operation_named(operation)
    chosen = settings or hypothesis.settings(deadline=None, report_multiple_bugs=False)

    @chosen
    @hypothesis.given(drawn=operands(row), anything=st.lists(ANY_FLOAT, min_size=11, max_size=11))
    def holds(drawn: tuple[Any, Any], anything: list[float]) -> None:
        numbers, given = drawn
        _require_right(row, numbers, given)
        _require_silent(row, anything[: len(numbers)], given)

    @chosen
    @hypothesis.given(drawn=operands(row))
    def holds_for_second_derivatives(drawn: tuple[Any, Any]) -> None:
        numbers, given = drawn
        if numbers:
            _require_right_second(row, numbers, given)

    holds()
    if order == 2:
        holds_for_second_derivatives()
    _require_ordinary(row)


def _complaint(row: Operation, numbers: Any, settings: Any, what: str) -> OperationError:
    at = ", ".join([*map(repr, numbers), *map(repr, settings)])
    return OperationError(f"{row.name}({at}): {what}")


def _require_right(row: Operation, numbers: tuple[float, ...], settings: tuple[Any, ...]) -> None:
    """Value and local derivatives by the rule, within the bounds."""
    from autograd.testing.exact import context
    from autograd.testing.local import missing_edge
    from autograd.testing.replay import Replay

    node: Value = called(row, [Value(x) for x in numbers], settings)
    if not row.groups or len(numbers):
        plain = called(row, numbers, settings)
        if plain != node.data and not (math.isnan(plain) and math.isnan(node.data)):
            text = f"{node.data!r}, but on plain numbers {plain!r}"
            raise _complaint(row, numbers, settings, text)
    around = [called(row, [x + shift * (1 + abs(x)) for x in numbers], settings)
              for shift in (1e-3, -1e-3)]  # fmt: skip
    if math.isnan(node.data) and all(map(math.isnan, around)):
        raise _complaint(row, numbers, settings, "nan inside of its domain")
    replay = Replay([*dict.fromkeys(node.parents), node], strict=True)
    for _, exact in replay.off:
        text = f"the value is {node.data!r}, by its rule {context.nstr(exact, 17)}"
        raise _complaint(row, numbers, settings, text)
    for local in replay.wrong:
        name = argument_name(node, local.index)
        should = context.nstr(local.exact, 17)
        if local.sides is not None:
            should = f"between {float(local.sides[0]):.6g} and {float(local.sides[1]):.6g}"
        text = f"the local derivative by {name} is {local.claimed!r}, but should be {should}"
        raise _complaint(row, numbers, settings, text)
    if replay.kinks and not row.convention:
        text = "there is a kink here; say in `convention` what is taken"
        raise _complaint(row, numbers, settings, text)
    for i, operand in enumerate(operands_and_settings(node)[0]):
        if not isinstance(operand, Value) and missing_edge(node, i):
            name = argument_name(node, i)
            text = f"there is no edge to {name}, which the value depends on"
            raise _complaint(row, numbers, settings, text)


def _require_right_second(
    row: Operation, numbers: tuple[float, ...], settings: tuple[Any, ...]
) -> None:
    """Second derivatives, wherever there are any, and steps to them are within the floats."""
    if not all(x == 0 or 1e-90 < abs(x) < 1e90 for x in numbers):
        return
    report = gradient_report(lambda *xs: called(row, xs, settings), *numbers, order=2)
    for partial in report.partials:
        if partial.verdict == "wrong":
            text = f"the second derivative by {partial.name} is {partial.claimed!r}"
            raise _complaint(row, numbers, settings, f"{text}, but should be {partial.reference!r}")


def _require_silent(row: Operation, numbers: list[float], settings: tuple[Any, ...]) -> None:
    """Whatever the floats, there is a value and nothing is raised."""
    try:
        for given in (numbers, [Value(x) for x in numbers]):
            called(row, given, settings)
    except Exception as error:
        text = f"raised {type(error).__name__}: {error}; IEEE 754 has a value for everything"
        raise _complaint(row, numbers, settings, text) from error


def _require_ordinary(row: Operation) -> None:
    """It is copied, pickled and drawn, and a method if it says so."""
    count = len(row.arguments) if not row.groups else 2 * (len(row.groups) - len(row.single))
    settings = [0 if default is None else default for _, default in row.settings]
    inside = [0.5] * count if row.groups else [_inside(i.low, i.high) for i in row.domain]
    leaves = [Value(x) for x in inside]
    node: Value = called(row, leaves, settings)
    twins = [copy.deepcopy(node), pickle.loads(pickle.dumps(node))]
    for twin in twins:
        if (twin.op, twin.data, twin.partials) != (node.op, node.data, node.partials):
            raise _complaint(row, inside, settings, "a copy is another node")
    if row.method and not row.groups and not row.symbol:
        for name in (row.name, *row.aliases):
            if getattr(leaves[0], name)(*leaves[1:], *settings).data != node.data:
                raise _complaint(row, inside, settings, f"the method {name} gives something else")
    autograd.draw(node).source  # noqa: B018 - drawing it must not raise


def _inside(low: float, high: float) -> float:
    """A number in the interior."""
    if low == -math.inf:
        return 0.5 if high > 0.5 else high - 1.0
    return low + 0.5 if high == math.inf else low + 0.3 * (high - low)
