"""What holds for every test: examples may take as long as a busy machine needs.

With CI set the examples are the same in every run, so that a change is judged by what it changes; elsewhere each run
tries new ones, which is how the next fault is found.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "planner",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("planner")
