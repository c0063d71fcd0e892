"""The verification ladder: what a proposed change must pass, each step against the text before."""

from __future__ import annotations

from recanon.outcome import Reverted
from recanon.verify.links import cycles, exports, imports, patch_targets
from recanon.verify.meaning import meaning
from recanon.verify.names import names
from recanon.verify.text import bytes_kept, parses
from recanon.verify.trial import Step, Trial

LADDER: tuple[Step, ...] = (parses, bytes_kept, names, imports, exports, meaning, patch_targets, cycles)


def failures(trial: Trial) -> dict[str, Reverted]:
    """Return the files that fail a step, each with its first failure.

    Args:
        trial: the proposed change.
    """
    found: dict[str, Reverted] = {}
    for step in LADDER:
        for failure in step(trial):
            found.setdefault(failure.path, failure)
    return found


__all__ = ["LADDER", "Trial", "failures"]
