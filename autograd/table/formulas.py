"""Expressions that rows of the derivative table share, written over a vocabulary `m`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from math import inf, nan
from typing import Any

# --- Sums and products ----------------------------------------------------------------------------

Rule = Callable[..., Any]

FEW = 3  # terms or factors, whose rounding errors are within the bound of every row


def total(terms: Sequence[Any]) -> Any:
    """The sum of the terms, pairwise in blocks of eight, so that errors grow with log n only.

    The order of additions is the same on every kind of number and in generated source.
    """
    return fold(operator.add, terms) if terms else 0.0


def careful_total(m: Any, terms: Sequence[Any]) -> Any:
    """The sum of the terms. The rounding errors of more than a few are added up and put back."""
    if len(terms) <= FEW:
        return total(terms)
    whole, lost = terms[0], 0.0
    for term in terms[1:]:  # Knuth's two-sum
        larger = whole + term
        taken = larger - whole
        lost = lost + ((whole - (larger - taken)) + (term - taken))
        whole = larger
    return restored(m, whole, lost)


def product(m: Any, factors: Sequence[Any]) -> Any:
    """The product of the factors. The rounding errors of more than a few are put back."""
    if len(factors) <= FEW:
        return reduce(operator.mul, factors, 1.0)
    return restored(m, *accumulated(m, factors)[-1])


def fold(combine: Callable[[Any, Any], Any], terms: Sequence[Any]) -> Any:
    """The terms combined from left to right in blocks of at most eight, the blocks pairwise."""
    if len(terms) <= 8:
        return reduce(combine, terms)
    half = len(terms) // 2
    return combine(fold(combine, terms[:half]), fold(combine, terms[half:]))


def others(m: Any, factors: Sequence[Any]) -> list[Any]:
    """For each of the factors the product of all the others, without dividing."""
    before, after = accumulated(m, factors[:-1]), accumulated(m, factors[:0:-1])
    pairs = list(zip(before, reversed(after), strict=True))
    if len(factors) <= FEW:
        return [p * q for (p, _), (q, _) in pairs]
    return [
        restored(m, p * q, p * lost_q + lost_p * q + m.product_error(p, q))
        for (p, lost_p), (q, lost_q) in pairs
    ]


def accumulated(m: Any, factors: Sequence[Any]) -> list[tuple[Any, Any]]:
    """1 and each product of the first few factors, with what the roundings leave out.

    Source: Graillat, "Accurate floating-point product and exponentiation", 2009.
    """
    pairs: list[tuple[Any, Any]] = [(1.0, 0.0), *((factor, 0.0) for factor in factors[:1])]
    for factor in factors[1:]:
        whole, lost = pairs[-1]
        pairs.append((whole * factor, lost * factor + m.product_error(whole, factor)))
    return pairs


def restored(m: Any, whole: Any, lost: Any) -> Any:
    """whole + lost; only the whole where nothing is lost, or where it is out of range."""
    some = m.both(m.abs(lost) > 0, m.abs(lost) < inf)
    return m.where(some, whole + lost, whole)


def products(xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
    """x·y for each pair."""
    return [x * y for x, y in zip(xs, ys, strict=True)]


def squares(xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
    """(x - y)² for each pair."""
    return [(x - y) * (x - y) for x, y in zip(xs, ys, strict=True)]


def differences(xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
    """x - y for each pair."""
    return [x - y for x, y in zip(xs, ys, strict=True)]


def scaled(xs: Sequence[Any], factor: float) -> list[Any]:
    """factor·x for each x."""
    return [factor * x for x in xs]


# --- Quotients and powers, beyond the range of the floats -----------------------------------------


def over_square(m: Any, x: Any, y: Any, z: Any) -> Any:
    """x/y² as z/y with z = x/y: so each derivative of it has y in one more quotient, and never y².

    Where z lost digits, as it is subnormal, and z/y is not, they come from a multiple of x.
    """
    slope = z / y
    lossy = m.both(m.abs(y) < 1, m.abs(z) > 0)
    again = m.where(lossy, x * 2.0**600 / y / y * 2.0**-600, slope)
    return m.where(m.abs(z) > 1e-290, slope, again)


def over_square_of_hypot(m: Any, x: Any, y: Any) -> Any:
    """x/(x² + y²), by the ratio of the smaller to the larger."""
    ratio = m.where(m.abs(x) < m.abs(y), x / y, y / x)
    lossy = m.both(m.abs(y) < 1, m.both(m.abs(ratio) < 1e-290, m.abs(ratio) > 0))
    k = m.where(lossy, 2.0**600, 1.0)
    small = x * k / y / (1 + ratio * ratio) / y / k
    return m.where(m.abs(x) < m.abs(y), small, 1 / (1 + ratio * ratio) / x)


def over_hypot(m: Any, x: Any, y: Any, h: Any) -> Any:
    """x/√(x² + y²), by the ratio of the smaller to the larger; 0 at the origin.

    The derivative of x/h would be 1/h - x²/h³, which cancels where y is small.
    """
    k = m.where(h > 1e-290, 1.0, 2.0**600)  # 1/(k·y) is a float also where 1/y is none
    ratio = m.where(m.abs(x) < m.abs(y), k * x / m.abs(k * y), k * y / (k * x))
    top = m.where(m.abs(x) < m.abs(y), ratio, m.where(x < 0, -1.0, 1.0))
    return m.where(m.equal(h, 0.0), 0.0, top / m.sqrt(1 + ratio * ratio))


def over_root(m: Any, x: Any) -> Any:
    """1/√(1 - x²), by (1 - x)(1 + x) where 1 - x² cancels; near 0 the derivative of that does."""
    near = 1 / m.sqrt((1 - x) * (1 + x))
    return m.where(m.abs(x) < 0.5, 1 / m.sqrt(1 - x * x), near)


def over_difference(m: Any, x: Any) -> Any:
    """1/(1 - x²) likewise."""
    return m.where(m.abs(x) < 0.5, 1 / (1 - x * x), 1 / ((1 - x) * (1 + x)))


def root(m: Any, x: Any) -> Any:
    """√x for x ≥ 0: 0 at 0, and there infinitely steep."""
    return m.sqrt(m.where(x >= 0, x, 0.0))


def has_all_digits(m: Any, x: Any) -> Any:
    """Whether x is neither subnormal nor infinite."""
    return m.both(m.abs(x) > 1e-290, m.abs(x) < inf)


def power_by_base(m: Any, x: Any, p: Any, y: Any) -> Any:
    """p·x^(p-1) where p - 1 is exact, else p·y/x, whose derivatives are then sums of like signs.

    Of p·y/x they are not where p is a small number such as 3: p·(p - 1) is a difference of p·p and
    p. Of p·x^(p-1) they are the like of itself, also where x^(p-1) is out of range. Only for a
    large p the product with p is back in range; then the roots of x^p are multiplied.
    """
    lower = m.pow(x, p - 1)
    straight = p * lower
    size = m.abs(x)
    # What occurs once is computed only where it is needed, so the root is written in two ways.
    rooted = m.both(m.pow(size, 0.5 * p) > 1e-290, m.pow(size, p * 0.5) < inf)
    rooted = m.both(m.abs(p) > 7, rooted)
    in_range = m.where(has_all_digits(m, lower), 1.0, m.where(rooted, 0.0, 1.0)) > 0
    exact = m.both(m.both(m.equal((p - 1) + 1, p), m.abs(p) < 1e15), in_range)
    slope = m.where(exact, straight, by_roots(m, x, p, y))
    slope = m.where(m.equal(x, 0.0), power_by_base_at_0(m, x, p, straight), slope)
    return m.where(m.equal(p, 0.0), power_by_base_at_power_0(m, x, p, y), slope)


def power_by_base_at_power_0(m: Any, x: Any, p: Any, y: Any) -> Any:
    """p·x^(p-1) at p = 0, which is 0. By p its derivative is 1/x, or nan where there is none.

    For a smaller x it is just 0, as p times a power of 1/x, of which there is one more in each
    derivative, would be 0 times inf.
    """
    edge = m.where(m.both(x >= 0, x <= inf), 0.0, m.atan2(p, 0.0))
    return m.where(m.both(m.abs(x) > 1e-40, m.abs(x) < inf), p / x * y + 0.0, edge)


def power_by_base_at_0(m: Any, x: Any, p: Any, straight: Any) -> Any:
    """p·x^(p-1) at x = 0, so written that its derivative by p is the limit: -inf for 0 < p ≤ 1."""
    at_1 = m.where(m.equal(p, 1.0), 1 - root(m, p - 1), straight)
    return m.where(m.both(p >= 0, p < 1), m.pow(x + 0.0, p - 1), at_1)


def by_roots(m: Any, x: Any, p: Any, y: Any) -> Any:
    """p·x^p/x, by way of the root of x^p where that is out of range."""
    size = m.abs(x)
    small = m.both(p > 0, p < 4)  # p - 1 is exact, wherever y is out of range
    half, again = roots(m, size, m.where(small, p - 1, p))
    one = m.where(x < 0, -1.0, 1.0)
    beyond = (
        m.pow(one, p) * m.where(x >= 0, 1.0, -1.0) * (half / m.where(small, 1.0, size) * p * again)
    )
    fits = m.both(has_all_digits(m, y), m.abs(p * y) < inf)
    return m.where(fits, p * y / x, beyond)


def power_by_exponent(m: Any, x: Any, p: Any, y: Any) -> Any:
    """y·log(x), by way of the root of y where y is out of range."""
    half, again = roots(m, x, p)
    small = m.log(x * 2.0**100) - 100 / m.log2_e  # its derivative is a float where 1/x is none
    log = m.where(m.abs(x) < 1e-300, small, m.log(x))
    slope = m.where(has_all_digits(m, y), y * log, half * log * again)
    ends = m.where(m.equal(x, inf), power_by_exponent_at_inf(m, x, p), slope)
    return m.where(m.equal(x, 0.0), power_by_exponent_at_0(m, x, p, y), ends)


def power_by_exponent_at_0(m: Any, x: Any, p: Any, y: Any) -> Any:
    """y·log(x) at x = 0; for p > 0 it vanishes there as the power of x does that is next to p."""
    vanishing = 0.0 - m.pow(x + 0.0, p * (1 - 2.0**-52))
    return m.where(p > 0, vanishing, m.where(m.equal(p, 0.0), 0.0, y * m.log(x)))


def power_by_exponent_at_inf(m: Any, x: Any, p: Any) -> Any:
    """y·log(x) at x = inf: it grows as the power of x does that is next to p."""
    return m.where(m.equal(p, 0.0), m.log(x), m.pow(x, p * (1 + 2.0**-52)))


def roots(m: Any, x: Any, p: Any) -> tuple[Any, Any]:
    """√(x^p) as two different expressions.

    An expression that occurs once is written inside the arm of `where` that needs it, and so it is
    computed only there. One that occurs twice would be computed before, for nothing.
    """
    return m.pow(x, p / 2), m.pow(x, p * 0.5)


# --- Values without a factor of their operands, None where they have none -------------------------


def sum_over(divided: Rule, x: Any, y: Any) -> Any:
    """(x + y) without a factor of both."""
    first, second = divided(x), divided(y)
    return None if first is None or second is None else first + second


def product_over(divided: Rule, x: Any, y: Any) -> Any:
    """x·y without a factor of one."""
    first = divided(x)
    if first is not None:
        return first * y
    second = divided(y)
    return None if second is None else x * second


def power_over(m: Any, divided: Rule, x: Any, p: Any) -> Any:
    """x^p without a factor of x; p is a plain number of at least 1, else there is none."""
    first = divided(x) if type(p) is float and p >= 1 else None
    return None if first is None else first * m.pow(x, p - 1)


def choice_over(m: Any, divided: Rule, condition: Any, x: Any, y: Any) -> Any:
    """x or y without a factor; nan for the one that has none."""
    first, second = divided(x), divided(y)
    if first is None and second is None:
        return None
    return m.where(condition, nan if first is None else first, nan if second is None else second)


# --- Domains, kinks and selections ----------------------------------------------------------------


def inside(m: Any, x: Any, low: float, slope: Any) -> Any:
    """The slope where x ≥ low; outside the domain it is nan, and so is each derivative of it."""
    return m.where(x < low, slope * nan, slope)


def larger(m: Any, x: Any, y: Any) -> Any:
    """max(x, y); nan if either is nan."""
    return m.where(x >= y, x, m.where(x < y, y, x + y))


def shares(m: Any, x: Any, y: Any) -> Any:
    """The derivative of max(x, y) by x: 1 if x is larger, ½ at a tie, 0 if y is larger."""
    return m.where(x > y, 1.0, m.where(x < y, 0.0, m.where(m.equal(x, y), 0.5, nan)))


def largest_of(m: Any, xs: Sequence[Any]) -> Any:
    """The largest of xs; nan if one of them is nan."""
    return fold(lambda x, y: larger(m, x, y), xs)


def tied(m: Any, xs: Sequence[Any], best: Any) -> list[Any]:
    """1/n for each of the n that are the best, 0 for the others; nan for all if the best is nan."""
    ties = total([m.where(m.equal(x, best), 1.0, 0.0) for x in xs])
    share = 1 / nonzero(m, ties)
    return [m.where(m.equal(x, best), share, 0.0 * share) for x in xs]


def leaky_slope(m: Any, x: Any, slope: Any) -> Any:
    """1 for x > 0, the slope for x < 0; at 0 what lies between them and nearest to 0."""
    least = m.where(slope > 1, 1.0, m.where(slope < 0, 0.0, slope))
    rest = m.where(m.equal(x, 0.0), least, nan)
    return m.where(x > 0, 1.0, m.where(x < 0, slope, rest))


def target_in_range(logits: Sequence[Any], target: int) -> None:
    """Raises unless `target` is the index of a logit."""
    if not 0 <= target < len(logits):
        raise ValueError(
            f"cross_entropy: target index {target!r} is out of range for {len(logits)} logits; "
            f"give an integer from 0 to {len(logits) - 1}"
        )


# --- Exponentials ---------------------------------------------------------------------------------


def decay(m: Any, x: Any, seam: float = 0.0) -> Any:
    """exp(-x) above the seam, exp(x) below; exp(-|x|) if it is at 0, by two analytic arms."""
    return m.exp(m.where(x > seam, -x, x))


def logistic(m: Any, x: Any, seam: float = 0.0) -> Any:
    """1/(1 + exp(-x)) above the seam, exp(x)/(1 + exp(x)) below, the same and no overflow."""
    e = decay(m, x, seam)
    return m.where(x > seam, 1.0, e) / (1 + e)


def logistic_slope(m: Any, e: Any) -> Any:
    """e/(1 + e)², the derivative of the logistic function for e = exp(-x) or exp(x)."""
    return e / (1 + e * (2 + e))


def softplus(m: Any, x: Any) -> Any:
    """log(1 + exp(x))."""
    rest = m.log1p(decay(m, x))
    return m.where(x > 0, x + rest, rest)


def silu(m: Any, x: Any) -> Any:
    """x·logistic(x); exp(x) in two factors where it is subnormal and would lose digits."""
    root = m.exp(x / 2)
    tail = m.where(x < -1500, -0.0, x * root * root)
    return m.where(x < -700, tail, x * logistic(m, x))


def silu_slope(m: Any, x: Any) -> Any:
    """(1 + e + x·e)/(1 + e)² for x > 0, e·(1 + x + e)/(1 + e)² for x ≤ 0, with e = exp(-|x|).

    Near its zero, -1.278…, 1 + x + e is measured from there, in two words: so it does not cancel.
    """
    e, root = decay(m, x), m.exp(x / 2)
    distance = (x + 1.2784645427610737) + 1.0946994183093437e-16
    near = distance + 0.2784645427610738 * m.expm1(distance)
    factor = m.where(m.abs(distance) < 1, near, (1 + x) + e)
    square = 1 + e * (2 + e)
    right = m.where(x > 750, 1.0, (1 + e + x * e) / square)
    left = m.where(x < -700, root * (1 + x) * root, e * factor / square)
    return m.where(x > 0, right, m.where(x < -1500, -0.0, left))


def bell(m: Any, x: Any, factor: float) -> Any:
    """exp(-factor·x²) for a power of two `factor`, with x² in two words as its error is amplified.

    The last factor is the exponential of what the rounding of x² left out.
    """
    return m.exp(-factor * (x * x)) * (1 - factor * m.product_error(x, x))


def error_slope(m: Any, x: Any) -> Any:
    """2/√π·exp(-x²); beyond ±40 it is 0, and x² may overflow."""
    return m.where(m.abs(x) > 40, 0.0, m.two_over_sqrt_pi * bell(m, x, 1.0))


def normal_cdf(m: Any, x: Any) -> Any:
    """Φ(x), with what the rounding of x/√2 left out put back to first order."""
    z = x * m.sqrt_half
    lost = x * m.sqrt_half_rest + m.product_error(x, m.sqrt_half)
    return 0.5 * (m.erfc(-z) + m.two_over_sqrt_pi * m.exp(-(z * z)) * lost)


def normal_tail(x: Any) -> Any:
    """-x·Φ(x)/φ(x) for x < -37, by its asymptotic series (Abramowitz & Stegun 26.2.12)."""
    r = 1 / (x * x)
    return 1 - r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r * (1 - 9 * r * (1 - 11 * r)))))


def gelu(m: Any, x: Any) -> Any:
    """x·Φ(x); Φ is 1 above 60, its density 0, and Φ is subnormal below -37."""
    tail = -(m.inverse_sqrt_two_pi * bell(m, x, 0.5)) * normal_tail(x)
    return m.where(x > 60, x, m.where(x < -37, tail, x * normal_cdf(m, x)))


def gelu_slope(m: Any, x: Any) -> Any:
    """Φ(x) + x·φ(x); below -37 with the exponential in two factors."""
    root = bell(m, x, 0.25)
    tail = x * m.inverse_sqrt_two_pi * root * (1 - normal_tail(x) / (x * x)) * root
    middle = normal_cdf(m, x) + x * m.inverse_sqrt_two_pi * bell(m, x, 0.5)
    left = m.where(x < -60, -0.0, m.where(x < -37, tail, middle))
    return m.where(x > 60, 1.0, left)


# --- Log-sum-exp ----------------------------------------------------------------------------------


def peak_of(m: Any, xs: Sequence[Any]) -> Any:
    """The largest of xs, or 0 where that is -inf or nan: what keeps the exponentials in range."""
    peak = m.largest(xs)
    return m.where(peak > -inf, peak, 0.0)


def exponentials(m: Any, xs: Sequence[Any], shift: Any) -> list[Any]:
    """exp(x - shift) for each x."""
    return [exponential_of_difference(m, x, shift) for x in xs]


def exponential_of_difference(m: Any, x: Any, y: Any) -> Any:
    """exp(x - y), with what the rounding of x - y left out, as exp amplifies it; 1 if x is y."""
    difference = x - y
    taken = difference - x
    lost = (x - (difference - taken)) - (y + taken)
    power = m.exp(difference)
    rest = m.where(m.equal(x, y), 1.0, power)  # also of two infinities, whose difference is nan
    return m.where(m.abs(difference) < 800, power + power * lost, rest)


def logsumexp(m: Any, xs: Sequence[Any]) -> Any:
    """log Σ exp(x), by log1p of that sum less 1, the largest term."""
    shift = peak_of(m, xs)
    weights = exponentials(m, xs, shift)
    rest = [m.where(m.equal(x, shift), w - 1, w) for x, w in zip(xs, weights, strict=True)]
    ties = total([m.where(m.equal(x, shift), 1.0, 0.0) for x in xs])
    return shift + m.log1p((ties - 1) + careful_total(m, rest))


def probabilities(m: Any, xs: Sequence[Any]) -> list[Any]:
    """exp(x)/Σ exp(x) for each x."""
    weights = exponentials(m, xs, peak_of(m, xs))
    whole = nonzero(m, careful_total(m, weights))
    return [weight / whole for weight in weights]


def nonzero(m: Any, whole: Any) -> Any:
    """The sum of what is not negative; nan where all of that is 0, so that 1/sum cannot raise."""
    return m.where(whole > 0, whole, whole * nan)


def cross_entropy(m: Any, logits: Sequence[Any], target: int) -> Any:
    """-log of the target's probability; by log1p of the rest where the target is the largest."""
    x, rest = logits[target], [*logits[:target], *logits[target + 1 :]]
    shift = peak_of(m, logits)
    sure = m.log1p(total(exponentials(m, rest, x)))
    return m.where(
        m.largest([*rest, -inf]) <= x,
        sure,
        (shift - x) + m.log(total(exponentials(m, logits, shift))),
    )


def cross_entropy_slopes(m: Any, logits: Sequence[Any], target: int) -> list[Any]:
    """The probabilities, less 1 for the target: there minus the others', which does not cancel."""
    weights = exponentials(m, logits, peak_of(m, logits))
    whole = nonzero(m, careful_total(m, weights))
    slopes = [weight / whole for weight in weights]
    slopes[target] = -(careful_total(m, [*weights[:target], *weights[target + 1 :]]) / whole)
    return slopes
