"""SciPy's optimisers on derivatives of this engine: two fits with certified answers.

`jacobian` gives `least_squares` its Jacobian, `value_and_grad` and `hvp` give `minimize` gradients
and products with the Hessian. No derivative is written by hand.

Source: NIST, Statistical Reference Datasets for nonlinear regression, Misra1a (adsorption in dental
research, D. Misra, 1978) and Thurber (electron mobility of semiconductors, R. Thurber, 1979), with
their certified values: https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import exp, grad, half_sse, hessian, hvp, jacobian, value_and_grad
from examples.report import Figure, compare, named


@dataclass(frozen=True)
class Dataset:
    """A data set, its model, and what is certified of the fit.

    Attributes:
        name: NIST's name.
        model: `model(b, x)`, the parameters and one predictor.
        x: The predictors.
        y: The responses.
        start: NIST's second starting values.
        parameters: The certified parameters, as printed.
        deviations: Their certified standard deviations.
        residual: The certified sum of squared residuals.
    """

    name: str
    model: Callable[[Any, float], Any]
    x: Sequence[float]
    y: Sequence[float]
    start: Sequence[float]
    parameters: Sequence[str]
    deviations: Sequence[str]
    residual: str

    def predictions(self, b: Any) -> list[Any]:
        """The model at every predictor."""
        return [self.model(b, x) for x in self.x]

    def residuals(self, b: Any) -> list[Any]:
        """By how much the model is off at every predictor."""
        return [fitted - y for fitted, y in zip(self.predictions(b), self.y, strict=True)]

    def loss(self, b: Any) -> Any:
        """½ Σ residual²."""
        return half_sse(self.predictions(b), self.y)


MISRA1A = Dataset(
    "Misra1a",
    lambda b, x: b[0] * (1 - exp(-b[1] * x)),
    (
        77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8,
        378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0,
    ),
    (
        10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02,
        44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78,
    ),
    (250.0, 0.0005),
    ("2.3894212918E+02", "5.5015643181E-04"),
    ("2.7070075241E+00", "7.2668688436E-06"),
    "1.2455138894E-01",
)  # fmt: skip

THURBER = Dataset(
    "Thurber",
    lambda b, x: (b[0] + x * (b[1] + x * (b[2] + x * b[3])))
    / (1 + x * (b[4] + x * (b[5] + x * b[6]))),
    (
        -3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363,
        -2.322, -1.501, -1.460, -1.274, -1.212, -1.100, -1.046, -0.915, -0.714, -0.566, -0.545,
        -0.400, -0.309, -0.109, -0.103, 0.010, 0.119, 0.377, 0.790, 0.963, 1.006, 1.115, 1.572,
        1.841, 2.047, 2.200,
    ),
    (
        80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696,
        101.060, 401.672, 390.724, 567.534, 635.316, 733.054, 759.087, 894.206, 990.785,
        1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514, 1288.339, 1327.543,
        1353.863, 1414.509, 1425.208, 1421.384, 1442.962, 1464.350, 1468.705, 1447.894,
        1457.628,
    ),
    (1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05),
    (
        "1.2881396800E+03", "1.4910792535E+03", "5.8323836877E+02", "7.5416644291E+01",
        "9.6629502864E-01", "3.9797285797E-01", "4.9727297349E-02",
    ),
    (
        "4.6647963344E+00", "3.9571156086E+01", "2.8698696102E+01", "5.5675370270E+00",
        "3.1333340687E-02", "1.4984928198E-02", "6.5842344623E-03",
    ),
    "5.6427082397E+03",
)  # fmt: skip


def fitted(data: Dataset) -> tuple[list[float], list[float], float]:
    """The parameters, their standard deviations and the sum of squared residuals.

    `least_squares` stops where the sum no longer falls, about half-way through a float's digits of
    the parameters. Two steps of Newton's method, with the exact Hessian, find the others.
    """
    from scipy.optimize import least_squares

    slopes = jacobian(lambda b: np.array(data.residuals(b)))
    result = least_squares(data.residuals, data.start, slopes, x_scale="jac", ftol=1e-12)
    b = result.x
    for _ in range(2):
        b = b - np.linalg.solve(hessian(data.loss)(b), grad(data.loss)(b))
    residual, matrix = 2 * data.loss(b), slopes(b)
    variance = residual / (len(data.x) - len(data.start))
    # (JᵀJ)⁻¹ is R⁻¹R⁻ᵀ with J = QR; forming JᵀJ would lose twice as many digits.
    inverse = np.linalg.inv(np.linalg.qr(matrix, "r"))
    deviations = np.sqrt(variance * (inverse * inverse).sum(axis=1))
    return list(b), list(deviations), residual


def minimised(data: Dataset, method: str) -> tuple[list[float], int]:
    """The parameters by a minimiser of ½ Σ residual², and how many gradients it took.

    The unknowns are the parameters in units of their starting values, so that they are of one size.
    """
    from scipy.optimize import minimize

    start = np.array(data.start)

    def loss(b: Any) -> Any:
        return data.loss(b * start)

    products = {} if method == "BFGS" else {"hessp": lambda x, v: hvp(loss, x, v)}
    value_and_slopes = value_and_grad(loss)
    options = {"xtol": 1e-14} if method == "Newton-CG" else {"gtol": 1e-9}
    result = minimize(
        value_and_slopes, np.ones(len(start)), jac=True, method=method, options=options, **products
    )
    return list(result.x * start), int(result.njev)


def main() -> int:
    """Prints the certified figures beside those of the fits."""
    right = True
    for data in (MISRA1A, THURBER):
        parameters, deviations, residual = fitted(data)
        figures: list[Figure] = named("b", data.parameters, parameters)
        figures += named("standard deviation of b", data.deviations, deviations)
        figures += [("sum of squared residuals", data.residual, residual)]
        title = f"{data.name}: least_squares with jacobian, two Newton steps with hessian"
        right &= compare(title, figures)
    for method in ("BFGS", "Newton-CG", "trust-ncg"):
        parameters, count = minimised(MISRA1A, method)
        # The minimum of a function is flat: it is found to about half of the digits of a float.
        eight = [f"{float(text):.7e}" for text in MISRA1A.parameters]
        title = f"Misra1a: minimize with method {method}, {count} gradients, to eight digits"
        right &= compare(title, named("b", eight, parameters))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
