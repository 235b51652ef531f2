"""Every row of the table goes through what a user's own operation goes through."""

import pytest

from autograd.table import TABLE
from autograd.testing import check_operation


@pytest.mark.parametrize("name", TABLE)
def test_row(name) -> None:
    check_operation(name)
