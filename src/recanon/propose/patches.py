"""Strings that patch: they follow the name that they patch, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping

from recanon.codemod import Answer, Refusal, Rewrite, left, manual
from recanon.edit import Edit, Span
from recanon.migration import Migration
from recanon.outcome import Verdict
from recanon.propose.fate import Renamed
from recanon.propose.looks import Looks
from recanon.propose.patch_strings import Patch
from recanon.resolve.awaitable import awaitable
from recanon.resolve.lookups import used_inside
from recanon.resolve.program import Program

CODEMOD = "patch-target"
KEPT = "patch of a name that stays"


class PatchJudge:
    """Answer for patching strings.

    Args:
        migration: the migration.
        program: the tree as it is.
        renamed: what becomes of module-level names, by module and name.
        looks: who looks names up when functions are called.
    """

    def __init__(
        self,
        migration: Migration,
        program: Program,
        renamed: Mapping[tuple[str, str], Renamed],
        looks: Looks,
    ) -> None:
        self.migration = migration
        self.program = program
        self.renamed = renamed
        self.looks = looks

    def answer(self, path: str, patch: Patch) -> tuple[Answer, str]:
        """Return the answer for a patching string, and the phase that its edit belongs to.

        Args:
            path: the file of the string.
            patch: the string.
        """
        seen = self.looks.seen(path, (patch.module, patch.name))
        found = self.program.resolve(patch.module, patch.name)
        symbol = found.symbol
        old = self.migration.old_symbol(symbol.module, symbol.name) if symbol is not None else None
        if found.state == "missing":
            bound = any(r.new == patch.name for (module, _), r in self.renamed.items() if module == patch.module)
            return (_BOUND_NOW if bound else _missing(patch)), ""
        renamed = self.renamed.get((patch.module, patch.name))
        if renamed is not None:
            return self.consumer(patch, renamed), renamed.phase
        if old is None:
            return self.other(patch, seen), ""
        if patch.rest or old.removable or (patch.text.role != "patch target" and self.is_definition(patch)):
            return _no_counterpart(patch), ""
        if symbol is not None and self.is_definition(patch):
            return self.definition(patch, seen), ""
        return left(
            f"{patch.module} keeps the name {patch.name}, so the patch stays right", "patch of a name that stays"
        ), ""

    def consumer(self, patch: Patch, renamed: Renamed) -> Answer:
        """The patched module's own binding changed its name: the string follows."""
        if not renamed.new:
            return left(renamed.reason, KEPT)
        if not patch.text.literal:
            return manual(
                f"{patch.module} now calls it {renamed.new}", f"Write {renamed.new} here.", "patch string not plain"
            )
        return Rewrite(
            f"{patch.module}.{renamed.new}",
            f"{patch.module} imports {renamed.new} now; the patch follows its consumer",
            notes=(_ASYNC_MOCK,),
            group="patch follows its consumer",
        )

    def definition(self, patch: Patch, seen: Mapping[str, frozenset[str]]) -> Answer:
        """A name is patched where it is defined: code that looks it up at call time decides what is right."""
        old = f"{patch.module}.{patch.name}"
        targets = sorted({target for found in seen.values() for target in found if target != old})
        kept = sorted(file for file, found in seen.items() if old in found)
        if not targets:
            reason = f"{kept[0]} still looks it up here" if kept else "no function looks it up here when it is called"
            return left(f"{reason}; the patch does what it did", KEPT)
        if kept or len(targets) > 1:
            return manual(
                f"code that looked up {old} now looks up {', '.join([*targets, *([old] if kept else [])])}: "
                "one patch cannot reach all",
                "Settle the old use first, or patch each name.",
                "patch that would reach only some",
            )
        if self.makes_of_function(patch, targets[0]):
            return manual(
                f"code that looked up {old} now looks up {targets[0]}, and so does the canonical function itself",
                "Patch what the test means: the class for all, or the function.",
                "patch that would reach more",
            )
        if not patch.text.literal:
            return manual(f"patches the old {patch.name}", f"Patch {targets[0]} instead.", "patch string not plain")
        return Rewrite(
            targets[0],
            f"{_counted(sorted(seen))} {targets[0]} now when it is called, and the patch follows",
            notes=self.notes(patch),
            group="patch of the old definition",
        )

    def notes(self, patch: Patch) -> tuple[str, ...]:
        """What a person may want to know about a patch that follows a look-up."""
        reach = "it reaches every function that imports the canonical name when it is called"
        symbol = self.program.resolve(patch.module, patch.name).symbol
        flips = symbol is not None and symbol.kind == "function" and not awaitable(self.program, symbol)
        return (reach, _ASYNC_MOCK) if flips else (reach,)

    def is_definition(self, patch: Patch) -> bool:
        """Whether the patched module defines the old name or hands it on as part of the old API."""
        facts = self.program.module_facts(patch.module)
        bindings = facts.bindings.get(patch.name, ()) if facts else ()
        if any(binding.kind == "def" for binding in bindings):
            return True
        listed = {export.name for export in facts.exports or ()} if facts else set()
        return patch.name in listed or not bindings

    def other(self, patch: Patch, seen: Mapping[str, frozenset[str]]) -> Answer:
        """Another name is patched: one of an old module, or one that has nothing to do with the migration."""
        path = f"{patch.module}.{patch.name}"
        moves = any(found != {path} for found in seen.values())
        if patch.module in self.migration.by_module and moves and not patch.rest:
            return self.class_path(patch, seen)
        if path in self.migration.canonical.values() or self.takes_canonical(patch):
            return Refusal(Verdict.CANONICAL, "patches the canonical symbol", "", "canonical")
        return left(f"patches {path}, which stays", "patch of another name")

    def takes_canonical(self, patch: Patch) -> bool:
        """Whether the patched module imports a canonical symbol from its canonical module under that name."""
        found = self.program.resolve(patch.module, patch.name)
        origins = [self.program.resolve_path(path)[0] for path in self.migration.canonical.values()]
        homes = {path.rpartition(".")[0] for path in self.migration.canonical.values()}
        came = found.chain[1].partition(":")[0] if len(found.chain) > 1 else ""
        direct = came in homes and patch.module not in self.migration.by_module
        return direct and any(found.denotes(origin) for origin in origins)

    def makes_of_function(self, patch: Patch, target: str) -> bool:
        """Whether a patch of an old function would become one of a class that the canonical module uses itself."""
        old, new = self.program.resolve(patch.module, patch.name).symbol, self.program.resolve_path(target)[0].symbol
        functions = old is not None and old.kind == "function" and new is not None and new.kind != "function"
        module, _, name = target.rpartition(".")
        return functions and used_inside(self.program, module, name)

    def class_path(self, patch: Patch, seen: Mapping[str, frozenset[str]]) -> Answer:
        """A name is patched in a module from which its imports move."""
        if used_inside(self.program, patch.module, patch.name):
            return manual(
                f"code looks the name up in another module now, and {patch.module} itself still its own {patch.name}",
                "Patch the name that the test means, or both.",
                "patch that would reach only some",
            )
        return self.definition(patch, seen)


def patch_edit(patch: Patch, target: str, facts_text: str) -> Edit:
    """Return the edit that makes a string name another target.

    Args:
        patch: the string.
        target: the full dotted path that is patched now.
        facts_text: the text of the file.
    """
    module, _, name = target.rpartition(".")
    if module == patch.module or patch.text.role != "patch target":
        return Edit(patch.span, facts_text[patch.span.start : patch.span.end], name, CODEMOD)
    span = Span(patch.text.span.start + 1, patch.text.span.end - 1)
    return Edit(span, facts_text[span.start : span.end], target, CODEMOD)


def turns_mock(patch: Patch, program: Program) -> bool:
    """Whether `patch()` makes a plain mock today of a function that gives something to await without being `async`.

    Nothing at its calls changes with the canonical function; but their mock becomes an AsyncMock.
    """
    symbol = program.resolve(patch.module, patch.name).symbol
    definition = symbol.definition if symbol is not None else None
    plain = definition is not None and definition.kind == "function" and not definition.is_async
    return symbol is not None and plain and awaitable(program, symbol) is True


_BOUND_NOW = left("raises AttributeError today; this run binds the name there", "patch that works after this run")
_ASYNC_MOCK = "patch() gives an AsyncMock once the target is async"


def _counted(files: list[str]) -> str:
    return f"{files[0]} looks up" if len(files) == 1 else f"code in {len(files)} files (e.g. {files[0]}) looks up"


def _missing(patch: Patch) -> Refusal:
    return manual(
        f"already broken: {patch.module} has no {patch.name}, so the patch raises AttributeError today",
        "Patch the name that the module really looks up.",
        "already broken patch",
    )


def _no_counterpart(patch: Patch) -> Refusal:
    path = ".".join((patch.module, patch.name, *patch.rest))
    return manual(
        f"patches {path}, which has no counterpart in the canonical API",
        "Patch what the code under test looks up now.",
        "patch without counterpart",
    )
