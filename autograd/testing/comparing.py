"""`compare`: a function on this engine beside other libraries, and where they begin to differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.arguments import as_number
from autograd.errors import shown
from autograd.testing.calling import name_of
from autograd.testing.disagreements import Comparison, Disagreement
from autograd.testing.known import GRADIENT, SECOND, VALUE
from autograd.testing.locating import Compared, alike, located
from autograd.testing.peers import PEERS, Peer, Unusable


def compare(
    function: Callable[..., Any], point: Any, with_: Iterable[str] = ("torch", "jax")
) -> Comparison:
    """Runs a function here and on other libraries, whose own derivatives are compared.

    An operation that a library has is run by the library's function of that name, and any other by
    its formula on the library's arrays; the library differentiates what was run. So this is what a
    port of the function, line by line, would give.

    Args:
        function: A function of `Value`s, one for each input, that returns a `Value`. It is recorded
            for every input, so it does not branch on one.
        point: The inputs: a number, or a list of numbers.
        with_: The libraries: "torch", "jax".

    Returns:
        What differs by more than rounding, which is 1e-8 of the size of what is added up; at which
        node first; and the row of the page of conventions that is about it. A library that is not
        installed, too old, or cannot run the function is named there and left out.

    Raises:
        TypeError: If the point has something else than numbers, or the function branches on an
            input or returns no `Value`.
        ValueError: If the function leaves the graph, as by `.data`, or the result depends on no
            input.

    Example:
        >>> from autograd.testing import compare
        >>> compare(lambda x: abs(x) * x, 2.0, with_=["abacus"])
        abacus is not known; torch and jax are
    """
    numbers = _numbers(point)
    name = name_of(function)
    subject = Compared(function, numbers)
    compared: dict[str, str] = {}
    left_out: dict[str, str] = {}
    disagreements: list[Disagreement] = []
    for library in [with_] if isinstance(with_, str) else with_:
        if library not in PEERS:
            left_out[str(library)] = f"is not known; {' and '.join(PEERS)} are"
            continue
        try:
            peer = PEERS[library]()
            with peer.running():
                disagreements += _beside(subject, peer)
        except Unusable as reason:
            left_out[library] = str(reason)
        else:
            compared[library] = peer.version
    return Comparison(name, compared, left_out, tuple(disagreements))


def _numbers(point: Any) -> list[float]:
    given = list(point) if isinstance(point, Iterable) and not isinstance(point, str) else [point]
    numbers = [as_number(x) for x in given]
    for x, number in zip(given, numbers, strict=True):
        if number is None:
            raise TypeError(
                f"compare: expected a number or a list of numbers as the point, got {shown(x)} in "
                f"it; for compare(f, [0.5, 2.0]) f takes two Values"
            )
    return [x for x in numbers if x is not None]


def _beside(subject: Compared, peer: Peer) -> list[Disagreement]:
    """What the library has otherwise: of value, gradient and Hessian the first that differs."""
    names, at = subject.tape.inputs, subject.numbers
    try:
        program = peer.program(subject.tape)
        value = peer.value(program, at)
        gradient = peer.gradient(program, at)
        second = peer.hessian(program, at)
    except Exception as error:
        raise Unusable(f"cannot run it: {type(error).__name__}: {_line(error)}") from error
    found = []
    if not alike(subject.value, value, subject.value_size):
        found.append(Disagreement(peer.name, VALUE, (), subject.value, value))
    for name, ours, theirs, size in zip(
        names, subject.gradient, gradient, subject.sizes, strict=False
    ):
        if not alike(ours, theirs, size):
            found.append(Disagreement(peer.name, GRADIENT, (name,), ours, theirs))
    if not found:  # else the second derivatives differ with the first
        for i, row in enumerate(subject.hessian):
            for j, ours in enumerate(row):
                if not alike(ours, second[i][j], 0.0) and not alike(
                    ours, second[i][j], subject.second_size
                ):
                    by = (names[i], names[j])
                    found.append(Disagreement(peer.name, SECOND, by, ours, second[i][j]))
    return [located(d, subject, peer) for d in found]


def _line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line), "")[:200]
