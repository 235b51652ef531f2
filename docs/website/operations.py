"""The page of operations, written from the derivative table.

    python -m docs.website.operations             prints the page
    python -m docs.website.operations --write     writes docs/operations.md; a test holds it to that

Nothing here names an operation: what a row has, its section shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import autograd.functions  # noqa: F401 - fills the table
from autograd.explaining.notation import derivatives_of
from autograd.language.emitting import FunctionText
from autograd.language.writing import PLAIN, Writer, tuple_of
from autograd.table import BOUND, TABLE, Operation
from autograd.table.symbolic import SymbolicRow

PAGE = Path(__file__).parents[1] / "operations.md"
FEW = 2  # the operands in each group of a variadic operation whose code is shown

HEAD = """\
# Operations

All operations, from the derivative table
[`autograd/table/rules.py`](../autograd/table/rules.py); this page is written by
`python -m docs.website.operations --write`.

A function of this page takes `Value`s and plain numbers. If one of them is a `Value`, so is the
result. An operation with one or two operands is a method of `Value` as well, and NumPy's function
of that name records it on arrays of `Value`s.

- **∂/∂x** is the local derivative by x as a textbook writes it; `value` is the result.
- **Differentiable** says on which numbers, kinks included; **at the edges** what is taken where
  there is no derivative.
- **Error** is the bound that the row promises and the tests check, in units in the last place (ulp)
  of the exact result; 0.5 is a correctly rounded result. [Accuracy](accuracy.md) has the errors
  that were measured.
- Derivatives of second to sixth order are within 1e-12 of themselves wherever they are normal
  floats, for numbers of all sizes; **higher orders** says where they are not. Next to its zeros a
  derivative is that of operands which differ by 1e-14 of themselves.
- The code is what is computed, written out from the row: the value, and the local derivative by
  each operand. It differs from the textbook where the textbook's form loses digits or overflows.

```python
import math

from autograd.language import floats
```
"""


def page() -> str:
    """The page in Markdown."""
    parts = [HEAD, _overview()]
    parts += ["\n".join(_section(operation)) for operation in TABLE.values()]
    return "\n".join(parts)


def _overview() -> str:
    """A table with a line for each operation."""
    lines = ["| operation | | differentiable |", "| --- | --- | --- |"]
    for operation in TABLE.values():
        link = f"[`{operation.name}`](#{operation.name})"
        lines.append(f"| {link} | {_cell(operation.meaning)} | {_domain(operation)} |")
    return "\n".join(lines) + "\n"


def _section(operation: Operation) -> Iterator[str]:
    yield f"## {operation.name}\n"
    if operation.meaning:
        yield f"{_cell(operation.meaning)}.\n"
    yield "| | |\n| --- | --- |"
    yield f"| written | {', '.join(f'`{call}`' for call in _calls(operation))} |"
    if operation.groups:
        yield f"| shown with | {_sizes_in_words(operation)} |"
    for argument, text, _ in derivatives_of(operation, FEW):
        yield f"| ∂/∂{argument} | `{text.replace('|', chr(92) + '|')}` |"
    yield f"| differentiable | {_domain(operation)} |"
    if operation.convention:
        yield f"| at the edges | {_cell(operation.convention)} |"
    yield f"| error | {_cell(_error(operation))} |"
    if operation.orders_reason:
        yield f"| higher orders | {_cell(operation.orders_reason)} |"
    yield f"\nComputed as\n\n```python\n{code(operation)}```\n"


def _cell(text: str) -> str:
    """Text with what Markdown would take for its own."""
    return text.replace("|", "\\|").replace("*", "\\*")


def _calls(operation: Operation) -> Iterator[str]:
    """How the operation is written in Python."""
    names = operation.groups or operation.arguments
    first = operation.arguments[0]
    settings = [n if d is None else f"{n}={d:g}" for n, d in operation.settings]
    if operation.is_function:
        optional = [f"{n}=None" if n in operation.single else n for n in names]
        yield f"{operation.name}({', '.join([*optional, *settings])})"
    elif len(names) == 2:
        yield f"{names[0]} {operation.symbol} {names[1]}"
    else:
        yield f"{operation.symbol}{first}"
    for name in operation.methods:
        if name not in operation.aliases:
            yield f"{first}.{name}({', '.join([*names[1:], *settings])})"
    for alias in operation.aliases:
        yield f"np.{alias}({', '.join(names)})"


def _domain(operation: Operation) -> str:
    """On which numbers, for each argument unless it is the same for all."""
    intervals = operation.domain
    if operation.groups or len(set(intervals)) == 1:
        return str(intervals[0])
    named = zip(operation.arguments, intervals, strict=True)
    return ", ".join(f"{name}: {interval}" for name, interval in named)


def _error(operation: Operation) -> str:
    value, partial = operation.value_bound, BOUND
    same = f"at most {value:g} ulp"
    each = f"value at most {value:g} ulp, local derivatives at most {partial:g} ulp"
    text = same if value == partial else each
    return f"{text}; {operation.bound_reason}" if operation.bound_reason else text


def sizes(operation: Operation) -> list[int]:
    """How many operands each group of a variadic operation has in its code."""
    least = max(FEW, operation.at_least)
    return [1 if group in operation.single else least for group in operation.groups]


def _sizes_in_words(operation: Operation) -> str:
    named = zip(operation.groups, sizes(operation), strict=True)
    parts = [name if size == 1 else f"{size} {name}" for name, size in named]
    return ", ".join([*parts, *(f"{name} = 0" for name, _ in operation.settings)])


def code(operation: Operation) -> str:
    """The operation as a function of floats: its value and the tuple of its local derivatives.

    Where Python raises and IEEE 754 has a result, the engine computes the same formula by functions
    that do not raise.

    Args:
        operation: The row.

    Returns:
        The text of the function, which uses `math` and `autograd.language.floats`.
    """
    # A setting that is an index is part of the form and not an argument of it.
    settings = [0] * len(operation.settings) if operation.groups else ()
    formula = SymbolicRow(operation, sizes(operation), settings)
    free = [] if operation.groups else [name for name, _ in operation.settings]
    text = FunctionText(operation.name, [*formula.arguments, *free])
    known = {formula.trace.argument(a): a for a in (*formula.arguments, *free)}
    writer = Writer(text, PLAIN, [formula.value, *formula.partials], known)
    value = text.variable("value")
    writer.assign(formula.value, value)
    slopes = [text.variable(f"by_{argument}") for argument in formula.arguments]
    for slope, partial in zip(slopes, formula.partials, strict=True):
        text.lines.append(f"{slope} = {writer.expression(partial)}")
    text.lines.append(f"return {value}, {tuple_of(slopes)}")
    return str(text)


def main() -> None:
    """Prints the page or writes it."""
    parser = argparse.ArgumentParser(description="Writes the page of operations.")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
