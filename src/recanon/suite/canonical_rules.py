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

    def may_hold(self, data: bytes, module: str) -> bool:
        """Return whether a file is worth parsing: yes where there is something to find, and now and then besides.

        Args:
            data: the bytes of the file.
            module: its dotted name.
        """
        if any(is_below(module, package) for package in self.packages) or self.imports.search(data):
            return True
        top = module.partition(".")[0]
        if any(is_below(package, top) for package in self.packages) and self.relative.search(data):
            return True
        used = any(name in data for name in self.canonical_modules)
        if used and any(name in data for name in self.never_canonical):
            return True
        return used and self.keyword != "" and self.calls.search(data) is not None

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages that hold old symbols and old modules; a file in one of them can name them in few words."""
        return frozenset({*self.symbols.values(), *(module.rpartition(".")[0] for module in self.wholly_old)} - {""})

    @cached_property
    def wholly_old(self) -> frozenset[str]:
        """The old modules that all names moved away from."""
        return frozenset(module for module, names in self.modules.items() if not set(names))

    @cached_property
    def never_canonical(self) -> frozenset[bytes]:
        """The old names that no canonical symbol has: not even a canonical module is to be asked for them."""
        return frozenset(
            name.encode() for name in self.symbols if not any(f.endswith(f".{name}") for f in self.canonical)
        )

    @cached_property
    def canonical_modules(self) -> frozenset[bytes]:
        """The modules of the canonical symbols."""
        return frozenset(full.rpartition(".")[0].encode() for full in self.canonical)

    @cached_property
    def imports(self) -> re.Pattern[bytes]:
        """What an absolute import of the old API holds."""
        parts = {rf"{re.escape(module)}\b" for module in self.wholly_old}
        parts |= {rf"{re.escape(module)}[\s\\]+import\b" for module in {*self.packages, *self.modules}}
        right = {full.rpartition(".")[0] for full in self.canonical}
        for home in {
            home for name, home in self.symbols.items() if any(f.endswith(f".{name}") for f in self.canonical)
        }:
            below = "|".join(sorted(rf"{re.escape(m.removeprefix(f'{home}.'))}\b" for m in right if is_below(m, home)))
            parts.add(rf"{re.escape(home)}\.{f'(?!{below})' if below else ''}\w")
        return re.compile("|".join(sorted(parts)).encode())

    @cached_property
    def relative(self) -> re.Pattern[bytes]:
        """What a relative import of the old API holds, from outside of its packages."""
        lasts = "|".join(sorted({re.escape(name.rpartition(".")[2]) for name in {*self.packages, *self.modules}}))
        return re.compile(rf"from[\s\\]+\.\S*\b(?:{lasts})\b".encode())

    @cached_property
    def calls(self) -> re.Pattern[bytes]:
        """What a call of the class holds, also under another name."""
        return re.compile("|".join(rf"\b{re.escape(name)}\s*(?:\(|\bas\b)" for name in self.classes).encode())

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
