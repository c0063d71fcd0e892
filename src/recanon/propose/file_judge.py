"""What judging imports and judging uses have in common: the file, what its names denote, the standing answers."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from recanon.codemod import FAILED_GROUP, GUEST_ERRORS, Answer, Codemod, Refusal, Rewrite, left, manual
from recanon.index.facts import FileFacts, ImportedName, ImportStatement
from recanon.index.usage import Use
from recanon.migration import Migration, OldSymbol
from recanon.outcome import Verdict
from recanon.propose.judged import Key
from recanon.propose.patch_strings import patches_of
from recanon.resolve.cycles import Importers
from recanon.resolve.kinship import Overrides, has_member
from recanon.resolve.program import Program, Resolution
from recanon.resolve.scopes import FileScopes, Meaning
from recanon.sites import FileContext, Site, is_tried, local


@dataclass(frozen=True, slots=True)
class Tools:
    """What every file is judged with.

    Args:
        migration: the migration.
        program: the whole program.
        codemods: by id.
        importers: what the canonical modules import.
        overrides: who overrides old members of classes.
        patched: names that strings patch, with their modules.
        setters: the files that patch or set an old name where it is looked up, by the name.
    """

    migration: Migration
    program: Program
    codemods: Mapping[str, Codemod]
    importers: Importers
    overrides: Overrides
    patched: frozenset[tuple[str, str]] = frozenset()
    setters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def ask(self, codemods: Sequence[str], site: Site) -> tuple[Answer, str]:
        """Return the first answer of some codemods and who gave it; one that fails leaves the place to a person."""
        for codemod in codemods:
            try:
                answer = self.codemods[codemod].answer(site)
            except GUEST_ERRORS as exc:
                return _failed(codemod, exc), codemod
            if answer is not None:
                return rebuilt(answer, self.codemods[codemod], site), codemod
        return manual("no codemod of the pack answers for this place", "Change it by hand.", "no answer"), ""


@dataclass(frozen=True, slots=True)
class Again:
    """Builds what a codemod builds, by asking it again: the function that it gave belongs to the process that asked.

    Args:
        codemod: the codemod, whose answer for a site is always the same.
        site: the site.
    """

    codemod: Codemod
    site: Site

    def __call__(self, call: cst.Call, local: str) -> cst.BaseExpression:
        """Return the new expression.

        Raises:
            ValueError: the codemod answers in another way this time.
        """
        answer = self.codemod.answer(self.site)
        if not isinstance(answer, Rewrite) or answer.build is None:
            raise ValueError("it gives another answer when it is asked again")
        return answer.build(call, local)


def rebuilt(answer: Answer, codemod: Codemod, site: Site) -> Answer:
    """Return an answer that can go to another process."""
    if not isinstance(answer, Rewrite) or answer.build is None:
        return answer
    return replace(answer, build=Again(codemod, site))


def _failed(codemod: str, exc: Exception) -> Refusal:
    return manual(
        f"the codemod {codemod} failed: {type(exc).__name__}: {exc}",
        "Change the place by hand, and report the failure to the author of the pack.",
        FAILED_GROUP,
    )


class FileJudge:
    """Judge one file.

    Args:
        tools: what every file is judged with.
        facts: the file.
        context: what kind of file it is.
    """

    def __init__(self, tools: Tools, facts: FileFacts, context: FileContext) -> None:
        self.tools = tools
        self.migration = tools.migration
        self.program = tools.program
        self.facts = facts
        self.context = context
        self.scopes = FileScopes(facts, tools.program)
        self.patches = patches_of(facts, tools.program)
        self.broken = {number: broken_names(s, tools.program) for number, s in enumerate(facts.imports)}

    def missing_symbol(self, statement: ImportStatement, name: ImportedName, found: Resolution) -> OldSymbol | None:
        """Return the old symbol that an import asks for although its module lacks it."""
        if found.state != "missing" or statement.module not in self.program.modules.paths:
            return None
        symbol = self.migration.old_symbol(statement.module, name.name)
        return symbol if symbol is not None and symbol.gone else None

    def stays_broken(self, key: Key) -> bool:
        """Whether a failing import must stay whole: a `try` around it chooses its branch by the failure."""
        statement = self.facts.imports[key[0]]
        if not self.broken[key[0]]:
            return False
        if self.context.api or statement.module not in self.program.modules.paths:
            return True
        return bool(local(statement.guards)) and not self.binds_before_failing(key)

    def binds_before_failing(self, key: Key) -> bool:
        """Whether a failing import in a `try` binds a name that the file uses before it comes to the missing one.

        A `from` import binds its names one after the other (Python language reference, "The import statement").
        """
        statement = self.facts.imports[key[0]]
        failing = next(place for place, name in enumerate(statement.names) if name.name in self.broken[key[0]])
        return is_tried(statement.guards) and key[1] < failing and bool(self.uses_of(key))

    def uses_of(self, key: Key) -> tuple[Use, ...]:
        """Return the uses of an imported name."""
        return self.scopes.used.get(key, ())

    def lacks_member(self, symbol: OldSymbol, target: Resolution) -> bool:
        """Whether the class that takes over certainly has no member of the name that a table gives."""
        if not symbol.member or target.symbol is None:
            return False
        return has_member(self.program, target.symbol, symbol.member.partition(".")[0]) is False

    def is_canonical(self, found: Resolution) -> bool:
        return found.symbol is not None and found.symbol.path in self.migration.canonical.values()

    def is_canonical_module(self) -> bool:
        return any(path.rpartition(".")[0] == self.facts.module for path in self.migration.canonical.values())

    def old_symbol(self, found: Resolution) -> OldSymbol | None:
        symbol = found.symbol
        return self.migration.old_symbol(symbol.module, symbol.name) if symbol is not None else None

    def is_old_module(self, found: Resolution) -> bool:
        symbol = found.symbol
        if symbol is None or symbol.kind != "module":
            return False
        module = self.migration.by_module.get(symbol.module)
        return module is not None and module.mention

    def key(self, meaning: Meaning) -> Key | None:
        return self.scopes.key(meaning)

    def other(self, found: Resolution) -> Answer:
        if self.is_canonical(found):
            return Refusal(Verdict.CANONICAL, "already the canonical symbol", "", "canonical")
        if found.state == "missing":
            return manual(
                f"already broken: {found.chain[-1] if found.chain else 'its module'} does not exist",
                "Decide what the code was meant to do.",
                "already broken import",
            )
        if found.state == "external" and self.is_of_another_library(found):
            return left(f"comes from {found.chain[-1].partition(':')[0]}", "same name, other thing")
        if found.state in {"unknown", "external"}:
            return manual(
                "recanon cannot tell what the name denotes here",
                "Look where it comes from, and change it by hand if it is the old API.",
                "origin cannot be told",
            )
        return left(f"denotes {found.symbol.path if found.symbol else 'something else'}", "same name, other thing")

    def is_of_another_library(self, found: Resolution) -> bool:
        """Whether a name comes from a package of the standard library of which the migration does not speak.

        Another library may hand on what an old name denotes; the standard library hands on nothing of others.
        """
        package = found.chain[-1].partition(":")[0].partition(".")[0] if found.chain else ""
        ours = any(not symbol.owner and not self.migration.is_outside(symbol) for symbol in self.migration.symbols)
        return not ours and package in sys.stdlib_module_names and package not in self.migration.libraries

    def api(self) -> Refusal:
        if self.is_canonical_module():
            return left("the canonical module itself takes it from here", "definition of the canonical API")
        return left(f"this module belongs to the old API: it {self.context.api}", "definition of the old API")

    def about(self) -> Refusal:
        return left(f"a test about the old API ({', '.join(self.context.about)})", "test about the old API")


def canonical_missing(path: str) -> Refusal:
    """Return the refusal of a place whose canonical symbol the tree does not have."""
    return manual(
        f"the tree has no {path}, which is to take its place",
        "Check the pack's options, or migrate a state of the repository that has it.",
        "canonical symbol missing",
    )


def broken_names(statement: ImportStatement, program: Program) -> tuple[str, ...]:
    """Return the names of a `from` import that the tree should hold and does not."""
    if not statement.is_from:
        return ()
    return tuple(
        name.name
        for name in statement.names
        if name.name != "*" and program.resolve(statement.module, name.name).state == "missing"
    )
