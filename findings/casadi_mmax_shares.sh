#!/usr/bin/env bash
# CasADi: the gradient of the largest of eight equal numbers is 1/128, 1/128, 1/64, 1/32, … 1/2.
#
# Expected: all to one of them, as fmax of two was guessed to do, or equal shares of 1/8.
# Found: the last has half of the gradient, whatever the length, and each before it half of the next.
#   The order of equal entries decides by a factor of 64.
# Why: mmax folds fmax over the entries from the first, and each fmax halves at a tie; what comes first
#   is halved most often.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check casadi==3.8.2 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import casadi

print("casadi", casadi.__version__)
v = casadi.SX.sym("v", 8)
slope = casadi.Function("slope", [v], [casadi.gradient(casadi.mmax(v), v)])
shares = slope([1.0] * 8).full().ravel().tolist()
print("the gradient of mmax of eight equal numbers:", shares)
assert shares == [2.0**-7, 2.0**-7, *(2.0**-k for k in range(6, 0, -1))]
PYTHON
