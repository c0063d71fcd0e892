"""What is applied: the verdicts that the user includes, in the phases that the user names."""

from __future__ import annotations

from dataclasses import dataclass

from recanon.codemod import Answer, Rewrite
from recanon.errors import UsageError
from recanon.migration import Migration
from recanon.outcome import Verdict
from recanon.pack.toml import nearest
from recanon.propose.context import Contexts
from recanon.propose.judged import Judged
from recanon.resolve.program import Program
from recanon.sites import FileContext


@dataclass(frozen=True)
class Selection:
    """Decide what is applied.

    Args:
        migration: the migration.
        contexts: which phase works on which file.
        phases: the phases that run.
        include: the verdicts whose rewrites are applied.
    """

    migration: Migration
    contexts: Contexts
    phases: tuple[str, ...]
    include: frozenset[Verdict]

    @classmethod
    def of(
        cls, migration: Migration, contexts: Contexts, named: tuple[str, ...], include: frozenset[Verdict]
    ) -> Selection:
        """Choose the phases that the user named, or all that run by default.

        Raises:
            UsageError: there is no such phase.
        """
        known = {phase.id for phase in migration.phases}
        for name in named:
            if name not in known:
                raise UsageError(f"there is no phase {name}", nearest(name, known))
        phases = tuple(p.id for p in migration.phases if (p.id in named if named else p.default))
        return cls(migration, contexts, phases, include)

    def applies(self, context: FileContext, judged: Judged, *, coupled: bool = False) -> bool:
        """Return whether the rewrite of a place is applied.

        Args:
            context: the file.
            judged: the place.
            coupled: whether it comes along with a file of a phase that runs.
        """
        if not isinstance(judged.answer, Rewrite) or judged.answer.verdict not in self.include:
            return False
        return coupled or self.runs(self.phase(context, judged))

    def phase(self, context: FileContext, judged: Judged) -> str:
        """Return the phase of a place: the one that names its codemod, else the one that works on its file."""
        return next((p.id for p in self.migration.phases if judged.codemod in p.codemods), context.phase)

    def applies_patch(self, context: FileContext, answer: Answer, phase: str) -> bool:
        """Return whether a patching string is rewritten: it belongs to the phase of what it patches."""
        return isinstance(answer, Rewrite) and answer.verdict in self.include and self.runs(phase)

    def runs(self, phase: str) -> bool:
        """Return whether a phase runs; a pack without phases has one that always runs."""
        return phase in self.phases or not self.migration.phases

    def phase_of_module(self, module: str, program: Program) -> str:
        """Return the phase that works on a module."""
        path = program.modules.paths.get(module, "")
        return self.contexts.phase(path) if path else ""
