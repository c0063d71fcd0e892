"""Judge the imports of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recanon.codemod import Answer, Rewrite, left, manual
from recanon.index.facts import ImportedName, ImportStatement
from recanon.migration import OldSymbol
from recanon.propose.file_judge import FileJudge, canonical_missing
from recanon.propose.judged import Judged, Key
from recanon.resolve.program import Resolution
from recanon.sites import Site, is_tried


class ImportJudge(FileJudge):
    """Judge the imports of a file."""

    def imports(self) -> Iterator[Judged]:
        for number, statement in enumerate(self.facts.imports):
            if statement.is_from and set(statement.module.split(".")).intersection(self.migration.by_name):
                answer = left("a module of that name", "same name, other thing")
                yield Judged(statement.module_span, statement.module, "import", answer)
            for place, name in enumerate(statement.names):
                judged = self.imported(statement, name, (number, place))
                if judged is not None:
                    yield judged

    def imported(self, statement: ImportStatement, name: ImportedName, key: Key) -> Judged | None:
        if not statement.is_from:
            return self.module_import(name, key)
        if name.name == "*":
            return self.star(statement, name, key)
        found = self.program.resolve(statement.module, name.name)
        symbol = self.old_symbol(found)
        wanted = symbol is not None or name.name in self.migration.by_name
        moved = self.migration.by_module.get(statement.module)
        if moved is not None and moved.names and name.name not in moved.names:
            moved = None
        if self.is_old_module(found):
            return Judged(name.span, name.bound, "import", _MODULE_OBJECT, "", found, None, key)
        if symbol is not None and name.name not in self.migration.by_name and moved is None and not self.uses_of(key):
            return None  # it comes under another name, which follows where that is given
        if not wanted and moved is None:
            return self.old_alias(name, found, key) if name.asname in self.migration.by_name else None
        lookup = not wanted and "def" in statement.guards
        if self.is_canonical_module() or (self.context.api and found.state != "missing" and not lookup):
            return Judged(name.span, name.name, "import", self.api(), "", found, None, key, symbol)
        symbol = symbol or self.missing_symbol(statement, name, found)
        broken = self.stays_broken(key) or (not wanted and bool(self.broken[key[0]]))
        if broken or (found.state == "missing" and symbol is None):
            return self.broken_import(name, found, key, symbol)
        if wanted and symbol is None:
            is_module = found.symbol is not None and found.symbol.kind == "module"
            return Judged(
                name.span, name.name, "import", self.other(found), "", found, None, None if is_module else key
            )
        if symbol is not None and self.facts.scopes[statement.scope].kind == "class":
            return Judged(name.span, name.name, "import", _CLASS_BODY, "", found, None, key, symbol)
        if sum(other.bound == name.bound for other in statement.names) > 1:
            return Judged(name.span, name.name, "import", _BOUND_TWICE, "", found, None, key, symbol)
        site = Site("import", self.context, self.migration, found, symbol, moved, None, (), statement, name)
        return self.asked(site, name, key)

    def old_alias(self, name: ImportedName, found: Resolution, key: Key) -> Judged:
        """Another symbol under an old name: only the alias is old."""
        path = found.symbol.path if found.symbol else name.name
        answer = left(f"{path} under an old name", "same name, other thing")
        return Judged(name.span, name.asname, "import", answer, "", found, None, key)

    def asked(self, site: Site, name: ImportedName, key: Key) -> Judged:
        """Let the codemod answer for an import; what its uses say decides later about a symbol's import."""
        codemods = site.symbol.codemods if site.symbol else (site.module.codemod,) if site.module else ()
        codemod = next(reversed(codemods), "")
        becomes = site.symbol.becomes if site.symbol else f"{site.module.becomes}.{name.name}" if site.module else ""
        site = replace(
            site,
            target=self.program.resolve_path(becomes)[0],
            canonical={key: self.program.resolve_path(path)[0] for key, path in self.migration.canonical.items()},
            imported=self.tools.importers.imports(self.context.module),
            broken=self.broken[key[0]],
            uses=self.uses_of(key),
            patched=site.statement is not None and (site.statement.module, name.name) in self.tools.patched,
            compared=self.compared(key, site.origin),
            private=name.name.startswith("_") and not self.hands_on(becomes),
        )
        if site.symbol is not None and self.context.about_old_api:
            answer: Answer = self.about()
        elif site.symbol is not None and site.symbol.becomes and site.target.symbol is None:
            answer = canonical_missing(becomes)
        else:
            answer, codemod = self.tools.ask(codemods, site)
            answer = self.probing(answer, site)
        return Judged(name.span, name.name, "import", answer, codemod, site.origin, None, key, site.symbol)

    def probing(self, answer: Answer, site: Site) -> Answer:
        """Note of an import that nothing uses in a `try` that it is its own probe."""
        if isinstance(answer, Rewrite) and not site.uses and is_tried(site.guards):
            return replace(
                answer, notes=(*answer.notes, "the import is its own probe: it asks the canonical module now")
            )
        return answer

    def module_import(self, name: ImportedName, key: Key) -> Judged | None:
        if {*name.name.split("."), name.asname}.intersection(self.migration.by_name):
            answer: Answer = left("a module of that name", "same name, other thing")
            return Judged(name.span, name.name, "import", answer)
        module = self.migration.by_module.get(name.name)
        if module is None or not (module.mention or module.is_single):
            return None
        answer = self.api() if self.context.api else _MODULE_OBJECT
        return Judged(name.span, name.name, "import", answer, binding=key)

    def star(self, statement: ImportStatement, name: ImportedName, key: Key) -> Judged | None:
        if statement.module not in self.migration.by_module:
            return None
        answer = manual(
            f"takes over every public name of {statement.module}",
            "Name what is needed, each from its canonical module.",
            "star import",
        )
        return Judged(name.span, "*", "import", answer, binding=key)

    def broken_import(self, name: ImportedName, found: Resolution, key: Key, symbol: OldSymbol | None) -> Judged:
        statement = self.facts.imports[key[0]]
        lacking = ", ".join(self.broken[key[0]])
        answer = manual(
            f"already broken: {statement.module} has no {lacking}, so this statement raises ImportError today",
            "Decide what the code was meant to do; a rewrite of the other names would not make it importable.",
            "already broken import",
        )
        return Judged(name.span, name.name, "import", answer, "", found, None, key, symbol)

    def hands_on(self, path: str) -> bool:
        """Whether a module defines a name, or lists it in its `__all__`."""
        module, _, name = path.rpartition(".")
        facts = self.program.module_facts(module)
        if facts is None:
            return False
        listed = facts.exports is not None and any(export.name == name for export in facts.exports)
        return listed or any(binding.kind != "import" for binding in facts.bindings.get(name, ()))

    def compared(self, key: Key, found: Resolution) -> bool:
        """Whether the same function takes the same object from another module too, as a comparison of paths does."""
        statement = self.facts.imports[key[0]]
        uses = self.uses_of(key)
        if "def" not in statement.guards or not any(use.form == "comparison" for use in uses):
            return False
        return any(
            other.is_from
            and other.scope == statement.scope
            and other.module != statement.module
            and self.program.resolve(other.module, name.name).denotes(found)
            for other in self.facts.imports
            for name in other.names
        )


_BOUND_TWICE = manual(
    "the statement binds the same local name twice, and the last one counts",
    "Take out the one that is not meant.",
    "bound twice",
)
_CLASS_BODY = manual(
    "imported in a class body: other code may reach it as an attribute of the class",
    "Import it at module level, or change the class by hand.",
    "import in a class body",
)
_MODULE_OBJECT = manual(
    "imports an old module as an object; what is read from it later cannot be told from here",
    "Import the names that are needed from the canonical module.",
    "module object",
)
