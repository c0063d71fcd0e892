"""A migration as data: which old names become which canonical ones, and where."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from recanon.audit_scope import AuditScope
from recanon.index.mentions import Triggers
from recanon.outcome import Verdict
from recanon.resolve.outside import Known, outside_names
from recanon.resolve.program import Symbol
from recanon.rules import EVERY, Rules

_PACK_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a pack: `--set NAME=VALUE`."""

    name: str
    default: str
    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseGuest:
    """A codemod of another library, or a program, that runs in a phase over what its codemods leave.

    Args:
        run: what it is, as `recanon run` takes it.
        arguments: words for it.
        changed: whether it is given those files alone that the phase changes.
        files: glob patterns of the files of the phase that count for it; empty means all.
        exclude: glob patterns of files that it leaves alone.
        holding: words of which a file must hold one.
        timeout: seconds for a file.
        review: why a person should look at all that it changes; "" where its checks alone decide.
    """

    run: str
    arguments: tuple[str, ...] = ()
    changed: bool = False
    files: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    timeout: float = 60.0
    review: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """An ordered part of a pack.

    Args:
        id: its name on the command line.
        title: what it does.
        include: glob patterns of the files that it works on; empty means all that no earlier phase includes.
        default: whether it runs when no phase is named.
        codemods: the codemods that run in it; empty means all that no other phase names.
        importers: whether the places that take an old name from a facade are moved in it, wherever they stand.
        guests: what runs after its codemods, in this order.
    """

    id: str
    title: str
    include: tuple[str, ...] = ()
    default: bool = True
    codemods: tuple[str, ...] = ()
    importers: bool = False
    guests: tuple[PhaseGuest, ...] = ()


@dataclass(frozen=True, slots=True)
class OldSymbol:
    """A name of the old API.

    Args:
        name: the name.
        home: package below which its definitions count; other definitions of the same name are somebody else's.
        becomes: full dotted name of the canonical symbol that takes its place.
        codemods: ids of the codemods that are asked for it, in this order, until one answers.
        removable: whether an unused import is only removed, because the canonical symbol is no replacement.
        gone: whether code asks for the name although no module defines it.
        owner: the class of which the name is a member, "" for a name of a module.
        member: the member of what it becomes that takes its place, "" for the thing itself.
        by_table: whether the codemod that reads tables answers for it.
        rules: what the table says about it, for that codemod.
    """

    name: str
    home: str
    becomes: str
    codemods: tuple[str, ...]
    removable: bool = False
    gone: bool = False
    owner: str = ""
    member: str = ""
    by_table: bool = False
    rules: Rules = field(default_factory=Rules)

    @property
    def label(self) -> str:
        """How it is spoken of: with its class, where it is a member of one."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def goal(self) -> str:
        """Full dotted name of what takes its place, "" where nothing does."""
        return f"{self.becomes}.{self.member}" if self.member else self.becomes

    @property
    def needs(self) -> tuple[str, ...]:
        """Full dotted names that may be imported in its place."""
        return tuple(path for path in (self.becomes, *self.rules.imports) if path)


@dataclass(frozen=True, slots=True)
class OldModule:
    """A module whose names are imported from another module in the canonical way.

    Args:
        path: dotted name of the module.
        becomes: dotted name of the canonical module.
        codemod: id of the codemod that answers for it.
        names: the names that are moved; empty means every name.
        mention: whether its dotted path is a mention wherever it stands.
        verdict: what the table decides, for the codemod that reads tables.
        reason: why.
        advice: what a person should do.
    """

    path: str
    becomes: str
    codemod: str
    names: frozenset[str] = frozenset()
    mention: bool = True
    verdict: Verdict = Verdict.SAFE
    reason: str = ""
    advice: str = ""

    @property
    def is_single(self) -> bool:
        """Whether its dotted name is one word, which is no mention where it is not imported."""
        return "." not in self.path


@dataclass(frozen=True, slots=True)
class SuiteInfo:
    """What the validation tests of a pack need to know.

    Args:
        folder: the folder of the pack that holds their templates.
        production: folders of production code.
        role: methods that make a class an implementation.
        classes: the names of the class; its calls are looked at.
        keyword: the keyword by which a call of the class gives the user.
        values: further values for the tests, by name.
    """

    folder: str
    production: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    keyword: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Migration:
    """All that a pack's description says, with its options filled in.

    Args:
        symbols: old names.
        modules: old modules.
        canonical: canonical symbols, full dotted names by key.
        production: glob patterns of production code; everything else is tests and scripts.
        exclude: glob patterns of files that are left alone.
        libraries: top-level packages outside the tree whose names the migration knows.
        about: glob patterns of tests that are named after the old API; one sign among others.
        phases: in their order.
        options: the values in force.
        templates: texts that codemods use, by key.
        aliases: the codemods that answer for an alias of a canonical symbol, by the symbol's key.
        retire: the codemods that answer for the end of the old API: `export` for names that a module hands on,
            `definition` for those that it defines.
        audit: what the detectors of an audit look at.
        suite: what the validation tests need, or None where the pack has none.
    """

    symbols: tuple[OldSymbol, ...]
    modules: tuple[OldModule, ...]
    canonical: Mapping[str, str]
    production: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    retire: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    audit: AuditScope = field(default_factory=AuditScope)
    suite: SuiteInfo | None = None
    libraries: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, tuple[OldSymbol, ...]]:
        """Old symbols by name."""
        found: dict[str, tuple[OldSymbol, ...]] = {}
        for symbol in self.symbols:
            found[symbol.name] = (*found.get(symbol.name, ()), symbol)
        return found

    @cached_property
    def members(self) -> tuple[OldSymbol, ...]:
        """Old symbols that are members of a class."""
        return tuple(symbol for symbol in self.symbols if symbol.owner)

    @cached_property
    def by_module(self) -> dict[str, OldModule]:
        """Old modules by dotted name."""
        return {module.path: module for module in self.modules}

    @cached_property
    def canonical_modules(self) -> frozenset[str]:
        """The modules from which names are imported in the canonical way."""
        homes = {path.rpartition(".")[0] for path in self.canonical.values()}
        return frozenset(homes | {module.becomes for module in self.modules})

    @cached_property
    def triggers(self) -> Triggers:
        """What to look for in the texts."""
        needed = (path for symbol in self.symbols for path in symbol.needs)
        known = (*self.canonical.values(), *self.templates.values(), *needed)
        owners = frozenset(symbol.owner for symbol in self.members)
        watched = {path.rpartition(".")[2] for path in known} | owners
        watched = watched.union(*(symbol.rules.builtins for symbol in self.symbols))
        return Triggers(
            words=frozenset(self.by_name),
            modules=frozenset(self.by_module),
            paths=frozenset(path for module in self.modules for path in _mentioned(module)),
            watched=frozenset(watched) - frozenset(self.by_name),
            targets=self.canonical_modules,
            owners=owners,
            members=frozenset(symbol.name for symbol in self.members),
            successors=frozenset(symbol.member for symbol in self.members if symbol.member),
        )

    def is_outside(self, symbol: OldSymbol) -> bool:
        """Return whether an old symbol is one of a library, and no part of the tree."""
        return symbol.home.partition(".")[0] in self.libraries

    @cached_property
    def outside(self) -> dict[str, dict[str, Symbol]]:
        """What the migration says about names outside the tree: by module and name."""
        known = [Known(path) for symbol in self.symbols for path in symbol.needs]
        known += [Known(f"{path}.{EVERY}") for module in self.modules for path in (module.path, module.becomes)]
        known += [
            Known(f"{s.home}.{s.owner or s.name}", bool(s.owner), None if s.owner else s.rules.signature)
            for s in self.symbols
        ]
        standard = {path.partition(".")[0] for symbol in self.symbols for path in symbol.rules.imports}
        return outside_names(known, {*self.libraries, *standard.intersection(sys.stdlib_module_names)})

    def old_symbol(self, module: str, name: str) -> OldSymbol | None:
        """Return the old symbol that a definition is, or None when it is another one of the same name."""
        if f"{module}.{name}" in self.canonical.values():
            return None
        return next((s for s in self.by_name.get(name, ()) if not s.owner and _in_home(module, s)), None)


def _in_home(module: str, symbol: OldSymbol) -> bool:
    return f"{module}.".startswith(f"{symbol.home}.")


def _mentioned(module: OldModule) -> tuple[str, ...]:
    """The dotted paths that are a mention: the module's, or only those of the names that are moved."""
    return (
        (module.path,)
        if module.mention and not module.is_single
        else tuple(f"{module.path}.{name}" for name in module.names)
    )


def is_pack_id(word: str) -> bool:
    """Return whether a word can only be the id of a pack, and no path.

    A plan file or a journal that came with a tree may name a pack that came with it too: whoever loads a pack by what
    stands there asks first.

    Args:
        word: from a file.
    """
    return _PACK_ID.fullmatch(word) is not None
