"""Loops over plain floats for operations that wait for each other, written for their pattern."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.compiled.tape import Entry
from autograd.language.emitting import FunctionText, literal
from autograd.language.symbols import Symbol, steps_of
from autograd.language.writing import GUARDED, PLAIN, Style, Writer
from autograd.table.symbolic import SymbolicRow


class Phase(NamedTuple):
    """One operation of a pattern.

    Attributes:
        kind: Its kind.
        fixed: For each operand whether it is the same place every time.
        many: Whether its places have other than one slot each.
        shares: For each operand whether it gets a share.
    """

    kind: int
    fixed: tuple[bool, ...]
    many: bool
    shares: tuple[bool, ...]


Pattern = tuple[Phase, ...]


class Formula:
    """The value and the local derivatives of a kind of operation, for a text.

    Args:
        entry: An operation of the kind.
    """

    def __init__(self, entry: Entry) -> None:
        operation = entry.operation
        self.drops_zero = operation.drops_zero
        sizes = (
            [len(group) for group in operation.grouped(entry.operands)] if operation.groups else ()
        )
        formula = SymbolicRow(operation, sizes, entry.settings if operation.groups else ())
        argument = formula.trace.argument
        self.arguments = [argument(name) for name in formula.arguments]
        self.settings: dict[Symbol, str] = {}
        if not operation.groups:
            pairs = zip(operation.settings, entry.settings, strict=True)
            self.settings = {argument(name): literal(number) for (name, _), number in pairs}
        self.value, self.partials = formula.value, formula.partials

    def used(self, wanted: Sequence[Symbol], known: Sequence[Symbol] = ()) -> list[int]:
        """Which of the operands some symbols are computed from, beside known ones."""
        steps = steps_of(wanted, known)
        symbols = {a for step in steps for a in step.arguments}.union(wanted)
        return [i for i, argument in enumerate(self.arguments) if argument in symbols]


class Loops:
    """The functions of a tape's loops.

    Args:
        kinds: The kinds of operations.
        dropping: Whether a slot may carry nothing, which is None.
    """

    def __init__(self, kinds: Sequence[Entry], dropping: bool) -> None:
        self._formulas: dict[int, Formula] = {}
        self._kinds, self.dropping = kinds, dropping
        self._made: dict[Any, Any] = {}

    def run(self, reverse: bool, pattern: Any, *arguments: Any) -> Any:
        """Runs a loop.

        Args:
            reverse: Whether it is that of the reverse pass.
            pattern: The operations of one turn; or the kinds that there are, if each operation is
                asked for its own.
            arguments: What it works on. It is run again, from the beginning, where Python raises.
        """
        try:
            return self._function(reverse, pattern, PLAIN)(*arguments)
        except (ArithmeticError, ValueError):  # what IEEE 754 says instead
            return self._function(reverse, pattern, GUARDED)(*arguments)

    def _function(self, reverse: bool, pattern: Any, style: Style) -> Any:
        key = reverse, pattern, style is PLAIN
        if key not in self._made:
            if isinstance(pattern, frozenset):
                self._made[key] = self._asking(pattern, style, reverse)
            elif reverse:
                self._made[key] = self._reverse(pattern, style)
            else:
                self._made[key] = self._forward(pattern, style)
        return self._made[key]

    def _formula(self, kind: int) -> Formula:
        if kind not in self._formulas:
            self._formulas[kind] = Formula(self._kinds[kind])
        return self._formulas[kind]

    # --- A pattern --------------------------------------------------------------------------------

    def _forward(self, pattern: Pattern, style: Style) -> Any:
        """`forward(v, fixed, columns)`: the numbers, to which each operation adds its own."""
        text = FunctionText("forward", ["v", "fixed", "columns"])
        append, head = text.variable("append"), text.lines
        body: list[str] = []
        names: list[str] = []
        head += ["v = [*v]", f"{append} = v.append"]
        fixed = 0
        for phase in pattern:
            formula = self._formula(phase.kind)
            known: dict[Symbol, str] = {}
            text.lines = body
            used = formula.used([formula.value])
            for i, argument in enumerate(formula.arguments):
                if phase.fixed[i]:
                    known[argument] = text.variable("f")
                    head.append(f"{known[argument]} = v[fixed[{fixed}]]")
                    fixed += 1
                    continue
                names.append(text.variable("i"))
                if i in used:
                    known[argument] = text.variable("x")
                    body.append(f"{known[argument]} = v[{names[-1]}]")
            writer = Writer(text, style, [formula.value], known | formula.settings)
            body.append(f"{append}({writer.expression(formula.value)})")
        names = names or [text.variable("i")]
        text.lines = [*head, *_looped(text, names, body), "return v"]
        return text.compiled()

    def _reverse(self, pattern: Pattern, style: Style) -> Any:
        """`reverse(v, s, fixed, columns)`: shares are put into the list of slots."""
        text = FunctionText("reverse", ["v", "s", "fixed", "columns"])
        head = text.lines
        body: list[str] = []
        names: list[str] = []
        place = sum(sum(phase.fixed) for phase in pattern)
        for phase in reversed(pattern):
            formula = self._formula(phase.kind)
            known: dict[Symbol, str] = {}
            partials = [
                p for p, wanted in zip(formula.partials, phase.shares, strict=True) if wanted
            ]
            used = formula.used(partials, [formula.value])
            text.lines = body
            place -= sum(phase.fixed)
            fixed = place
            for i, argument in enumerate(formula.arguments):
                if phase.fixed[i]:
                    known[argument] = text.variable("f")
                    head.append(f"{known[argument]} = v[fixed[{fixed}]]")
                    fixed += 1
                    continue
                names.append(text.variable("i"))
                if i in used:
                    known[argument] = text.variable("x")
                    body.append(f"{known[argument]} = v[{names[-1]}]")
            names.append(text.variable("p"))
            known[formula.value] = text.variable("y")
            body.append(f"{known[formula.value]} = v[{names[-1]}]")
            upstream, first = text.variable("g"), text.variable("b")
            names.append(first)
            if phase.many or self.dropping:
                end = text.variable("e")
                names.append(end)
                body.extend(self._summed(text, upstream, first, end))
            else:
                body.append(f"{upstream} = s[{first}]")
            outs = [text.variable("o") for wanted in phase.shares if wanted]
            names += outs
            body.extend(self._shares(text, style, formula, partials, known, upstream, outs))
        text.lines = [*head, *_looped(text, names, body)]
        return text.compiled()

    # --- No pattern -------------------------------------------------------------------------------

    def _asking(self, kinds: frozenset[int], style: Style, reverse: bool) -> Any:
        """The same for any order of kinds, which are a column, as the tuples of operands are."""
        name = "reverse" if reverse else "forward"
        text = FunctionText(name, ["v", "s", "columns"] if reverse else ["v", "columns"])
        names = [
            text.variable(n) for n in (["k", "o", "p", "b", "e", "w"] if reverse else ["k", "o"])
        ]
        body: list[str] = []
        upstream = text.variable("g")
        if reverse:
            body.extend(self._summed(text, upstream, names[3], names[4]))
        for number, kind in enumerate(sorted(kinds)):
            body.append(f"{'elif' if number else 'if'} {names[0]} == {kind}:")
            text.lines = []
            formula = self._formula(kind)
            operands = [text.variable("i") for _ in formula.arguments]
            if operands:
                text.lines.append(f"{', '.join(operands)}, = {names[1]}")
            known = {a: f"v[{i}]" for a, i in zip(formula.arguments, operands, strict=True)}
            if reverse:
                known[formula.value] = text.variable("y")
                text.lines.append(f"{known[formula.value]} = v[{names[2]}]")
                outs = [text.variable("t") for _ in operands]
                if outs:
                    text.lines.append(f"{', '.join(outs)}, = {names[5]}")
                lines = self._shares(text, style, formula, formula.partials, known, upstream, outs)
                text.lines += lines
            else:
                writer = Writer(text, style, [formula.value], known | formula.settings)
                written = writer.expression(formula.value)
                text.lines.append(f"v.append({written})")
            body += [f"    {line}" for line in text.lines or ["pass"]]
        looped = _looped(text, names, body)
        text.lines = looped if reverse else ["v = [*v]", *looped, "return v"]
        return text.compiled()

    # --- Parts of both ----------------------------------------------------------------------------

    def _summed(self, text: FunctionText, upstream: str, first: str, end: str) -> list[str]:
        """Lines that add up the slots from the first to the end, in their order."""
        share = text.variable("each")
        if not self.dropping:
            return [
                f"{upstream} = s[{first}] if {end} > {first} else 0.0",
                f"if {end} > {first} + 1:",
                f"    for {share} in s[{first} + 1:{end}]:",
                f"        {upstream} += {share}",
            ]
        return [
            f"{upstream} = None",
            f"for {share} in s[{first}:{end}]:",
            f"    if {share} is not None:",
            f"        {upstream} = {share} if {upstream} is None else {upstream} + {share}",
        ]

    def _shares(
        self,
        text: FunctionText,
        style: Style,
        formula: Formula,
        partials: Sequence[Symbol],
        known: dict[Symbol, str],
        upstream: str,
        outs: Sequence[str],
    ) -> list[str]:
        """Lines that put the shares of the operands into their slots."""
        kept, text.lines = text.lines, []
        writer = Writer(text, style, partials, known | formula.settings)
        stored = []
        for partial, out in zip(partials, outs, strict=True):
            written = writer.expression(partial)
            share = upstream if partial.is_constant(1.0) else f"{upstream} * ({written})"
            if self.dropping and formula.drops_zero:
                share = f"{share} if ({written}) != 0.0 else None"
            stored.append(f"s[{out}] = {share}")
        lines = [*text.lines, *stored]
        text.lines = kept
        if self.dropping:
            nothing = [f"    s[{out}] = None" for out in outs] or ["    pass"]
            lines = [
                f"if {upstream} is None:",
                *nothing,
                "else:",
                *[f"    {line}" for line in lines or ["pass"]],
            ]
        return lines


def _looped(text: FunctionText, names: Sequence[str], body: Sequence[str]) -> list[str]:
    """A loop over columns."""
    each = f"for {', '.join(names)}, in {text.use(zip)}(*columns):"
    return [each, *[f"    {line}" for line in body]]
