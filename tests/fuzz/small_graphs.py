"""Small random graphs over every operation of the table, drawn by a plain random generator."""

from __future__ import annotations

import random

from autograd.table import TABLE
from tests.programs import ENGINE, Program, Step


def small_graph(rng: random.Random, most_steps: int = 12) -> Program:
    """A random program of a few steps, the last of which is the output; any number may come out."""
    inputs = tuple(round(rng.uniform(-3, 3), 3) for _ in range(rng.randint(1, 4)))
    steps: list[Step] = []
    for _ in range(rng.randint(1, most_steps)):
        operation = TABLE[rng.choice(list(TABLE))]
        count = len(inputs) + len(steps)
        size = rng.randint(operation.at_least, operation.at_least + 3) if operation.groups else 0
        places = lambda n, count=count: tuple(rng.randrange(count) for _ in range(n))  # noqa: E731
        groups = (
            tuple(places(rng.randint(0, 1) if g in operation.single else size)
                  for g in operation.groups)
            if operation.groups
            else (places(len(operation.arguments)),)
        )  # fmt: skip
        settings: tuple[float, ...] = ()
        if operation.settings:
            low_and_high = sorted(round(rng.uniform(-2, 2), 2) for _ in operation.settings)
            settings = (rng.randrange(size),) if operation.groups else tuple(low_and_high)
        steps.append(Step(operation.name, groups, settings))
    return _summed(inputs, steps)


def _summed(inputs: tuple[float, ...], steps: list[Step]) -> Program:
    """The program whose output is the sum of all, so that it depends on each input and step."""
    every = tuple(range(len(inputs) + len(steps)))
    return Program(inputs, (*steps, Step("sum", (every,))))


def function_of(graph: Program):
    """The program as a function of its inputs."""
    return lambda *inputs: graph.run(ENGINE, inputs)[-1]


def text_of(graph: Program) -> str:
    """The program as the lines of a function `f`."""
    names = [f"x{i}" for i in range(len(graph.inputs))]
    lines = [f"def f({', '.join(names)}):"]
    for index, step in enumerate(graph.steps):
        groups = [[names[i] for i in group] for group in step.groups]
        operation = TABLE[step.name]
        given: list[str] = (
            [f"[{', '.join(group)}]" for group in groups] if operation.groups else groups[0]
        )
        if operation.single:
            given[-1] = groups[-1][0] if groups[-1] else "None"
        given += [repr(setting) for setting in step.settings]
        names.append(f"t{index}")
        left, *rest = given
        call = f"autograd.{step.name}({', '.join(given)})"
        if operation.symbol and not operation.symbol.isidentifier():
            call = f"{left} {operation.symbol} {rest[0]}" if rest else f"{operation.symbol}{left}"
        lines.append(f"    t{index} = {call}")
    return "\n".join([*lines, f"    return {names[-1]}"])
