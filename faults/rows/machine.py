"""M1: users, runs, kills, recoveries and rollbacks in any order, with a model of the tree beside it."""

from __future__ import annotations

import random

from faults.machine import wander
from faults.model import Fault, Loss, Trial

_STEPS = 12


def lives(trial: Trial) -> None:
    """Let the machine live many lives; each step of one is a point."""
    for _ in range(trial.size(800, 12)):
        seed = trial.chance.getrandbits(32)
        try:
            wander(random.Random(seed), _STEPS)
        except AssertionError as exc:
            trial.point(f"life {seed}", (Loss.LOST, str(exc)))
            continue
        for step in range(_STEPS):
            trial.point(f"life {seed}, step {step}")


FAULTS = (
    Fault(
        "M1",
        "plans, applies, edits, kills, recoveries, rollbacks, gc in any order",
        "a model of the tree is asked after each step what each file may hold",
        9000,
        lives,
    ),
)
