"""Formulas as people write them: a row's local derivatives in text and in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

from autograd.explaining.lettering import latex_name
from autograd.language.elementary import ELEMENTARY
from autograd.language.symbols import Symbol, Trace, steps_of
from autograd.lettering import decimal
from autograd.table import Operation
from autograd.table.symbolic import flat_partials

# How tightly each construct binds; what binds less than required is put in parentheses.
CONDITION, COMPARISON, SUM, PRODUCT, POWER, ATOM = range(6)
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BRACKETS = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}
CASES = {"where", "both", "equal", "largest", "product_error"}


@dataclass(frozen=True)
class TextbookRow:
    """An operation as formulas over the symbols of its operands.

    Attributes:
        arguments: The symbols of the operands and, after them, of the settings.
        value: The symbol that stands for the value.
        computed: How the value is computed; None if it is by cases.
        partials: The local derivative by each operand, flat.
    """

    arguments: Sequence[Symbol]
    value: Symbol
    computed: Symbol | None
    partials: Sequence[Symbol]


def textbook_row(operation: Operation, count: int, settings: Sequence[Any] = ()) -> TextbookRow:
    """Reads an operation's row, as a textbook has it.

    Args:
        operation: The row.
        count: How many operands it is applied to.
        settings: The settings of an operation with groups, which are part of its form.
    """
    trace = Trace()
    operands = [trace.argument(f"operand {i}") for i in range(count)]
    names = () if operation.groups else operation.settings
    parameters = [trace.argument(f"setting {name}") for name, _ in names]
    value = trace.argument("value")
    groups: list[Any] = [*operation.grouped(operands)] if operation.groups else [*operands]
    rule = operation.textbook or operation.partials
    given = settings if operation.groups else parameters
    partials = flat_partials(operation, rule(trace, *groups, *given, value))
    rule = operation.textbook_value or operation.value
    computed = trace.symbol(rule(trace, *groups, *given))
    has_no_cases = all(step.head not in CASES for step in steps_of([computed]))
    return TextbookRow(
        [*operands, *parameters],
        value,
        computed if has_no_cases else None,
        [trace.symbol(partial) for partial in partials],
    )


class Notation:
    """Writes symbols.

    Args:
        names: The text of symbols that have a name.
        decide: Whether a condition holds, where that is known; then only the arm that is taken is
            written.
    """

    def __init__(
        self, names: Mapping[Symbol, str], decide: Callable[[Symbol], bool] | None = None
    ) -> None:
        self._names = names
        self._decide = decide

    def written(self, symbol: Symbol, binding: int = CONDITION) -> str:
        """The text of a symbol."""
        text, own = self._construct(symbol)
        return text if own >= binding else self._enclosed(text)

    def _construct(self, symbol: Symbol) -> tuple[str, int]:
        if symbol in self._names:
            name = self._names[symbol]
            return name, SUM if name.startswith("-") else ATOM
        head, arguments = symbol.head, symbol.arguments
        if head == "constant":
            return self._constant(arguments[0])
        if head == "where":
            condition, x, y = arguments
            if self._decide is not None:
                return self._construct(x if self._decide(condition) else y)
            return self._choice(
                self.written(x), self.written(condition), self.written(y)
            ), CONDITION
        if head in ("+", "-"):
            sign = f" {head} "
            x, y = arguments
            return f"{self.written(x, SUM)}{sign}{self.written(y, PRODUCT)}", SUM
        if head == "negative":
            return f"-{self.written(arguments[0], PRODUCT)}", SUM
        if head in ("<", "<=", ">", ">=", "equal", "both"):
            x, y = (self.written(a, SUM if head != "both" else COMPARISON) for a in arguments)
            return f"{x}{self._relation(head)}{y}", COMPARISON if head != "both" else CONDITION
        if head == "*" and arguments[0] is arguments[1]:
            return self._power(arguments[0], symbol.trace.symbol(2.0)), POWER
        if head == "*":
            return self._product(*arguments), PRODUCT
        if head == "/":
            return self._quotient(*arguments)
        if head == "pow":
            return self._power(*arguments), POWER
        if head == "%":
            x, y = (self.written(a, POWER) for a in arguments)
            return f"{x}{self._relation('mod')}{y}", PRODUCT
        if head == "//":
            return self._rounded("floor", self._quotient(*arguments)[0]), ATOM
        if head in BRACKETS:
            return self._rounded(head, self.written(arguments[0])), ATOM
        return self._function(head, arguments), ATOM

    # --- Text -------------------------------------------------------------------------------------

    def _enclosed(self, text: str) -> str:
        return f"({text})"

    def _constant(self, number: float) -> tuple[str, int]:
        if number == pi:
            return "π", ATOM
        return decimal(number), SUM if number < 0 else ATOM

    def _choice(self, x: str, condition: str, y: str) -> str:
        return f"{x} if {condition} else {y}"

    def _relation(self, head: str) -> str:
        other = {"<=": "≤", ">=": "≥", "equal": "=", "both": "and"}
        return f" {other.get(head, head)} "

    def _product(self, x: Symbol, y: Symbol) -> str:
        return f"{self.written(x, PRODUCT)} · {self.written(y, PRODUCT)}"

    def _quotient(self, x: Symbol, y: Symbol) -> tuple[str, int]:
        return f"{self.written(x, PRODUCT)} / {self.written(y, POWER)}", PRODUCT

    def _rounded(self, head: str, inner: str) -> str:
        left, right = BRACKETS[head]
        return f"{left}{inner}{right}"

    def _power(self, x: Symbol, y: Symbol) -> str:
        base = self.written(x, ATOM)
        if y.head == "constant" and y.arguments[0] in (2.0, 3.0):
            return base + f"{y.arguments[0]:g}".translate(SUPERSCRIPTS)
        return f"{base}^{self.written(y, ATOM)}"

    def _function(self, head: str, arguments: Sequence[Symbol]) -> str:
        inner = ", ".join(map(self.written, arguments))
        if head == "abs":
            return f"|{inner}|"
        return f"√({inner})" if head == "sqrt" else f"{head}({inner})"


class LatexNotation(Notation):
    """Writes symbols in LaTeX's mathematics, as far as matplotlib reads it, too."""

    def _enclosed(self, text: str) -> str:
        return rf"\left({text}\right)"

    def _choice(self, x: str, condition: str, y: str) -> str:
        return rf"{x}\ \mathrm{{if}}\ {condition}\ \mathrm{{else}}\ {y}"

    def _relation(self, head: str) -> str:
        other = {"<=": r"\leq", ">=": r"\geq", "equal": "="}
        other |= {"both": r"\ \mathrm{and}\ ", "mod": r"\ \mathrm{mod}\ "}
        return f" {other.get(head, head)} "

    def _constant(self, number: float) -> tuple[str, int]:
        text, own = super()._constant(number)
        return r"\pi" if text == "π" else latex_number(text), own

    def _product(self, x: Symbol, y: Symbol) -> str:
        return rf"{self.written(x, PRODUCT)} \cdot {self.written(y, PRODUCT)}"

    def _quotient(self, x: Symbol, y: Symbol) -> tuple[str, int]:
        return rf"\frac{{{self.written(x)}}}{{{self.written(y)}}}", PRODUCT

    def _rounded(self, head: str, inner: str) -> str:
        return rf"\left\l{head} {inner} \right\r{head}"

    def _power(self, x: Symbol, y: Symbol) -> str:
        return f"{{{self.written(x, ATOM)}}}^{{{self.written(y)}}}"

    def _function(self, head: str, arguments: Sequence[Symbol]) -> str:
        inner = ", ".join(map(self.written, arguments))
        if head == "abs":
            return rf"\left|{inner}\right|"
        if head == "sqrt":
            return rf"\sqrt{{{inner}}}"
        return f"e^{{{inner}}}" if head == "exp" else rf"\mathrm{{{head}}}\left({inner}\right)"


def latex_number(text: str) -> str:
    """A number in LaTeX: 1e-07 as 1 · 10⁻⁷."""
    mantissa, e, exponent = text.partition("e")
    if e:
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return text.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")


def evaluated(symbol: Symbol, numbers: Mapping[Symbol, float]) -> Any:
    """What a symbol is, given the numbers of its arguments."""
    if symbol in numbers:
        return numbers[symbol]
    if symbol.head == "constant":
        return symbol.arguments[0]
    function = ELEMENTARY[symbol.head].on_floats
    return function(*(evaluated(argument, numbers) for argument in symbol.arguments))


def derivatives_of(operation: Operation, count: int = 2) -> list[tuple[str, str, str]]:
    """The local derivatives of an operation in general.

    Args:
        operation: The row.
        count: How many operands each group of a variadic operation is shown with.

    Returns:
        For each operand its name, and its local derivative as text and in LaTeX.

    Example:
        >>> from autograd.explaining.notation import derivatives_of
        >>> from autograd.table import find
        >>> [(name, text) for name, text, _ in derivatives_of(find("mul"))]
        [('x', 'y'), ('y', 'x')]
    """
    names = [*operation.arguments]
    settings: list[Any] = []
    if operation.groups:
        names = [
            name if name in operation.single else f"{name}{i}"
            for name in operation.groups
            for i in range(1, 2 if name in operation.single else count + 1)
        ]
        settings = [0 for _ in operation.settings]
    row = textbook_row(operation, len(names), settings)
    parameters = [name for name, _ in operation.settings] if not operation.groups else []
    known = dict(zip(row.arguments, [*names, *parameters], strict=True))
    known[row.value] = "value"
    plain = Notation(known)
    latex = LatexNotation({symbol: latex_name(name) for symbol, name in known.items()})
    return [
        (name, plain.written(partial), latex.written(partial))
        for name, partial in zip(names, row.partials, strict=True)
    ]
