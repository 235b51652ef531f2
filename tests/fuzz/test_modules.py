"""A few cases of each kind that is fuzzed; `python -m tests.fuzz` runs as many as there is time."""

import pytest

from tests.fuzz import damaged_files, memory, threads


@pytest.mark.parametrize(("module", "seeds"), [(damaged_files, 60), (threads, 20), (memory, 9)])
def test_cases(module, seeds) -> None:
    for seed in range(seeds):
        failure = module.case(seed)
        assert failure is None, f"seed {seed}:\n{failure}"
