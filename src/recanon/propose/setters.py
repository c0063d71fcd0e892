"""Which files put something else in the place of an old name: by a string that patches it, or by an assignment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from recanon.index.facts import FileFacts, Text
from recanon.index.usage import Use
from recanon.migration import Migration
from recanon.resolve.kinship import Member, Receivers, kin
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes

_PATCHING = {"patch target", "patch attribute", "patch keyword"}
_SETTING = {"setattr", "delattr"}


def setters_of(files: Iterable[FileFacts], migration: Migration, program: Program) -> Mapping[str, tuple[str, ...]]:
    """Return the files that patch or set an old name where it is looked up, by the name.

    No such place follows a rewrite of what reads the name of a class, of an object, or of a module.
    """
    found: dict[str, set[str]] = {}
    for facts in files:
        patched = (text.value.rpartition(".")[2] for text in facts.texts if _patches(text))
        for name in (*patched, *_set(facts, migration, program)):
            if name in migration.by_name:
                found.setdefault(name, set()).add(facts.path)
    return {name: tuple(sorted(paths)) for name, paths in found.items()}


def _patches(text: Text) -> bool:
    return text.role in _PATCHING or (text.role == "attribute" and text.inside.rpartition(".")[2] in _SETTING)


def _set(facts: FileFacts, migration: Migration, program: Program) -> Iterator[str]:
    scopes = FileScopes(facts, program)
    for use in facts.uses:
        name = use.dotted.rpartition(".")[2]
        if use.form == "assignment" and name in migration.by_name and _is_set(use, name, scopes, migration):
            yield name
    for binding in facts.bindings:  # a `global` of the module's own functions
        if binding.kind == "other" and binding.scope == 0 and migration.old_symbol(facts.module, binding.name):
            yield binding.name


def _is_set(use: Use, name: str, scopes: FileScopes, migration: Migration) -> bool:
    """Whether an assignment sets an old name of a module, of a class, or of an object that is known."""
    meaning = scopes.meaning(use)
    symbol = meaning.resolution.symbol
    if symbol is not None and not meaning.rest:
        return migration.old_symbol(symbol.module, symbol.name) is not None
    members = [Member(s.home, s.owner, s.name) for s in migration.members if s.name == name]
    program, facts = scopes.program, scopes.facts
    if symbol is not None and symbol.kind == "class" and meaning.rest == (name,):
        return any(kin(program, symbol, member) in {"same", "overrides"} for member in members)
    receiver = next((r for r in facts.receivers if r.is_set and r.span.end == use.span.end), None)
    known = Receivers(facts, scopes, program)
    return receiver is not None and any(known.kin(receiver, m) in {"same", "overrides"} for m in members)
