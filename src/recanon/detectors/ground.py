"""What every detector looks at: the tree's names resolved, as far as they concern the packages of a pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from recanon.index.facts import FileFacts, ImportedName, ImportStatement
from recanon.index.structure import Structure
from recanon.index.usage import Use
from recanon.migration import Migration
from recanon.outcome import Finding
from recanon.resolve.program import Program, Resolution, Symbol
from recanon.resolve.scopes import FileScopes, Meaning
from recanon.source import Source


class Imported(NamedTuple):
    """One name that a file imports from a module of the packages."""

    facts: FileFacts
    statement: ImportStatement
    name: ImportedName
    resolution: Resolution

    @property
    def route(self) -> str:
        """The path under which it is imported, as `module.name`."""
        return f"{self.statement.module}.{self.name.name}"


class Used(NamedTuple):
    """One place that uses such a name."""

    facts: FileFacts
    use: Use
    meaning: Meaning

    @property
    def symbol(self) -> Symbol | None:
        """What it denotes, or None where that cannot be told or an attribute of it is used."""
        return self.meaning.resolution.symbol if not self.meaning.rest else None


@dataclass(frozen=True)
class Ground:
    """The ground on which detectors look.

    Args:
        migration: says what is old, what is canonical, and what to look at.
        program: the whole program.
        facts: files that concern the packages, by path; excluded ones are not among them.
        structures: how the modules of the packages are built, by module.
        planned: every mention, with its verdict.
        sources: the texts that were asked for, by path.
    """

    migration: Migration
    program: Program
    facts: Mapping[str, FileFacts]
    structures: Mapping[str, Structure]
    planned: tuple[Finding, ...]
    sources: dict[str, Source] = field(default_factory=dict, repr=False)

    def covers(self, module: str) -> bool:
        """Return whether a module is one that is looked into."""
        return self.migration.audit.covers(module) or module in self.migration.triggers.targets

    @cached_property
    def imports(self) -> tuple[Imported, ...]:
        """Every name that a file imports from a module of the packages; stars are not among them."""
        return tuple(
            Imported(facts, statement, name, self.program.resolve(statement.module, name.name))
            for facts in self.facts.values()
            for statement in facts.imports
            if statement.is_from and self.covers(statement.module)
            for name in statement.names
            if name.name != "*"
        )

    @cached_property
    def uses(self) -> tuple[Used, ...]:
        """Every use of a name that an import brings in from a module of the packages."""
        return tuple(self._uses())

    def _uses(self) -> Iterator[Used]:
        for facts in self.facts.values():
            scopes = FileScopes(facts, self.program)
            for use in facts.uses:
                meaning = scopes.meaning(use)
                symbol = meaning.resolution.symbol
                if meaning.kind in {"import", "star"} and symbol is not None and self.covers(symbol.module):
                    yield Used(facts, use, meaning)

    @cached_property
    def read_names(self) -> Mapping[str, frozenset[str]]:
        """The names that each file reads somewhere, by path."""
        return {path: frozenset(use.root for use in facts.uses) for path, facts in self.facts.items()}

    def is_used(self, item: Imported) -> bool:
        """Return whether a file reads a name that it imports."""
        return item.name.bound in self.read_names[item.facts.path]

    @cached_property
    def by_place(self) -> Mapping[tuple[str, int, int], Finding]:
        """The mentions of the plan by path, line and column."""
        return {(finding.path, finding.line, finding.column): finding for finding in self.planned}

    def place(self, facts: FileFacts, offset: int) -> tuple[int, int]:
        """Return line and column (from 1) of an offset in a file."""
        return self.source(facts.path).position(offset)

    def source(self, path: str) -> Source:
        """Return the text of a file of the tree that was read before."""
        if path not in self.sources:
            self.sources[path] = Source.decode(path, self.program.overlay.read(path))
        return self.sources[path]

    @cached_property
    def canonical_origins(self) -> Mapping[str, str]:
        """The modules from which the symbols of the new API are imported in the canonical way, by the symbol's path."""
        found: dict[str, str] = {}
        named = [_split(path) for path in self.migration.canonical.values()]
        named += [(module.becomes, name) for module in self.migration.modules for name in sorted(module.names)]
        for module, name in named:
            symbol = self.program.resolve(module, name).symbol
            if symbol is not None:
                found.setdefault(symbol.path, module)
        return found

    @cached_property
    def sources_of_canonical(self) -> frozenset[str]:
        """The canonical modules, and those through which they get their symbols."""
        chains = (self.program.resolve(*_split(path)).chain for path in self.migration.canonical.values())
        return frozenset(step.partition(":")[0] for chain in chains for step in chain)

    @cached_property
    def importers(self) -> Counter[str]:
        """How many files import something from each module of the packages."""
        pairs = {(item.statement.module, item.facts.path) for item in self.imports}
        return Counter(module for module, _ in pairs)


def _split(path: str) -> tuple[str, str]:
    module, _, name = path.rpartition(".")
    return module, name
