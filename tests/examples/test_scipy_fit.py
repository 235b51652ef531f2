"""SciPy on derivatives of this engine: NIST's certified fits, and SciPy's own check."""

import numpy as np
import pytest

from autograd import grad, hessian, hvp, value_and_grad

optimize = pytest.importorskip("scipy.optimize")

from examples import scipy_fit  # noqa: E402 - only where SciPy is


def test_it_runs_and_every_certified_digit_is_found(capsys) -> None:
    assert scipy_fit.main() == 0
    printed = capsys.readouterr().out
    assert "differs" not in printed
    assert printed.count("e+") + printed.count("E+") >= 6
    assert "trust-ncg" in printed


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "Newton-CG", "trust-ncg", "trust-exact"])
def test_rosenbrocks_valley_by_every_kind_of_method(method) -> None:
    def valley(x):
        return sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    more = {}
    if method in ("Newton-CG", "trust-ncg"):
        more = {"hessp": lambda x, v: hvp(valley, x, v)}
    elif method == "trust-exact":
        more = {"hess": hessian(valley)}
    start = np.array([1.3, 0.7, 0.8, 1.9, 1.2])
    result = optimize.minimize(value_and_grad(valley), start, jac=True, method=method, **more)
    np.testing.assert_allclose(result.x, np.ones(5), rtol=1e-3)
    np.testing.assert_allclose(grad(valley)(start), optimize.rosen_der(start), rtol=1e-12)
    np.testing.assert_allclose(hessian(valley)(start), optimize.rosen_hess(start), rtol=1e-12)
