"""Steps as LLVM instructions, on one number or on the lanes of a vector."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from autograd.compiled.native import functions
from autograd.language.elementary import ELEMENTARY
from autograd.language.symbols import Symbol, is_condition, steps_of


@dataclass(frozen=True)
class Kind:
    """What instructions compute with.

    Attributes:
        width: The number of lanes of a vector; 0 for one number.
        bits: The bits of a float.
    """

    width: int = 0
    bits: int = 64

    def vector(self, element: str) -> str:
        """The type of as many of these as there are lanes."""
        return f"<{self.width} x {element}>" if self.width else element

    @property
    def number(self) -> str:
        """The type of numbers."""
        return self.vector("double" if self.bits == 64 else "float")

    @property
    def condition(self) -> str:
        """The type of conditions."""
        return self.vector("i1")

    def constant(self, number: float) -> str:
        """A number, or true or false, the same in all lanes, without its type."""
        if isinstance(number, bool):
            return self.repeated("i1", str(number).lower())
        if self.bits == 32:  # in hexadecimal, the bits of the same number as a double
            (number,) = struct.unpack("f", struct.pack("f", _within_32_bits(number)))
        (pattern,) = struct.unpack("Q", struct.pack("d", number))
        return self.repeated("double" if self.bits == 64 else "float", f"0x{pattern:016X}")

    def integer(self, number: int) -> str:
        """An integer of as many bits as the floats, the same in all lanes, without its type."""
        return self.repeated(f"i{self.bits}", str(number))

    def repeated(self, element: str, written: str) -> str:
        """A constant that is the same in all lanes, without its type."""
        return f"<{', '.join([f'{element} {written}'] * self.width)}>" if self.width else written


def _within_32_bits(number: float) -> float:
    """The number, or an infinity where it is beyond floats of 32 bits."""
    return number if abs(number) < 3.4028235677973366e38 else number * float("inf")


# Instructions of one line: n is the type of numbers, c that of conditions.
FORMS = {
    "+": "fadd {n} {0}, {1}",
    "-": "fsub {n} {0}, {1}",
    "*": "fmul {n} {0}, {1}",
    "/": "fdiv {n} {0}, {1}",
    "<": "fcmp olt {n} {0}, {1}",
    "<=": "fcmp ole {n} {0}, {1}",
    ">": "fcmp ogt {n} {0}, {1}",
    ">=": "fcmp oge {n} {0}, {1}",
    "equal": "fcmp oeq {n} {0}, {1}",
    "negative": "fneg {n} {0}",
    "both": "and {c} {0}, {1}",
    "either": "or {c} {0}, {1}",
}
INTRINSICS = {"abs": "fabs", "sqrt": "sqrt", "fma": "fma", "copysign": "copysign"}
INTRINSICS |= {"floor": "floor", "ceil": "ceil", "trunc": "trunc", "round": "rint"}


class Code:
    """Instructions of one function, while they are written.

    Args:
        kind: What they compute with.

    Attributes:
        lines: The instructions.
        declared: What they call.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.lines: list[str] = []
        self.declared: dict[str, None] = {}
        self._count = 0
        self._inverses: dict[str, str] = {}

    def add(self, instruction: str) -> str:
        """Adds an instruction and returns the name of its result."""
        name = f"%{self.name('v')}"
        self.lines.append(f"{name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """Adds an instruction without a result, or a label."""
        self.lines.append(instruction)

    def name(self, stem: str) -> str:
        """A name that nothing else has."""
        self._count += 1
        return f"{stem}{self._count}"

    def block(self, label: str, branch: str = "") -> None:
        """Begins a basic block, after a branch; by default one that leads there."""
        self.lines += [branch or f"br label %{label}", f"{label}:"]

    def step(self, symbol: Symbol, operands: Sequence[str]) -> str:
        """Adds the instructions of a step and returns the name of its result."""
        head, kind = symbol.head, self.kind
        if head in FORMS:
            if head == "/" and kind.width and _is_one_more(symbol.arguments[1]):
                return self._times_inverse(operands)
            return self.add(FORMS[head].format(*operands, n=kind.number, c=kind.condition))
        if head == "where":
            arm = kind.condition if is_condition(symbol.arguments[1]) else kind.number
            condition, x, y = operands
            return self.add(f"select {kind.condition} {condition}, {arm} {x}, {arm} {y}")
        if head == "largest":
            return self._largest(operands)
        if head in INTRINSICS:
            return self.intrinsic(INTRINSICS[head], operands)
        if head in PIECES:
            piece: str = PIECES[head](self, *operands)
            return piece
        if kind.width and head in functions.FORMULAS:
            return self._in_double(lambda code, x: code.formula(head, x), operands)
        return self._in_double(lambda code, *xs: code.called(head, xs), operands)

    def formula(self, head: str, *operands: str) -> str:
        """The instructions of an elementary function by its own formula."""
        lines, declared, result = _formula(head, self.kind)
        self.declared |= declared
        # What is written once is used again under other names.
        names = {f"%x{i}": operand for i, operand in enumerate(operands)}
        prefix = self.name("%f")
        found = NAMED.sub(lambda name: names.get(name[0]) or f"{prefix}_{name[0][1:]}", lines)
        self.lines += found.split("\n")
        return f"{prefix}_{result[1:]}"

    def operand(self, symbol: Symbol, known: dict[Symbol, str]) -> str:
        """The text of an operand: a name, or a constant."""
        is_constant = symbol.head == "constant"
        return self.kind.constant(symbol.arguments[0]) if is_constant else known[symbol]

    def called(self, head: str, operands: Sequence[str]) -> str:
        """Calls the platform's function, once for each lane."""
        name = ELEMENTARY[head].name
        self.declared[f"declare double @{name}({', '.join(['double'] * len(operands))})"] = None
        if not self.kind.width:
            return self.add(f"call double @{name}({_typed('double', operands)}) #0")
        n, result = self.kind.number, "poison"
        for lane in range(self.kind.width):
            numbers = [self.add(f"extractelement {n} {x}, i32 {lane}") for x in operands]
            found = self.add(f"call double @{name}({_typed('double', numbers)}) #0")
            result = self.add(f"insertelement {n} {result}, double {found}, i32 {lane}")
        return result

    def widened(self, operand: str) -> str:
        """A number as a float of 64 bits."""
        if self.kind.bits == 64:
            return operand
        wide = replace(self.kind, bits=64)
        return self.add(f"fpext {self.kind.number} {operand} to {wide.number}")

    def taken(self, vector: str, first: int, width: int) -> str:
        """Some lanes of a vector of 64-bit floats."""
        if self.kind.width == width:
            return vector
        wide = replace(self.kind, bits=64).number
        order = ", ".join(f"i32 {first + lane}" for lane in range(width))
        return self.add(f"shufflevector {wide} {vector}, {wide} poison, <{width} x i32> <{order}>")

    def sum(self, before: str, factors: Sequence[str], width: int) -> str:
        """A sum in 64-bit floats and one more term: a number or the product of two."""
        wide = Kind(width).number
        if len(factors) == 1:
            return self.add(f"fadd {wide} {before}, {factors[0]}")
        name = f"{wide} @llvm.fma.v{width}f64"
        self.declared[f"declare {name}({wide}, {wide}, {wide})"] = None
        return self.add(f"call {name}({_typed(wide, [*factors, before])})")

    def _in_double(self, write: Callable[..., str], operands: Sequence[str]) -> str:
        """What is written in floats of 64 bits, on operands and with a result of this kind."""
        if self.kind.bits == 64:
            return write(self, *operands)
        narrow = self.kind
        wide = [self.widened(operand) for operand in operands]
        self.kind = replace(narrow, bits=64)
        result = write(self, *wide)
        self.kind = narrow
        return self.add(f"fptrunc {replace(narrow, bits=64).number} {result} to {narrow.number}")

    def _largest(self, operands: Sequence[str]) -> str:
        """The largest, as Python's `max` has it; of -0 and 0 on vectors 0, as NumPy has it."""
        kind, found = self.kind, operands[0]
        for other in operands[1:]:
            comparison = "oge" if kind.width else "ogt"
            larger = self.add(f"fcmp {comparison} {kind.number} {other}, {found}")
            found = self.add(
                f"select {kind.condition} {larger}, {kind.number} {other}, {kind.number} {found}"
            )
        return found

    def _times_inverse(self, operands: Sequence[str]) -> str:
        """x / (1 + e) as x times the inverse, as a vector's division takes as long as ten products.

        For e = exp(…) the inverse is wanted again for the derivative.
        """
        x, divisor = operands
        one, n = self.kind.constant(1.0), self.kind.number
        if divisor not in self._inverses:
            self._inverses[divisor] = self.add(f"fdiv {n} {one}, {divisor}")
        inverse = self._inverses[divisor]
        return inverse if x == one else self.add(f"fmul {n} {x}, {inverse}")

    def intrinsic(self, name: str, operands: Sequence[str]) -> str:
        """Calls one of LLVM's own functions."""
        n = self.kind.number
        suffix = f"v{self.kind.width}f{self.kind.bits}" if self.kind.width else f"f{self.kind.bits}"
        types = ", ".join([n] * len(operands))
        self.declared[f"declare {n} @llvm.{name}.{suffix}({types})"] = None
        return self.add(f"call {n} @llvm.{name}.{suffix}({_typed(n, operands)})")


NAMED = re.compile(r"%[a-z]+\d+")


@cache
def _formula(head: str, kind: Kind) -> tuple[str, dict[str, None], str]:
    """The instructions of an elementary function of %x0, …, what they call, and their result."""
    arguments, result = functions.formula(head)
    code = Code(kind)
    known = {argument: f"%x{i}" for i, argument in enumerate(arguments)}
    for step in steps_of([result], known):
        known[step] = code.step(step, [code.operand(a, known) for a in step.arguments])
    return "\n".join(code.lines), code.declared, known[result]


def _typed(kind: str, operands: Iterable[str]) -> str:
    return ", ".join(f"{kind} {operand}" for operand in operands)


def _is_one_more(symbol: Symbol) -> bool:
    """Whether a step is 1 + exp(…)."""
    if symbol.head != "+":
        return False
    x, y = symbol.arguments
    exponential: Symbol = y if x.is_constant(1.0) else x
    return exponential.head == "exp" and (x.is_constant(1.0) or y.is_constant(1.0))


# --- What formulas of elementary functions need beyond arithmetic: the parts of a float -----------


def _two_to(code: Code, shifted: str) -> str:
    """2 to the power k, of k + 1.5·2^52, whose last bits are those of k."""
    kind = code.kind
    n, i = kind.number, kind.vector("i64")
    bits = code.add(f"bitcast {n} {shifted} to {i}")
    biased = code.add(f"add {i} {bits}, {kind.integer(1023)}")
    power = code.add(f"shl {i} {biased}, {kind.integer(52)}")
    return code.add(f"bitcast {i} {power} to {n}")


def _parts(code: Code, x: str) -> tuple[str, str]:
    """The exponent k of x = m·2^k, √½ ≤ m < √2, and the bits of m; both are integers."""
    kind = code.kind
    n, i = kind.number, kind.vector("i64")
    bits = code.add(f"bitcast {n} {x} to {i}")
    above = code.add(f"sub {i} {bits}, {kind.integer(0x3FE6A09E667F3BCD)}")
    exponent = code.add(f"ashr {i} {above}, {kind.integer(52)}")
    taken = code.add(f"shl {i} {exponent}, {kind.integer(52)}")
    return exponent, code.add(f"sub {i} {bits}, {taken}")


def _exponent(code: Code, x: str) -> str:
    exponent, _ = _parts(code, x)
    # 2^52 + 2^51 + k, as bits, less that number: a conversion without an instruction for it.
    kind = code.kind
    i, n = kind.vector("i64"), kind.number
    shifted = code.add(f"add {i} {exponent}, {kind.integer(0x4338000000000000)}")
    number = code.add(f"bitcast {i} {shifted} to {n}")
    return code.add(f"fsub {n} {number}, {kind.constant(1.5 * 2**52)}")


def _fraction(code: Code, x: str) -> str:
    _, bits = _parts(code, x)
    return code.add(f"bitcast {code.kind.vector('i64')} {bits} to {code.kind.number}")


def _rest(code: Code, x: str, y: str) -> tuple[str, str]:
    """The remainder with the sign of x, and whether it is not 0 and has another sign than y."""
    n, c, zero = code.kind.number, code.kind.condition, code.kind.constant(0.0)
    rest = code.add(f"frem {n} {x}, {y}")
    below = code.add(f"fcmp olt {n} {rest}, {zero}")
    divisor_below = code.add(f"fcmp olt {n} {y}, {zero}")
    apart = code.add(f"xor {c} {below}, {divisor_below}")
    some = code.add(f"fcmp one {n} {rest}, {zero}")
    return rest, code.add(f"and {c} {apart}, {some}")


def _remainder(code: Code, x: str, y: str) -> str:
    """x % y as Python has it: with the sign of y."""
    n, c, zero = code.kind.number, code.kind.condition, code.kind.constant(0.0)
    rest, apart = _rest(code, x, y)
    moved = code.add(f"fadd {n} {rest}, {y}")
    found = code.add(f"select {c} {apart}, {n} {moved}, {n} {rest}")
    none = code.add(f"fcmp oeq {n} {rest}, {zero}")
    signed = code.intrinsic("copysign", [zero, y])
    return code.add(f"select {c} {none}, {n} {signed}, {n} {found}")


def _floor_divide(code: Code, x: str, y: str) -> str:
    """x // y as Python has it; x / y for y = 0."""
    n, c, zero = code.kind.number, code.kind.condition, code.kind.constant(0.0)
    rest, apart = _rest(code, x, y)
    left = code.add(f"fsub {n} {x}, {rest}")
    exact = code.add(f"fdiv {n} {left}, {y}")
    lower = code.add(f"fsub {n} {exact}, {code.kind.constant(1.0)}")
    quotient = code.add(f"select {c} {apart}, {n} {lower}, {n} {exact}")
    floor = code.intrinsic("floor", [quotient])
    above = code.add(f"fsub {n} {quotient}, {floor}")
    half = code.add(f"fcmp ogt {n} {above}, {code.kind.constant(0.5)}")
    higher = code.add(f"fadd {n} {floor}, {code.kind.constant(1.0)}")
    whole = code.add(f"select {c} {half}, {n} {higher}, {n} {floor}")
    plain = code.add(f"fdiv {n} {x}, {y}")
    none = code.add(f"fcmp oeq {n} {quotient}, {zero}")
    signed = code.intrinsic("copysign", [zero, plain])
    found = code.add(f"select {c} {none}, {n} {signed}, {n} {whole}")
    pole = code.add(f"fcmp oeq {n} {y}, {zero}")
    return code.add(f"select {c} {pole}, {n} {plain}, {n} {found}")


PIECES: dict[str, Any] = {
    "two_to": _two_to,
    "exponent": _exponent,
    "fraction": _fraction,
    "%": _remainder,
    "//": _floor_divide,
    "stop_gradient": lambda code, x: x,
}
