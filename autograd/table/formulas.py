"""Expressions that rows of the derivative table share, written over a vocabulary `m`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from math import inf, nan
from typing import Any

# --- Sums and products ----------------------------------------------------------------------------

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


# --- Domains, kinks and selections ----------------------------------------------------------------


def inside(m: Any, x: Any, low: float, slope: Any) -> Any:
    """The slope where x ≥ low; outside the domain it is nan, and so is each derivative of it."""
    return m.where(x < low, slope * nan, slope)


def of_number(m: Any, x: Any, slope: Any) -> Any:
    """The slope; nan where x is nan. Arrays of numbers are told from others by their largest."""
    return m.where(x <= inf, slope, nan)


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
    return of_number(m, x, m.where(x > 0, 1.0, m.where(x < 0, slope, least)))


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
