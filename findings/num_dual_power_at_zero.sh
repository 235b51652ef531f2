#!/usr/bin/env bash
# num-dual: the value itself of 0^2.5 is nan, as soon as it is computed on a dual number.
#
# Expected: value 0, first derivative 0, second derivative 0.
# Found: all three are nan, for exponents below 3 that are no integers 0, 1 or 2, also for x ** -1,
#   of which 1 / x gives (inf, -inf). With x ** 3.5 all is right.
# Why: it fits that the value is put together from the power of the third derivative, x^(p - 3), times
#   x three times: at 0 that is inf · 0. For nonzero x it only costs digits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check num-dual==0.15.1 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
from importlib.metadata import version
from math import isnan

from num_dual import first_derivative, second_derivative

print("num-dual", version("num-dual"))
for exponent in (0.5, 1.5, 2.5, -1.0, 2.0, 3.0, 3.5):
    found = second_derivative(lambda x: x**exponent, 0.0)
    print(f"0 ** {exponent}: value and two derivatives {found}")
assert all(map(isnan, second_derivative(lambda x: x**2.5, 0.0)))
assert all(map(isnan, first_derivative(lambda x: x**-1.0, 0.0)))
assert first_derivative(lambda x: 1 / x, 0.0) == (float("inf"), float("-inf"))
assert second_derivative(lambda x: x**3.5, 0.0) == (0.0, 0.0, 0.0)
PYTHON
