"""What is known of a candidate file before its plan is made, and what becomes of its patching strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recanon.codemod import Answer
from recanon.executor.local import Lost
from recanon.index.facts import FileFacts
from recanon.propose.judged import Judged, Name
from recanon.propose.needs import Reach
from recanon.propose.patch_strings import Patch
from recanon.sites import FileContext


@dataclass(frozen=True)
class Input:
    """A candidate file.

    Args:
        facts: what stands in it.
        context: what kind of file it is.
        judged: the answers for its places.
        patches: its strings that patch.
        reaches: how it reaches names of other modules.
        loose: names that it looks up where nothing says in which module.
        patch_phases: the phases of patches that move with look-ups, by the module and name that they patch.
        lost: why it could not be judged; it stands as it is then.
    """

    facts: FileFacts
    context: FileContext
    judged: tuple[Judged, ...]
    patches: tuple[Patch, ...]
    reaches: tuple[Reach, ...] = ()
    loose: frozenset[str] = frozenset()
    patch_phases: Mapping[Name, str] = field(default_factory=dict)
    lost: Lost | None = None


@dataclass(frozen=True)
class PatchAnswer:
    """A patching string with its answer and the phase of its edit."""

    patch: Patch
    answer: Answer
    phase: str
    applied: bool
