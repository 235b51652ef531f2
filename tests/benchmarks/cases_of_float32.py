"""Code in single precision: a right claim and a wrong one for each function.

Some runs in float64 if it is given that, some converts whatever it is given.
"""

from __future__ import annotations

from tests.benchmarks.case import Case

MARGIN = "log(exp(x) + exp(y)) - x"
# fmt: off
TABLE = (  # name, function, right claim, wrong claim, what is wrong, point
    ("1 + 0.003·w", "1 + 0.003 * x", "(0.003,)", "(0.0033,)", "a tenth too much", (0.7,)),
    ("1 + 0.003·w at 40", "1 + 0.003 * x", "(0.003,)", "(0.0,)", "≡ 0", (40.0,)),
    ("cross entropy of a logit at 7", "log(1 + exp(-x))", "(-1 / (1 + exp(x)),)", "(0.0,)", "≡ 0",
     (7.0,)),
    ("cross entropy of a logit at 2", "log(1 + exp(-x))", "(-1 / (1 + exp(x)),)",
     "(1 / (1 + exp(x)),)", "sign", (2.0,)),
    ("tanh", "tanh(x)", "(1 - tanh(x) ** 2,)", "(1 - tanh(x),)", "not squared", (0.8,)),
    ("tanh at 4", "tanh(x)", "(1 - tanh(x) ** 2,)", "(2 * (1 - tanh(x) ** 2),)", "twice", (4.0,)),
    ("sigmoid", "sigmoid(x)", "(sigmoid(x) * (1 - sigmoid(x)),)", "(sigmoid(x),)",
     "without 1 - s", (0.4,)),
    ("sigmoid at 6", "sigmoid(x)", "(sigmoid(x) * (1 - sigmoid(x)),)", "(0.25,)", "as at 0",
     (6.0,)),
    ("sine", "sin(x)", "(cos(x),)", "(1.01 * cos(x),)", "a hundredth too much", (1.0,)),
    ("exp", "exp(x)", "(exp(x),)", "(x * exp(x - 1),)", "as of a power", (1.5,)),
    ("log", "log(x)", "(1 / x,)", "(1 / (x * x),)", "squared", (0.3,)),
    ("root", "sqrt(x)", "(0.5 / sqrt(x),)", "(1 / sqrt(x),)", "without ½", (2.0,)),
    ("square", "x * x", "(2 * x,)", "(x,)", "one edge", (3.0,)),
    ("cube", "x ** 3", "(3 * x ** 2,)", "(3 * x,)", "exponent", (1.7,)),
    ("product", "x * y", "(y, x)", "(x, y)", "exchanged", (2.0, 3.5)),
    ("quotient", "x / y", "(1 / y, -x / (y * y))", "(1 / y, x / (y * y))", "sign", (1.0, 3.0)),
    ("mean of three", "(x + y + z) / 3", "(1 / (3 + 0 * x), 1 / (3 + 0 * y), 1 / (3 + 0 * z))",
     "(1.0, 1.0, 1.0)", "without 1/n", (1.0, 2.0, 3.0)),
    ("squared error", "(x - y) ** 2 / 2", "(x - y, y - x)", "(x - y, x - y)", "sign", (1.0, 3.0)),
    ("softmax less one-hot", MARGIN,
     "(exp(x) / (exp(x) + exp(y)) - 1, exp(y) / (exp(x) + exp(y)))",
     "(exp(x) / (exp(x) + exp(y)), exp(y) / (exp(x) + exp(y)))", "not less one-hot", (1.0, 2.0)),
    ("norm", "sqrt(x * x + y * y)", "(x / sqrt(x * x + y * y), y / sqrt(x * x + y * y))", "(x, y)",
     "not normalised", (0.6, 1.8)),
    ("neuron", "tanh(x * y + z)",
     "(y * (1 - tanh(x * y + z) ** 2), x * (1 - tanh(x * y + z) ** 2), 1 - tanh(x * y + z) ** 2)",
     "(y * (1 - tanh(x * y + z) ** 2), x * (1 - tanh(x * y + z) ** 2), 1.0)",
     "activation missing", (0.5, 0.8, -0.2)),
    ("silu", "x * sigmoid(x)", "(sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x)),)",
     "(sigmoid(x) * (1 - sigmoid(x)),)", "product rule", (0.5,)),
    ("relu above 0", "maximum(x, 0.0)", "(1.0,)", "(0.0,)", "≡ 0", (0.5,)),
    ("bell curve", "exp(-x * x)", "(-2 * x * exp(-x * x),)", "(-x * exp(-x * x),)", "without 2",
     (0.9,)),
    ("offset of 100", "100 + x * y", "(y, x)", "(y, 1.1 * x)", "a tenth too much", (1.0, 2.0)),
)
# fmt: on
KINDS = ("float32", "float32 only")
RIGHT = [
    Case(f"{kind}: {name}", function, right, point, True, kind)
    for kind in KINDS
    for name, function, right, _, _, point in TABLE
]
WRONG = [
    Case(f"{kind}: {name}, {what}", function, wrong, point, False, kind)
    for kind in KINDS
    for name, function, _, wrong, what, point in TABLE
]
