"""What the validation tests of a migration look at: imports, definitions and calls, read from the text alone.

recanon measures a tree with this file, and `recanon guard tests` puts a copy of it into every suite that it makes, so
that both see the same. It needs the standard library alone. Do not edit a copy: make the suite anew.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

KINDS = ("import", "door", "class", "call", "unreadable")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Place:
    """A place that is not the canonical way.

    Args:
        kind: one of `KINDS`.
        path: the file, relative to the root.
        what: the old name, the class or the shape of the call.
        line: from 1.
    """

    kind: str
    path: str
    what: str
    line: int


@dataclass(frozen=True)
class Imported:
    """One name of an import: `module` alone, or `name` from `module`; `bound` is its local name."""

    module: str
    name: str
    bound: str
    line: int


@dataclass(frozen=True)
class Rules:
    """What is old and what is canonical.

    Args:
        symbols: old names, with the package below which they count.
        modules: old modules, with the names that moved away; none means all.
        canonical: full dotted names of the canonical symbols.
        production: folders of production code, each ending in `/`.
        role: methods that make a class an implementation.
        classes: the names of the class; its calls are looked at.
        keyword: the keyword by which a call of the class gives the user.
    """

    symbols: Mapping[str, str]
    modules: Mapping[str, Iterable[str]]
    canonical: Iterable[str]
    production: Iterable[str] = ()
    role: Iterable[str] = ()
    classes: Iterable[str] = ()
    keyword: str = ""

    @cached_property
    def words(self) -> re.Pattern[bytes]:
        """What a text must hold to be worth parsing. It lets through more than there is to be found."""
        canonical = {name.rpartition(".") for name in self.canonical}
        shared = {last for _, _, last in canonical}
        parts = {rf"\b{re.escape(name)}\b" for name in self.symbols if name not in shared}
        parts |= {rf"\b{re.escape(name)}\s*\(" for name in self.classes}
        for module in {*self.modules, *self.symbols.values()}:
            folder, _, last = module.rpartition(".")
            parts |= {rf"\b{re.escape(last)}\s+import\b", rf"\bimport[ \t]+{re.escape(module)}\b"}
            parts |= {rf"\b{re.escape(folder.rpartition('.')[2])}\s+import\b" for _ in folder[:1]}
        besides = "|".join(sorted(re.escape(module) for module, _, _ in canonical))
        for home in {home for name, home in self.symbols.items() if name in shared}:
            last = re.escape(home.rpartition(".")[2])
            parts.add(rf"\bfrom[ \t]+(?!(?:{besides})\s)(?:\.|\S*\b{last}\.)\S*\s+import\b")
        return re.compile("|".join(sorted(parts)).encode())

    def is_old(self, module: str, name: str) -> bool:
        """Return whether a name of a module is old; `""` means the module itself, `*` all of its names."""
        moved = None if module not in self.modules else set(self.modules[module])
        if name == "":
            return moved == set()
        if name == "*":
            return moved is not None
        full = f"{module}.{name}"
        if full in self.canonical:
            return False
        home = self.symbols.get(name)
        old_module = full in self.modules and not set(self.modules[full])
        return old_module or (moved is not None and (not moved or name in moved)) or _is_below(module, home)


def _is_below(module: str, home: str | None) -> bool:
    return home is not None and f"{module}.".startswith(f"{home}.")


def module_name(path: str, source_root: bool) -> str:
    """Return the dotted name of a file; a folder `src` that is no package is an import root of its own."""
    name = path.removeprefix("src/") if source_root else path
    parts = name.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def places(files: Mapping[str, bytes], rules: Rules) -> list[Place]:
    """Find every place that is not the canonical way.

    Args:
        files: the bytes of the Python files, by path.
        rules: what is old.
    """
    source_root = "src/__init__.py" not in files
    readers = [Reader(path, module_name(path, source_root), files[path], rules) for path in sorted(files)]
    found = [place for reader in readers for place in reader.places()]
    found += _doors([reader for reader in readers if reader.production], rules)
    return sorted(found, key=lambda place: (place.kind, place.path, place.line, place.what))


class Reader:
    """One file, parsed when it may hold something."""

    def __init__(self, path: str, module: str, data: bytes, rules: Rules) -> None:
        self.path = path
        self.module = module
        self.data = data
        self.rules = rules
        self.production = any(path.startswith(folder) for folder in rules.production)

    @cached_property
    def parsed(self) -> ast.Module | SyntaxError | None:
        """The file's tree, why it has none, or None where there is nothing to be found."""
        role = all(f"def {name}".encode() in self.data for name in self.rules.role)
        if not self.rules.words.search(self.data) and not (self.production and role):
            return None
        try:
            with warnings.catch_warnings():  # odd escapes in a string are the file's own business
                warnings.simplefilter("ignore")
                return ast.parse(self.data)
        except SyntaxError as exc:
            return exc
        except (ValueError, RecursionError, MemoryError) as exc:  # a null byte before Python 3.12; endless nesting
            return SyntaxError(str(exc))

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the file."""
        return ast.walk(self.parsed) if isinstance(self.parsed, ast.Module) else iter(())

    def places(self) -> Iterator[Place]:
        """Find what this file alone shows: all but the doors."""
        if isinstance(self.parsed, SyntaxError):
            yield Place("unreadable", self.path, "", self.parsed.lineno or 1)
        names: dict[str, Imported] = {}
        for node in self.nodes:
            for item in self.imported(node):
                names[item.bound] = item
                if self.rules.is_old(item.module, item.name):
                    yield Place("import", self.path, ".".join(filter(None, (item.module, item.name))), item.line)
            if self.production and isinstance(node, ast.ClassDef) and self.plays_the_role(node):
                yield Place("class", self.path, f"{self.module}.{node.name}", node.lineno)
        yield from self.calls(names)

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
        up = node.level - (1 if self.path.endswith("/__init__.py") else 0)
        parts = self.module.split(".")
        base = parts[: len(parts) - up] if up else parts
        return ".".join([*base, *([node.module] if node.module else [])])

    def plays_the_role(self, node: ast.ClassDef) -> bool:
        """Return whether a class has all methods of the role and is more than a protocol."""
        own = {item.name for item in node.body if isinstance(item, _DEFINITIONS)}
        bases = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
        return bool(self.rules.role) and set(self.rules.role) <= own and "Protocol" not in bases

    def calls(self, names: Mapping[str, Imported]) -> Iterator[Place]:
        """Find calls of the class that do not give the user by keyword, and by keyword alone."""
        for node in self.nodes if self.rules.keyword else ():
            name = self.class_called(node, names) if isinstance(node, ast.Call) else ""
            if name and isinstance(node, ast.Call):
                keywords = {keyword.arg for keyword in node.keywords}
                if node.args or not keywords & {self.rules.keyword, None}:
                    yield Place("call", self.path, f"{name}({_shape(node)})", node.lineno)

    def class_called(self, call: ast.Call, names: Mapping[str, Imported]) -> str:
        """Return the class that a call makes an object of, by its canonical path or an old one, or ""."""
        func = call.func
        if isinstance(func, ast.Name) and func.id in names:
            item = names[func.id]
            module, name = item.module, item.name
        elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in names:
            item = names[func.value.id]
            module, name = ".".join(filter(None, (item.module, item.name))), func.attr
        else:
            return ""
        canonical = {full.rpartition(".")[0] for full in self.rules.canonical}
        known = module in canonical or self.rules.is_old(module, name)
        return name if name in self.rules.classes and known else ""

    def bound(self) -> Iterator[tuple[str, str, int]]:
        """Yield the old names that the module binds at its top level, and its stars as `module.*`, with their lines."""
        for node in _top(self.parsed.body) if isinstance(self.parsed, ast.Module) else ():
            for item in self.imported(node):
                if item.name == "*":
                    yield "", f"{item.module}.*", item.line
                elif item.name in self.rules.symbols and self.rules.is_old(item.module, item.name):
                    yield item.bound, item.name, item.line
            if isinstance(node, _DEFINITIONS) and self.is_old_definition(node.name):
                yield node.name, node.name, node.lineno

    def is_old_definition(self, name: str) -> bool:
        """Return whether a definition in this module is an old symbol."""
        return self.rules.is_old(self.module, name) and _is_below(self.module, self.rules.symbols.get(name))

    def public(self, name: str) -> bool:
        """Return whether `import *` takes a name."""
        for node in self.nodes:
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
                return name in {item.value for item in ast.walk(node.value) if isinstance(item, ast.Constant)}
        return not name.startswith("_")


def _shape(call: ast.Call) -> str:
    """Return what a call gives: a star for each positional argument, and the keywords."""
    return ", ".join([*("*" for _ in call.args), *sorted(f"{word.arg}=" for word in call.keywords if word.arg)])


def _top(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported."""
    for node in body:
        yield node
        if not isinstance(node, _DEFINITIONS):
            for child in ast.iter_child_nodes(node):
                inner = child.body if isinstance(child, ast.ExceptHandler) else [child]
                yield from _top(item for item in inner if isinstance(item, ast.stmt))


def _doors(readers: Iterable[Reader], rules: Rules) -> Iterator[Place]:
    """Find the names of production modules through which an old symbol can be imported, stars followed."""
    by_module = {reader.module: reader for reader in readers}
    doors: dict[str, dict[str, int]] = {}
    stars: list[tuple[str, str, int]] = []
    for module, reader in by_module.items():
        for bound, what, line in reader.bound():
            if bound:
                doors.setdefault(module, {}).setdefault(bound, line)
            else:
                stars.append((module, what.removesuffix(".*"), line))
    for _ in stars:  # each pass carries a name over one more star; a chain is no longer than there are stars
        for module, source, line in stars:
            for name in list(doors.get(source, ())):
                if by_module[source].public(name):
                    doors.setdefault(module, {}).setdefault(name, line)
    for module, names in doors.items():
        for name, line in names.items():
            yield Place("door", by_module[module].path, f"{module}.{name}", line)
