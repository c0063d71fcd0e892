"""What functions look up when they are called: a patch sees it, so both move together, or neither does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recanon.propose.fate import Fate
from recanon.propose.file_plan import FilePlan
from recanon.propose.inputs import Input
from recanon.propose.judged import Name
from recanon.propose.searches import names_module
from recanon.resolve.lookups import lookups
from recanon.resolve.program import Program


@dataclass(frozen=True)
class Looks:
    """Who looks names up, and where, when the plan is done.

    Args:
        found: by module and name: the files that look it up today, each with the paths that they look up afterwards.
        production: files of production code.
        program: the whole program.
    """

    found: Mapping[Name, Mapping[str, frozenset[str]]]
    production: frozenset[str]
    program: Program

    @classmethod
    def of(cls, plans: Mapping[str, FilePlan], inputs: Mapping[str, Input], program: Program) -> Looks:
        """Gather them from the plans of all files, and from what tests read through a module."""
        found: dict[Name, dict[str, frozenset[str]]] = {}
        for path, plan in plans.items():
            used = plan.used_imports(program) if not plan.context.api else frozenset()
            for lookup in lookups(plan.facts):
                fate = plan.fates.fates.get(lookup.key, Fate(True)) if lookup.key in used else Fate(False)
                new = {f"{item.module}.{item.name}" for item in fate.wanted}
                old = {f"{lookup.module}.{lookup.name}"} if fate.keep else set()
                files = found.setdefault((lookup.module, lookup.name), {})
                files[path] = files.get(path, frozenset()) | old | new
        for path, item in inputs.items():
            for reach in (reach for reach in item.reaches if reach.how == "read" and not item.context.production):
                files = found.setdefault((reach.module, reach.name), {})
                files[path] = files.get(path, frozenset()) | {f"{reach.module}.{reach.name}"}
        production = frozenset(path for path, item in inputs.items() if item.context.production)
        return cls(found, production, program)

    def seen(self, path: str, name: Name) -> dict[str, frozenset[str]]:
        """Return who of those that a patch can reach looks a name up.

        Any production code, the file itself, its `conftest.py` files, and other tests and helpers that it names.

        Args:
            path: the file of the patch.
            name: the module and the name that it patches.
        """
        files, own = self.found.get(name, {}), {path, *conftests_of(path)}
        near = {file for file in files if file in self.production or file in own}
        near |= {file for file in set(files) - near if self.names(path, file)}
        return {file: files[file] for file in sorted(near)}

    def names(self, path: str, other: str) -> bool:
        """Return whether a file names the module of another one."""
        return names_module(self.program, path, self.program.modules.modules.get(other, ""))

    def torn(self, path: str, name: Name, final: str) -> list[str]:
        """Return the files that a patch reaches today and would miss in the end.

        Args:
            path: the file of the patch.
            name: the module and the name that it patches today.
            final: the full dotted name that it patches in the end.
        """
        return [file for file, targets in self.seen(path, name).items() if targets - {final}]


def conftests_of(path: str) -> Iterator[str]:
    """Yield where the `conftest.py` files stand that pytest would load for a file, the nearest first."""
    folder = path.rpartition("/")[0]
    while folder:
        yield f"{folder}/conftest.py"
        folder = folder.rpartition("/")[0]
    yield "conftest.py"
