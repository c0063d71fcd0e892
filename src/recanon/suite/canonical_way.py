"""What the validation tests of a migration look at: imports, definitions and calls, read from the text alone.

recanon measures a tree with this file, and `recanon guard tests` puts a copy of it into every suite that it makes, so
that both see the same. It needs the standard library alone. Do not edit a copy: make the suite anew.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from recanon.suite.canonical_rules import Imported, Place, Rules, is_below, module_name

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Reading:
    """What one file shows.

    Args:
        module: its dotted name.
        places: what is not the canonical way, but for doors.
        doors: the old names that a production module binds at its top level, with their lines.
        stars: the modules whose names it takes over, with the lines.
        listed: the names of its `__all__`, or None where it has none.
    """

    module: str
    places: tuple[Place, ...] = ()
    doors: Mapping[str, int] = field(default_factory=dict)
    stars: Mapping[str, int] = field(default_factory=dict)
    listed: frozenset[str] | None = None


def readings(files: Mapping[str, bytes], rules: Rules, source_root: bool) -> dict[str, Reading]:
    """Read files.

    Args:
        files: the bytes of Python files, by path.
        rules: what is old.
        source_root: whether a folder `src` is an import root of its own.
    """
    return {path: Reader(path, module_name(path, source_root), rules).read(files[path]) for path in files}


def places(read: Mapping[str, Reading]) -> list[Place]:
    """Return every place that is not the canonical way.

    Args:
        read: what all files show.
    """
    found = [place for reading in read.values() for place in reading.places] + list(_doors(read))
    return sorted(found, key=lambda place: (place.kind, place.path, place.line, place.what))


@dataclass(frozen=True)
class Reader:
    """Reads one file."""

    path: str
    module: str
    rules: Rules

    @property
    def production(self) -> bool:
        """Whether the file is production code."""
        return self.path.startswith(tuple(self.rules.production))

    def read(self, data: bytes) -> Reading:
        """Read the file, parsed where it may hold something."""
        if not self.rules.may_hold(data, self.module) and not (self.production and self.may_matter(data)):
            return Reading(self.module)
        try:
            tree = _parsed(data)
        except SyntaxError as exc:
            return Reading(self.module, (Place("unreadable", self.path, "", exc.lineno or 1),))
        found = tuple(self.places(tree))
        if not self.production:
            return Reading(self.module, found)
        bound = list(self.bound(tree))
        doors = {name: line for name, line in bound if not name.endswith(".*")}
        stars = {name.removesuffix(".*"): line for name, line in bound if name.endswith(".*")}
        return Reading(self.module, found, doors, stars, _listed(tree))

    def may_matter(self, data: bytes) -> bool:
        """Return whether production code takes names over, or plays the role, without a word of the old API."""
        role = [f"def {name}".encode() for name in self.rules.role]
        return b"import *" in data or (bool(role) and all(part in data for part in role))

    def places(self, tree: ast.Module) -> Iterator[Place]:
        """Find imports, implementations and calls."""
        names: dict[str, Imported] = {}
        for node in _statements(tree.body, deep=True):
            for item in self.imported(node):
                names[item.bound] = item
                if self.rules.is_old(item.module, item.name):
                    yield Place("import", self.path, item.full, item.line)
            if self.production and isinstance(node, ast.ClassDef) and self.plays_the_role(node):
                yield Place("class", self.path, f"{self.module}.{node.name}", node.lineno)
        if self.rules.keyword and any(self.is_class_or_home(item) for item in names.values()):
            yield from self.calls(tree, names)

    def imported(self, node: ast.AST) -> Iterator[Imported]:
        """Read an import statement; a relative one is made absolute."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Imported(alias.name, "", alias.asname or alias.name.partition(".")[0], node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = self.absolute(node)
            for alias in node.names:
                yield Imported(base, alias.name, alias.asname or alias.name, node.lineno)

    def absolute(self, node: ast.ImportFrom) -> str:
        """Return the full name of the module that an import names."""
        if not node.level:
            return node.module or ""
        up = node.level - (1 if self.path.endswith("__init__.py") else 0)
        parts = self.module.split(".")
        return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])

    def plays_the_role(self, node: ast.ClassDef) -> bool:
        """Return whether a class has all methods of the role and is more than a protocol."""
        own = {item.name for item in node.body if isinstance(item, _DEFINITIONS)}
        bases = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
        return bool(self.rules.role) and set(self.rules.role) <= own and "Protocol" not in bases

    def is_class_or_home(self, item: Imported) -> bool:
        """Return whether an imported name is the class, or a module that has it."""
        return self.is_the_class(item.module, item.name) or any(
            self.is_the_class(item.full, name) for name in self.rules.classes
        )

    def is_the_class(self, module: str, name: str) -> bool:
        """Return whether a name of a module is the class, by its canonical path or an old one."""
        canonical = {full.rpartition(".")[0] for full in self.rules.canonical}
        return name in self.rules.classes and (module in canonical or self.rules.is_old(module, name))

    def calls(self, tree: ast.Module, names: Mapping[str, Imported]) -> Iterator[Place]:
        """Find calls of the class that do not give the user by keyword, and by keyword alone."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and self.makes_the_class(node.func, names):
                keywords = {keyword.arg for keyword in node.keywords}
                if node.args or not keywords & {self.rules.keyword, None}:
                    yield Place("call", self.path, f"({_shape(node)})", node.lineno)

    def makes_the_class(self, func: ast.expr, names: Mapping[str, Imported]) -> bool:
        """Return whether the function that is called is the class, imported or reached through a module."""
        if isinstance(func, ast.Name) and func.id in names:
            item = names[func.id]
            return self.is_the_class(item.module, item.name)
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in names:
            return self.is_the_class(names[func.value.id].full, func.attr)
        return False

    def bound(self, tree: ast.Module) -> Iterator[tuple[str, int]]:
        """Yield the old names that the module binds at its top level, and its stars as `module.*`, with their lines."""
        for node in _statements(tree.body, deep=False):
            for item in self.imported(node):
                if item.name == "*":
                    yield item.full, item.line
                elif item.name in self.rules.symbols and self.rules.is_old(item.module, item.name):
                    yield item.bound, item.line
            if isinstance(node, _DEFINITIONS) and self.is_old_definition(node.name):
                yield node.name, node.lineno

    def is_old_definition(self, name: str) -> bool:
        """Return whether a definition in this module is an old symbol."""
        return self.rules.is_old(self.module, name) and is_below(self.module, self.rules.symbols.get(name))


def _parsed(data: bytes) -> ast.Module:
    """Parse a file.

    Raises:
        SyntaxError: this Python cannot.
    """
    try:
        with warnings.catch_warnings():  # odd escapes in a string are the file's own business
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (ValueError, RecursionError, MemoryError) as exc:  # a null byte before Python 3.12; endless nesting
        raise SyntaxError(str(exc)) from exc


def _statements(body: Iterable[ast.stmt], *, deep: bool) -> Iterator[ast.stmt]:
    """Yield statements; without `deep` only those that run when the module is imported."""
    for node in body:
        yield node
        if deep or not isinstance(node, _DEFINITIONS):
            for part in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, part, ()), deep=deep)
            for block in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from _statements(block.body, deep=deep)


def _listed(tree: ast.Module) -> frozenset[str] | None:
    """Return the names of `__all__`, or None where there is none."""
    for node in _statements(tree.body, deep=False):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            constants = (item.value for item in ast.walk(node) if isinstance(item, ast.Constant))
            return frozenset(value for value in constants if isinstance(value, str))
    return None


def _shape(call: ast.Call) -> str:
    """Return what a call gives: a star for each positional argument, and the keywords."""
    return ", ".join([*("*" for _ in call.args), *sorted(f"{word.arg}=" for word in call.keywords if word.arg)])


def _doors(read: Mapping[str, Reading]) -> Iterator[Place]:
    """Find the names through which an old symbol can be imported from production modules, stars followed."""
    modules = {reading.module: reading for reading in read.values()}
    doors = {module: dict(reading.doors) for module, reading in modules.items() if reading.doors or reading.stars}
    stars = [(module, star, line) for module in doors for star, line in modules[module].stars.items()]
    for _ in stars:  # each pass carries a name over one more star; a chain is no longer than there are stars
        for module, star, line in stars:
            for name in doors.get(star, {}):
                listed = modules[star].listed
                if name in listed if listed is not None else not name.startswith("_"):
                    doors[module].setdefault(name, line)
    for path, reading in read.items():
        for name, line in doors.get(reading.module, {}).items():
            yield Place("door", path, f"{reading.module}.{name}", line)
