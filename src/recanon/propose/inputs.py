"""What is known of a candidate file before its plan is made, and what becomes of its patching strings."""

from __future__ import annotations

from dataclasses import dataclass

from recanon.codemod import Answer
from recanon.index.facts import FileFacts
from recanon.propose.judged import Judged
from recanon.propose.needs import Reach
from recanon.propose.patch_strings import Patch
from recanon.sites import FileContext


@dataclass(frozen=True)
class Input:
    """A candidate file: its facts, its context, the answers for it, and how it reaches names of other modules."""

    facts: FileFacts
    context: FileContext
    judged: tuple[Judged, ...]
    patches: tuple[Patch, ...]
    reaches: tuple[Reach, ...] = ()
    loose: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PatchAnswer:
    """A patching string with its answer and the phase of its edit."""

    patch: Patch
    answer: Answer
    phase: str
    applied: bool
