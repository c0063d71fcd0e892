"""The new bytes of files, kept as long as the program is the same: a file is made once for each plan of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recanon.plan import FileChange
from recanon.propose.file_plan import FilePlan
from recanon.propose.inputs import PatchAnswer
from recanon.propose.program_plan import ProgramPlan
from recanon.resolve.program import Program


@dataclass(frozen=True, slots=True)
class _Reasons:
    """All that the new bytes of a file follow from, besides the program."""

    plan: FilePlan
    patches: tuple[PatchAnswer, ...]
    phases: tuple[str, ...]


class Made:
    """The files that were made from one program.

    Args:
        program: what they were made from.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._known: dict[str, tuple[_Reasons, FileChange]] = {}

    def again(self, plan: ProgramPlan, phases: tuple[str, ...], paths: Iterable[str]) -> dict[str, FileChange]:
        """Return those of some files that were made already, for the same plan of the file and the same phases.

        Args:
            plan: the plan of all files.
            phases: the phases that run.
            paths: the files.
        """
        known = ((path, *self._known[path]) for path in paths if path in self._known)
        return {path: change for path, reasons, change in known if reasons == _reasons(plan, phases, path)}

    def keep(self, plan: ProgramPlan, phases: tuple[str, ...], change: FileChange) -> None:
        """Keep what was made of a file.

        Args:
            plan: the plan of all files.
            phases: the phases that run.
            change: the file.
        """
        self._known[change.path] = _reasons(plan, phases, change.path), change


def _reasons(plan: ProgramPlan, phases: tuple[str, ...], path: str) -> _Reasons:
    return _Reasons(plan.files[path], plan.patches.get(path, ()), phases)
