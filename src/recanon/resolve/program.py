"""The whole program: what a name in a module really denotes, through aliases, re-exports, facades and stars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from recanon.errors import SourceError
from recanon.index.facts import Binding, Definition, FileFacts, ModuleFacts
from recanon.index.reader import read_module_facts
from recanon.overlay import Overlay
from recanon.resolve.names import ModuleMap, with_packages
from recanon.source import Source


@dataclass(frozen=True, slots=True)
class Symbol:
    """What is defined, and where.

    Args:
        module: dotted module of the definition.
        name: its name there; "" for a module.
        kind: function, class, module or value.
        definition: the definition, where it is a function or class.
    """

    module: str
    name: str
    kind: Literal["function", "class", "module", "value"]
    definition: Definition | None = None

    @property
    def path(self) -> str:
        """The full dotted name."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer to what a name denotes.

    Args:
        state: found; missing, when the tree should hold it and does not; external, when it lies outside the tree;
            unknown, when it cannot be told.
        symbol: the symbol found.
        chain: `module:name` of every step on the way.
        fallback: whether another branch binds the name to something else when an import fails.
    """

    state: Literal["found", "missing", "external", "unknown"]
    symbol: Symbol | None = None
    chain: tuple[str, ...] = ()
    fallback: bool = False

    def denotes(self, other: Resolution) -> bool:
        """Return whether both are found and denote the same symbol."""
        return self.symbol is not None and other.symbol is not None and self.symbol.path == other.symbol.path


UNKNOWN = Resolution("unknown")
Outside = Mapping[str, Mapping[str, Symbol]]


class Program:
    """Resolve names over a tree.

    Args:
        overlay: the tree.
        modules: its modules.
        indexed: facts that were read already, by path; other modules are read when they are asked for.
        known: what other modules bind, by path, where it was read before from the same bytes.
        outside: names outside the tree that are known, by module and name, `*` for every name of a module; a package of
            the tree comes first.
    """

    def __init__(
        self,
        overlay: Overlay,
        modules: ModuleMap,
        indexed: Mapping[str, FileFacts],
        known: Mapping[str, ModuleFacts] | None = None,
        *,
        outside: Outside | None = None,
    ) -> None:
        self.overlay = overlay
        self.modules = modules
        self.indexed = indexed
        self._read: dict[str, ModuleFacts | None] = dict(known or {})
        self._known: dict[tuple[str, str], Resolution] = {}
        self._answers: dict[tuple[str, ...], bool] = {}
        self.outside = {m: names for m, names in (outside or {}).items() if not modules.owns(m)}
        self._packages = frozenset(package for module in self.outside for package in with_packages(module))

    def over(self, overlay: Overlay, indexed: Mapping[str, FileFacts]) -> Program:
        """Return the same program with other texts for some files; what was read of the others is kept."""
        program = Program(overlay, self.modules, indexed, outside=self.outside)
        program._read = {path: facts for path, facts in self._read.items() if path not in overlay.planned}
        return program

    def once(self, question: tuple[str, ...], find: Callable[[], bool]) -> bool:
        """Return the answer to a question about the texts of this program, which never change: found out once.

        Args:
            question: the kind of question, a word that no other kind has, and all that the answer depends on.
            find: finds the answer out; what it raises is no answer.
        """
        if question not in self._answers:
            self._answers[question] = find()
        return self._answers[question]

    def modules_read(self) -> dict[str, ModuleFacts]:
        """Return what modules besides the indexed files bind, by path, as far as it was asked for."""
        return {path: facts for path, facts in self._read.items() if facts is not None}

    @property
    def read_so_far(self) -> Mapping[str, ModuleFacts | None]:
        """What was read of other modules, None for one that cannot be read; in the order in which it was asked for."""
        return self._read

    def learn(self, read: Mapping[str, ModuleFacts | None], noted: Iterable[str]) -> None:
        """Take over what another process has read of the same tree.

        Args:
            read: what other modules bind, by path.
            noted: the files that were read where that is of interest, so that it is noted here as well.
        """
        for path, facts in read.items():
            self._read.setdefault(path, facts)
        for path in noted:
            with suppress(OSError):  # gone meanwhile
                self.overlay.read(path)

    def knows(self, module: str) -> bool:
        """Return whether nothing needs to be read to say what a module binds."""
        path = self.modules.paths.get(module)
        return path is None or path in self.indexed or path in self._read

    def module_facts(self, module: str) -> ModuleFacts | None:
        """Return what a module binds, or None when it has no file or cannot be read."""
        path = self.modules.paths.get(module)
        if path is None:
            return None
        if path in self.indexed:
            return self.indexed[path].module_facts
        if path not in self._read:
            self._read[path] = self._module_facts(path, module)
        return self._read[path]

    def _module_facts(self, path: str, module: str) -> ModuleFacts | None:
        try:
            source = Source.decode(path, self.overlay.read(path))
            return read_module_facts(source, module, self.modules.is_package(path))
        except (SourceError, OSError):
            return None

    def resolve(self, module: str, name: str) -> Resolution:
        """Return what `name` of `module` denotes."""
        key = (module, name)
        if key not in self._known:
            self._known[key] = self._resolve(module, name, frozenset())
        return self._known[key]

    def resolve_path(self, dotted: str) -> tuple[Resolution, tuple[str, ...]]:
        """Resolve a full dotted path.

        Returns:
            What the longest resolvable part denotes, and the attributes that are left.
        """
        parts = tuple(dotted.split("."))
        for cut in range(len(parts), 0, -1):
            module = ".".join(parts[:cut])
            if module in self.modules.paths:
                if cut == len(parts):
                    return self._module(module), ()
                return self.resolve(module, parts[cut]), parts[cut + 1 :]
        if self.modules.owns(parts[0]):
            return Resolution("missing", chain=(dotted,)), ()
        for cut in range(len(parts) - 1, 0, -1):
            if ".".join(parts[:cut]) in self.outside:
                return self.resolve(".".join(parts[:cut]), parts[cut]), parts[cut + 1 :]
        return Resolution("external", chain=(dotted,)), ()

    def _module(self, module: str) -> Resolution:
        return Resolution("found", Symbol(module, "", "module"), (module,))

    def _resolve(self, module: str, name: str, seen: frozenset[tuple[str, str]]) -> Resolution:
        step = f"{module}:{name}"
        if (module, name) in seen:  # not bound yet while the package runs, so that the import finds its submodule
            own = self.modules.holds(f"{module}.{name}")
            return self._module(f"{module}.{name}") if own else Resolution("unknown", chain=(step,))
        seen = seen | {(module, name)}
        if module not in self.modules.paths:
            return self._outside(module, name)
        facts = self.module_facts(module)
        if facts is None:
            return Resolution("unknown", chain=(step,))
        found = self._bound(module, facts.bindings[name], seen) if name in facts.bindings else None
        if found is None:
            found = self._from_stars(facts, name, seen) or self._last_resort(module, name, facts)
        elif facts.last_star > facts.bindings[name][-1].span.start:
            later = self._from_stars(facts, name, seen)
            found = found if later is None or later.denotes(found) else Resolution("unknown", chain=found.chain)
        return Resolution(found.state, found.symbol, (step, *found.chain), found.fallback)

    def _outside(self, module: str, name: str) -> Resolution:
        step = f"{module}:{name}"
        if self.modules.holds(f"{module}.{name}"):
            return self._module(f"{module}.{name}")
        known = self.outside.get(module, {})
        if name in known or "*" in known:
            return Resolution("found", known.get(name) or Symbol(module, name, "value"), (step,))
        if f"{module}.{name}" in self._packages:
            return self._module(f"{module}.{name}")
        return Resolution("missing" if self.modules.owns(module) else "external", chain=(step,))

    def _last_resort(self, module: str, name: str, facts: ModuleFacts) -> Resolution:
        if self.modules.holds(f"{module}.{name}"):
            return self._module(f"{module}.{name}")
        return Resolution("unknown" if self._open_ended(module, frozenset()) else "missing")

    def _open_ended(self, module: str, seen: frozenset[str]) -> bool:
        """Whether a module may hold names that cannot be seen: `__getattr__`, or a star that leads out of the tree."""
        facts = self.module_facts(module)
        if facts is None:
            return True
        if module in seen:
            return False
        return facts.dynamic or any(
            not self.modules.owns(star) or (star in self.modules.paths and self._open_ended(star, seen | {module}))
            for star in facts.stars
        )

    def _from_stars(self, facts: ModuleFacts, name: str, seen: frozenset[tuple[str, str]]) -> Resolution | None:
        for star in reversed(facts.stars):
            handed = self.module_facts(star)
            if handed is None:
                continue
            listed = handed.exports is not None and name in {export.name for export in handed.exports}
            if listed or (handed.exports is None and not name.startswith("_")):
                found = self._resolve(star, name, seen)
                if found.state == "found":
                    return found
        return None

    def _bound(self, module: str, bindings: tuple[Binding, ...], seen: frozenset[tuple[str, str]]) -> Resolution:
        first = [binding for binding in bindings if not binding.fallback] or list(bindings)
        others = [binding for binding in bindings if binding.fallback and binding not in first]
        answers = [self.follow(module, binding, seen) for binding in first]
        answer = answers[-1]
        if first[-1].guards and any(not answer.denotes(other) for other in answers[:-1]):
            return Resolution("unknown", chain=answer.chain)
        if answer.state == "missing" and others:
            return self.follow(module, others[-1], seen)
        if others and self._fails(module, first[-1].guards, seen):
            return Resolution("unknown", chain=answer.chain)
        return Resolution(answer.state, answer.symbol, answer.chain, bool(others))

    def _fails(self, module: str, guards: tuple[str, ...], seen: frozenset[tuple[str, str]]) -> bool:
        """Whether an import in the same kind of block fails, so that another branch may run."""
        facts = self.module_facts(module)
        paths = [target.partition(":") for target, around in facts.imports if around == guards] if facts else []
        return any(
            self._resolve(origin, name, seen).state == "missing"
            for origin, colon, name in paths
            if colon and name != "*"
        )

    def follow(self, module: str, binding: Binding, seen: frozenset[tuple[str, str]] = frozenset()) -> Resolution:
        """Return what a binding in a module binds its name to."""
        match binding.kind:
            case "def" | "class":
                kind: Literal["function", "class"] = "class" if binding.kind == "class" else "function"
                return Resolution("found", Symbol(module, binding.name, kind, binding.definition))
            case "import":
                origin, colon, name = binding.target.partition(":")
                if not colon:
                    return self.imported(origin)
                return self._resolve(origin, name, seen) if seen else self.resolve(origin, name)
            case "assign" if binding.target and binding.target.partition(".")[0] != binding.name:
                return self._alias(module, binding, seen)
        return Resolution("found", Symbol(module, binding.name, "value"))

    def imported(self, module: str) -> Resolution:
        """Return what `import module` denotes."""
        if self.modules.holds(module) or module in self._packages:
            return self._module(module)
        return Resolution("missing" if self.modules.owns(module) else "external", chain=(module,))

    def _alias(self, module: str, binding: Binding, seen: frozenset[tuple[str, str]]) -> Resolution:
        root, *rest = binding.target.split(".")
        found = self._resolve(module, root, seen)
        for name in rest:
            if found.symbol is None or found.symbol.kind != "module":
                return Resolution("found", Symbol(module, binding.name, "value"))
            found = self._resolve(found.symbol.module, name, seen)
        if found.state != "found":
            return Resolution("found", Symbol(module, binding.name, "value"))
        return found
