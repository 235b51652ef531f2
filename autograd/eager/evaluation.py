"""A row as a plain function of floats: its value and its local derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.language.emitting import FunctionText
from autograd.language.writing import Style, Writer, tuple_of
from autograd.table.symbolic import SymbolicRow


def evaluation_text(
    formula: SymbolicRow, style: Style, name: str, settings: Mapping[str, str | None] | None = None
) -> FunctionText:
    """The text of a function of floats that returns the value and the tuple of local derivatives.

    Args:
        formula: The row.
        style: How it is written.
        name: What the function is called.
        settings: The settings that are parameters, each with its default as text or with None.
    """
    settings = settings or {}
    parameters = [*formula.arguments, *settings]
    defaults = [*[None] * len(formula.arguments), *settings.values()]
    text = FunctionText(name, parameters, defaults)
    known = {formula.trace.argument(parameter): parameter for parameter in parameters}
    writer = Writer(text, style, [formula.value, *formula.partials], known)
    value = text.variable("value")
    writer.assign(formula.value, value)
    partials = [writer.expression(partial) for partial in formula.partials]
    text.lines.append(f"return {value}, {tuple_of(partials)}")
    return text


def evaluation(
    formula: SymbolicRow, style: Style, name: str, settings: Mapping[str, str | None] | None = None
) -> Any:
    """The same as a function."""
    return evaluation_text(formula, style, name, settings).compiled()
