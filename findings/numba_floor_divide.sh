#!/usr/bin/env bash
# Numba: in the same compiled function 1.0 // 0.1 is 9 and numpy.floor_divide(1.0, 0.1) is 10.
#
# Expected: 9 from both, as Python and NumPy have it: the float 0.1 is a little more than a tenth, so it
#   goes nine times into 1.
# Found: the operator gives 9; NumPy's function, compiled, 10, and its remainder stays 0.0999…, so that
#   quotient · divisor + remainder is 1.1.
# Why: Numba's version of the function rounds the quotient down, floor(1.0 / 0.1), and that quotient was
#   rounded up to 10 before. The operator takes the remainder off first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check numba==0.68.1 numpy==2.4.6 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import numba
import numpy as np


def quotients(a, b):
    return a // b, np.floor_divide(a, b), np.mod(a, b)


print("numba", numba.__version__, "numpy", np.__version__)
plain, compiled = quotients(1.0, 0.1), numba.njit(quotients)(1.0, 0.1)
print("as Python runs it:", *map(float, plain))
print("compiled:         ", *compiled)
assert tuple(map(float, plain[:2])) == (9.0, 9.0)
assert compiled[:2] == (9.0, 10.0)
assert compiled[1] * 0.1 + compiled[2] > 1.09
PYTHON
