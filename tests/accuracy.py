"""Measures every operation against exact results, and PyTorch and JAX at the same points.

    python -m tests.accuracy                     all operations, a table on the screen
    python -m tests.accuracy tanh gelu           some of them
    python -m tests.accuracy --write             all of them, into docs/accuracy.md

The points are the same in every run. PyTorch and JAX are compared where they are installed.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import math
import multiprocessing
import operator
import platform
import random
import struct
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import autograd
from autograd import Value
from autograd.table import BOUND, TABLE, Operation
from autograd.table.symbolic import SymbolicRow
from tests.exact import EXACT, exact_results, units

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
POINTS, CHUNK = 100_000, 25_000
MOST_OPERANDS = 20
LARGEST = sys.float_info.max
LEAST = math.ulp(0.0)
SETTINGS: dict[str, list[tuple[float, ...]]] = {
    "leaky_relu": [(0.01,), (0.0,), (1.0,), (2.0,), (-0.5,), (1e-300,), (0.1,)],
    "clip": [(-1.0, 1.0), (0.0, 6.0), (0.5, 0.5), (-1e300, 1e300), (LEAST, 1.0), (-40.0, -39.0)],
}

Arguments = tuple[Any, ...]  # a float for each argument; of a variadic operation a list a group
Case = tuple[Arguments, tuple[Any, ...]]  # the arguments and the settings


# --- What is computed -----------------------------------------------------------------------------


def recorded(operation: Operation, arguments: Arguments, settings: Sequence[Any]) -> Any:
    """The node of the operation on leaves of these numbers."""
    function = function_of(operation)
    if not operation.groups:
        return function(*map(Value, arguments), *settings)
    groups: list[Any] = [[Value(x) for x in group] for group in arguments]
    for i, name in enumerate(operation.groups):
        if name in operation.single:
            groups[i] = groups[i][0] if groups[i] else None
    return function(*groups, *settings)


def function_of(operation: Operation) -> Callable[..., Any]:
    """The public function of the operation, or Python's for its operator."""
    home: Any = autograd if operation.is_function else operator
    function: Callable[..., Any] = getattr(home, operation.name)
    return function


def computed(operation: Operation, arguments: Arguments, settings: Sequence[Any]) -> list[float]:
    """The value and the local derivatives of a recorded node, one for each operand."""
    node = recorded(operation, arguments, settings)
    partials = iter(node.partials)
    if not operation.drops_zero:
        return [node.data, *partials]
    return [
        node.data,
        *(next(partials) if isinstance(x, Value) else 0.0 for x in node.operands),
    ]


# --- Where ----------------------------------------------------------------------------------------


def choices(operation: Operation) -> Sequence[tuple[float, ...]]:
    """The settings with which an operation is measured; without settings, just ()."""
    return SETTINGS.get(operation.name, [()])


def cases(operation: Operation, count: int, seed: str) -> Iterator[Case]:
    """Points over the whole domain of the operation, many of them at its edges."""
    draw = Draw(operation, random.Random(seed))
    for _ in range(count):
        if operation.groups:
            yield draw.many()
        else:
            yield draw.few(), draw.random.choice(choices(operation))


class Draw:
    """Draws arguments of one operation."""

    def __init__(self, operation: Operation, source: random.Random) -> None:
        self.operation = operation
        self.random = source
        self.points = [*EXACT[operation.name].points, 0.0, 1.0, -1.0]
        if not operation.groups:
            settings = [x for chosen in choices(operation) for x in chosen]
            seams = _constants(operation)
            self.points += [*settings, *seams, *(-x for x in seams)]
        self.families = [
            self.any_bits, self.any_bits, self.any_size, self.small, self.small, self.medium,
            self.tiny, self.huge, self.near_point, self.near_point,
        ]  # fmt: skip

    def any_bits(self) -> float:
        """Any float, all bit patterns alike."""
        (x,) = struct.unpack("d", self.random.randbytes(8))
        return float(x)

    def any_size(self) -> float:
        """Log-uniform over forty decades."""
        return self.either(2.0 ** self.random.uniform(-66, 66))

    def small(self) -> float:
        """Uniform where most functions bend."""
        return self.random.uniform(*self.random.choice([(-40, 40), (-3, 3)]))

    def medium(self) -> float:
        """Uniform over the range in which exponentials stay finite, and beyond it."""
        return self.random.uniform(-800, 800)

    def tiny(self) -> float:
        """A subnormal number."""
        return self.either(self.random.getrandbits(self.random.randint(1, 53)) * LEAST)

    def huge(self) -> float:
        """Close to the largest float."""
        return self.either(LARGEST * (1 - 2.0 ** -self.random.uniform(0, 54)))

    def either(self, size: float) -> float:
        """The number or its negative."""
        return size if self.random.random() < 0.5 else -size

    def near_point(self) -> float:
        """Close to where something happens: a kink, an end, a zero, a seam of the formula."""
        return self.near(self.random.choice(self.points))

    def near(self, point: float) -> float:
        """The point itself, a neighbour, or something close to it."""
        kind = self.random.randrange(4)
        if kind == 0:
            return point
        if kind == 1:
            for _ in range(self.random.randint(1, 4)):
                point = math.nextafter(point, self.random.choice((-math.inf, math.inf)))
            return point
        return point + (point or 1.0) * self.either(2.0 ** -self.random.uniform(1, 54))

    def number(self, index: int) -> float:
        """A number in the domain of the argument of that index."""
        domain = self.operation.domain[index]
        while True:
            x = self.random.choice(self.families)()
            if math.isfinite(x) and x in domain:
                return x

    def few(self) -> Arguments:
        """Arguments of an operation that takes one, two or three."""
        numbers = [self.number(i) for i in range(len(self.operation.domain))]
        if len(numbers) == 2 and self.random.random() < 0.6:
            numbers = self.related(numbers)
        if len(numbers) == 3 and self.random.random() < 0.3:
            numbers[0] = self.random.choice((0.0, -0.0))
        return tuple(numbers)

    def related(self, numbers: list[float]) -> list[float]:
        """Two arguments of like size, or (for a power) such that the result is in range."""
        x, y = numbers
        if self.operation.name == "pow":
            if self.random.random() < 0.2:
                return [-x, float(self.random.randint(-1100, 1100))]
            if self.random.random() < 0.5:
                x = self.near(1.0)
            log = math.log(x) if x > 0 else 0.0
            return [x, self.random.uniform(-760, 760) / log if log else y]
        y = x * self.random.choice((1.0, -1.0, self.near(1.0), self.any_size()))
        return [x, y] if math.isfinite(y) else numbers

    def many(self) -> Case:
        """Groups of operands and the settings of a variadic operation."""
        count = self.random.randint(max(1, self.operation.at_least), MOST_OPERANDS)
        groups = [self.operands(count) for _ in self.operation.groups]
        if len(groups) > 1 and self.random.random() < 0.3:
            groups[1] = [self.near(x) if self.random.random() < 0.7 else x for x in groups[0]]
        for i, name in enumerate(self.operation.groups):
            if name in self.operation.single:
                groups[i] = groups[i][: self.random.randrange(2)]
        groups = [[x if math.isfinite(x) else 1.0 for x in group] for group in groups]
        settings = (self.random.randrange(count),) if self.operation.settings else ()
        return tuple(groups), settings

    def operands(self, count: int) -> list[float]:
        """That many operands, of like size or not."""
        kind = self.random.randrange(8)
        if kind == 0:
            return [self.any_bits() for _ in range(count)]
        if kind == 1:
            return [self.any_size() for _ in range(count)]
        if kind == 2:
            return [self.random.choice(self.families)() for _ in range(count)]
        if kind == 3:
            around = self.small()
            return [self.near(around) for _ in range(count)]
        if kind == 4:
            return [self.medium() for _ in range(count)]
        if kind == 5:
            width = 2.0 ** self.random.uniform(-8, 3)
            return [self.random.gauss(0.0, width) for _ in range(count)]
        if kind == 6:
            return [self.random.uniform(0.5, 2.0) for _ in range(count)]
        return [self.small() for _ in range(count)]


def _constants(operation: Operation) -> list[float]:
    """The finite numbers that occur in the operation's formulas: where arms may meet."""
    formula = SymbolicRow(operation)
    found, stack = set(), [formula.value, *formula.partials]
    while stack:
        symbol = stack.pop()
        if symbol.head == "constant":
            found.add(float(symbol.arguments[0]))
        elif symbol.head != "argument":
            stack.extend(symbol.arguments)
    return sorted(x for x in found if math.isfinite(x))


# --- Other libraries ------------------------------------------------------------------------------

# Where a function differs from the operation's name; None where the library has none.
TORCH: dict[str, Any] = {
    "truediv": "div", "cbrt": None, "half_sse": None, "stop_gradient": None,
    "mod": "remainder", "floordiv": None, "fabs": "abs", "degrees": "rad2deg", "radians": "deg2rad",
    "sum": lambda t, xs: t.sum(xs, -1),
    "mean": lambda t, xs: t.mean(xs, -1),
    "prod": lambda t, xs: t.prod(xs, -1),
    "logsumexp": lambda t, xs: t.logsumexp(xs, -1),
    "dot": lambda t, ws, xs, bias: t.linalg.vecdot(ws, xs) + bias.sum(-1),
    "cross_entropy": lambda t, xs, target: t.nn.functional.cross_entropy(
        xs, target, reduction="none"
    ),
    "mse": lambda t, xs, ys: t.nn.functional.mse_loss(xs, ys, reduction="none").mean(-1),
    "where": lambda t, condition, x, y: t.where(condition != 0, x, y),
}  # fmt: skip
JAX: dict[str, Any] = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "true_divide", "pow": "power",
    "neg": "negative", "abs": "abs", "half_sse": None, "mse": None, "stop_gradient": None,
    "mod": "remainder", "floordiv": "floor_divide",
    "logsigmoid": lambda j, x: j.nn.log_sigmoid(x),
    "gelu": lambda j, x: j.nn.gelu(x, approximate=False),
    "erf": lambda j, x: j.scipy.special.erf(x),
    "erfc": lambda j, x: j.scipy.special.erfc(x),
    "logsumexp": lambda j, xs: j.scipy.special.logsumexp(xs),
    "dot": lambda j, ws, xs, bias: j.numpy.dot(ws, xs) + bias.sum(),
    "cross_entropy": lambda j, xs, target: -j.nn.log_softmax(xs)[target],
    "where": lambda j, condition, x, y: j.numpy.where(condition != 0, x, y),
}  # fmt: skip


def installed(name: str) -> bool:
    """Whether a library can be imported."""
    return importlib.util.find_spec(name) is not None


def _function(entry: Any, library: Any, *homes: Any) -> Any:
    """The function of an entry of `TORCH` or `JAX`."""
    if isinstance(entry, str):
        return next((getattr(home, entry) for home in homes if hasattr(home, entry)), None)
    return entry and functools.partial(entry, library)


def torch_results(name: str, columns: list[Any], settings: list[Any]) -> list[Any] | None:
    """Values and derivatives by PyTorch of one operation on columns of arguments."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    function = _function(TORCH.get(name, name), torch, torch, torch.nn.functional)
    if function is None:
        return None
    leaves = [torch.tensor(c, dtype=torch.float64, requires_grad=True) for c in columns]
    given = [torch.tensor(s) if isinstance(s, list) else s for s in settings]
    values = function(*leaves, *given)
    values.sum().backward()
    slopes = [torch.zeros_like(x) if x.grad is None else x.grad for x in leaves]
    return [values.detach().numpy(), *(slope.numpy() for slope in slopes)]


def jax_results(name: str, columns: list[Any], settings: list[Any]) -> list[Any] | None:
    """Values and derivatives by JAX, in the same form."""
    jax = importlib.import_module("jax")
    numpy = importlib.import_module("numpy")
    importlib.import_module("jax.scipy.special")
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    function = _function(JAX.get(name, name), jax, jax.numpy, jax.nn)
    if function is None:
        return None
    wanted = tuple(range(len(columns)))
    fixed = {i + len(columns): s for i, s in enumerate(settings) if not isinstance(s, list)}
    arrays = [numpy.array(c) for c in columns]
    arrays += [numpy.array(s) for s in settings if isinstance(s, list)]

    def scalar(*given: Any) -> Any:
        rest = list(given)
        return function(*rest[: len(columns)], *fixed.values(), *rest[len(columns) :])

    both = jax.jit(jax.vmap(jax.value_and_grad(scalar, argnums=wanted)))
    values, slopes = both(*arrays)
    return [numpy.asarray(values), *(numpy.asarray(s) for s in slopes)]


TITLES = {"torch": "PyTorch", "jax": "JAX"}
PEERS: dict[str, Callable[[str, list[Any], list[Any]], list[Any] | None]] = {
    "torch": torch_results,
    "jax": jax_results,
}


def peer_results(
    peer: str, name: str, batch: Sequence[Case]
) -> list[list[float]] | None:  # one list a case: the value, then the derivatives, flat
    """What another library computes at these points; None if it has no such function."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for i, (arguments, settings) in enumerate(batch):
        sizes = tuple(len(a) if isinstance(a, list) else -1 for a in arguments)
        groups[sizes, tuple(s for s in settings if not isinstance(s, int))].append(i)
    found: list[list[float]] = [[] for _ in batch]
    for (sizes, fixed), indices in groups.items():
        columns = [[batch[i][0][k] for i in indices] for k in range(len(sizes))]
        indexed = batch[indices[0]][1] and not fixed  # such settings differ from row to row
        chosen = [[batch[i][1][0] for i in indices]] if indexed else list(fixed)
        results = PEERS[peer](name, columns, chosen)
        if results is None:
            return None
        for row, i in enumerate(indices):
            for column in results:
                entry = column[row]
                found[i] += entry.tolist() if entry.ndim else [float(entry)]
    return found


# --- Measuring ------------------------------------------------------------------------------------


@dataclass
class Worst:
    """The largest error so far, where, and the largest with no subnormal number about."""

    error: float = -1.0
    case: Case | None = None
    normal: float = -1.0

    def see(self, error: float, case: Case | None, normal: float) -> None:
        """Keeps what is larger."""
        if error > self.error:
            self.error, self.case = error, case
        self.normal = max(self.normal, normal)


@dataclass
class Figures:
    """The worst errors of one operation by whose they are ("ours", "torch", …) and quantity."""

    worst: dict[tuple[str, str], Worst] = field(default_factory=lambda: defaultdict(Worst))
    points: int = 0

    def join(self, other: Figures) -> None:
        """Takes in the figures of more points."""
        self.points += other.points
        for key, worst in other.worst.items():
            self.worst[key].see(worst.error, worst.case, worst.normal)


def quantities(operation: Operation, arguments: Arguments) -> list[str]:
    """What each result is called: the value, then ∂ by each argument or group."""
    names = ["value"]
    for name, argument in zip(operation.arguments, arguments, strict=True):
        names += [f"∂{name}"] * (len(argument) if isinstance(argument, list) else 1)
    return names


def measure(task: tuple[str, int, int, tuple[str, ...]]) -> tuple[str, Figures]:
    """The figures of an operation on one chunk of its points."""
    name, chunk, count, peers = task
    operation = TABLE[name]
    batch = list(cases(operation, count, f"{name} {chunk}"))
    others = {peer: peer_results(peer, name, batch) for peer in peers}
    figures = Figures(points=count)
    for i, (arguments, settings) in enumerate(batch):
        exact = exact_results(name, arguments, settings)
        names = quantities(operation, arguments)
        given = [x for a in arguments for x in (a if isinstance(a, list) else [a])]
        plain = all(map(_is_normal, given))
        results = {"ours": computed(operation, arguments, settings)}
        results |= {peer: rows[i] for peer, rows in others.items() if rows is not None}
        for who, numbers in results.items():
            for quantity, truth, number in zip(names, exact, numbers, strict=True):
                if truth is not None:
                    error = units(number, *truth)
                    normal = error if plain and _is_normal(truth[0]) else -1.0
                    figures.worst[who, quantity].see(error, batch[i], normal)
    return name, figures


def _is_normal(x: Any) -> bool:
    return x == 0 or bool(abs(x) >= sys.float_info.min)


def measured(names: Iterable[str], points: int, peers: tuple[str, ...]) -> dict[str, Figures]:
    """The figures of these operations, measured on all cores."""
    chunks = max(1, points // CHUNK)
    tasks = [(name, i, points // chunks, peers) for name in names for i in range(chunks)]
    total: dict[str, Figures] = defaultdict(Figures)
    with multiprocessing.get_context("spawn").Pool() as pool:
        for done, (name, figures) in enumerate(pool.imap_unordered(measure, tasks), 1):
            total[name].join(figures)
            print(f"\r{done} of {len(tasks)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return total


# --- The page -------------------------------------------------------------------------------------

PREAMBLE = """# Accuracy

What `python -m tests.accuracy --write` measured: the worst error of every operation's value and of
its local derivatives, in units in the last place (ulp) of the exact result, over {points} points an
operation. An error of 0.5 is a correctly rounded result. The exact results come from mpmath
(`tests/exact.py`), at a precision that grows until two precisions agree. The same comparison, at
fewer points, is a test in every run (`tests/autograd/table/test_accuracy.py`).

- **Points**: all float bit patterns alike; log-uniform; uniform in ±3, ±40 and ±800; subnormal
  numbers; the largest floats; neighbours of every kink, domain end, zero, and of every constant in
  the operation's formulas. Two arguments are also drawn of like size, equal but for the last bits,
  and (for a power) such that the result is in range. Operations over many operands get
  1 to {operands}. The points are the same in every run.
- **Counting**: the ulp of a subnormal result is 2^-1074. What lies beyond the largest float counts
  as 2^1024, and inf stands for that. Points at which the result is a convention are left out.
- **Bound**: what the operation's row promises, and the tests check. Where a bound is meant relative
  to something larger than the result, the notes below the table say to what.
- **Other libraries** at the same points, in float64, counted alike. "no digits": off by half of the
  result or more (a 0, an inf, or digits that have cancelled). "nan": where there is a finite
  result. In parentheses: the worst where neither an argument nor the result is subnormal. "—": no
  such function. Derivatives are those of `torch.autograd` and `jax.grad`.

Measured with {platform}: exp, tanh and their like are the platform's.
"""


def page(figures: dict[str, Figures], peers: Sequence[str]) -> str:
    """The page as Markdown."""
    titles = [f"{TITLES[peer]} {importlib.import_module(peer).__version__}" for peer in peers]
    points = min(figure.points for figure in figures.values())
    lines = [
        PREAMBLE.format(points=f"{points:,}", operands=MOST_OPERANDS, platform=_platform()),
        " | ".join(["| operation", "", "worst", "at", "bound", *titles]) + " |",
        "|---|---|--:|---|--:|" + "--:|" * len(titles),
    ]
    for name, figure in figures.items():
        quantities = [quantity for who, quantity in figure.worst if who == "ours"]
        for i, quantity in enumerate(sorted(quantities, key=lambda q: q != "value")):
            worst = figure.worst["ours", quantity]
            row = TABLE[name]
            bound = row.value_bound if quantity == "value" else BOUND
            cells = [
                f"`{name}`" if i == 0 else "",
                quantity,
                _shown(worst.error),
                _place(worst),
                f"{bound:g}" + r"\*" * bool(row.bound_reason),
                *(_of_peer(figure.worst.get((peer, quantity))) for peer in peers),
            ]
            lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "\\* What the bound means:", ""]
    lines += [
        f"- `{name}`: {TABLE[name].bound_reason}." for name in figures if TABLE[name].bound_reason
    ]
    return "\n".join(lines) + "\n"


def _platform() -> str:
    """The interpreter, the C library and the machine."""
    library = " ".join(platform.libc_ver()) or platform.system()
    return f"Python {platform.python_version()}, {library}, {platform.machine()}"


def _shown(error: float) -> str:
    """An error as text."""
    if math.isinf(error):
        return "nan"
    if error >= 2.0**51:
        return "no digits"
    return f"{error:.2f}" if error < 99.5 else f"{error:.0e}".replace("e+0", "e").replace("e+", "e")


def _place(worst: Worst) -> str:
    """Where an error was found: the arguments, or how many operands there were."""
    if worst.error == 0.0 or worst.case is None:
        return ""
    arguments, chosen = worst.case
    if any(isinstance(argument, list) for argument in arguments):
        return f"{len(arguments[0])} operands"
    return ", ".join(repr(x) for x in (*arguments, *chosen))


def _of_peer(worst: Worst | None) -> str:
    """Another library's worst error."""
    if worst is None:
        return "—"
    text, normal = _shown(worst.error), _shown(worst.normal)
    return text if text == normal else f"{text} ({normal})"


def main() -> None:
    """Measures, prints the page, and writes it if asked to."""
    parser = argparse.ArgumentParser(description="Measures the accuracy of every operation.")
    parser.add_argument("names", nargs="*", default=list(TABLE), help="operations; default: all")
    parser.add_argument("--points", type=int, default=POINTS, help="points an operation")
    parser.add_argument("--alone", action="store_true", help="without other libraries")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    options = parser.parse_args()
    peers = () if options.alone else tuple(filter(installed, PEERS))
    found = measured(options.names, options.points, peers)
    text = page({name: found[name] for name in options.names}, peers)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
