"""What kind of file it is: production or test, part of the old API, or about the old API."""

from __future__ import annotations

from dataclasses import dataclass

from pathspec import GitIgnoreSpec

from recanon.index.facts import FileFacts
from recanon.migration import Migration, OldSymbol
from recanon.patterns import file_patterns
from recanon.sites import FileContext

# Words in the path and in the module's docstring that, together, are one sign of a test about an API.
_PATH_WORDS = ("ssot", "deprecat", "violation", "compliance", "consolidat", "migrat", "legacy", "issue_")
_DOC_WORDS = ("ssot", "deprecat", "violation", "compliance", "consolidat", "migrat", "legacy", "factory", "fragment")


@dataclass(frozen=True)
class Contexts:
    """Make the context of each file of a migration."""

    migration: Migration
    production: GitIgnoreSpec
    about: GitIgnoreSpec
    phases: tuple[tuple[str, GitIgnoreSpec], ...]

    @classmethod
    def of(cls, migration: Migration) -> Contexts:
        """Prepare the glob patterns of a migration."""
        phases = tuple((p.id, file_patterns(p.include or ("**",))) for p in migration.phases if not p.codemods)
        about = file_patterns(migration.about)
        return cls(migration, file_patterns(migration.production), about, phases)

    @property
    def named(self) -> list[tuple[str, OldSymbol]]:
        """The old names of modules; a class is no part of the old API because one of its members is."""
        return [(symbol.name, symbol) for symbol in self.migration.symbols if not symbol.owner]

    def context(self, facts: FileFacts) -> FileContext:
        """Return what is known about a file."""
        production = self.production.match_file(facts.path)
        return FileContext(
            path=facts.path,
            module=facts.module,
            production=production,
            about=() if production else about_signs(facts, self.about.match_file(facts.path)),
            api=self.api_reason(facts),
            phase=self.phase(facts.path),
        )

    def phase(self, path: str) -> str:
        """Return the first phase that includes a file, or ""."""
        return next((name for name, spec in self.phases if spec.match_file(path)), "")

    def api_reason(self, facts: FileFacts) -> str:
        """Tell why a module belongs to the old API: it defines an old name, or hands one on in its `__all__`."""
        bindings = facts.module_facts.bindings
        for name, symbol in self.named:
            if not f"{facts.module}.".startswith(f"{symbol.home}.") or name not in bindings:
                continue
            if self.migration.old_symbol(facts.module, name) is None:
                continue
            if any(binding.kind in {"def", "class"} for binding in bindings[name]):
                return f"defines {name}"
        listed = {export.name for export in facts.module_facts.exports or ()}
        handed = [
            name
            for name, symbol in self.named
            if name in listed
            and name in bindings
            and self.migration.old_symbol(facts.module, name) is not None
            and f"{facts.module}.".startswith(f"{symbol.home}.")
        ]
        return f"re-exports {handed[0]}" if handed else ""


def about_signs(facts: FileFacts, named: bool) -> tuple[str, ...]:
    """Return the signs that a file is about the old API rather than a user of it.

    Args:
        facts: the file.
        named: whether its path is one that the pack lists; however telling a path is, it is one sign only.
    """
    signs: list[str] = [sign for sign in ("data", "reads sources", "warnings", "probe") if sign in facts.signs]
    doc = facts.docstring.lower()
    path = facts.path.lower()
    told = any(word in path for word in _PATH_WORDS) and sum(word in doc for word in _DOC_WORDS) >= 2
    if named or told:
        signs.append("path" if named else "path and docstring")
    return tuple(signs)
