"""How long `import autograd` takes beside `import numpy`, in fresh processes.

    python -m tests.benchmarks.start

Both as they are once installed: with bytecode. The packages are copied to a folder and compiled
there, which `pip` does, too. The processes take turns; the ratio is one of medians.
"""

from __future__ import annotations

import compileall
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import table

ROOT = Path(__file__).parents[2]
PROCESSES = 20
STARTS = {
    "numpy": "import numpy",
    "autograd": "import autograd",
    "a first gradient": "from autograd import Value, tanh; (tanh(Value(0.5)) * 2.0).backward()",
    "a first grad(f)": "from autograd import grad; grad(lambda x: x * x)(3.0)",
    "a first program": "import autograd; autograd.compile(lambda x: x * x)(3.0)",
    "nn": "import nn",
}


def seconds(statement: str, folder: str) -> float:
    """How long a statement takes in a process of its own, without the start of Python."""
    program = (
        f"import time; start = time.perf_counter()\n{statement}\nprint(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", program]
    return float(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)


def main() -> None:
    """Prints the medians and their ratios to the one of NumPy."""
    with tempfile.TemporaryDirectory() as folder:
        for package in ("autograd", "nn"):
            shutil.copytree(ROOT / package, Path(folder) / package)
        compileall.compile_dir(folder, quiet=1)
        times: dict[str, list[float]] = {name: [] for name in STARTS}
        for _ in range(PROCESSES):
            for name, statement in STARTS.items():
                times[name].append(seconds(statement, folder))
        middle = {name: statistics.median(taken) for name, taken in times.items()}
        rows = [
            [name, f"{1e3 * middle[name]:.0f}", f"{middle[name] / middle['numpy']:.2f}"]
            for name in STARTS
        ]
        title = f"Start: medians of {PROCESSES} fresh processes"
        table(title, ["import", "ms", "ratio to NumPy"], rows)


if __name__ == "__main__":
    main()
