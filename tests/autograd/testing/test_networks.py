"""Random networks in float32, the first that `python -m tests.benchmarks.networks` draws."""

import numpy as np
import pytest

from tests.benchmarks.handwritten import MISTAKES, deviation, drawn, mistaken
from tests.benchmarks.networks import counted, right_cases, wrong_cases


@pytest.mark.parametrize("cases", [right_cases, wrong_cases])
def test_no_network_is_judged_for_what_it_is_not(cases) -> None:
    with np.errstate(all="ignore"):
        groups, _ = counted(cases(np.random.default_rng(1)), 12)
    other = "wrong" if cases is right_cases else "right"
    assert groups["all"][other] == 0
    assert sum(groups["all"].values()) == 12


def test_there_are_ten_mistakes_and_each_is_one() -> None:
    assert len(MISTAKES) == 10
    rng = np.random.default_rng(2)
    for mistake in MISTAKES:
        found = []
        for _ in range(20):
            network = drawn(rng, 1.0)
            wide = [a.astype(float) for a in network.parameters]
            assert deviation(network, network.gradient(*wide)) < 1e-9
            name = mistaken(network, mistake)
            found.append(deviation(network, network.gradient(*wide, mistake=name)))
        assert max(found) > 0.01
