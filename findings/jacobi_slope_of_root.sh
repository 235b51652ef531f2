#!/usr/bin/env bash
# jacobi: the slope of √x at 0, which is infinite, is 4.95 ± 2.36, and that of a step is 7.67 ± 1.31.
#
# Expected: nan, or a very large number with an error as large.
# Found: single digits, with an error bar that leaves the true slope out by any measure. For x^(1/3) it
#   is 6.65 ± 0.38.
# Why: the steps do not become smaller than a fixed fraction, and the error is what the extrapolation of
#   a few of them scatters by, which says nothing where the values follow no power series.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check jacobi==0.9.2 numpy==2.4.6 2>log || { cat log; exit 1; }

venv/bin/python -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from jacobi import jacobi

print("jacobi", version("jacobi"))
cases = {"sqrt at 0": (np.sqrt, 0.0), "cbrt at 0": (np.cbrt, 0.0), "floor at 1": (np.floor, 1.0)}
for name, (function, at) in cases.items():
    slope, error = jacobi(function, at)
    print(f"{name}: {slope:.3g} ± {error:.2g}")
    assert 3 < slope < 10
    assert error < 3
slope, error = jacobi(np.exp, 1.0)
assert abs(slope - np.e) < 1e-12
PYTHON
