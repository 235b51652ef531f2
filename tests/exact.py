"""What every operation's value and local derivatives are exactly: the oracle of the accuracy tests.

Nothing here comes from the code under test. A formula is the textbook's, evaluated with mpmath,
whose exponents are unbounded, so that nothing overflows or underflows. Its working precision grows
until two precisions agree to 27 digits, so a formula may cancel as much as it likes.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

Number = Any  # mpmath's numbers have no types
Terms = list[Any]

AGREEMENT = mpf(2) ** -90
TINY = mpf(2) ** -1200  # as good as zero, as the least float is 2^-1074
PRECISIONS = (160, 320, 640, 1280, 2560)  # bits
LARGEST = sys.float_info.max
HUGE = mpf(2) ** 1024  # what the largest float is followed by
FARTHEST = 20_000  # the exponential of more is out of range, also times any six floats


@dataclass(frozen=True)
class Exact:
    """The exact form of an operation.

    Attributes:
        value: `value(*arguments, *settings)`; None where the value is a matter of convention.
        partials: The local derivatives, in the order of the operands, None likewise.
        value_size: `value_size(*arguments, *settings)`: the size to which the error of the value
            is relative where the value itself is smaller.
        partial_size: The same for the local derivatives, one size for each.
        points: Where derivatives vanish, domains end, kinks are, results leave the floats' range.
    """

    value: Callable[..., Number | None]
    partials: Callable[..., Sequence[Number | None]]
    value_size: Callable[..., Number] | None = None
    partial_size: Callable[..., Sequence[Number]] | None = None
    points: tuple[float, ...] = ()


def settled(function: Callable[[], Sequence[Number | None]]) -> list[Number | None]:
    """The results of `function` at the first precision with which the one before agrees.

    A zero is believed only at the highest precision, where nothing that a float shows is lost.
    """
    before: list[Number | None] | None = None
    for precision in PRECISIONS:
        with mp.workprec(precision):
            now = list(function())
        last = precision == PRECISIONS[-1]
        if before is not None and all(map(_agree, before, now, [last] * len(now))):
            return now
        before = now
    raise ArithmeticError("two precisions do not agree; write a formula that cancels less")


def _agree(x: Number | None, y: Number | None, last: bool) -> bool:
    if x is None or y is None:
        return x is y
    if last:
        return bool(abs(x - y) <= max(AGREEMENT * abs(y), TINY))
    return y != 0 and bool(abs(x - y) <= AGREEMENT * abs(y))


def units(computed: float, exact: Number, size: Number = 0) -> float:
    """The error of `computed` in units in the last place of the exact result, or of `size`.

    What follows the largest float is 2^1024, and inf stands for it: a result that rounds to inf
    may be inf or the largest float.
    """
    if exact == computed:
        return 0.0
    if math.isnan(computed):
        return math.inf
    shown = mpf(computed) if math.isfinite(computed) else math.copysign(1.0, computed) * HUGE
    nearest = float(exact)
    if abs(nearest) >= LARGEST:
        exact = max(-HUGE, min(HUGE, exact))
        nearest = LARGEST
    relative_to = max(abs(nearest), min(float(size), LARGEST)) if size else nearest
    return float(abs(shown - exact) / math.ulp(relative_to))


def exact_results(
    name: str, arguments: Sequence[Any], settings: Sequence[Any]
) -> list[tuple[Number, Number] | None]:
    """The exact value and the exact local derivatives, each with the size for `units`.

    None stands where there is no exact result, or its size is beyond the floats. A variadic
    operation's arguments are lists, and its local derivatives are flat.
    """
    exact = EXACT[name]
    given = [
        [mpf(x) for x in argument] if isinstance(argument, list | tuple) else mpf(argument)
        for argument in arguments
    ]
    given += settings
    results = settled(lambda: (exact.value(*given), *exact.partials(*given)))
    with mp.workprec(200):
        sizes = [exact.value_size(*given) if exact.value_size else 0]
        sizes += exact.partial_size(*given) if exact.partial_size else [0] * (len(results) - 1)
    return [
        None if result is None or size >= HUGE else (result, size)
        for result, size in zip(results, sizes, strict=True)
    ]


# --- Formulas that several rows share -------------------------------------------------------------


def sign(x: Number) -> int:
    """-1, 0 or 1."""
    return int(x > 0) - int(x < 0)


def exponential(x: Number) -> Number:
    """exp(x); of what is far beyond the floats only that it is."""
    return mp.exp(max(-FARTHEST, min(FARTHEST, x)))


def power(x: Number, p: Number) -> Number | None:
    """x^p, real; None where it is infinite or not real."""
    if x == 0:
        return None if p < 0 else mpf(p == 0)
    if x > 0:
        return exponential(p * mp.log(x))
    if p != mp.floor(p):
        return None
    return (-1) ** (int(p) % 2) * exponential(p * mp.log(-x))


def power_by_base(x: Number, p: Number) -> Number | None:
    """p·x^(p - 1)."""
    if p == 0:
        return mpf(0) if x != 0 else None
    with mp.workprec(mp.prec + 1100):  # p - 1 exactly
        less = p - 1
    slope = power(x, less)
    return None if slope is None else p * slope


def complement(x: Number) -> Number:
    """erfc(x); where that is less than e^-3600, or nearly 2, its leading term only."""
    return mp.erfc(x) if abs(x) < 60 else exponential(-x * x) if x > 0 else mpf(2)


def normal(x: Number) -> Number:
    """Φ(x), the distribution function of the standard normal distribution."""
    return complement(-x / mp.sqrt(2)) / 2


def density(x: Number) -> Number:
    """φ(x), the density of the standard normal distribution."""
    return exponential(-x * x / 2) / mp.sqrt(2 * mp.pi)


def reduced(x: Number) -> Number:
    """The size to which sin(x) and cos(x) are relative: 2^-40 where π is poorly subtracted."""
    return mpf(2) ** -40 if abs(x) > 1e8 else mpf(0)


def logistic(x: Number) -> Number:
    """1/(1 + exp(-x))."""
    return 1 / (1 + mp.exp(-x))


def root_of_unit(x: Number) -> Number:
    """√(1 - x²)."""
    return mp.sqrt(1 - x * x)


def softmax(xs: Terms) -> Terms:
    """exp(x)/Σ exp(x) for each x."""
    peak = max(xs)
    weights = [exponential(x - peak) for x in xs]
    whole = mp.fsum(weights)
    return [weight / whole for weight in weights]


def log_of_exponentials(xs: Terms) -> Number:
    """log Σ exp(x)."""
    peak = max(xs)
    rest = sorted(xs)[:-1]
    return peak + mp.log1p(mp.fsum(exponential(x - peak) for x in rest))


def without(xs: Terms, i: int) -> Terms:
    """All but the entry at index i."""
    return [*xs[:i], *xs[i + 1 :]]


def partial_products(xs: Terms) -> Iterator[Number]:
    """The products of neighbouring factors, in range only if all are neither tiny nor huge."""
    for start in range(len(xs)):
        whole = mpf(1)
        for x in xs[start:]:
            whole *= x
            yield whole


def product_size(xs: Terms) -> Number:
    """Beyond the floats if the product of some neighbouring factors is out of range, else 0."""
    tiny, huge = mpf(2) ** -1000, mpf(2) ** 1000
    ok = all(whole == 0 or tiny < abs(whole) < huge for whole in partial_products(xs))
    return mpf(0) if ok else HUGE


def residuals(xs: Terms, ys: Terms) -> Terms:
    """x - y for each pair."""
    return [x - y for x, y in zip(xs, ys, strict=True)]


def cross_entropy_slopes(xs: Terms, target: int) -> Terms:
    """The probabilities, less 1 for the target."""
    chances = softmax(xs)
    chances[target] = -mp.fsum(without(chances, target))
    return chances


def best_of(xs: Terms, best: Number) -> Terms:
    """1 for the best and 0 for the others; None for equal ones, as that is a convention."""
    ties = xs.count(best)
    return [mpf(0) if x != best else mpf(1) if ties == 1 else None for x in xs]


def beyond(size: Number) -> Number:
    """Something beyond the floats if the size is, else 0."""
    return size if size >= HUGE else mpf(0)


# --- The rows -------------------------------------------------------------------------------------

EXP_ENDS = (709.782712893384, -708.3964185322641, -745.1332191019411)
ZERO_OF_SILU, ZERO_OF_GELU = -1.2784645427610738, -0.7517915246935645
PI = math.pi
NEAR_MULTIPLES = (  # of π/2: of all floats the closest, and those at which glibc is off the most
    5.319372648326541e255, 1.5986289000543612e74, 1.2853022199154463e174, 6.426511099577231e173,
    1.9279533298731694e174, 2.331386745148063e283, 1.4918079000152377e239, 6.123038577885125e65,
)  # fmt: skip


def one(
    value: Callable[..., Number | None], slope: Callable[..., Number | None], *points: float
) -> Exact:
    """The exact form of an operation with one argument and perhaps settings."""
    return Exact(value, lambda *given: (slope(*given),), points=points)


def two(
    value: Callable[..., Number | None],
    partials: Callable[..., Sequence[Number | None]],
    *points: float,
) -> Exact:
    """The exact form of an operation with two arguments."""
    return Exact(value, partials, points=points)


def where_nonzero(x: Number, result: Callable[[Number], Number]) -> Number | None:
    """The result, but None at 0."""
    return None if x == 0 else result(x)


def quotient(x: Number, y: Number) -> Number:
    """floor(x/y); the quotient of two floats has up to 2098 bits before the point."""
    with mp.workprec(mp.prec + 2200):
        return mp.floor(x / y)


def rest(x: Number, y: Number) -> Number:
    """x - floor(x/y)·y."""
    with mp.workprec(mp.prec + 2200):
        return x - y * mp.floor(x / y)


def is_multiple(x: Number, y: Number) -> bool:
    """Whether x/y is an integer, so that its floor jumps."""
    return bool(rest(x, y) == 0)


def sinc_slope(x: Number) -> Number:
    """(cos(πx) - sinc(x))/x; near 0, where that cancels, the series of that."""
    if abs(x) < mpf(10) ** -40:
        return mp.fsum(
            (-1) ** k * 2 * k * mp.pi ** (2 * k) * x ** (2 * k - 1) / mp.factorial(2 * k + 1)
            for k in range(1, 9)
        )
    return (mp.cospi(x) - mp.sincpi(x)) / x


def flat(_: Number) -> Number:
    """The derivative of a step function where it has one."""
    return mpf(0)


STEPS = (0.0, 0.5, 1.5, 2.5, -0.5, 7.0, 4503599627370495.5, 4503599627370496.0, 1e300)
EXACT: dict[str, Exact] = {
    "add": two(lambda x, y: x + y, lambda x, y: (mpf(1), mpf(1))),
    "sub": two(lambda x, y: x - y, lambda x, y: (mpf(1), mpf(-1))),
    "mul": two(lambda x, y: x * y, lambda x, y: (y, x)),
    "truediv": two(
        lambda x, y: where_nonzero(y, lambda y: x / y),
        lambda x, y: (None, None) if y == 0 else (1 / y, -x / y**2),
    ),
    "pow": two(
        power,
        lambda x, p: (power_by_base(x, p), power(x, p) * mp.log(x) if x > 0 else None),
        0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -2.0, math.e,
    ),
    "neg": one(lambda x: -x, lambda x: mpf(-1)),
    "abs": one(abs, lambda x: where_nonzero(x, sign), 0.0),
    "exp": one(mp.exp, mp.exp, *EXP_ENDS, 0.0),
    "expm1": one(lambda x: mp.exp(x) - 1, mp.exp, *EXP_ENDS, 0.0, -37.0),
    "log": one(
        lambda x: where_nonzero(x, mp.log), lambda x: where_nonzero(x, lambda x: 1 / x), 0.0, 1.0
    ),
    "log1p": one(
        lambda x: where_nonzero(1 + x, mp.log), lambda x: where_nonzero(1 + x, lambda t: 1 / t),
        -1.0, 0.0,
    ),
    "log2": one(
        lambda x: where_nonzero(x, lambda x: mp.log(x) / mp.log(2)),
        lambda x: where_nonzero(x, lambda x: 1 / (x * mp.log(2))), 0.0, 1.0, 2.0,
    ),
    "log10": one(
        lambda x: where_nonzero(x, lambda x: mp.log(x) / mp.log(10)),
        lambda x: where_nonzero(x, lambda x: 1 / (x * mp.log(10))), 0.0, 1.0, 10.0,
    ),
    "sqrt": one(mp.sqrt, lambda x: where_nonzero(x, lambda x: 1 / (2 * mp.sqrt(x))), 0.0, 1.0),
    "cbrt": one(
        lambda x: sign(x) * mp.root(abs(x), 3),
        lambda x: where_nonzero(x, lambda x: 1 / (3 * mp.root(x * x, 3))), 0.0, 1.0, 8.0, -8.0,
    ),
    "sin": Exact(
        mp.sin, lambda x: (mp.cos(x),), reduced, lambda x: (reduced(x),),
        (0.0, PI / 2, PI, 1.5 * PI, 2 * PI, 1e22, *NEAR_MULTIPLES),
    ),
    "cos": Exact(
        mp.cos, lambda x: (-mp.sin(x),), reduced, lambda x: (reduced(x),),
        (0.0, PI / 2, PI, 1.5 * PI, 2 * PI, 1e22, *NEAR_MULTIPLES),
    ),
    "tan": Exact(
        lambda x: mp.sin(x) / mp.cos(x), lambda x: (1 / mp.cos(x) ** 2,),
        lambda x: reduced(x) / mp.cos(x) ** 2, lambda x: (2 * reduced(x) / abs(mp.cos(x) ** 3),),
        (0.0, PI / 4, PI / 2, PI, 1e22, *NEAR_MULTIPLES),
    ),
    "asin": one(
        mp.asin, lambda x: where_nonzero(root_of_unit(x), lambda r: 1 / r), 0.0, 1.0, -1.0, 0.5
    ),
    "acos": one(
        mp.acos, lambda x: where_nonzero(root_of_unit(x), lambda r: -1 / r), 0.0, 1.0, -1.0, 0.5
    ),
    "atan": one(mp.atan, lambda x: 1 / (1 + x * x), 0.0, 1.0, -1.0),
    "atan2": two(  # mpmath has no -0.0
        lambda y, x: None if y == 0 and x <= 0 else mp.atan2(y, x),
        lambda y, x: (None, None) if x == y == 0 else (x / (x * x + y * y), -y / (x * x + y * y)),
        0.0, 1.0, -1.0,
    ),
    "hypot": two(
        lambda x, y: mp.sqrt(x * x + y * y),
        lambda x, y: (None, None) if x == y == 0
        else (x / mp.sqrt(x * x + y * y), y / mp.sqrt(x * x + y * y)),
        0.0, 1.0, -1.0,
    ),
    "sinh": one(
        lambda x: (mp.exp(x) - mp.exp(-x)) / 2, lambda x: (mp.exp(x) + mp.exp(-x)) / 2,
        0.0, 710.4758600739439, -710.4758600739439,
    ),
    "cosh": one(
        lambda x: (mp.exp(x) + mp.exp(-x)) / 2, lambda x: (mp.exp(x) - mp.exp(-x)) / 2,
        0.0, 710.4758600739439, -710.4758600739439,
    ),
    "tanh": one(
        lambda x: 1 - 2 / (mp.exp(2 * x) + 1), lambda x: 4 / (mp.exp(x) + mp.exp(-x)) ** 2,
        0.0, 20.0, 354.2, -354.2, 372.6, -372.6,
    ),
    "asinh": one(
        lambda x: sign(x) * mp.log(abs(x) + mp.sqrt(x * x + 1)),
        lambda x: 1 / mp.sqrt(x * x + 1), 0.0, 1.0, -1.0,
    ),
    "acosh": one(
        lambda x: mp.log(x + mp.sqrt(x * x - 1)),
        lambda x: where_nonzero(x - 1, lambda t: 1 / mp.sqrt(t * (x + 1))), 1.0, 2.0,
    ),
    "atanh": one(
        lambda x: None if abs(x) == 1 else mp.log((1 + x) / (1 - x)) / 2,
        lambda x: where_nonzero(1 - x * x, lambda t: 1 / t), 0.0, 1.0, -1.0,
    ),
    "sigmoid": one(
        logistic, lambda x: 1 / ((1 + mp.exp(-x)) * (1 + mp.exp(x))),
        *EXP_ENDS, 0.0, 37.0, 745.2, 700.0, -700.0,
    ),
    "softplus": one(lambda x: mp.log1p(mp.exp(x)), logistic, *EXP_ENDS, 0.0, 37.0),
    "logsigmoid": one(
        lambda x: -mp.log1p(mp.exp(-x)), lambda x: logistic(-x), *(-x for x in EXP_ENDS), 0.0
    ),
    "relu": one(lambda x: max(x, mpf(0)), lambda x: where_nonzero(x, lambda x: mpf(x > 0)), 0.0),
    "leaky_relu": one(
        lambda x, slope: x if x > 0 else slope * x,
        lambda x, slope: where_nonzero(x, lambda x: mpf(1) if x > 0 else mpf(slope)), 0.0,
    ),
    "elu": one(
        lambda x: x if x > 0 else mp.exp(x) - 1, lambda x: mpf(1) if x > 0 else mp.exp(x),
        *EXP_ENDS, 0.0,
    ),
    "silu": one(
        lambda x: x / (1 + mp.exp(-x)),
        lambda x: logistic(x) + x / ((1 + mp.exp(-x)) * (1 + mp.exp(x))),
        *EXP_ENDS, 0.0, ZERO_OF_SILU, -ZERO_OF_SILU, -751.6, -700.0, 50.0, 37.0,
    ),
    "gelu": Exact(
        lambda x: x * normal(x),
        lambda x: (normal(x) + x * density(x),),
        partial_size=lambda x: (normal(x) + abs(x) * density(x),),
        points=(0.0, ZERO_OF_GELU, -ZERO_OF_GELU, -30.0, -37.5, -38.5, -38.6, 10.0, 8.3, -1.0),
    ),
    "erf": one(
        lambda x: mp.erf(x) if abs(x) < 1 else sign(x) * (1 - complement(abs(x))),
        lambda x: 2 / mp.sqrt(mp.pi) * exponential(-x * x),
        0.0, 26.6, -26.6, 27.3, 0.5, 6.0,
    ),
    "erfc": one(
        complement, lambda x: -2 / mp.sqrt(mp.pi) * exponential(-x * x),
        0.0, 26.6, -26.6, 27.3, 0.5, 1.25, -5.9,
    ),
    "maximum": two(
        lambda x, y: x if x > y else y,
        lambda x, y: (where_nonzero(x - y, lambda d: mpf(d > 0)),
                      where_nonzero(x - y, lambda d: mpf(d < 0))),
    ),
    "minimum": two(
        lambda x, y: x if x < y else y,
        lambda x, y: (where_nonzero(x - y, lambda d: mpf(d < 0)),
                      where_nonzero(x - y, lambda d: mpf(d > 0))),
    ),
    "clip": one(
        lambda x, low, high: min(max(x, mpf(low)), mpf(high)),
        lambda x, low, high: None if x in (low, high) else mpf(low < x < high), 0.0,
    ),
    "stop_gradient": one(lambda x: x, lambda x: mpf(0)),  # by definition
    "where": Exact(
        lambda condition, x, y: y if condition == 0 else x,
        lambda condition, x, y: (mpf(0), mpf(condition != 0), mpf(condition == 0)), points=(0.0,),
    ),
    "mod": two(
        lambda x, y: where_nonzero(y, lambda y: rest(x, y)),
        lambda x, y: (None, None) if y == 0 or is_multiple(x, y) else (mpf(1), -quotient(x, y)),
        0.5, 3.0, 1e16,
    ),
    "floordiv": two(
        lambda x, y: where_nonzero(y, lambda y: quotient(x, y)),
        lambda x, y: (None, None) if y == 0 or is_multiple(x, y) else (mpf(0), mpf(0)),
        0.5, 3.0, 1e16,
    ),
    "floor": one(mp.floor, lambda x: where_nonzero(x - mp.floor(x), flat), *STEPS),
    "ceil": one(mp.ceil, lambda x: where_nonzero(x - mp.floor(x), flat), *STEPS),
    "trunc": one(
        lambda x: sign(x) * mp.floor(abs(x)),
        lambda x: flat(x) if abs(x) < 1 else where_nonzero(x - mp.floor(x), flat), *STEPS,
    ),
    "round": one(
        lambda x: mp.floor(x + half) if (half := mpf(1) / 2) and x - mp.floor(x) != half
        else 2 * mp.floor((x + half) / 2),
        lambda x: where_nonzero(x - mp.floor(x) - mpf(1) / 2, flat), *STEPS,
    ),
    "sign": one(sign, lambda x: where_nonzero(x, flat), 0.0),
    "fabs": one(abs, lambda x: where_nonzero(x, sign), 0.0),
    "exp2": one(
        lambda x: exponential(x * mp.log(2)), lambda x: mp.log(2) * exponential(x * mp.log(2)),
        0.0, 1024.0, 1024.5, -1022.0, -1074.0, -1075.0, 1000.0,
    ),
    "logaddexp": Exact(
        lambda x, y: log_of_exponentials([x, y]), lambda x, y: softmax([x, y]),
        value_size=lambda x, y: abs(max(x, y)) + mp.log(2),
        points=(0.0, 710.0, -0.6931471805599453),
    ),
    "sinc": Exact(
        lambda x: mp.sincpi(x) if x else mpf(1),
        lambda x: (sinc_slope(x),),
        partial_size=lambda x: (
            (abs(mp.cospi(x)) + abs(mp.sincpi(x))) / abs(x) if abs(x) > 0.5 else mpf(0),
        ),
        points=(0.0, 0.5, 1.0, 1.4302966531242025, 2.459024024, 2.5, 100.5, 1e6, 1e15),
    ),
    "degrees": one(lambda x: x * 180 / mp.pi, lambda x: 180 / mp.pi),
    "radians": one(lambda x: x * mp.pi / 180, lambda x: mp.pi / 180),
    "sum": Exact(
        lambda xs: mp.fsum(xs), lambda xs: [mpf(1)] * len(xs),
        value_size=lambda xs: mp.fsum(xs, absolute=True),
    ),
    "mean": Exact(
        lambda xs: mp.fsum(xs) / len(xs), lambda xs: [mpf(1) / len(xs)] * len(xs),
        value_size=lambda xs: (lambda s: max(beyond(s), s / len(xs)))(mp.fsum(xs, absolute=True)),
    ),
    "prod": Exact(
        lambda xs: mp.fprod(xs), lambda xs: [mp.fprod(without(xs, i)) for i in range(len(xs))],
        value_size=product_size, partial_size=lambda xs: [product_size(xs)] * len(xs),
    ),
    "dot": Exact(
        lambda ws, xs, bias: mp.fdot(ws, xs) + mp.fsum(bias),
        lambda ws, xs, bias: [*xs, *ws, *[mpf(1)] * len(bias)],
        value_size=lambda ws, xs, bias: mp.fsum(
            [*(abs(w * x) for w, x in zip(ws, xs, strict=True)), *map(abs, bias)]
        ),
    ),
    "amax": Exact(max, lambda xs: best_of(xs, max(xs))),
    "amin": Exact(min, lambda xs: best_of(xs, min(xs))),
    "logsumexp": Exact(
        log_of_exponentials, softmax,
        value_size=lambda xs: abs(max(xs)) + log_of_exponentials([x - max(xs) for x in xs]),
    ),
    "cross_entropy": Exact(
        lambda xs, target: log_of_exponentials([x - xs[target] for x in xs]), cross_entropy_slopes
    ),
    "mse": Exact(
        lambda xs, ys: mp.fsum(residuals(xs, ys), squared=True) / len(xs),
        lambda xs, ys: [
            *(2 * r / len(xs) for r in residuals(xs, ys)),
            *(2 * r / len(xs) for r in residuals(ys, xs)),
        ],
        value_size=lambda xs, ys: beyond(mp.fsum(residuals(xs, ys), squared=True)),
        partial_size=lambda xs, ys: [beyond(abs(r)) for r in residuals(xs, ys)] * 2,
    ),
    "half_sse": Exact(
        lambda xs, ys: mp.fsum(residuals(xs, ys), squared=True) / 2,
        lambda xs, ys: [*residuals(xs, ys), *residuals(ys, xs)],
        value_size=lambda xs, ys: beyond(mp.fsum(residuals(xs, ys), squared=True)),
    ),
}  # fmt: skip
