"""Functions and claims in which digits cancel, plateaus, kinks that cancel and that are smooth.

Here a checker accuses the innocent, or lets anything pass, if it takes no account of rounding.
"""

from __future__ import annotations

from tests.benchmarks.case import Case

TANH = "(1 - tanh(x) ** 2,)"
LOGISTIC = "(sigmoid(x) * (1 - sigmoid(x)),)"
MARGIN = "log(exp(x) + exp(y)) - x"
SOFTMAX = "(exp(x) / (exp(x) + exp(y)) - 1, exp(y) / (exp(x) + exp(y)))"
SINC = "(cos(x) / x - sin(x) / x ** 2,)"
# fmt: off
RIGHT = [Case(*row, right=True) for row in (
    # Claims with a rounding of their own.
    *((f"1 - tanh² at {x:g}", "tanh(x)", TANH, (x,)) for x in (5.0, 10.5, 11.0, 12.0, 13.0, 14.0)),
    *((f"s·(1 - s) at {x:g}", "sigmoid(x)", LOGISTIC, (x,)) for x in (20.0, 25.75, 28.0, 30.0)),
    ("softmax less one-hot at [14, 0]", MARGIN, SOFTMAX, (14.0, 0.0)),
    ("softmax less one-hot at [20, 1]", MARGIN, SOFTMAX, (20.0, 1.0)),
    ("saturated layer of two", "tanh(x * tanh(y))",
     "(tanh(y) * (1 - tanh(x * tanh(y)) ** 2), x * (1 - tanh(y) ** 2) * "
     "(1 - tanh(x * tanh(y)) ** 2))", (9.0, 2.5)),
    ("the derivative of sin(x)/x at 1e-3, which cancels", "sin(x) / x", SINC, (1e-3,)),
    ("sin² + cos², nothing is left", "sin(x) ** 2 + cos(x) ** 2",
     "(2 * sin(x) * cos(x) - 2 * cos(x) * sin(x),)", (0.7,)),
    # Plateaus of the value, or inside of it.
    ("-log(1 - sigmoid) at 30", "-log(1 - sigmoid(x))", "(sigmoid(x),)", (30.0,)),
    ("-log(1 - sigmoid) at 20", "-log(1 - sigmoid(x))", "(sigmoid(x),)", (20.0,)),
    ("log(1 + exp) at -30", "log(1 + exp(x))", "(exp(x) / (1 + exp(x)),)", (-30.0,)),
    ("log(1 + exp) at -25", "log(1 + exp(x))", "(sigmoid(x),)", (-25.0,)),
    ("(1 - cos x)/x² at 1e-2", "(1 - cos(x)) / x ** 2",
     "(sin(x) / x ** 2 - 2 * (1 - cos(x)) / x ** 3,)", (1e-2,)),
    ("1 + 1e-9·x", "1 + 1e-9 * x", "(1e-9,)", (0.5,)),
    ("1e6 + sin", "1e6 + sin(x)", "(cos(x),)", (0.3,)),
    ("(1 + x)³ - 1 at 1e-9", "(1 + x) ** 3 - 1", "(3 * (1 + x) ** 2,)", (1e-9,)),
    ("√(x² + 1) - 1 at 1e-5", "sqrt(x * x + 1) - 1", "(x / sqrt(x * x + 1),)", (1e-5,)),
    # Kinks that cancel, and kinks that are smooth.
    ("relu(x) - relu(-x) at 0", "maximum(x, 0.0) - maximum(-x, 0.0)", "(1.0,)", (0.0,)),
    ("|x|² at 0", "abs(x) ** 2", "(0.0,)", (0.0,)),
    ("hypot² at 0", "hypot(x, y) ** 2", "(0.0, 0.0)", (0.0, 0.0)),
    ("max(x, y) + min(x, y) at a tie", "maximum(x, y) + minimum(x, y)", "(1.0, 1.0)", (2.0, 2.0)),
    ("x·|x| at 0", "x * abs(x)", "(0.0,)", (0.0,)),
    ("relu² at 0", "maximum(x, 0.0) ** 2", "(0.0,)", (0.0,)),
)]
RIGHT += [
    Case("sine in four decimals", "round(sin(x), 4)", "(cos(x),)", (0.8,), True, plain_only=True),
]
WRONG = [Case(*row, right=False) for row in (
    ("1 - tanh at 10.5", "tanh(x)", "(1 - tanh(x),)", (10.5,)),
    ("2·(1 - tanh²) at 8", "tanh(x)", "(2 * (1 - tanh(x) ** 2),)", (8.0,)),
    ("-(1 - tanh²) at 5", "tanh(x)", "(tanh(x) ** 2 - 1,)", (5.0,)),
    ("s at 5 in place of s·(1 - s)", "sigmoid(x)", "(sigmoid(x),)", (5.0,)),
    ("s·(1 - s)·(1 + 1e-4) at 12", "sigmoid(x)", "(1.0001 * sigmoid(x) * (1 - sigmoid(x)),)",
     (12.0,)),
    ("1 - s at 20, and twice", "sigmoid(x)", "(2 * (1 - sigmoid(x)),)", (20.0,)),
    ("softmax, not less one-hot, at [14, 0]", MARGIN,
     "(exp(x) / (exp(x) + exp(y)), exp(y) / (exp(x) + exp(y)))", (14.0, 0.0)),
    ("softmax less one-hot at [8, 0], sign", MARGIN,
     "(1 - exp(x) / (exp(x) + exp(y)), -exp(y) / (exp(x) + exp(y)))", (8.0, 0.0)),
    ("saturated layer of two, inner derivative missing", "tanh(x * tanh(y))",
     "(tanh(y) * (1 - tanh(x * tanh(y)) ** 2), x * (1 - tanh(x * tanh(y)) ** 2))", (3.0, 1.5)),
    ("sin(x)/x at 1e-3, sign", "sin(x) / x", "(sin(x) / x ** 2 - cos(x) / x,)", (1e-3,)),
    ("sin(x)/x at 1e-2 ≡ 0", "sin(x) / x", "(0.0,)", (1e-2,)),
    ("-log(1 - sigmoid) at 30 ≡ 0", "-log(1 - sigmoid(x))", "(0.0,)", (30.0,)),
    ("-log(1 - sigmoid) at 20, half", "-log(1 - sigmoid(x))", "(0.5 * sigmoid(x),)", (20.0,)),
    ("log(1 + exp) at -30 ≡ 1", "log(1 + exp(x))", "(1.0,)", (-30.0,)),
    ("log(1 + exp) at -20, twice", "log(1 + exp(x))", "(2 * sigmoid(x),)", (-20.0,)),
    ("(1 - cos x)/x² at 1e-2, sign", "(1 - cos(x)) / x ** 2", "(x / 12,)", (1e-2,)),
    ("(1 - cos x)/x² at 1e-4, -10000 as it seems", "(1 - cos(x)) / x ** 2", "(-10000.0,)", (1e-4,)),
    ("1 + 1e-9·x, ten times", "1 + 1e-9 * x", "(1e-8,)", (0.5,)),
    ("1 + 1e-9·x ≡ 0", "1 + 1e-9 * x", "(0.0,)", (0.5,)),
    ("1e6 + sin, sign", "1e6 + sin(x)", "(-cos(x),)", (0.3,)),
    ("(1 + x)³ - 1 at 1e-9, as if of x³", "(1 + x) ** 3 - 1", "(3 * x ** 2,)", (1e-9,)),
    ("√(x² + 1) - 1 at 1e-5 ≡ 1", "sqrt(x * x + 1) - 1", "(1.0,)", (1e-5,)),
    ("relu(x) - relu(-x) at 0 ≡ 0", "maximum(x, 0.0) - maximum(-x, 0.0)", "(0.0,)", (0.0,)),
    ("relu(x) - relu(-x) at 0 ≡ ½", "maximum(x, 0.0) - maximum(-x, 0.0)", "(0.5,)", (0.0,)),
    ("|x|² at 0 ≡ 1", "abs(x) ** 2", "(1.0,)", (0.0,)),
    ("hypot² at 0, not squared", "hypot(x, y) ** 2", "(1.0, 1.0)", (0.0, 0.0)),
    ("max(x, y) + min(x, y) at a tie, ½", "maximum(x, y) + minimum(x, y)", "(0.5, 0.5)",
     (2.0, 2.0)),
    ("relu² at 0 ≡ 1", "maximum(x, 0.0) ** 2", "(1.0,)", (0.0,)),
)]
WRONG += [
    Case("sine in four decimals ≡ 0", "round(sin(x), 4)", "(0.0,)", (0.8,), False, plain_only=True),
    Case("sine in four decimals, sign", "round(sin(x), 4)", "(-cos(x),)", (0.8,), False,
         plain_only=True),
]
# fmt: on
