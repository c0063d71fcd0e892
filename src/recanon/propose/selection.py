"""What is applied: the verdicts that the user includes, in the phases that the user names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recanon.codemod import Answer, Rewrite
from recanon.edit import Span
from recanon.migration import Migration
from recanon.outcome import Verdict
from recanon.pack.outline import check_phases
from recanon.propose.context import Contexts
from recanon.propose.judged import Judged
from recanon.propose.patch_strings import Patch
from recanon.resolve.program import Program


@dataclass(frozen=True)
class Selection:
    """Decide what is applied.

    Args:
        migration: the migration.
        contexts: which phase works on which file.
        phases: the phases that run.
        include: the verdicts whose rewrites are applied.
        picked: the places that alone are rewritten, as offsets in the text of their files by path; None for all.
        left: places that are not, as offsets by path: one of them in a string keeps all of it.
        taken_out: those of them that would be rewritten if nobody had decided.
        unasked: the verdicts whose rewrites are applied where nobody decides.
    """

    migration: Migration
    contexts: Contexts
    phases: tuple[str, ...]
    include: frozenset[Verdict]
    picked: Mapping[str, frozenset[int]] | None = None
    left: Mapping[str, frozenset[int]] = field(default_factory=dict)
    taken_out: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unasked: frozenset[Verdict] = frozenset()

    @classmethod
    def of(
        cls, migration: Migration, contexts: Contexts, named: tuple[str, ...], include: frozenset[Verdict]
    ) -> Selection:
        """Choose the phases that the user named, or all that run by default.

        Raises:
            UsageError: there is no such phase.
        """
        check_phases(migration, named)
        phases = tuple(p.id for p in migration.phases if (p.id in named if named else p.default))
        return cls(migration, contexts, phases, include)

    def applies(self, path: str, judged: Judged, *, coupled: bool = False) -> bool:
        """Return whether the rewrite of a place is applied.

        Args:
            path: the file.
            judged: the place.
            coupled: whether it comes along with a file of a phase that runs.
        """
        if not isinstance(judged.answer, Rewrite) or judged.answer.verdict not in self.include:
            return False
        return self.chosen(path, judged) and (coupled or self.runs(judged.phase))

    def chosen(self, path: str, judged: Judged) -> bool:
        """Return whether nothing that a person decided speaks against a place.

        A use without a mention goes with the import of its name, also where that import has to stay for other uses.
        """
        anchor = judged.anchor or judged.span
        if self.picked is None or self.picks(path, anchor):
            return True
        follows = anchor != judged.span and judged.answer.verdict in self.unasked
        return follows and not any(anchor.start <= at < anchor.end for at in self.taken_out.get(path, ()))

    def applies_patch(self, path: str, patch: Patch, answer: Answer, phase: str) -> bool:
        """Return whether a patching string is rewritten: it belongs to the phase of what it patches."""
        offered = isinstance(answer, Rewrite) and answer.verdict in self.include
        return offered and self.picks(path, patch.text.span) and self.runs(phase)

    def picks(self, path: str, span: Span) -> bool:
        """Return whether a place is one of those that were picked, if any were, and no mention in it was left."""
        if self.picked is None:
            return True
        picked, left = self.picked.get(path, ()), self.left.get(path, ())
        return any(span.start <= at < span.end for at in picked) and not any(span.start <= at < span.end for at in left)

    def runs(self, phase: str) -> bool:
        """Return whether a phase runs; a pack without phases has one that always runs."""
        return phase in self.phases or not self.migration.phases

    def phase_of_module(self, module: str, program: Program) -> str:
        """Return the phase that works on a module."""
        path = program.modules.paths.get(module, "")
        return self.contexts.phase(path) if path else ""
