"""Optimisers: how parameters follow their gradients."""

from __future__ import annotations

import copy
import math
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
    """What all optimisers have; a subclass says in `update` what a step is.

    Args:
        parameters: The leaves to change; one that is given twice counts once.
        lr: The learning rate, a positive number.

    Attributes:
        parameters: The leaves that it changes.
        steps: How many steps it has made.
        buffers: What it remembers between steps.
    """

    settings: tuple[str, ...] = ()  # the names of a subclass's arguments beside lr

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
        name, above_zero = f"{self._name}: the learning rate", math.ulp(0.0)
        self._lr = checks.real(lr, name, "a positive number", above_zero)
        self.steps = 0
        self.buffers: dict[str, list[float]] = {}

    @property
    def lr(self) -> float:
        """The learning rate; a schedule may set it to 0."""
        return self._lr

    @lr.setter
    def lr(self, given: float) -> None:
        self._lr = checks.real(given, f"{self._name}: the learning rate", "a positive number")

    def update(self, numbers: Sequence[float], gradients: Sequence[float]) -> Update:
        """What a step from these numbers along these gradients would change; it changes nothing."""
        raise NotImplementedError

    def apply(self, update: Update) -> None:
        """Makes an update. To make the same one again changes nothing more."""
        for parameter, number in zip(self.parameters, update.numbers, strict=True):
            parameter.data = number
        self.buffers = update.buffers
        self.steps = update.steps

    def step(self) -> None:
        """Changes every parameter against its gradient."""
        numbers = [parameter.data for parameter in self.parameters]
        self.apply(self.update(numbers, [parameter.grad for parameter in self.parameters]))

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to zero."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def buffer(self, name: str) -> list[float]:
        """What it remembers under that name; zeros before the first step."""
        return self.buffers.get(name) or [0.0] * len(self.parameters)

    def configure(self, **settings: Any) -> None:
        """Checks and sets the arguments beside lr."""

    def check_buffers(self) -> None:
        """Raises ValueError unless its steps may have left its buffers; a subclass says which."""

    def state_dict(self) -> dict[str, Any]:
        """The learning rate, the other arguments, the number of steps and what is remembered."""
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
            state: What `state_dict` of such an optimiser gave.

        Raises:
            TypeError: If an argument in it is of another kind.
            ValueError: If it is of another kind of optimiser, of another number of parameters, or
                damaged.
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
        """Raises ValueError unless the buffers have these names; none before the first step."""
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


class SGD(Optimiser):
    """Gradient descent: each step subtracts the learning rate times the gradient.

    With momentum μ it follows the velocity v ← μ·v + gradient; Nesterov's way, gradient + μ·v. With
    weight decay λ the gradient is gradient + λ·parameter. All as in PyTorch.

    Args:
        parameters: The leaves to change; one that is given twice counts once.
        lr: The learning rate, a positive number.
        momentum: How much of the velocity a step keeps, from 0 on.
        nesterov: Whether to look ahead along the velocity; it needs momentum.
        weight_decay: How much of each parameter is added to its gradient, from 0 on.

    Raises:
        TypeError: If a parameter is not a `Value`, or nesterov neither True nor False.
        ValueError: If the learning rate is not positive and finite, momentum or weight decay is
            negative, there is no parameter, or one of them was computed.

    Example:
        >>> from autograd import Value
        >>> from nn import SGD
        >>> w = Value.parameter(1.0)
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> w.data
        0.8

    Source: Robbins & Monro, "A stochastic approximation method", 1951; Sutskever, Martens, Dahl &
    Hinton, "On the importance of initialization and momentum in deep learning", 2013.
    """

    settings = ("momentum", "nesterov", "weight_decay")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.configure(momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)

    def configure(self, **settings: Any) -> None:
        """Checks and sets momentum, nesterov and weight decay."""
        self.momentum = checks.real(settings["momentum"], "SGD: momentum", "a number from 0 on")
        self.weight_decay = checks.real(
            settings["weight_decay"], "SGD: weight_decay", "a number from 0 on"
        )
        nesterov = checks.flag(settings["nesterov"], "SGD: nesterov")
        if nesterov and self.momentum == 0.0:
            raise ValueError("SGD: nesterov=True needs a momentum above 0, such as momentum=0.9")
        self.nesterov = nesterov

    def check_buffers(self) -> None:
        """Raises ValueError unless they are none, or after a step a velocity."""
        if self.buffers:
            self._require_buffers("velocity")

    def update(self, numbers: Sequence[float], gradients: Sequence[float]) -> Update:
        """What a step would change."""
        lr, momentum, decay = self._lr, self.momentum, self.weight_decay
        buffers: dict[str, list[float]] = {}
        if decay:
            gradients = [g + decay * p for p, g in zip(numbers, gradients, strict=True)]
        if momentum:
            before = self.buffer("velocity")
            velocity = [momentum * v + g for v, g in zip(before, gradients, strict=True)]
            buffers["velocity"] = velocity
            if self.nesterov:
                pairs = zip(velocity, gradients, strict=True)
                gradients = [g + momentum * v for v, g in pairs]
            else:
                gradients = velocity
        new = [p - lr * g for p, g in zip(numbers, gradients, strict=True)]
        return Update(new, buffers, self.steps + 1)
