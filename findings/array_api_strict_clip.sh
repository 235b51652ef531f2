#!/usr/bin/env bash
# array-api-strict refuses a clip that every library of the standard answers: clip(1.5, 2, 1) raises.
#
# Expected: 1.0, as NumPy, PyTorch and JAX have it, with low above high: the upper bound wins.
# Found: ValueError, which says that the lower bound has to be below the upper one. So code that passes
#   on NumPy with bounds that cross, as by rounding, fails under the strict library that it is tested on.
# Why: the standard leaves that case open, and the strict library takes what is open for an error. It
#   looks at the numbers for it: arrays as bounds are compared, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check array-api-strict==2.6.1 numpy==2.4.6 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import array_api_strict as strict
import numpy as np

print("array-api-strict", strict.__version__, "numpy", np.__version__)
print("numpy:", float(np.clip(np.asarray(1.5), 2.0, 1.0)))
assert float(np.clip(np.asarray(1.5), 2.0, 1.0)) == 1.0
for low, high in ((2.0, 1.0), (strict.asarray([0.0, 2.0]), strict.asarray([1.0, 1.0]))):
    try:
        strict.clip(strict.asarray([1.5, 1.5]), low, high)
    except ValueError as error:
        print("array-api-strict:", error)
    else:
        raise AssertionError("it answers now")
PYTHON
