"""Every row of the table goes through what a user's own operation goes through."""

import pytest

from autograd.symbols import CONSTANTS, FUNCTIONS
from autograd.table import TABLE
from autograd.testing import check_operation
from autograd.testing.precise import Precise


@pytest.mark.parametrize("name", TABLE)
def test_row(name) -> None:
    check_operation(name)


@pytest.mark.parametrize("name", sorted(FUNCTIONS | CONSTANTS | {"largest"}))
def test_the_precise_vocabulary_has_every_function(name) -> None:
    assert getattr(Precise(), name) is not None
