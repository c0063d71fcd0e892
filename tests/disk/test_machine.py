"""What users, recanon and kills do to a tree, in any order: no text is torn or lost, and the way back leads home.

The rules are those of `faults.machine`; the campaign lets them run for longer.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from faults.machine import Lives

TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=25,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
