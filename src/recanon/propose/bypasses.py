"""Old functions that code calls no longer: a patch of what they look up does not reach that code any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recanon.codemod import Refusal, Rewrite, manual
from recanon.propose.file_plan import FilePlan
from recanon.propose.judged import Judged
from recanon.propose.patch_strings import Patch
from recanon.propose.searches import names_module
from recanon.resolve.lookups import looked_up_by
from recanon.resolve.program import Program


@dataclass(frozen=True)
class Bypasses:
    """What old functions look up when they are called, and who called them until now.

    Args:
        found: by full dotted name of what is looked up: the files whose calls change, each with the old function.
    """

    found: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, plans: Iterable[FilePlan], program: Program) -> Bypasses:
        """Gather them from the plans of all files."""
        found: dict[str, dict[str, str]] = {}
        for plan in plans:
            for judged in plan.changing_uses():
                symbol = judged.origin.symbol
                for path in looked_up_by(symbol, program) if symbol is not None else ():
                    if symbol is not None and not _still_reached(judged, path, plan):
                        found.setdefault(path, {}).setdefault(plan.facts.path, symbol.path)
        return cls(found)

    def answer(self, patch: Patch, path: str, program: Program) -> Refusal | None:
        """Return the answer for a patch of something that such a function looks up, or None.

        Only callers in the patching file, or that it names, count: the others may have nothing to do with it.

        Args:
            patch: the string.
            path: its file.
            program: the whole program.
        """
        callers = self.found.get(f"{patch.module}.{patch.name}", {}) if not patch.rest else {}
        modules = program.modules.modules
        named = (file for file in callers if file == path or names_module(program, path, modules.get(file, "")))
        caller = min(named, default="")
        if not caller:
            return None
        return manual(
            f"{callers[caller]} looks {patch.name} up here, and {caller} calls the canonical function in its place",
            f"If {caller} is under test here, patch the name that it uses now.",
            "patch of what an old function looks up",
        )


def _still_reached(judged: Judged, path: str, plan: FilePlan) -> bool:
    """Whether the new code looks the same name up when it is called: an import within the function does."""
    is_target = isinstance(judged.answer, Rewrite) and judged.answer.target == path
    return is_target and judged.binding is not None and plan.facts.imports[judged.binding[0]].scope != 0
