#!/usr/bin/env bash
# jax.numpy.hypot has a Hessian of zeros wherever |x| = |y|.
#
# Expected: that of √(x² + y²), as everywhere else: at (1, 1) ±√½/2 in each entry, for the function is
#   smooth there. 200 random graphs were to agree with it, and the first that had hypot(x, x) did not.
# Found: all four entries are 0 but for rounding, at any (a, ±a). The gradient is right, and next to the diagonal the
#   Hessian is, too.
# Why: it is computed from the larger and the smaller of |x| and |y|. Equal ones are a tie of maximum
#   and minimum, which share the gradient; the shares are constants, so the second derivative is that
#   of √2·(|x| + |y|)/2, which has none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
print("jax", jax.__version__)
hessian = jax.hessian(lambda v: jnp.hypot(v[0], v[1]))
for point in ([1.0, 1.0], [3.0, -3.0], [1.0, 1.0 + 1e-9]):
    print("at", point, "the second derivatives are", hessian(jnp.array(point)).ravel().tolist())
assert abs(hessian(jnp.array([1.0, 1.0]))).max() < 1e-15
assert abs(hessian(jnp.array([3.0, -3.0]))).max() < 1e-15
assert abs(hessian(jnp.array([1.0, 1.0 + 1e-9]))[0, 0] - 0.125**0.5) < 1e-6
PYTHON
