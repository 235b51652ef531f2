"""How Hypothesis runs: the same examples every time, and more of them when asked.

`HYPOTHESIS_PROFILE=thorough python -m pytest` draws ten times as many, new ones each time.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
