"""Other libraries' checkers, each with its default settings, on the same claimed gradients.

Each gets the claim as the derivative rule of a function of its own. numdifftools and jacobi are no
checkers: they give a derivative and an error, and here a claim within ten times that error, or
within a part in 10⁸ (10⁴ in float32), is taken as right.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from tests.benchmarks.case import NAMES, NUMPY, Case


def torch_verdict(case: Case, fast: bool = False) -> str:
    """The verdict of `torch.autograd.gradcheck`, of the slow mode unless the fast is asked for."""
    torch: Any = importlib.import_module("torch")
    function, gradient = case.plain(case.function), case.plain(case.gradient)
    dtype = torch.float64 if case.dtype == "float64" else torch.float32

    def numbers(tensors: Sequence[Any]) -> list[Any]:
        found = [tensor.item() for tensor in tensors]
        return found if case.dtype == "float64" else list(map(np.float32, found))

    def forward(context: Any, *inputs: Any) -> Any:
        context.save_for_backward(*inputs)
        return torch.tensor(float(function(*numbers(inputs))), dtype=dtype)

    def backward(context: Any, upstream: Any) -> Any:
        partials = gradient(*numbers(context.saved_tensors))
        return tuple(upstream * float(d) for d in partials)

    rule = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    claimed = type("Claimed", (torch.autograd.Function,), rule)
    inputs = [torch.tensor(float(x), dtype=dtype, requires_grad=True) for x in case.inputs]
    return _verdict(lambda: torch.autograd.gradcheck(claimed.apply, inputs, fast_mode=fast))


def torch_fast_verdict(case: Case) -> str:
    """The verdict of `torch.autograd.gradcheck` in its fast mode."""
    return torch_verdict(case, fast=True)


def jax_verdict(case: Case) -> str:
    """The verdict of `jax.test_util.check_grads` by the reverse mode."""
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    check = importlib.import_module("jax.test_util").check_grads
    numpy = jax.numpy
    namespace = {name: getattr(numpy, name) for name in (*NUMPY, *NAMES) if hasattr(numpy, name)}
    namespace |= {"atan2": numpy.arctan2, "atan": numpy.arctan, "asin": numpy.arcsin}
    namespace |= {"sigmoid": lambda x: 1 / (1 + numpy.exp(-x)), "choose": numpy.where}
    function, gradient = case.read(case.function, namespace), case.read(case.gradient, namespace)
    dtype = "float64" if case.dtype == "float64" else "float32"
    claimed = jax.custom_vjp(function)
    claimed.defvjp(
        lambda *inputs: (function(*inputs), inputs),
        lambda inputs, upstream: tuple(
            (upstream * d).astype(dtype) for d in gradient(*inputs)
        ),
    )  # fmt: skip
    inputs = tuple(numpy.asarray(x, dtype=dtype) for x in case.inputs)
    return _verdict(lambda: check(claimed, inputs, order=1, modes=["rev"]))


def numdifftools_verdict(case: Case) -> str:
    """A verdict from `numdifftools.Gradient` and the error that it estimates."""
    numdifftools: Any = importlib.import_module("numdifftools")
    function = _of_vector(case)
    estimate = numdifftools.Gradient(function, full_output=True)

    def check() -> None:
        found = estimate(np.array(case.inputs, dtype=float))
        _require_near(case, np.ravel(found.estimate), np.ravel(found.error_estimate))

    return _verdict(check)


def jacobi_verdict(case: Case) -> str:
    """A verdict from `jacobi.jacobi` and the error that it estimates."""
    jacobi: Any = importlib.import_module("jacobi")
    function = _of_vector(case)

    def check() -> None:
        found, error = jacobi.jacobi(function, np.array(case.inputs, dtype=float))
        _require_near(case, np.atleast_1d(found), np.atleast_1d(error))

    return _verdict(check)


def _of_vector(case: Case) -> Callable[[Any], float]:
    function = case.plain(case.function)
    return lambda xs: float(function(*(_typed(case, x) for x in xs)))


def _typed(case: Case, x: Any) -> Any:
    return float(x) if case.dtype == "float64" else np.float32(x)


def _require_near(case: Case, found: Any, error: Any) -> None:
    claim = np.array(case.plain(case.gradient)(*case.inputs), dtype=float)
    part = 1e-8 if case.dtype == "float64" else 1e-4
    if not np.all(np.abs(claim - found) <= 10 * np.abs(error) + part * np.abs(found)):
        raise AssertionError


def _verdict(check: Callable[[], Any]) -> str:
    """Right if the check passes, wrong if it fails."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            check()
        except (AssertionError, RuntimeError):
            return "wrong"
        except Exception as error:
            return type(error).__name__
    return "right"


# What an interpreter that has HIPS autograd runs: that package has this one's name.
HIPS = """
import json, sys, warnings
import numpy
import autograd.numpy as np
from autograd.extend import defvjp, primitive
from autograd.test_util import check_grads
warnings.simplefilter("ignore")
numpy.seterr(all="ignore")
names = "sin cos tan exp log log1p expm1 sqrt tanh sinh cosh abs maximum minimum round".split()
space = {name: getattr(np, name) for name in names if hasattr(np, name)}
space |= {"atan2": np.arctan2, "atan": np.arctan, "asin": np.arcsin, "choose": np.where}
space |= {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "hypot": lambda x, y: np.sqrt(x * x + y * y)}
verdicts = []
for case in json.load(open(sys.argv[1])):
    variables = ", ".join("xyz"[:len(case["point"])])
    function = eval(f"lambda {variables}: {case['function']}", dict(space))
    gradient = eval(f"lambda {variables}: {case['gradient']}", dict(space))
    point = case["point"]
    if case["dtype"] != "float64":
        point = list(map(numpy.float32, point))
    plain = function
    if case["dtype"] == "float32 only":
        plain = lambda *xs, function=function: numpy.float32(function(*map(numpy.float32, xs)))
    claimed = primitive(plain)
    defvjp(claimed, *[lambda ans, *xs, i=i: lambda g: g * gradient(*xs)[i]
                      for i in range(len(point))])
    try:
        check_grads(claimed, modes=["rev"], order=1)(*point)
        verdicts.append("right")
    except AssertionError:
        verdicts.append("wrong")
    except Exception as error:
        verdicts.append(type(error).__name__)
print(json.dumps(verdicts))
"""


def hips_verdicts(cases: Sequence[Case], interpreter: str) -> list[str]:
    """The verdicts of HIPS's `check_grads`, from an interpreter that has it."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/cases.json"
        with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123
            json.dump([asdict(case) for case in cases], stream)
        command = [interpreter, "-c", HIPS, file]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=True)
    verdicts: list[str] = json.loads(done.stdout)
    return verdicts


PEERS: dict[str, tuple[str, Callable[[Case], str]]] = {  # with the module that each needs
    "torch": ("torch", torch_verdict),
    "torch fast": ("torch", torch_fast_verdict),
    "jax": ("jax", jax_verdict),
    "numdifftools": ("numdifftools", numdifftools_verdict),
    "jacobi": ("jacobi", jacobi_verdict),
}


def installed() -> dict[str, Callable[[Case], str]]:
    """The checkers that are installed."""
    return {
        name: verdict
        for name, (module, verdict) in PEERS.items()
        if importlib.util.find_spec(module) is not None
    }
