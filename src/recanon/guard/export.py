"""What a guard stops, in the words of tools that a team runs already: ruff and import-linter.

Both know imports alone, and know them by name: not what a name denotes. What already stands in the tree is let through,
file by file or import by import, because neither has a baseline of places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from recanon.errors import UsageError
from recanon.index.facts import FileFacts, ImportedName, ImportStatement
from recanon.migration import Migration
from recanon.propose.context import Contexts
from recanon.resolve.program import Program

_NOTE = "# Made by `recanon guard export`; make it anew when the tree has come further.\n"


@dataclass(frozen=True)
class Exporter:
    """Says what is banned in a tree, and what of it stands there already.

    Args:
        pack: id of the pack.
        migration: what is old and what takes its place.
        program: the tree.
    """

    pack: str
    migration: Migration
    program: Program

    def banned(self) -> dict[str, str]:
        """Return what takes the place of each banned dotted path: old modules, and old names of other modules."""
        found = {m.path: m.becomes for m in self.migration.modules if not m.names}
        for module in self.migration.modules:
            found |= {f"{module.path}.{name}": f"{module.becomes}.{name}" for name in module.names}
        homes = {f"{symbol.home}.{symbol.label}": symbol.goal for symbol in self.migration.symbols}
        names = {**homes, **dict(self._handed())}
        whole = {path for path in found if path in self.migration.by_module}
        found |= {path: new for path, new in names.items() if not _banned(path, whole)}
        return dict(sorted((path, new) for path, new in found.items() if path not in self._canonical()))

    def ruff(self) -> str:
        """Return a configuration file for ruff: TID251, its table `banned-api`, and the files that it lets through."""
        banned = self.banned()
        rows = [
            f"{json.dumps(path)}.msg = {json.dumps(f'Use {new}.' if new else 'Nothing takes its place.')}"
            for path, new in banned.items()
        ]
        files = sorted(facts.path for facts in self.program.indexed.values() if self._imports(facts, banned))
        ignored = [f'{json.dumps(_literal(path))} = ["TID251"]' for path in files]
        tables = [
            *("[lint]", 'select = ["TID251"]', "", "[lint.flake8-tidy-imports.banned-api]", *rows, ""),
            *("[lint.per-file-ignores]", *ignored, ""),
        ]
        return _NOTE + "\n".join(tables)

    def import_linter(self) -> str:
        """Return a configuration file for import-linter: old modules as a protected contract.

        Old names of modules that stay cannot be said: its contracts are about whole modules.

        Raises:
            UsageError: no top folder of the tree is a package that import-linter can read.
        """
        protected = [m.path for m in self.migration.modules if not m.names and m.path in self.program.modules.paths]
        roots = self._roots()
        if not roots:
            raise UsageError(
                "import-linter reads packages, and no top folder of the tree has an __init__.py",
                "Give the folder in which the packages lie, or export for --ruff.",
            )
        edges = sorted({edge for facts in self.program.indexed.values() for edge in self._edges(facts, protected)})
        seen = [f"{importer} -> {imported}" for importer, imported in edges if importer.partition(".")[0] in roots]
        allowed = sorted({path.rpartition(".")[0] for path in self.migration.canonical.values()})
        lines = [
            *("[importlinter]", *_listed("root_packages", roots), ""),
            *(f"[importlinter:contract:{self.pack}]", f"name = old modules of {self.pack}", "type = protected"),
            *_listed("protected_modules", protected),
            *_listed("allowed_importers", allowed),
            *("as_packages = False", "unmatched_ignore_imports_alerting = warn"),
            *_listed("ignore_imports", seen),
        ]
        return _NOTE + "\n".join([*lines, ""])

    def _canonical(self) -> frozenset[str]:
        return frozenset(self.migration.canonical.values())

    def _handed(self) -> Iterator[tuple[str, str]]:
        """Yield the old names that modules of the old API define or hand on, with what takes their place."""
        contexts = Contexts.of(self.migration)
        for facts in self.program.indexed.values():
            if not contexts.api_reason(facts):
                continue
            for symbol in (symbol for symbol in self.migration.symbols if not symbol.owner):
                name = symbol.name
                meant = self.program.resolve(facts.module, name).symbol
                if meant is not None and self.migration.old_symbol(meant.module, meant.name) is not None:
                    yield f"{facts.module}.{name}", symbol.goal

    def _imports(self, facts: FileFacts, banned: Mapping[str, str]) -> bool:
        """Return whether a file imports something banned, or reaches it through a module that it imports."""
        named = [path for statement in facts.imports for path in _paths(statement.module, statement.names)]
        bound = {name.bound: path for s in facts.imports for name, path in zip(s.names, _ends(s), strict=True)}
        reached = [f"{bound[use.root]}{use.dotted.removeprefix(use.root)}" for use in facts.uses if use.root in bound]
        return any(_banned(path, banned) for path in (*named, *reached))

    def _edges(self, facts: FileFacts, protected: Iterable[str]) -> Iterator[tuple[str, str]]:
        for statement in facts.imports:
            for path in _paths(statement.module, statement.names):
                if path in protected and facts.module != path:
                    yield facts.module, path

    def _roots(self) -> list[str]:
        """The top folders that import-linter can read: it needs an `__init__`."""
        tops = {path.partition("/")[0] for path in self.program.modules.paths.values() if "/" in path}
        files = set(self.program.modules.paths.values())
        return sorted(top for top in tops if f"{top}/__init__.py" in files and top.isidentifier())


def _paths(module: str, names: Iterable[ImportedName]) -> Iterator[str]:
    """Yield the dotted paths that an import names: the module, and each name within it."""
    if module:
        yield module
    for name in names:
        yield f"{module}.{name.name}" if module else name.name


def _ends(statement: ImportStatement) -> Iterator[str]:
    """Yield what each name of an import is bound to; `import a.b` binds `a`."""
    for name in statement.names:
        if statement.is_from:
            yield f"{statement.module}.{name.name}"
        else:
            yield name.name if name.asname else name.name.partition(".")[0]


def _banned(path: str, banned: Iterable[str]) -> bool:
    """Return whether a dotted path is banned, or lies in a module that is."""
    return any(path == other or path.startswith(f"{other}.") for other in banned)


def _literal(path: str) -> str:
    """Return a glob that means one file alone."""
    return "".join(f"[{character}]" if character in "*?[]{}!" else character for character in path)


def _listed(name: str, values: Iterable[str]) -> list[str]:
    return [f"{name} =", *(f"    {value}" for value in values)]
