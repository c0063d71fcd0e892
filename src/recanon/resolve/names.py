"""Which module is which file: dotted names for the files of a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class ModuleMap:
    """The modules of a tree.

    A folder `src` that is no package is an import root of its own, as in the layout that the packaging guide
    recommends; all other modules are named from the tree's root.

    Args:
        paths: file by dotted module name.
    """

    paths: dict[str, str]

    @classmethod
    def of(cls, files: Iterable[str]) -> ModuleMap:
        """Name the modules of the files."""
        listed = list(files)
        source_root = "src/__init__.py" not in listed
        return cls({module_name(path, source_root): path for path in listed})

    @cached_property
    def modules(self) -> dict[str, str]:
        """Dotted module name by file."""
        return {path: module for module, path in self.paths.items()}

    @cached_property
    def packages(self) -> frozenset[str]:
        """Every dotted prefix of a module: packages, also those without an `__init__` (PEP 420)."""
        found: set[str] = set()
        for module in self.paths:
            parent = module.rpartition(".")[0]
            while parent and parent not in found:
                found.add(parent)
                parent = parent.rpartition(".")[0]
        return frozenset(found)

    def is_package(self, path: str) -> bool:
        """Return whether a file is a package's `__init__`."""
        return path.rpartition("/")[2] == "__init__.py"

    def holds(self, module: str) -> bool:
        """Return whether the tree holds a module or package of that name."""
        return module in self.paths or module in self.packages

    def owns(self, module: str) -> bool:
        """Return whether the first part of a dotted name is a module or package of the tree."""
        return self.holds(module.partition(".")[0])


def module_name(path: str, source_root: bool = True) -> str:
    """Return the dotted name of a file's module.

    Args:
        path: the file, relative to the root.
        source_root: whether a folder `src` at the root is an import root.
    """
    parts = path.removesuffix(".py").split("/")
    if source_root and len(parts) > 1 and parts[0] == "src":
        parts = parts[1:]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    return ".".join(parts)


def with_packages(module: str) -> Iterator[str]:
    """Yield a module and its packages, which are imported before it."""
    while module:
        yield module
        module = module.rpartition(".")[0]
