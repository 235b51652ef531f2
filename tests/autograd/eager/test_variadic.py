"""Operations on any number of operands: code for a number that comes up often."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.eager import variadic
from autograd.eager.variadic import OFTEN
from autograd.table import TABLE


@pytest.mark.parametrize("row", [row for row in TABLE.values() if row.groups], ids=str)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_results_are_the_same_before_and_after_code_for_a_number_of_operands(row, data) -> None:
    size = data.draw(st.integers(max(1, row.at_least), 12))
    finite = st.floats(-1e3, 1e3)
    groups: list[Any] = [
        data.draw(finite if name in row.single else st.lists(finite, min_size=size, max_size=size))
        for name in row.groups
    ]
    chosen = [data.draw(st.integers(0, size - 1)) for _ in row.settings]

    def computed() -> tuple[Any, ...]:
        nodes = [list(map(Value, g)) if isinstance(g, list) else Value(g) for g in groups]
        node = getattr(autograd, row.name)(*nodes, *chosen)
        return struct.pack("d", node.data), struct.pack(f"{len(node.partials)}d", *node.partials)

    first = computed()
    assert all(computed() == first for _ in range(OFTEN + 2))


def test_a_few_uses_of_many_numbers_of_operands_write_no_code(monkeypatch) -> None:
    written = []
    monkeypatch.setattr(variadic, "_unrolled", lambda *key: written.append(key))
    for size in range(150, 300):
        autograd.logsumexp([Value(float(i)) for i in range(size)])
    assert written == []
