"""What is old and what is canonical, for the validation tests of a migration.

`recanon guard tests` puts a copy of this file into every suite that it makes. It needs the standard library alone. Do
not edit a copy: make the suite anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

KINDS = ("import", "door", "class", "call", "unreadable")


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

    @property
    def full(self) -> str:
        """The full dotted name."""
        return f"{self.module}.{self.name}" if self.name else self.module


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

    def may_hold(self, data: bytes) -> bool:
        """Return whether a file is worth parsing: yes where there is something to find, and now and then besides."""
        if self.words.search(data):
            return True
        return any(name in data for name in self.shared) and self.package_imports.search(data) is not None

    @cached_property
    def shared(self) -> frozenset[bytes]:
        """Names that an old and a canonical symbol share."""
        return frozenset(
            {full.rpartition(".")[2].encode() for full in self.canonical if full.rpartition(".")[2] in self.symbols}
        )

    @cached_property
    def words(self) -> re.Pattern[bytes]:
        """Old names that no canonical symbol has, calls of the class, and imports of old modules."""
        parts = {rf"\b{re.escape(name)}\b" for name in self.symbols if name.encode() not in self.shared}
        parts |= {rf"\b{re.escape(name)}\s*(?:\(|\bas\b)" for name in self.classes}
        parts |= {rf"\b{re.escape(module)}\b" for module, names in self.modules.items() if not names}
        for module in {*self.modules, *self.symbols.values()}:
            folder, _, last = module.rpartition(".")
            ends = {re.escape(last), re.escape(folder.rpartition(".")[2]) or r"\.", r"\bfrom[\s\\]+\.+"}
            parts |= {rf"{end}[\s\\]+import\b" for end in ends}
        return re.compile("|".join(sorted(parts)).encode())

    @cached_property
    def package_imports(self) -> re.Pattern[bytes]:
        """Relative imports, and those from below the home of an old symbol."""
        homes = sorted({re.escape(home.rpartition(".")[2]) for home in self.symbols.values()})
        return re.compile(rf"\bfrom[\s\\]+(?:\.|\S*\b(?:{'|'.join(homes)})\.)".encode())

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
        return old_module or (moved is not None and (not moved or name in moved)) or is_below(module, home)


def is_below(module: str, home: str | None) -> bool:
    """Return whether a module is a package or lies in it."""
    return home is not None and f"{module}.".startswith(f"{home}.")


def module_name(path: str, source_root: bool) -> str:
    """Return the dotted name of a file; a folder `src` that is no package is an import root of its own."""
    name = path.removeprefix("src/") if source_root else path
    parts = name.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
