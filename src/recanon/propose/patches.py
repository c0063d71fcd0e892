"""Strings that patch: they follow the name that they patch, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recanon.codemod import Answer, Refusal, Rewrite, left, manual
from recanon.edit import Edit, Span
from recanon.index.facts import FileFacts, Text
from recanon.migration import Migration
from recanon.outcome import Verdict
from recanon.resolve.lookups import used_inside
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes

CODEMOD = "patch-target"


@dataclass(frozen=True, slots=True)
class Renamed:
    """What became of a module-level name: its new name, or "" where it keeps the old one; and the phase."""

    new: str
    phase: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """A string that names an attribute of a module.

    Args:
        text: the string.
        module: dotted module whose attribute is patched.
        name: the attribute.
        span: where the attribute's name stands in the file.
        rest: attributes behind it.
    """

    text: Text
    module: str
    name: str
    span: Span
    rest: tuple[str, ...] = ()


def patches_of(facts: FileFacts, program: Program) -> list[Patch]:
    """Return the patching strings of a file that name a module of the tree."""
    found = []
    scopes = FileScopes(facts, program)
    for text in facts.texts:
        if text.role == "patch target":
            patch = _target(text, program)
        elif text.role == "patch attribute":
            patch = _attribute(text, facts, scopes, program)
        else:
            continue
        if patch is not None:
            found.append(patch)
    return found


def _target(text: Text, program: Program) -> Patch | None:
    """Read a dotted path: what precedes the attribute is the longest part that is a module (`pkgutil.resolve_name`)."""
    parts = text.value.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:cut])
        if module in program.modules.paths:
            start = text.span.start + 1 + len(module) + 1
            return Patch(text, module, parts[cut], Span(start, start + len(parts[cut])), tuple(parts[cut + 1 :]))
    return None


def _attribute(text: Text, facts: FileFacts, scopes: FileScopes, program: Program) -> Patch | None:
    """Read `patch.object(module, "name")`, where the first argument is an imported module."""
    root, *rest = text.owner.split(".")
    bindings = scopes.visible(root, text.scope) if root else []
    if len(bindings) != 1 or bindings[0].kind != "import":
        return None
    found = program.follow(facts.module, bindings[0]).symbol
    for name in rest:
        if found is None or found.kind != "module":
            return None
        found = program.resolve(found.module, name).symbol
    if found is None or found.kind != "module" or found.module not in program.modules.paths:
        return None
    return Patch(text, found.module, text.value, Span(text.span.start + 1, text.span.end - 1))


class PatchJudge:
    """Answer for patching strings.

    Args:
        migration: the migration.
        program: the tree as it is.
        renamed: what becomes of module-level names, by module and name.
        moving: functions that look a name up when they are called, by module and name, and whether they move.
    """

    def __init__(
        self,
        migration: Migration,
        program: Program,
        renamed: Mapping[tuple[str, str], Renamed],
        moving: Mapping[tuple[str, str], Mapping[str, bool]],
    ) -> None:
        self.migration = migration
        self.program = program
        self.renamed = renamed
        self.moving = moving
        self._inside: dict[tuple[str, str], bool] = {}

    def answer(self, path: str, patch: Patch, production: frozenset[str]) -> tuple[Answer, str]:
        """Return the answer for a patching string, and the phase that its edit belongs to.

        Args:
            path: the file of the string.
            patch: the string.
            production: files of production code; tests see the look-ups in them and in themselves.
        """
        seen = self.moving.get((patch.module, patch.name), {})
        seen = {file: moves for file, moves in seen.items() if file in production or file == path}
        found = self.program.resolve(patch.module, patch.name)
        symbol = found.symbol
        old = self.migration.old_symbol(symbol.module, symbol.name) if symbol is not None else None
        if found.state == "missing":
            return _missing(patch), ""
        renamed = self.renamed.get((patch.module, patch.name))
        if renamed is not None:
            return self.consumer(patch, renamed), renamed.phase
        if old is None:
            return self.other(patch, seen), ""
        if patch.rest or old.removable:
            return _no_counterpart(patch), ""
        if symbol is not None and self.is_definition(patch):
            return self.definition(patch, old.becomes, seen), ""
        return left(
            f"{patch.module} keeps the name {patch.name}, so the patch stays right", "patch of a name that stays"
        ), ""

    def consumer(self, patch: Patch, renamed: Renamed) -> Answer:
        """The patched module's own binding changed its name: the string follows."""
        if not renamed.new:
            return left(renamed.reason, "patch of a name that stays")
        if not patch.text.literal:
            return manual(
                f"{patch.module} now calls it {renamed.new}", f"Write {renamed.new} here.", "patch string not plain"
            )
        note = "patch() gives an AsyncMock once the target is async"
        return Rewrite(
            f"{patch.module}.{renamed.new}",
            f"{patch.module} imports {renamed.new} now; the patch follows its consumer",
            notes=(note,),
            group="patch follows its consumer",
        )

    def definition(self, patch: Patch, becomes: str, seen: Mapping[str, bool]) -> Answer:
        """An old name is patched where it is defined: code that looks it up at call time decides what is right."""
        moved = sorted(file for file, moves in seen.items() if moves)
        kept = sorted(file for file, moves in seen.items() if not moves)
        if moved and kept:
            return manual(
                f"{moved[0]} looks up {becomes} now, and {kept[0]} still the old name: one patch cannot reach both",
                "Settle the old use first, or patch both names.",
                "patch that would reach only some",
            )
        if not moved:
            reason = f"{kept[0]} still looks it up here" if kept else "no function looks it up here when it is called"
            return left(f"{reason}; the patch does what it did", "patch of a name that stays")
        if not patch.text.literal:
            return manual(f"patches the old {patch.name}", f"Patch {becomes} instead.", "patch string not plain")
        return Rewrite(
            becomes,
            f"{moved[0]} looks up {becomes} now when it is called, and the patch follows",
            notes=("it reaches every function that imports the canonical name when it is called",),
            group="patch of the old definition",
        )

    def is_definition(self, patch: Patch) -> bool:
        """Whether the patched module defines the old name or hands it on as part of the old API."""
        facts = self.program.module_facts(patch.module)
        bindings = facts.bindings.get(patch.name, ()) if facts else ()
        if any(binding.kind == "def" for binding in bindings):
            return True
        listed = {export.name for export in facts.exports or ()} if facts else set()
        return patch.name in listed or not bindings

    def other(self, patch: Patch, seen: Mapping[str, bool]) -> Answer:
        moved = self.migration.by_module.get(patch.module)
        if moved is not None and any(seen.values()) and not patch.rest:
            target = self.program.resolve(moved.becomes, patch.name)
            if target.denotes(self.program.resolve(patch.module, patch.name)):
                return self.class_path(patch, f"{moved.becomes}.{patch.name}", seen)
        path = f"{patch.module}.{patch.name}"
        if path in self.migration.canonical.values():
            return Refusal(Verdict.CANONICAL, "patches the canonical symbol", "", "canonical")
        return left(f"patches {path}, which stays", "patch of another name")

    def class_path(self, patch: Patch, becomes: str, seen: Mapping[str, bool]) -> Answer:
        """A name is patched in a module from which its imports move."""
        key = (patch.module, patch.name)
        if key not in self._inside:
            self._inside[key] = used_inside(self.program, *key)
        if self._inside[key]:
            return manual(
                f"code looks up {becomes} now, and {patch.module} itself still its own {patch.name}",
                "Patch the name that the test means, or both.",
                "patch that would reach only some",
            )
        return self.definition(patch, becomes, seen)


def patch_edit(patch: Patch, target: str, facts_text: str) -> Edit:
    """Return the edit that makes a string name another target.

    Args:
        patch: the string.
        target: the full dotted path that is patched now.
        facts_text: the text of the file.
    """
    module, _, name = target.rpartition(".")
    if module == patch.module or patch.text.role == "patch attribute":
        return Edit(patch.span, facts_text[patch.span.start : patch.span.end], name, CODEMOD)
    span = Span(patch.text.span.start + 1, patch.text.span.end - 1)
    return Edit(span, facts_text[span.start : span.end], target, CODEMOD)


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
