"""The derivative table: every operation, one row each.

A row has the operation's name, its value, its local derivatives by its arguments, and what it
means. `m` is the vocabulary of elementary functions; the last argument of the local derivatives is
the value, already computed. The rows obey four laws:

* **Nothing cancels.** 1 - tanh² loses every digit in the tails; 4e/(1+e)² with e = exp(-2|x|) does
  not. A row's bounds are measured against exact results in `docs/accuracy.md`.
* **Arms of `m.where` continue each other.** Where both arms are one analytic function written in
  two ways, derivatives of every order are right at the seam. So exp(-|x|) has an arm for each
  sign, and no `abs`.
* **Derivatives have derivatives.** A rule for the local derivatives is differentiated in turn. So
  the pole of 1/x at -0.0 is mended by 1/(x + 0.0) and not by 1/|x|, whose derivative at 0 is lost.
* **Edges are said.** At a point without a derivative: the derivative where it exists; else the
  subgradient of least norm; else the one-sided limit, inf allowed; else nan. `convention` says it.

Where a row is written for the sake of these laws, `textbook_value` and `textbook` are what a
textbook writes. Explanations show that; nothing computes with it.
"""

from __future__ import annotations

from math import inf

from autograd.table import factors, powers, steps, textbook
from autograd.table import formulas as f
from autograd.table.row import REAL, Interval, row

POSITIVE = Interval(0.0, inf)
UNIT = Interval(-1.0, 1.0)

POLE = "at 0 the derivative is inf, the one-sided limit; nan below"
STEP = "where it jumps, at {}, the derivative is 0, the limit from both sides"
NORM = "{} 0; of its square and functions of that, all orders are right, as these are smooth"
TIE = "a tie shares the gradient, ½ to each"
TIES = "n equal ones share the gradient, 1/n to each"
TERMS = "relative to the sum of the terms' sizes, as terms of both signs may cancel"
RANGE = "as long as no difference, and no sum of the terms, is beyond the floats"
NEAR_0 = "for -4 < x < 4 relative to 1/16, as differences of exponentials of like size cancel"
NEAR_TIES = "relative to the least probability of the operands that they are by"
PLANE = (
    "as long as no operand but 0 is subnormal, nor 1e100 times the other, as factors of them "
    "are beyond the floats"
)
DENSITY = "below 1e-290, as factors of them are subnormal, relative to 1e-290"
REDUCTION = (
    "beyond 1e8 up to what an error of 2^-90 in x changes, as glibc 2.36 subtracts multiples of π "
    "no more exactly; only at floats that are within 2^-40 of a multiple of π/2 is that more than 4"
)

# fmt: off
# --- Operators ------------------------------------------------------------------------------------

row("add", lambda m, x, y: x + y, lambda m, x, y, z: (1.0, 1.0),
    "x + y", symbol="+", domain=(REAL, REAL), method=False,
    over=lambda m, divided, x, y: factors.sum_over(divided, x, y))
row("sub", lambda m, x, y: x - y, lambda m, x, y, z: (1.0, -1.0),
    "x - y", symbol="-", domain=(REAL, REAL), method=False,
    over=lambda m, divided, x, y: factors.sum_over(divided, x, -y))
row("mul", lambda m, x, y: x * y, lambda m, x, y, z: (y, x),
    "x · y", symbol="*", domain=(REAL, REAL), method=False,
    over=lambda m, divided, x, y: factors.product_over(divided, x, y))
row("truediv", lambda m, x, y: x / y, lambda m, x, y, z: (1 / y, -powers.over_square(m, x, y, z)),
    "x / y", symbol="/", domain=(REAL, REAL), method=False,
    over=lambda m, divided, x, y: factors.quotient_over(divided, x, y),
    textbook=lambda m, x, y, z: (1 / y, -(x / m.pow(y, 2))))
row("pow", lambda m, x, p: m.pow(x, p),
    lambda m, x, p, y: (powers.power_by_base(m, x, p, y), powers.power_by_exponent(m, x, p, y)),
    "x to the power p", symbol="**", domain=(POSITIVE, REAL), method=False,
    over=lambda m, divided, x, p: factors.power_over(m, divided, x, p),
    textbook=lambda m, x, p, y: (p * m.pow(x, p - 1), y * m.log(x)),
    orders_reason="as long as |p| < 1e50; those by p as long as 1e-100 < x < 1e100 (for p = 0: "
    "1e-40 < x), and x to the power p, also times p⁵, is neither subnormal nor beyond the floats; "
    "else factors of them are",
    convention="x**0 has ∂x = 0 for every x; 0**p has ∂p = 0 for p ≥ 0; ∂p is nan for x < 0")
row("neg", lambda m, x: -x, lambda m, x, y: -1.0,
    "-x", symbol="-", method=False,
    over=lambda m, divided, x: factors.product_over(divided, x, -1.0))
row("abs", lambda m, x: m.abs(x),
    lambda m, x, y: m.where(x > 0, 1.0, m.where(x < 0, -1.0, x * 0.0)),
    "|x|", symbol="abs", is_norm=True, convention=NORM.format("at 0 the derivative is"),
    textbook=lambda m, x, y: m.where(x > 0, 1, m.where(x < 0, -1, 0)))

# --- Exponentials, logarithms and roots -----------------------------------------------------------

row("exp",   lambda m, x: m.exp(x),   lambda m, x, y: y,         "e to the power x")
row("expm1", lambda m, x: m.expm1(x), lambda m, x, y: m.exp(x),  "exp(x) - 1, accurate near 0")
row("log",   lambda m, x: m.log(x),   lambda m, x, y: f.inside(m, x, 0.0, 1 / (x + 0.0)),
    "the natural logarithm", domain=(POSITIVE,), convention=POLE,
    textbook=lambda m, x, y: 1 / x)
row("log1p", lambda m, x: m.log1p(x), lambda m, x, y: f.inside(m, x, -1.0, 1 / (1 + x)),
    "log(1 + x), accurate near 0", domain=(Interval(-1.0, inf),),
    convention="at -1 the derivative is inf, the one-sided limit; nan below",
    textbook=lambda m, x, y: 1 / (1 + x))
row("log2",  lambda m, x: m.log2(x),  lambda m, x, y: f.inside(m, x, 0.0, m.log2_e / (x + 0.0)),
    "the logarithm to base 2", domain=(POSITIVE,), convention=POLE,
    textbook=lambda m, x, y: 1 / (x * m.log(2)))
row("log10", lambda m, x: m.log10(x), lambda m, x, y: f.inside(m, x, 0.0, m.log10_e / (x + 0.0)),
    "the logarithm to base 10", domain=(POSITIVE,), convention=POLE,
    textbook=lambda m, x, y: 1 / (x * m.log(10)))
row("sqrt",  lambda m, x: m.sqrt(x),  lambda m, x, y: 0.5 / (y + 0.0),
    "the square root", domain=(POSITIVE,), convention=POLE,
    textbook=lambda m, x, y: 1 / (2 * y))
row("cbrt",  lambda m, x: m.cbrt(x),  lambda m, x, y: 1 / (3 * (y * y)),
    "the real cube root", convention="at 0 the derivative is inf")

# --- Trigonometry ---------------------------------------------------------------------------------

row("sin",   lambda m, x: m.sin(x),   lambda m, x, y: m.cos(x),      "the sine of x radians",
    bound_reason=REDUCTION)
row("cos",   lambda m, x: m.cos(x),   lambda m, x, y: -m.sin(x),     "the cosine of x radians",
    bound_reason=REDUCTION)
row("tan",   lambda m, x: m.tan(x),   lambda m, x, y: 1 + y * y,     "the tangent of x radians",
    bound_reason=REDUCTION)
row("asin",  lambda m, x: m.asin(x),  lambda m, x, y: powers.over_root(m, x),
    "the arc sine, in radians", domain=(UNIT,), aliases=("arcsin",),
    convention="at ±1 the derivative is inf; nan outside",
    textbook=lambda m, x, y: 1 / m.sqrt(1 - m.pow(x, 2)))
row("acos",  lambda m, x: m.acos(x),  lambda m, x, y: -powers.over_root(m, x),
    "the arc cosine, in radians", domain=(UNIT,), aliases=("arccos",),
    convention="at ±1 the derivative is -inf; nan outside",
    textbook=lambda m, x, y: -(1 / m.sqrt(1 - m.pow(x, 2))))
row("atan",  lambda m, x: m.atan(x),
    lambda m, x, y: m.where(m.abs(x) < 1e10, 1 / (1 + x * x), 1 / x / x),
    "the arc tangent, in radians", aliases=("arctan",),
    textbook=lambda m, x, y: 1 / (1 + m.pow(x, 2)))
row("atan2", lambda m, y, x: m.atan2(y, x),
    lambda m, y, x, angle: (powers.over_square_of_hypot(m, x, y),
                            -powers.over_square_of_hypot(m, y, x)),
    "the angle of the point (x, y), in radians", domain=(REAL, REAL), aliases=("arctan2",),
    orders_reason=PLANE,
    convention="at (0, 0) both derivatives are nan",
    textbook=lambda m, y, x, angle: (x / (m.pow(x, 2) + m.pow(y, 2)),
                                     -(y / (m.pow(x, 2) + m.pow(y, 2)))))
row("hypot", lambda m, x, y: m.hypot(x, y),
    lambda m, x, y, h: (powers.over_hypot(m, x, y, h), powers.over_hypot(m, y, x, h)),
    "√(x² + y²)", domain=(REAL, REAL), is_norm=True, orders_reason=PLANE,
    convention=NORM.format("at (0, 0) both derivatives are"),
    textbook=lambda m, x, y, h: (x / h, y / h))

# --- Hyperbolic functions -------------------------------------------------------------------------

row("sinh",  lambda m, x: m.sinh(x),  lambda m, x, y: m.cosh(x),  "the hyperbolic sine")
row("cosh",  lambda m, x: m.cosh(x),  lambda m, x, y: m.sinh(x),  "the hyperbolic cosine")
row("tanh",  lambda m, x: m.tanh(x),
    lambda m, x, y: m.where(y * y < 0.2, 1 - y * y, 4 * f.logistic_slope(m, f.decay(m, 2 * x))),
    "the hyperbolic tangent",
    textbook=lambda m, x, y: 1 - m.pow(y, 2))
row("asinh", lambda m, x: m.asinh(x), lambda m, x, y: 1 / m.hypot(1.0, x),
    "the inverse hyperbolic sine", aliases=("arcsinh",),
    textbook=lambda m, x, y: 1 / m.sqrt(1 + m.pow(x, 2)))
row("acosh", lambda m, x: m.acosh(x), lambda m, x, y: 1 / (m.sqrt(x - 1) * m.sqrt(x + 1)),
    "the inverse hyperbolic cosine", domain=(Interval(1.0, inf),), aliases=("arccosh",),
    convention="at 1 the derivative is inf; nan below",
    textbook=lambda m, x, y: 1 / m.sqrt(m.pow(x, 2) - 1))
row("atanh", lambda m, x: m.atanh(x),
    lambda m, x, y: f.inside(m, -m.abs(x), -1.0, powers.over_difference(m, x)),
    "the inverse hyperbolic tangent", domain=(UNIT,), aliases=("arctanh",),
    convention="at ±1 the derivative is inf; nan outside",
    textbook=lambda m, x, y: 1 / (1 - m.pow(x, 2)))

# --- Activations ----------------------------------------------------------------------------------

row("sigmoid",    lambda m, x: f.logistic(m, x, seam=-30.0),
    lambda m, x, y: f.logistic_slope(m, f.decay(m, x, seam=-30.0)), "1 / (1 + exp(-x))",
    orders_reason=NEAR_0,
    textbook_value=lambda m, x: 1 / (1 + m.exp(-x)), textbook=lambda m, x, y: y * (1 - y))
row("softplus",   lambda m, x: f.softplus(m, x),   lambda m, x, y: f.logistic(m, x),
    "log(1 + exp(x))", orders_reason=NEAR_0, textbook_value=lambda m, x: m.log(1 + m.exp(x)),
    textbook=lambda m, x, y: 1 / (1 + m.exp(-x)))
row("logsigmoid", lambda m, x: -f.softplus(m, -x), lambda m, x, y: f.logistic(m, -x),
    "log(sigmoid(x))", orders_reason=NEAR_0, textbook_value=lambda m, x: -m.log(1 + m.exp(-x)),
    textbook=lambda m, x, y: 1 / (1 + m.exp(x)))
row("relu",       lambda m, x: m.where(x <= 0, 0.0, x),
    lambda m, x, y: f.of_number(m, x, m.where(x <= 0, 0.0, 1.0)),
    "max(x, 0)", convention="at 0 the derivative is 0",
    textbook=lambda m, x, y: m.where(x <= 0, 0, 1))
row("leaky_relu", lambda m, x, slope: m.where(x > 0, x, slope * x),
    lambda m, x, slope, y: f.leaky_slope(m, x, slope),
    "x where x > 0, else slope · x", settings=(("slope", 0.01),),
    convention="at 0 the derivative is the one nearest to 0 between slope and 1",
    textbook=lambda m, x, slope, y: m.where(x > 0, 1, slope))
row("elu",        lambda m, x: m.where(x > 0, x, m.expm1(x)),
    lambda m, x, y: m.where(x > 0, 1.0, m.exp(x)), "x where x > 0, else exp(x) - 1")
row("silu",       lambda m, x: f.silu(m, x), lambda m, x, y: f.silu_slope(m, x),
    "x · sigmoid(x)", orders_reason=NEAR_0, textbook_value=lambda m, x: x / (1 + m.exp(-x)),
    textbook=lambda m, x, y: (1 + m.exp(-x) + x * m.exp(-x)) / m.pow(1 + m.exp(-x), 2))
row("gelu",       lambda m, x: f.gelu(m, x), lambda m, x, y: f.gelu_slope(m, x),
    "x · Φ(x), exact, by erf", orders_reason=DENSITY, value_bound=6.0,
    bound_reason="the value by way of erfc; the derivative relative to Φ(x) + |x|·φ(x), as these "
    "cancel at its zero, -0.7518",
    partial_size=lambda x: 0.25 if -3 < x < 0 else 0.0,
    textbook_value=lambda m, x: x * (1 + m.erf(x / m.sqrt(2))) / 2,
    textbook=lambda m, x, y: (1 + m.erf(x / m.sqrt(2))) / 2
                             + x * m.inverse_sqrt_two_pi * m.exp(-(m.pow(x, 2) / 2)))
row("erf",        lambda m, x: m.erf(x), lambda m, x, y: f.error_slope(m, x),
    "the error function", orders_reason=DENSITY,
    textbook=lambda m, x, y: m.two_over_sqrt_pi * m.exp(-m.pow(x, 2)))
row("erfc",       lambda m, x: m.erfc(x), lambda m, x, y: -f.error_slope(m, x),
    "1 - erf(x), accurate in the tail", orders_reason=DENSITY, value_bound=6.0,
    bound_reason="the platform's (glibc 2.36): a search found an error of 3.9 near 1.23, and does "
    "not show that none is larger",
    textbook=lambda m, x, y: -(m.two_over_sqrt_pi * m.exp(-m.pow(x, 2))))

# --- Selections -----------------------------------------------------------------------------------

row("maximum", lambda m, x, y: f.larger(m, x, y),
    lambda m, x, y, z: (f.shares(m, x, y), f.shares(m, y, x)),
    "the larger of x and y", domain=(REAL, REAL), convention=TIE,
    textbook=lambda m, x, y, z: (m.where(x > y, 1, m.where(x < y, 0, 0.5)),
                                 m.where(y > x, 1, m.where(y < x, 0, 0.5))))
row("minimum", lambda m, x, y: -f.larger(m, -x, -y),
    lambda m, x, y, z: (f.shares(m, y, x), f.shares(m, x, y)),
    "the smaller of x and y", domain=(REAL, REAL), convention=TIE,
    textbook=lambda m, x, y, z: (m.where(x < y, 1, m.where(x > y, 0, 0.5)),
                                 m.where(y < x, 1, m.where(y > x, 0, 0.5))))
row("clip",
    lambda m, x, low, high: m.where(
        x > high, high, m.where(x < low, m.where(low > high, high, low), x)),
    lambda m, x, low, high, y: f.of_number(
        m, x, m.where(x <= low, 0.0, m.where(x >= high, 0.0, 1.0))),
    "x, but at least low and at most high; if low > high: high, as NumPy has it",
    settings=(("low", None), ("high", None)),
    convention="at low and at high the derivative is 0",
    textbook=lambda m, x, low, high, y: m.where(x <= low, 0, m.where(x >= high, 0, 1)))
row("stop_gradient", lambda m, x: m.stop_gradient(x), lambda m, x, y: 0.0,
    "x, which derivatives take for a constant", drops_zero=True,
    convention="by definition the derivative is 0 everywhere, whatever comes from above",
    textbook=lambda m, x, y: 0)
row("where",   lambda m, condition, x, y: m.where(m.equal(condition, 0.0), y, x),
    lambda m, condition, x, y, z: (0.0, m.where(m.equal(condition, 0.0), 0.0, 1.0),
                                   m.where(m.equal(condition, 0.0), 1.0, 0.0)),
    "x where the condition is not 0, else y", domain=(REAL, REAL, REAL), method=False,
    drops_zero=True, over=lambda m, divided, *operands: factors.choice_over(m, divided, *operands),
    convention="the arm that is not taken, and the condition, get no gradient")

# --- Steps, remainders, and other functions by their names in NumPy -------------------------------

row("mod", lambda m, x, y: x % y, lambda m, x, y, z: steps.remainder_slopes(m, x, y, z),
    "x - floor(x / y) · y, which has the sign of y", symbol="%", domain=(REAL, REAL), method=False,
    convention="where it jumps, at multiples of y, the derivatives are 1 and -floor(x / y), the "
    "limits from the side that continues the value; nan at y = 0",
    textbook=lambda m, x, y, z: (1, -m.floor(x / y)))
row("floordiv", lambda m, x, y: x // y,
    lambda m, x, y, z: (steps.flat_quotient(m, y, z), steps.flat_quotient(m, y, z)),
    "floor(x / y)", symbol="//", domain=(REAL, REAL), method=False,
    convention="where it jumps, at multiples of y, both derivatives are 0, the limits from both "
    "sides; nan at y = 0",
    textbook_value=lambda m, x, y: m.floor(x / y), textbook=lambda m, x, y, z: (0, 0))
row("floor", lambda m, x: m.floor(x), lambda m, x, y: steps.flat(m, x),
    "the largest integer that is not above x", symbol="floor", convention=STEP.format("integers"),
    textbook=lambda m, x, y: 0)
row("ceil",  lambda m, x: m.ceil(x),  lambda m, x, y: steps.flat(m, x),
    "the smallest integer that is not below x", symbol="ceil", convention=STEP.format("integers"),
    textbook=lambda m, x, y: 0)
row("trunc", lambda m, x: m.trunc(x), lambda m, x, y: steps.flat(m, x),
    "x without its fraction, the integer next to it towards 0", symbol="trunc",
    convention=STEP.format("integers other than 0"), textbook=lambda m, x, y: 0)
row("round", lambda m, x: m.round(x), lambda m, x, y: steps.flat(m, x),
    "the integer nearest to x, the even one of two that are", symbol="round", aliases=("rint",),
    convention=STEP.format("halves of odd integers"), textbook=lambda m, x, y: 0)
row("sign",  lambda m, x: m.where(x > 0, 1.0, m.where(x < 0, -1.0, x + 0.0)),
    lambda m, x, y: steps.flat(m, x), "1 where x > 0, -1 where x < 0, 0 at 0",
    convention=STEP.format("0"),
    textbook_value=lambda m, x: m.where(x > 0, 1, m.where(x < 0, -1, 0)),
    textbook=lambda m, x, y: 0)
row("fabs",  lambda m, x: m.abs(x),
    lambda m, x, y: m.where(x > 0, 1.0, m.where(x < 0, -1.0, x * 0.0)),
    "|x|, as NumPy's fabs and math.fabs", is_norm=True,
    convention=NORM.format("at 0 the derivative is"),
    textbook=lambda m, x, y: m.where(x > 0, 1, m.where(x < 0, -1, 0)))
row("exp2",  lambda m, x: m.exp2(x), lambda m, x, y: steps.exp2_slope(m, x, y),
    "2 to the power x", textbook=lambda m, x, y: y * m.log(2))
row("logaddexp", lambda m, x, y: f.logsumexp(m, [x, y]),
    lambda m, x, y, z: tuple(f.probabilities(m, [x, y])),
    "log(exp(x) + exp(y))", domain=(REAL, REAL), orders_reason=NEAR_TIES,
    bound_reason="the value relative to the larger |value| + log 2, as these cancel",
    textbook_value=lambda m, x, y: m.log(m.exp(x) + m.exp(y)),
    textbook=lambda m, x, y, z: (m.exp(x) / (m.exp(x) + m.exp(y)),
                                 m.exp(y) / (m.exp(x) + m.exp(y))))
row("sinc",  lambda m, x: steps.sinc(m, x), lambda m, x, y: steps.sinc_slope(m, x, y),
    "sin(π · x) / (π · x), and 1 at 0, NumPy's normalised sinc",
    bound_reason="the derivative relative to (|cos πx| + |sinc x|)/|x| beyond ½, as these cancel "
    "at its zeros",
    partial_size=steps.sinc_slope_size,
    textbook_value=lambda m, x: m.sin(m.pi * x) / (m.pi * x),
    textbook=lambda m, x, y: (m.cos(m.pi * x) - y) / x)
row("degrees", lambda m, x: x * (180 / m.pi), lambda m, x, y: 180 / m.pi,
    "an angle of x radians in degrees, x · 180/π", aliases=("rad2deg",),
    over=lambda m, divided, x: factors.product_over(divided, x, 180 / m.pi))
row("radians", lambda m, x: x * (m.pi / 180), lambda m, x, y: m.pi / 180,
    "an angle of x degrees in radians, x · π/180", aliases=("deg2rad",),
    over=lambda m, divided, x: factors.product_over(divided, x, m.pi / 180))

# --- Many operands in one node --------------------------------------------------------------------

row("sum",  lambda m, values: f.total(values), lambda m, values, y: ([1.0] * len(values),),
    "the sum of the values", groups=("values",), at_least=0, bound_reason=TERMS)
row("mean", lambda m, values: f.total(values) / len(values),
    lambda m, values, y: ([1 / len(values)] * len(values),),
    "the mean of the values", groups=("values",), bound_reason=TERMS)
row("prod", lambda m, values: f.product(m, values), lambda m, values, y: (f.others(m, values),),
    "the product of the values", groups=("values",), at_least=0,
    bound_reason="as long as no product of some neighbours is beyond 2^±1000",
    textbook_value=lambda m, values: textbook.product(values),
    textbook=lambda m, values, y: (textbook.others(values),))
row("dot",  lambda m, weights, inputs, bias: f.total([*f.products(weights, inputs), *bias]),
    lambda m, weights, inputs, bias, y: (inputs, weights, [1.0] * len(bias)),
    "Σ weight · input + bias, the sum of a neuron with one weight for each input",
    groups=("weights", "inputs", "bias"), single=("bias",),
    bound_reason=TERMS)
row("amax", lambda m, values: f.largest_of(m, values),
    lambda m, values, y: (f.tied(m, values, y),),
    "the largest of the values", groups=("values",), convention=TIES,
    textbook_value=lambda m, values: m.largest(values),
    textbook=lambda m, values, y: (textbook.chosen(m, values, y),))
row("amin", lambda m, values: -f.largest_of(m, [-x for x in values]),
    lambda m, values, y: (f.tied(m, values, y),),
    "the smallest of the values", groups=("values",), convention=TIES,
    textbook_value=lambda m, values: -m.largest([-x for x in values]),
    textbook=lambda m, values, y: (textbook.chosen(m, values, y),))
row("logsumexp", lambda m, values: f.logsumexp(m, values),
    lambda m, values, y: (f.probabilities(m, values),),
    "log Σ exp(value)", groups=("values",),
    bound_reason="the value relative to the largest |value| + log(how many), as these cancel",
    orders_reason=NEAR_TIES,
    textbook_value=lambda m, values: m.log(f.total(textbook.exponentials(m, values))),
    textbook=lambda m, values, y: (textbook.softmax(m, values),))
row("cross_entropy", lambda m, logits, target: f.cross_entropy(m, logits, target),
    lambda m, logits, target, y: (f.cross_entropy_slopes(m, logits, target),),
    "-log of the softmax probability of the class whose index in logits, an integer, is target",
    groups=("logits",), settings=(("target", None),), check=f.target_in_range,
    orders_reason="relative to 1 less the largest probability",
    textbook_value=lambda m, logits, target: -m.log(textbook.softmax(m, logits)[target]),
    textbook=lambda m, logits, target, y: (textbook.softmax_less_target(m, logits, target),))
row("mse", lambda m, predictions, targets: f.total(f.squares(predictions, targets)) / len(targets),
    lambda m, predictions, targets, y: (
        f.scaled(f.differences(predictions, targets), 2 / len(targets)),
        f.scaled(f.differences(targets, predictions), 2 / len(targets))),
    "the mean of the squared errors of n pairs, (1/n) Σ (prediction - target)²",
    groups=("predictions", "targets"), value_bound=8.0,
    bound_reason="the roundings of up to 20 squares and of their sum add up; " + RANGE)
row("half_sse", lambda m, predictions, targets: 0.5 * f.total(f.squares(predictions, targets)),
    lambda m, predictions, targets, y: (f.differences(predictions, targets),
                                        f.differences(targets, predictions)),
    "half the sum of the squared errors of all pairs, ½ Σ (prediction - target)²",
    groups=("predictions", "targets"), bound_reason=RANGE)
# fmt: on
