"""Wrong gradients that must be caught and right ones that must pass, by several checkers.

    python -m tests.benchmarks.checkers
    python -m tests.benchmarks.checkers --hips PYTHON     an interpreter that has HIPS autograd

Each claimed gradient is given to this project's checker twice: for the recorded function, and for
the same function as plain `math` code. PyTorch's `gradcheck`, JAX's and HIPS's `check_grads` get it
as the derivative rule of a function of their own, with their default settings, where they are
installed. HIPS's package has this one's name, so it runs in an interpreter of its own.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import autograd
from autograd.testing import check_gradient, gradient_report
from examples import mazur
from examples.report import loss_of
from tests.benchmarks.cases import CASES, PLAIN, Case
from tests.benchmarks.measure import medians

RECORDED = {
    **{name: getattr(autograd, name) for name in PLAIN if hasattr(autograd, name)},
    "abs": abs,
    "choose": lambda condition, x, y: autograd.where(condition, x, y),
}


def ours(case: Case) -> str:
    """The verdict on the recorded function."""
    claimed = case.read(case.gradient, PLAIN)
    function = case.read(case.function, RECORDED)
    return gradient_report(function, *case.point, claimed=claimed).verdict


def ours_black_box(case: Case) -> str:
    """The verdict on the function as plain code."""
    claimed = case.read(case.gradient, PLAIN)
    return gradient_report(case.read(case.function, PLAIN), *case.point, claimed=claimed).verdict


def torch_verdict(case: Case) -> str:
    """The verdict of `torch.autograd.gradcheck`."""
    torch: Any = importlib.import_module("torch")
    function, gradient = case.read(case.function, PLAIN), case.read(case.gradient, PLAIN)

    def forward(context: Any, *inputs: Any) -> Any:
        context.save_for_backward(*inputs)
        return torch.tensor(float(function(*map(float, inputs))), dtype=torch.float64)

    def backward(context: Any, upstream: Any) -> Any:
        partials = gradient(*map(float, context.saved_tensors))
        return tuple(upstream * float(d) for d in partials)

    rule = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    claimed = type("Claimed", (torch.autograd.Function,), rule)
    inputs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in case.point]
    return _verdict(lambda: torch.autograd.gradcheck(claimed.apply, inputs))


def jax_verdict(case: Case) -> str:
    """The verdict of `jax.test_util.check_grads`, in double precision, by the reverse mode."""
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    check = importlib.import_module("jax.test_util").check_grads
    numpy = jax.numpy
    namespace = {name: getattr(numpy, name) for name in PLAIN if hasattr(numpy, name)}
    namespace |= {"atan2": numpy.arctan2, "atan": numpy.arctan, "asin": numpy.arcsin}
    namespace |= {"sigmoid": jax.nn.sigmoid, "choose": numpy.where}
    function, gradient = case.read(case.function, namespace), case.read(case.gradient, namespace)
    claimed = jax.custom_vjp(function)
    claimed.defvjp(
        lambda *inputs: (function(*inputs), inputs),
        lambda inputs, upstream: tuple(upstream * d for d in gradient(*inputs)),
    )
    inputs = tuple(numpy.asarray(x) for x in case.point)
    return _verdict(lambda: check(claimed, inputs, order=1, modes=["rev"]))


def _verdict(check: Callable[[], Any]) -> str:
    """Right if the check passes, wrong if it fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            check()
        except (AssertionError, RuntimeError):
            return "wrong"
        except Exception as error:
            return type(error).__name__
    return "right"


HIPS = """
import json, sys, warnings
import autograd.numpy as np
from autograd.extend import defvjp, primitive
from autograd.test_util import check_grads
warnings.simplefilter("ignore")
names = "sin cos tan exp log log1p expm1 sqrt tanh sinh cosh hypot abs maximum minimum".split()
space = {name: getattr(np, name) for name in names if hasattr(np, name)}
space |= {"atan2": np.arctan2, "atan": np.arctan, "asin": np.arcsin, "choose": np.where}
space |= {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "hypot": lambda x, y: np.sqrt(x * x + y * y)}
verdicts = []
for case in json.load(open(sys.argv[1])):
    variables = ", ".join("xyz"[:len(case["point"])])
    function = eval(f"lambda {variables}: {case['function']}", dict(space))
    gradient = eval(f"lambda {variables}: {case['gradient']}", dict(space))
    claimed = primitive(function)
    defvjp(claimed, *[lambda ans, *xs, i=i: lambda g: g * gradient(*xs)[i]
                      for i in range(len(case["point"]))])
    try:
        check_grads(claimed, modes=["rev"], order=1)(*case["point"])
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


def table(
    cases: Sequence[Case], peers: bool = True, hips: str | None = None
) -> dict[str, list[str]]:
    """The verdicts of this project's checker and, if they are asked for and there, of others."""
    columns = {
        "recorded": [ours(case) for case in cases],
        "black box": [ours_black_box(case) for case in cases],
    }
    for name, verdict in (("torch", torch_verdict), ("jax", jax_verdict)):
        if peers and importlib.util.find_spec(name) is not None:
            columns[name] = [verdict(case) for case in cases]
    if hips is not None:
        columns["HIPS"] = hips_verdicts(cases, hips)
    return columns


def main() -> None:
    """Prints the table and the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hips", metavar="PYTHON", help="an interpreter that has HIPS autograd")
    columns = table(CASES, hips=parser.parse_args().hips)
    print(f"{'':<44}{'is':<7}" + "".join(f"{name:<14}" for name in columns))
    for i, case in enumerate(CASES):
        truth = "right" if case.right else "wrong"
        shown = [v[i] if v[i] == truth else f"{v[i]} ✗" for v in columns.values()]
        print(f"{case.name:<44}{truth:<7}" + "".join(f"{text:<14}" for text in shown).rstrip())
    for truth in (False, True):
        chosen = [i for i, case in enumerate(CASES) if case.right is truth]
        word = "right" if truth else "wrong"
        scores = [f"{name} {sum(v[i] == word for i in chosen)}" for name, v in columns.items()]
        print(f"\n{len(chosen)} {word}, judged so by: {', '.join(scores)}", end="")
    print()
    cost()


def cost() -> None:
    """Prints how long our checker takes for T1's ten gradients, and for 10,000 nodes."""

    def chain(x: Any) -> Any:
        for _ in range(5000):
            x = autograd.sin(x) * 1.5
        return x

    model = mazur.network()
    parameters = model.parameters()
    runs: dict[str, Callable[[], object]] = {
        "T1's ten gradients": lambda: check_gradient(
            lambda: loss_of(model, mazur.X, mazur.Y), parameters=parameters
        ),
        "10,000 nodes": lambda: check_gradient(chain, 0.7),
    }
    for name, seconds in medians(runs, 5).items():
        print(f"{name}: {seconds:.3f} s")


if __name__ == "__main__":
    sys.exit(main())
