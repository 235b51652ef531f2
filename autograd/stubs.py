"""Writes `functions.pyi` and `operators.pyi`, what type checkers and editors know of the table.

Run `python -m autograd.stubs` after a change of the table; a test holds the files to it.
"""

from __future__ import annotations

from pathlib import Path

import autograd.functions as functions
from autograd.table import TABLE, Operation

HEADER = "# Made from the derivative table by `python -m autograd.stubs`; not edited by hand.\n"


def functions_stub() -> str:
    """The text of `functions.pyi`."""
    lines = [
        HEADER,
        "from collections.abc import Callable, Iterable",
        "from typing import Any, SupportsFloat, overload",
        "",
        "from autograd.table import Operation",
        "from autograd.value import Value",
        "",
        "Number = Value | SupportsFloat",
        "Numbers = Iterable[Number] | Number",
        "",
        f"__all__ = {functions.__all__!r}",
        "",
        "def publish(operation: Operation) -> Callable[..., Any]: ...",
    ]
    for operation in TABLE.values():
        if not operation.is_function:
            continue
        lines += _variadic(operation) if operation.groups else _elementwise(operation)
    return "\n".join(lines) + "\n"


def operators_stub() -> str:
    """The text of `operators.pyi`."""
    lines = [
        HEADER,
        "from typing import SupportsFloat",
        "",
        "from autograd.graph.node import Node",
        "from autograd.value import Value",
        "",
        "Number = Value | SupportsFloat",
        "",
        "class Operators(Node):",
    ]
    for operation in TABLE.values():
        more = [f"{name}: Number" for name in operation.arguments[1:]] + _settings(operation)
        names = [*operation.methods]
        if operation.is_operator:
            names.append(f"__{operation.name}__")
            if len(operation.arguments) == 2:
                names.append(f"__r{operation.name}__")
                more = ["other: Number"]
        for name in names:
            lines.append(f"    def {name}({', '.join(['self', *more])}) -> Value: ...")
    return "\n".join(lines) + "\n"


def _settings(operation: Operation) -> list[str]:
    return [
        f"{name}: float" if default is None else f"{name}: float = {default}"
        for name, default in operation.settings
    ]


def _elementwise(operation: Operation) -> list[str]:
    names = operation.arguments
    lines = []
    for position, _ in enumerate(names):
        # A Value at this position, plain numbers before it, anything after it.
        kinds = ["SupportsFloat"] * position + ["Value"] + ["Number"] * (len(names) - position - 1)
        lines += _overload(operation, kinds, "Value")
    return lines + _overload(operation, ["SupportsFloat"] * len(names), "float")


def _overload(operation: Operation, kinds: list[str], result: str) -> list[str]:
    arguments = [f"{n}: {kind}" for n, kind in zip(operation.arguments, kinds, strict=True)]
    signature = ", ".join(arguments + _settings(operation))
    return ["@overload", f"def {operation.name}({signature}) -> {result}: ..."]


def _variadic(operation: Operation) -> list[str]:
    lines = []
    for many, one, result in (
        ("Iterable[SupportsFloat] | SupportsFloat", "SupportsFloat", "float"),
        ("Numbers", "Number", "Value"),
    ):
        arguments = [
            f"{name}: {one} | None = None" if name in operation.single else f"{name}: {many}"
            for name in operation.groups
        ]
        settings = [s.replace("float", "int") for s in _settings(operation)]
        ignore = "  # type: ignore[overload-overlap]" if result == "float" else ""
        signature = ", ".join(arguments + settings)
        lines += ["@overload", f"def {operation.name}({signature}) -> {result}: ...{ignore}"]
    return lines


if __name__ == "__main__":
    folder = Path(functions.__file__).parent
    (folder / "functions.pyi").write_text(functions_stub(), encoding="utf-8")
    (folder / "operators.pyi").write_text(operators_stub(), encoding="utf-8")
