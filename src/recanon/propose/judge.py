"""Judge every place of a file at which code concerns the old API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from recanon.codemod import Answer, Codemod, Refusal, left, manual
from recanon.edit import Span
from recanon.index.facts import FileFacts, ImportedName, ImportStatement, Use, VariableUse
from recanon.migration import Migration, OldSymbol
from recanon.outcome import Verdict
from recanon.resolve.awaitable import awaitable, product
from recanon.resolve.cycles import Importers
from recanon.resolve.program import Program, Resolution
from recanon.resolve.scopes import FileScopes, Meaning
from recanon.sites import FileContext, Site, local

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A place in code with its answer.

    Args:
        span: the code; every trigger word in it is explained by this answer.
        word: the name.
        kind: import, call, reference, definition ...
        answer: what shall happen.
        codemod: id of the codemod that answered, or "".
        origin: what the name denotes.
        use: the use, for calls and references.
        binding: statement and place of the import that brings the name in.
        symbol: the old symbol that it denotes.
    """

    span: Span
    word: str
    kind: str
    answer: Answer
    codemod: str = ""
    origin: Resolution = Resolution("unknown")
    use: Use | None = None
    binding: Key | None = None
    symbol: OldSymbol | None = None


class Judge:
    """Judge the files of one migration.

    Args:
        migration: the migration.
        program: the whole program.
        codemods: by id.
        importers: what the canonical modules import.
    """

    def __init__(
        self, migration: Migration, program: Program, codemods: Mapping[str, Codemod], importers: Importers
    ) -> None:
        self.migration = migration
        self.program = program
        self.codemods = codemods
        self.importers = importers

    def file(self, facts: FileFacts, context: FileContext) -> tuple[Judged, ...]:
        """Judge one file."""
        reader = _FileJudge(self, facts, context)
        return (*reader.imports(), *reader.uses(), *reader.definitions())


class _FileJudge:
    def __init__(self, judge: Judge, facts: FileFacts, context: FileContext) -> None:
        self.judge = judge
        self.migration = judge.migration
        self.program = judge.program
        self.facts = facts
        self.context = context
        self.scopes = FileScopes(facts, judge.program)
        self.broken = {number: broken_names(s, judge.program) for number, s in enumerate(facts.imports)}

    def imports(self) -> Iterator[Judged]:
        for number, statement in enumerate(self.facts.imports):
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
        if not wanted and moved is None:
            return self.old_alias(name, found, key) if name.asname in self.migration.by_name else None
        if self.is_canonical_module() or (self.context.api and found.state != "missing"):
            return Judged(name.span, name.name, "import", self.api(), "", found, None, key, symbol)
        symbol = symbol or self.missing_symbol(statement, name, found)
        if self.stays_broken(key) or (found.state == "missing" and symbol is None):
            return self.broken_import(name, found, key, symbol)
        if wanted and symbol is None:
            return Judged(name.span, name.name, "import", self.other(found), "", found, None, key)
        site = Site("import", self.context, self.migration, found, symbol, moved, None, (), statement, name)
        return self.asked(site, name, key)

    def old_alias(self, name: ImportedName, found: Resolution, key: Key) -> Judged:
        """Another symbol under an old name: only the alias is old."""
        path = found.symbol.path if found.symbol else name.name
        answer = left(f"{path} under an old name", "same name, other thing")
        return Judged(name.span, name.asname, "import", answer, "", found, None, key)

    def missing_symbol(self, statement: ImportStatement, name: ImportedName, found: Resolution) -> OldSymbol | None:
        """Return the old symbol that an import asks for although its module lacks it."""
        if found.state != "missing" or statement.module not in self.program.modules.paths:
            return None
        symbol = self.migration.old_symbol(statement.module, name.name)
        return symbol if symbol is not None and symbol.gone else None

    def stays_broken(self, key: Key) -> bool:
        """Whether a failing import must stay whole: a `try` around it chooses its branch by the failure."""
        statement = self.facts.imports[key[0]]
        return bool(self.broken[key[0]]) and (
            self.context.api != "" or bool(local(statement.guards)) or statement.module not in self.program.modules.paths
        )

    def asked(self, site: Site, name: ImportedName, key: Key) -> Judged:
        """Let the codemod answer for an import; what its uses say decides later about a symbol's import."""
        codemod = site.symbol.codemod if site.symbol else site.module.codemod if site.module else ""
        becomes = site.symbol.becomes if site.symbol else f"{site.module.becomes}.{name.name}" if site.module else ""
        site = replace(
            site,
            target=self.program.resolve_path(becomes)[0],
            imported=self.judge.importers.imports(self.context.module),
            broken=self.broken[key[0]],
            uses=self.uses_of(key),
        )
        if site.symbol is not None and self.context.about_old_api:
            answer: Answer = self.about()
        else:
            answer = self.judge.codemods[codemod].answer(site)
        return Judged(name.span, name.name, "import", answer, codemod, site.origin, None, key, site.symbol)

    def module_import(self, name: ImportedName, key: Key) -> Judged | None:
        if name.name not in self.migration.by_module or not self.migration.by_module[name.name].mention:
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

    def uses(self) -> Iterator[Judged]:
        judged = [j for use in self.facts.uses if (j := self.use(use, self.scopes.meaning(use))) is not None]
        makers = {later.span.start: j for j in judged for later in _made(j)}
        attributes = {j.use.call.assigned: j for j in judged if j.use and j.use.call and _is_maker(j)}
        for j in judged:
            maker = makers.get(j.span.start) or self.kept_object(j, attributes)
            yield j if maker is None or j.symbol is not None else self.method(j, maker)

    def kept_object(self, judged: Judged, attributes: Mapping[str, Judged]) -> Judged | None:
        """Return what made the object that an attribute such as `self.factory` holds."""
        owner = judged.use.dotted.rpartition(".")[0] if judged.use else ""
        return attributes.get(owner) if "." in owner else None

    def method(self, judged: Judged, maker: Judged) -> Judged:
        """Answer for a method of an object that the old API made."""
        assert maker.symbol is not None
        assert judged.use is not None
        site = Site(
            "call" if judged.use.call else "reference",
            self.context,
            self.migration,
            maker.origin,
            maker.symbol,
            use=judged.use,
            rest=(judged.use.dotted.rpartition(".")[2],),
        )
        if self.context.about_old_api or self.context.api:
            return judged
        answer = self.judge.codemods[maker.symbol.codemod].answer(site)
        return replace(judged, answer=answer, codemod=maker.symbol.codemod, origin=maker.origin)

    def use(self, use: Use, meaning: Meaning) -> Judged | None:
        key = self.key(meaning)
        symbol = self.old_symbol(meaning.resolution) or self.missing_use(meaning, key)
        named = any(part in self.migration.by_name for part in use.dotted.split("."))
        if symbol is None and not named:
            return None
        answer, codemod = self.use_answer(use, meaning, symbol, key)
        word = next((part for part in use.dotted.split(".") if part in self.migration.by_name), use.dotted)
        kind = "call" if use.call is not None and not meaning.rest else "reference"
        return Judged(use.span, word, kind, answer, codemod, meaning.resolution, use, key, symbol)

    def use_answer(
        self, use: Use, meaning: Meaning, symbol: OldSymbol | None, key: Key | None
    ) -> tuple[Answer, str]:
        if meaning.kind in {"attribute", "unbound"}:
            return self.unbound(use), ""
        if self.context.api:
            return self.api(), ""
        if meaning.kind == "local":
            return self.local(use, meaning, symbol), ""
        if self.context.about_old_api and not self.is_canonical(meaning.resolution):
            return self.about(), ""
        if key is not None and self.stays_broken(key):
            return _BROKEN_USE, ""
        if symbol is None:
            return self.other(meaning.resolution), ""
        if meaning.kind == "ambiguous":
            return _AMBIGUOUS, ""
        return self.codemod_answer(use, meaning, symbol), symbol.codemod

    def codemod_answer(self, use: Use, meaning: Meaning, symbol: OldSymbol) -> Answer:
        if use.in_fstring:
            return manual(
                "stands in an f-string, whose inner positions differ between Python versions",
                "Change it by hand.",
                "name in an f-string",
            )
        found = meaning.resolution.symbol
        statement = self.facts.imports[meaning.binding.statement] if meaning.binding is not None else None
        site = Site(
            kind="call" if use.call is not None and not meaning.rest else "reference",
            file=self.context,
            migration=self.migration,
            origin=meaning.resolution,
            symbol=symbol,
            use=use,
            rest=meaning.rest,
            statement=statement,
            awaitable=awaitable(self.program, found) if found else None,
            product=product(self.program, found) if found else None,
            target=self.program.resolve_path(symbol.becomes)[0],
            imported=self.judge.importers.imports(self.context.module),
            broken=self.broken[meaning.binding.statement] if statement is not None and meaning.binding else (),
        )
        return self.judge.codemods[symbol.codemod].answer(site)

    def definitions(self) -> Iterator[Judged]:
        for binding in self.facts.bindings:
            if binding.name not in self.migration.by_name or binding.kind in {"import", "star"}:
                continue
            if self.migration.old_symbol(self.facts.module, binding.name) and binding.scope == 0:
                answer = left("the definition itself; other code may still need it", "definition of the old API")
            elif f"{self.facts.module}.{binding.name}" in self.migration.canonical.values() and binding.scope == 0:
                answer = Refusal(Verdict.CANONICAL, "the canonical definition", "", "canonical")
            else:
                answer = left("another thing of the same name, bound in this file", "same name, other thing")
            yield Judged(self.name_span(binding.span, binding.name), binding.name, "definition", answer)

    def name_span(self, span: Span, name: str) -> Span:
        """Only the mention of the name itself, not the whole definition."""
        for mention in self.facts.mentions:
            if mention.word == name and mention.place == "code" and span.holds(mention.span):
                return mention.span
        return span

    def missing_use(self, meaning: Meaning, key: Key | None) -> OldSymbol | None:
        if key is None or meaning.rest or not self.facts.imports[key[0]].is_from:
            return None
        statement = self.facts.imports[key[0]]
        return self.missing_symbol(statement, statement.names[key[1]], meaning.resolution)

    def uses_of(self, key: Key) -> tuple[Use, ...]:
        return tuple(use for use in self.facts.uses if self.key(self.scopes.meaning(use)) == key)

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
        binding = meaning.binding
        if binding is None or binding.statement < 0:
            return None
        names = self.facts.imports[binding.statement].names
        return binding.statement, next(place for place, name in enumerate(names) if name.span == binding.span)

    def unbound(self, use: Use) -> Answer:
        root, _, rest = use.dotted.partition(".")
        if rest and root not in self.migration.by_name:
            return left(_attribute_of(root), "attribute of another object")
        return left(f"{root} is not bound here: a NameError today", "name that is never imported")

    def local(self, use: Use, meaning: Meaning, symbol: OldSymbol | None) -> Answer:
        root, _, rest = use.dotted.partition(".")
        if rest and root not in self.migration.by_name:
            return left(_attribute_of(root), "attribute of another object")
        return left("denotes something that this file itself binds", "same name, other thing")

    def other(self, found: Resolution) -> Answer:
        if self.is_canonical(found):
            return Refusal(Verdict.CANONICAL, "already the canonical symbol", "", "canonical")
        if found.state == "missing":
            return manual(
                f"already broken: {found.chain[-1] if found.chain else 'its module'} does not exist",
                "Decide what the code was meant to do.",
                "already broken import",
            )
        if found.state in {"unknown", "external"}:
            return manual(
                "recanon cannot tell what the name denotes here",
                "Look where it comes from, and change it by hand if it is the old API.",
                "origin cannot be told",
            )
        return left(f"denotes {found.symbol.path if found.symbol else 'something else'}", "same name, other thing")

    def api(self) -> Refusal:
        if self.is_canonical_module():
            return left("the canonical module itself takes it from here", "definition of the canonical API")
        return left(f"this module belongs to the old API: it {self.context.api}", "definition of the old API")

    def about(self) -> Refusal:
        return left(f"a test about the old API ({', '.join(self.context.about)})", "test about the old API")


def _attribute_of(root: str) -> str:
    return "an attribute of the result of an expression" if root == "?" else f"an attribute of the object {root}"


def _is_maker(judged: Judged) -> bool:
    return judged.kind == "call" and judged.symbol is not None and judged.symbol.removable


def _made(judged: Judged) -> tuple[VariableUse, ...]:
    return judged.use.variable if judged.use is not None and _is_maker(judged) else ()


def broken_names(statement: ImportStatement, program: Program) -> tuple[str, ...]:
    """Return the names of a `from` import that the tree should hold and does not."""
    if not statement.is_from:
        return ()
    return tuple(
        name.name
        for name in statement.names
        if name.name != "*" and program.resolve(statement.module, name.name).state == "missing"
    )


_MODULE_OBJECT = manual(
    "imports an old module as an object; what is read from it later cannot be told from here",
    "Import the names that are needed from the canonical module.",
    "module object",
)
_BROKEN_USE = manual(
    "the import of this name fails already today",
    "Mend the import first.",
    "already broken import",
)
_AMBIGUOUS = manual(
    "the name is bound in several ways here (a fallback, or branches that differ)",
    "Change all of its bindings together, by hand.",
    "bound in several ways",
)
