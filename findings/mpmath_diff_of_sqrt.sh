#!/usr/bin/env bash
# mpmath: the numerical derivative of the square root at 0 is the complex number
# 1518500249.98802 - 1518500249.98802i.
#
# Expected: an infinity, or an error, as for the derivative of floor at a jump; that of |x| at 0 is 0.
# Found: a complex number with equal parts, whose size is one over the root of the step; for cbrt one
#   with other parts. At a jump of floor it is 2^62. None says that it did not converge.
# Why: diff takes a step to each side, and mpmath's root of the negative one is imaginary, so the
#   difference has a real part from the right and an imaginary one from the left.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check mpmath==1.4.1 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import mpmath

print("mpmath", mpmath.__version__)
root = mpmath.diff(mpmath.sqrt, 0)
for name in ("sqrt", "cbrt"):
    print(f"diff({name}, 0) =", mpmath.diff(getattr(mpmath, name), 0))
print("diff(floor, 1) =", mpmath.diff(mpmath.floor, 1), "and diff(abs, 0) =", mpmath.diff(abs, 0))
assert isinstance(root, mpmath.mpc)
assert root.real == -root.imag
assert root.real > 1e9
assert mpmath.diff(mpmath.floor, 1) > 1e18
assert mpmath.diff(abs, 0) == 0
PYTHON
