"""Who imports the old modules and who the canonical one, before a migration and after it: files, gathered by folder."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from recanon.compliance import folder_of
from recanon.discover import discover
from recanon.errors import SourceError
from recanon.executor.local import Lost, Workers
from recanon.index.mentions import Triggers
from recanon.index.modules import absolute_module
from recanon.index.reader import parse
from recanon.migration import Migration
from recanon.plan import Plan
from recanon.resolve.names import module_name
from recanon.scan import needles
from recanon.settings import Settings
from recanon.source import Source

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Flow:
    """How many files of a folder import from a module.

    Args:
        folder: the first two folders of their paths.
        module: dotted name of the module.
        before: files of the tree as it is.
        after: files of the tree as the migration would leave it.
    """

    folder: str
    module: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ImportGraph:
    """The imports of the old and the canonical API.

    Args:
        canonical: dotted names of the canonical modules.
        flows: by folder and module, in order.
    """

    canonical: tuple[str, ...] = ()
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True)
class Roads:
    """The modules through which the API comes.

    Args:
        canonical: the canonical modules.
        old: names that are moved by old module; no names mean every name.
        homes: the package below which an old name counts, by name.
        source_root: whether a folder `src` is an import root.
    """

    canonical: frozenset[str]
    old: Mapping[str, frozenset[str]] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)
    source_root: bool = True

    @classmethod
    def of(cls, migration: Migration, source_root: bool) -> Roads:
        """Read the modules off a migration."""
        return cls(
            frozenset(path.rpartition(".")[0] for path in migration.canonical.values()),
            {module.path: module.names for module in migration.modules},
            {symbol.name: symbol.home for symbol in migration.symbols},
            source_root,
        )

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """Byte strings of which a file that imports one of the modules holds at least one."""
        modules = self.canonical | self.old.keys()
        return needles(Triggers(frozenset(self.homes), modules=modules, paths=modules))

    def module(self, origin: str, name: str) -> str:
        """Return the module of the API that `from origin import name` imports from, or ""."""
        whole = f"{origin}.{name}"
        if origin in self.canonical:
            return origin
        if whole in self.canonical or self.old.get(whole) == frozenset():
            return whole
        if origin in self.old and (not self.old[origin] or name == "*" or name in self.old[origin]):
            return origin
        home = self.homes.get(name)
        return origin if home is not None and f"{origin}.".startswith(f"{home}.") else ""

    def plain(self, module: str) -> str:
        """Return the module where `import module` imports one of the API, or ""."""
        return module if module in self.canonical or self.old.get(module) == frozenset() else ""


def import_graph(root: Path, migration: Migration, plans: Iterable[Plan], settings: Settings) -> ImportGraph:
    """Count the files that import from the old and the canonical modules.

    Args:
        root: the tree.
        migration: says which modules these are.
        plans: one over the other, the last of them the last.
        settings: how to read the tree.

    Raises:
        UsageError: the tree is no folder.
    """
    files = discover(root).files
    roads = Roads.of(migration, "src/__init__.py" not in files)
    before: dict[str, frozenset[str]] = {}
    with Workers(settings.jobs, settings.bounds) as workers:
        for path, found in workers.run(partial(_read, root=root, roads=roads), files, _CHUNK):
            before[path] = frozenset() if isinstance(found, Lost) else found
    planned = {change.path: change.after for plan in plans for change in plan.changes}
    after = before | {path: imported(path, data, roads) for path, data in planned.items()}
    old, new = _counted(before), _counted(after)
    flows = tuple(Flow(*place, old[place], new[place]) for place in sorted(old.keys() | new.keys()))
    return ImportGraph(tuple(sorted(roads.canonical)), flows)


def imported(path: str, data: bytes, roads: Roads) -> frozenset[str]:
    """Return the modules of the API that a file imports from, wherever the imports stand; none if it does not parse.

    Args:
        path: the file, relative to the root.
        data: its bytes.
        roads: the modules to look for.
    """
    if not any(needle in data for needle in roads.needles):
        return frozenset()
    try:
        tree = parse(Source.decode(path, data))
    except SourceError:
        return frozenset()
    module = module_name(path, roads.source_root)
    return frozenset(_modules(tree, module, path.endswith("__init__.py"), roads)) - {""}


def _modules(tree: ast.Module, module: str, is_package: bool, roads: Roads) -> Iterator[str]:
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom):
            origin = absolute_module(module, is_package, node)
            yield from (roads.module(origin, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (roads.plain(alias.name) for alias in node.names)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements; expressions hold no import and are most of a tree."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.expr):
            pending.extend(ast.iter_child_nodes(node))


def _read(path: str, *, root: Path, roads: Roads) -> frozenset[str]:
    try:
        return imported(path, (root / path).read_bytes(), roads)
    except OSError:
        return frozenset()


def _counted(found: Mapping[str, frozenset[str]]) -> Counter[tuple[str, str]]:
    return Counter((folder_of(path), module) for path, modules in found.items() for module in modules)
