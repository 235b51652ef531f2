"""What all optimisers share: their arguments, the step, the state."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd import Value
from nn import checks


class Update(NamedTuple):
    """What a step changes.

    Attributes:
        numbers: The new number of each parameter.
        buffers: What the optimiser remembers, such as a momentum: a number for each parameter.
        steps: How many steps were made.
    """

    numbers: list[float]
    buffers: dict[str, list[float]]
    steps: int


class Optimiser:
    """The base of optimisers: a subclass says in `update` what a step changes.

    A subclass with arguments beside `lr` lists their names in `settings` and sets them in
    `configure`; one that remembers numbers between steps says in `check_buffers` which.

    Args:
        parameters: The leaves to change; one that is given twice counts once.
        lr: The learning rate, a positive number.

    Attributes:
        parameters: The leaves that it changes, a list of `Value`.
        steps: How many steps it has made.
        buffers: What it remembers between steps: by name, a list with a number for each parameter.
        settings: The names of the arguments beside `lr`, a tuple of a subclass.

    Raises:
        TypeError: If `parameters` is something else than a list of `Value`.
        ValueError: If the learning rate is not positive and finite, there is no parameter, or one
            of them was computed.

    Example:
        >>> from autograd import Value
        >>> from nn import Optimiser
        >>> from nn.optim.optimiser import Update
        >>> class Signs(Optimiser):
        ...     def update(self, numbers, gradients):
        ...         signs = [(g > 0) - (g < 0) for g in gradients]
        ...         new = [p - self.lr * s for p, s in zip(numbers, signs)]
        ...         return Update(new, {}, self.steps + 1)
        >>> w = Value.parameter(1.0)
        >>> optimiser = Signs([w], lr=0.25)
        >>> (-100 * w).backward()
        >>> optimiser.step()
        >>> w.data
        1.25
    """

    settings: tuple[str, ...] = ()

    def __init__(self, parameters: Iterable[Value], lr: float) -> None:
        self._name = type(self).__name__
        remedy = "give model.parameters()"
        if not isinstance(parameters, Iterable):
            raise TypeError(
                f"{self._name}: expected a list of parameters, got {parameters!r}; {remedy}"
            )
        self.parameters = list({id(parameter): parameter for parameter in parameters}.values())
        if not self.parameters:
            raise ValueError(
                f"{self._name}: there are no parameters; {remedy}, of a model whose attributes are "
                "made by Value.parameter(data)"
            )
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(
                    f"{self._name}: expected Values as parameters, got {type(parameter).__name__} "
                    f"{parameter!r}; {remedy}"
                )
            if not parameter.is_leaf:
                raise ValueError(f"{self._name}: {parameter!r} is computed and no leaf; {remedy}")
        self._lr = checks.positive(lr, f"{self._name}: the learning rate")
        self.steps = 0
        self.buffers: dict[str, list[float]] = {}
        self._warned = False  # that there was no gradient

    @property
    def lr(self) -> float:
        """The learning rate; a schedule may set it to 0."""
        return self._lr

    @lr.setter
    def lr(self, given: float) -> None:
        self._lr = checks.real(given, f"{self._name}: the learning rate", "a positive number")

    def update(self, numbers: Sequence[float], gradients: Sequence[float]) -> Update:
        """What a step would change; the call itself changes nothing.

        Args:
            numbers: The number of each parameter, in the order of `parameters`.
            gradients: The gradient of each, in the same order.

        Returns:
            The new numbers, the new buffers and the new count of steps, for `apply`.
        """
        raise NotImplementedError

    def apply(self, update: Update) -> None:
        """Makes an update; making the same one again changes nothing more.

        Args:
            update: What `update` returned.
        """
        for parameter, number in zip(self.parameters, update.numbers, strict=True):
            parameter.data = number
        self.buffers = update.buffers
        self.steps = update.steps

    def step(self) -> None:
        """Moves every parameter against its gradient, which `backward()` has left in it.

        Warns:
            UserWarning: Once, if no parameter has a gradient, as before the first `backward()`.
        """
        if not self._warned and not any(p.has_gradient for p in self.parameters):
            self._warned = True
            warnings.warn(
                f"{self._name}.step() found no gradient in any of {len(self.parameters)} "
                "parameters; call loss.backward() before it, on a loss that depends on them",
                stacklevel=2,
            )
        numbers = [parameter.data for parameter in self.parameters]
        self.apply(self.update(numbers, [parameter.grad for parameter in self.parameters]))

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to zero."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def buffer(self, name: str) -> list[float]:
        """The numbers that it remembers under a name; zeros before the first step.

        Args:
            name: The name of the buffer.

        Returns:
            A number for each parameter.
        """
        return self.buffers.get(name) or [0.0] * len(self.parameters)

    def configure(self, **settings: Any) -> None:
        """Checks and sets the arguments beside `lr`; a subclass that has some overrides it.

        Args:
            **settings: Every name in `settings` with what is given for it.
        """

    def check_buffers(self) -> None:
        """Checks the buffers of a state that is loaded; a subclass with buffers overrides it.

        Raises:
            ValueError: If the optimiser's steps cannot have left these buffers.
        """

    def state_dict(self) -> dict[str, Any]:
        """The learning rate, the other arguments, the number of steps and the buffers.

        Returns:
            A new dictionary, for `load_state_dict`; `nn.save` writes it to a file.
        """
        return {
            "kind": self._name,
            "lr": self._lr,
            "steps": self.steps,
            "settings": {name: getattr(self, name) for name in self.settings},
            "buffers": {name: list(numbers) for name, numbers in self.buffers.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on from a state; takes all of it or, if something does not fit, nothing.

        Args:
            state: What `state_dict` of the same kind of optimiser, for as many parameters, gave.

        Raises:
            TypeError: If an argument in the state is of a wrong kind.
            ValueError: If the state is of another kind of optimiser, of another number of
                parameters, or damaged.
        """
        keys = {"kind", "lr", "steps", "settings", "buffers"}
        state = checks.state(state, self._name, keys)
        if state["kind"] != self._name:
            raise ValueError(f"{self._name}: the state is of {state['kind']!r}, another optimiser")
        twin = copy.copy(self)
        twin.lr = state["lr"]
        twin.configure(**checks.state(state["settings"], self._name, set(self.settings)))
        twin.steps = checks.state_count(state["steps"], self._name, "steps")
        if not isinstance(state["buffers"], dict):
            raise ValueError(f"{self._name}: the buffers of the state are damaged")
        twin.buffers = {key: self._checked(key, row) for key, row in state["buffers"].items()}
        twin.check_buffers()
        vars(self).update(vars(twin))

    def _require_buffers(self, *expected: str) -> None:
        """Raises ValueError unless the buffers have these names; before the first step, none."""
        names = expected if self.steps else ()
        if self.buffers.keys() != set(names):
            raise ValueError(
                f"{self._name}: expected the buffers {sorted(names)} in a state after "
                f"{self.steps} steps, got {sorted(map(str, self.buffers))}"
            )

    def _checked(self, name: str, row: Any) -> list[float]:
        if not isinstance(row, list) or any(type(number) is not float for number in row):
            raise ValueError(f"{self._name}: {name!r} in the state is no list of numbers")
        if len(row) != len(self.parameters):
            raise ValueError(
                f"{self._name}: the state is of {len(row)} parameters, and there are "
                f"{len(self.parameters)}"
            )
        return list(row)

    def __repr__(self) -> str:
        shown = {"lr": self._lr} | {name: getattr(self, name) for name in self.settings}
        text = ", ".join(f"{name}={value!r}" for name, value in shown.items() if value)
        return f"{self._name}({len(self.parameters)} parameters, {text})"


def decayed(numbers: Sequence[float], gradients: Sequence[float], decay: float) -> Sequence[float]:
    """The gradients with `decay` times each parameter added, which is weight decay in PyTorch."""
    if not decay:
        return gradients
    return [g + decay * p for p, g in zip(numbers, gradients, strict=True)]
