#!/usr/bin/env bash
# uncertainties: the remainder of 2.00 ± 0.10 by 1 is 0 ± 1.7 million with umath.fmod, 0.00 ± 0.10
# with the operator %.
#
# Expected: 0.00 ± 0.10 from both, as the derivative of a remainder by its first operand is 1.
# Found: fmod has the derivative -16777215 there. Next to a multiple of the divisor it is 1 again. The
#   operator has it by its second operand, which is uncertain as well: 33554430.5 in place of -2.
# Why: these derivatives are differences of two values a tiny step apart, and at a multiple the step
#   crosses the jump of the remainder, which is divided by it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check uncertainties==3.2.3 2>log || { cat log; exit 1; }

venv/bin/python -W ignore - <<'PYTHON'
from importlib.metadata import version

from uncertainties import ufloat, umath

print("uncertainties", version("uncertainties"))
x, y = ufloat(2.0, 0.1), ufloat(1.0, 0.1)
print("fmod(x, 1) =", umath.fmod(x, 1), "with the derivative", umath.fmod(x, 1).derivatives[x])
print("x % 1 =", x % 1, "with the derivative", (x % 1).derivatives[x])
print("x % y has by y the derivative", (x % y).derivatives[y])
near = ufloat(2.001, 0.1)
print("fmod(2.001, 1) has", umath.fmod(near, 1).derivatives[near])
assert umath.fmod(x, 1).std_dev > 1e6
assert abs((x % 1).std_dev - 0.1) < 1e-12
assert (x % y).derivatives[y] > 1e7
assert abs(umath.fmod(near, 1).derivatives[near] - 1) < 1e-6
PYTHON
