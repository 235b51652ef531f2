"""What type checkers know of the public names; checked by mypy, never run."""

from typing import assert_type

import nn
from autograd import Value, atan2, clip, dot, exp, grad, gradients, logsumexp, mse, softmax

x = Value(1.0)

assert_type(x + 1, Value)
assert_type(1 / x, Value)
assert_type(2.0**x, Value)
assert_type(-abs(x), Value)
assert_type(x.tanh().arcsin(), Value)
assert_type(exp(x), Value)
assert_type(exp(1), float)
assert_type(atan2(x, 1), Value)
assert_type(atan2(1, x), Value)
assert_type(atan2(1, 2.0), float)
assert_type(clip(x, 0, 1), Value)
assert_type(dot([x, 1.0], [2, x], 3), Value)
assert_type(dot([1.0], [2.0], 3), float)
assert_type(logsumexp([x]), Value)
assert_type(mse(x, 1.0), Value)
assert_type(softmax([x, 1.0]), list[Value])
assert_type(gradients(x, [x]), list[float])
assert_type(gradients(x, [x], create_graph=False), list[float])
assert_type(gradients(x, [x], create_graph=True), list[Value])
assert_type(gradients(x, [x], create_graph=bool(x)), list[float] | list[Value])
assert_type(gradients(grad(exp)(x), (x,)), list[float])
assert_type(x.parents, tuple[Value, ...])
assert_type(x.operands, tuple[Value | float, ...])
assert_type(x < 1, bool)

model = nn.MLP(2, [1])
assert_type(model.train(), nn.MLP)
assert_type(nn.Dropout(0.5).eval(), nn.Dropout)
assert_type(nn.l2_penalty(model, 0.1), Value)
assert_type(
    nn.fit(
        model,
        ([[1.0, 2.0]], [1.0]),
        nn.mse,
        nn.Adam(model.parameters()),
        epochs=1,
        penalty=lambda model: nn.l1_penalty(model, 0.1),
        schedule=nn.step_lr(0.1, 10),
    ),
    nn.History,
)
