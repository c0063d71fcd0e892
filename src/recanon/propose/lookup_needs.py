"""What functions must go on looking up: names that something replaces where they are looked up today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from recanon.codemod import Rewrite
from recanon.index.facts import ImportedName, ImportStatement
from recanon.migration import Migration
from recanon.propose.file_plan import FilePlan
from recanon.propose.inputs import Input, PatchAnswer
from recanon.propose.judged import Name
from recanon.propose.looks import Looks
from recanon.propose.needs import Needs, dynamic_patch
from recanon.propose.searches import mentions_in_bytes
from recanon.resolve.lookups import used_inside

# What replaces a whole module: `patch.dict(sys.modules, {"a.b": ...})`, `monkeypatch.setitem(sys.modules, "a.b", ...)`.
_REPLACING = {"dict", "setitem"}


@dataclass(frozen=True)
class LookupNeeds:
    """Find the look-ups that must stay.

    Args:
        looks: who looks names up.
        plans: the plans of all files.
        inputs: the files.
        migration: the migration.
    """

    looks: Looks
    plans: Mapping[str, FilePlan]
    inputs: Mapping[str, Input]
    migration: Migration

    def needs(self, answers: Mapping[str, tuple[PatchAnswer, ...]]) -> dict[str, Needs]:
        """Return them by file, given the answers for the patching strings."""
        found: dict[str, Needs] = {}
        for file, name, reason in (*self.of_patches(answers), *self.of_others()):
            found[file] = found.get(file, Needs()).union(Needs(lookups={name: reason}))
        return found

    def of_patches(self, answers: Mapping[str, tuple[PatchAnswer, ...]]) -> Iterator[tuple[str, Name, str]]:
        """Yield look-ups that a patching string reaches today and would miss, or whose stand-in would not fit."""
        for path, several in answers.items():
            for item in several:
                name = (item.patch.module, item.patch.name)
                moved = item.applied and isinstance(item.answer, Rewrite)
                final = item.answer.target if moved and isinstance(item.answer, Rewrite) else ".".join(name)
                for file in self.looks.torn(path, name, final) if not item.patch.rest else ():
                    if file == path or self.looks.names(path, file) or not self.aims_at_its_module(name):
                        yield file, name, f"patched by {path}, and that patch cannot follow"
                for file in self.looks.seen(path, name):
                    if self.plans[file].unfits(_looked_up(name), item.patch.text.given):
                        yield file, name, f"patched by {path}, and what stands in for it would not fit the new call"

    def of_others(self) -> Iterator[tuple[str, Name, str]]:
        """Yield look-ups of names that code sets, replaces with their module, or by a path that it puts together."""
        program = self.looks.program
        for path, item in self.inputs.items():
            pointed = {(reach.module, reach.name) for reach in item.reaches if reach.how == "set"}
            stubbed = {text.value for text in item.facts.texts if text.inside.rpartition(".")[2] in _REPLACING}
            pointed |= {name for name in self.looks.found if name[0] in stubbed}
            if dynamic_patch(item.facts):
                pointed |= {name for name in self.looks.found if mentions_in_bytes(program, path, *name)}
            for name in pointed:
                torn = self.looks.torn(path, name, ".".join(name))
                for file in (file for file in torn if file == path or self.looks.names(path, file)):
                    yield file, name, f"{path} replaces it where it is looked up"

    def aims_at_its_module(self, name: Name) -> bool:
        """Whether a patch most likely means the module that it patches: one that is not old, and reads its own name."""
        symbol = self.looks.program.resolve(*name).symbol
        old = symbol is not None and self.migration.old_symbol(symbol.module, symbol.name) is not None
        return not old and used_inside(self.looks.program, *name)


def _looked_up(name: Name) -> Callable[[ImportStatement, ImportedName], bool]:
    return lambda statement, imported: statement.scope != 0 and (statement.module, imported.name) == name
