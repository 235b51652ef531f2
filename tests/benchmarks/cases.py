"""All gradients that a checker has to judge."""

from tests.benchmarks import cases_classic, cases_of_float32, cases_of_rounding

WRONG = [*cases_classic.WRONG, *cases_of_rounding.WRONG, *cases_of_float32.WRONG]
RIGHT = [*cases_classic.RIGHT, *cases_of_rounding.RIGHT, *cases_of_float32.RIGHT]
CASES = [*WRONG, *RIGHT]
