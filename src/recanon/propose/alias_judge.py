"""Judge the aliases of a file: `WebSocketManager = UnifiedWebSocketManager`, where an import can bring the name."""

from __future__ import annotations

from collections.abc import Iterator

from recanon.index.facts import Alias, FileFacts
from recanon.index.usage import Use
from recanon.migration import Migration
from recanon.propose.file_judge import FileJudge
from recanon.propose.judged import Judged, Key
from recanon.sites import Site


class AliasJudge(FileJudge):
    """Judge the aliases of a file."""

    def aliases(self) -> Iterator[Judged]:
        """Yield the answer for each alias of a canonical symbol."""
        for alias in old_aliases(self.facts, self.migration):
            key, codemod = self.imported(alias), self.codemod(alias)
            if key is None or self.context.api:
                continue
            name = self.facts.imports[key[0]].names[key[1]]
            found = self.program.resolve(self.facts.imports[key[0]].module, name.name)
            target = self.canonical(alias)
            if name.asname or not any(use.root == alias.name for use in self.facts.uses):
                continue
            if found.denotes(self.program.resolve_path(target)[0]):
                site = Site("alias", self.context, self.migration, found, uses=self.others(alias, key))
                answer, codemod = self.tools.ask((codemod,), site)
                yield Judged(alias.span, alias.name, "alias", answer, codemod, found, None, key, whole=alias.whole)

    def imported(self, alias: Alias) -> Key | None:
        """Return the import from an old module that brings in what the alias names."""
        bindings = self.scopes.visible(alias.target, alias.scope)
        if len(bindings) != 1 or bindings[0].kind != "import" or bindings[0].scope != alias.scope:
            return None
        statement = self.facts.imports[bindings[0].statement]
        place = next(number for number, name in enumerate(statement.names) if name.span == bindings[0].span)
        return (bindings[0].statement, place) if statement.module in self.migration.by_module else None

    def canonical(self, alias: Alias) -> str:
        return next(path for path in self.migration.canonical.values() if path.rpartition(".")[2] == alias.name)

    def codemod(self, alias: Alias) -> str:
        return next(
            self.migration.aliases[key]
            for key, path in self.migration.canonical.items()
            if path.rpartition(".")[2] == alias.name and key in self.migration.aliases
        )

    def others(self, alias: Alias, key: Key) -> tuple[Use, ...]:
        """Return the other uses of the imported name."""
        return tuple(use for use in self.uses_of(key) if not alias.whole.holds(use.span))


def old_aliases(facts: FileFacts, migration: Migration) -> Iterator[Alias]:
    """Yield the assignments that give a canonical name to something else."""
    own = {path.rpartition(".")[0] for path in migration.canonical.values()} | set(migration.by_module)
    if facts.module in own:
        return
    names = {migration.canonical[key].rpartition(".")[2] for key in migration.aliases if key in migration.canonical}
    bound = [binding.name for binding in facts.bindings]
    for alias in facts.aliases:
        if alias.name in names and alias.name != alias.target and bound.count(alias.name) == 1:
            yield alias
