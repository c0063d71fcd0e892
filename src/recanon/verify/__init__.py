"""The verification ladder: what a proposed change must pass, each step against the text before."""

from __future__ import annotations

from collections.abc import Sequence

from recanon.outcome import Reverted
from recanon.verify.links import cycles, exports, imports, patch_targets
from recanon.verify.meaning import meaning
from recanon.verify.names import names, read_beside, superfluous, undefined
from recanon.verify.text import bytes_kept, parses, style_kept
from recanon.verify.trial import Step, Trial

LADDER: tuple[Step, ...] = (parses, bytes_kept, names, imports, exports, meaning, patch_targets, cycles)
GUEST_LADDER: tuple[Step, ...] = (parses, style_kept, undefined, imports, exports, patch_targets, cycles)
"""For texts that come from elsewhere: no step asks what a codemod answered, or for more order than there was."""
_BY_RUFF = (names, undefined)  # asked last, though not the last steps: ruff reads meanwhile


def failures(trial: Trial, ladder: Sequence[Step] = LADDER) -> dict[str, Reverted]:
    """Return the files that fail a step, each with its first failure.

    Args:
        trial: the proposed change.
        ladder: the steps, in their order.
    """
    with read_beside(trial) as wait:
        told = {step: list(step(trial)) for step in ladder if step not in _BY_RUFF}
        wait()
    found: dict[str, Reverted] = {}
    for step in ladder:
        for failure in told[step] if step in told else step(trial):
            found.setdefault(failure.path, failure)
    return found


__all__ = ["GUEST_LADDER", "LADDER", "Step", "Trial", "failures", "superfluous"]
