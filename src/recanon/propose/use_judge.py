"""Judge the uses and the definitions of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from recanon.codemod import Answer, Refusal, left, manual
from recanon.edit import Span
from recanon.index.facts import Binding
from recanon.index.usage import Use, VariableUse
from recanon.migration import OldSymbol
from recanon.outcome import Verdict
from recanon.propose.file_judge import canonical_missing
from recanon.propose.judged import Judged, Key
from recanon.propose.member_judge import MemberJudge
from recanon.propose.patches_around import is_unseen, named_in, patched_beside, weighed
from recanon.resolve.awaitable import awaitable, product
from recanon.resolve.scopes import Meaning
from recanon.sites import Site


class UseJudge(MemberJudge):
    """Judge the uses and the definitions of a file."""

    def uses(self) -> Iterator[Judged]:
        meant = zip(self.facts.uses, self.scopes.meanings, strict=True)
        judged = [j for use, meaning in meant if (j := self.use(use, meaning)) is not None]
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
        answer, codemod = self.tools.ask(maker.symbol.codemods, site)
        return replace(judged, answer=answer, codemod=codemod, origin=maker.origin)

    def use(self, use: Use, meaning: Meaning) -> Judged | None:
        member = self.member(use, meaning) if self.migration.members else None
        if member is not None:
            return member
        key = self.key(meaning)
        symbol = self.old_symbol(meaning.resolution) or self.missing_use(meaning, key)
        named = any(part in self.migration.by_name for part in use.dotted.split("."))
        if symbol is None and not named:
            return None
        answer, codemod = self.use_answer(use, meaning, symbol, key)
        word = next((part for part in use.dotted.split(".") if part in self.migration.by_name), use.dotted)
        kind = "call" if use.call is not None and not meaning.rest else "reference"
        length = len(use.dotted.split(".")) - len(meaning.rest) if meaning.rest and symbol is not None else 0
        return Judged(use.span, word, kind, answer, codemod, meaning.resolution, use, key, symbol, length=length)

    def use_answer(self, use: Use, meaning: Meaning, symbol: OldSymbol | None, key: Key | None) -> tuple[Answer, str]:
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
        if meaning.length > 1 and not symbol.by_table and not self.is_module_object(key):
            return _THROUGH_MODULE, ""
        return self.codemod_answer(use, meaning, symbol)

    def is_module_object(self, key: Key | None) -> bool:
        """Whether an import brings in an old module as an object, beside which a canonical import can stand."""
        if key is None:
            return False
        statement = self.facts.imports[key[0]]
        name = statement.names[key[1]]
        path = f"{statement.module}.{name.name}" if statement.is_from else name.name
        module = self.migration.by_module.get(path)
        return module is not None and module.mention

    def codemod_answer(self, use: Use, meaning: Meaning, symbol: OldSymbol) -> tuple[Answer, str]:
        if use.in_fstring:
            return _IN_FSTRING, ""
        if use.annotated and use.call is not None:
            return _IN_ANNOTATION, ""
        if use.form == "pattern" and not meaning.rest:
            return _IN_PATTERN, ""
        target = self.program.resolve_path(symbol.becomes)[0]
        if symbol.becomes and (target.symbol is None or self.lacks_member(symbol, target)):
            return canonical_missing(symbol.goal), ""
        found = meaning.resolution.symbol
        statement = self.facts.imports[meaning.binding.statement] if meaning.binding is not None else None
        looked_up = meaning.length > 1 or self.migration.is_outside(symbol)
        near = self.patched_near(use)
        patched = patched_beside((*named_in(use.guards), *near), found, self.program) if found else ()
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
            target=target,
            target_awaitable=self.target_awaitable(symbol, target),
            imported=self.tools.importers.imports(self.context.module),
            broken=self.broken[meaning.binding.statement] if statement is not None and meaning.binding else (),
            patched_by=self.tools.setters.get(symbol.name, ()) if looked_up else (),
            through="module" if meaning.length > 1 else "",
            patches_origin=patched,
            patches_unseen=bool(patched) and is_unseen(patched, self.context.path, self.program),
            shadowed=self.scopes.shadowed(symbol.rules.builtins, use.scope),
        )
        answer, codemod = self.tools.ask(symbol.codemods, site)
        return weighed(answer, site), codemod

    def patched_near(self, use: Use) -> tuple[str, ...]:
        """Return what strings patch in the function that a use stands in, or in one around it, outside of blocks."""
        inside = [p for p in self.patches if "function" in self.facts.scopes[p.text.scope].kind]
        return tuple(f"{p.module}.{p.name}" for p in inside if self.scopes.within(use.scope, p.text.scope))

    def definitions(self) -> Iterator[Judged]:
        for binding in self.facts.bindings:
            if binding.name not in self.migration.by_name or binding.kind in {"import", "star"}:
                continue
            answer = self.override(binding.name, binding.scope)
            if answer is not None:
                pass
            elif self.migration.old_symbol(self.facts.module, binding.name) and binding.scope == 0:
                answer = left("the definition itself; other code may still need it", "definition of the old API")
            elif f"{self.facts.module}.{binding.name}" in self.migration.canonical.values() and binding.scope == 0:
                answer = Refusal(Verdict.CANONICAL, "the canonical definition", "", "canonical")
            else:
                answer = left("another thing of the same name, bound in this file", "same name, other thing")
            yield Judged(self.name_span(binding), binding.name, "definition", answer)

    def name_span(self, binding: Binding) -> Span:
        """Only the mention of the name itself, not the whole definition, nor a decorator such as `@name.setter`."""
        used = [use.span for use in self.facts.uses if binding.definition and binding.span.holds(use.span)]
        for mention in self.facts.mentions:
            own = mention.word == binding.name and mention.place == "code" and binding.span.holds(mention.span)
            if own and not any(span.holds(mention.span) for span in used):
                return mention.span
        return binding.span

    def missing_use(self, meaning: Meaning, key: Key | None) -> OldSymbol | None:
        if key is None or meaning.rest or not self.facts.imports[key[0]].is_from:
            return None
        statement = self.facts.imports[key[0]]
        return self.missing_symbol(statement, statement.names[key[1]], meaning.resolution)

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


def _attribute_of(root: str) -> str:
    return "an attribute of the result of an expression" if root == "?" else f"an attribute of the object {root}"


def _is_maker(judged: Judged) -> bool:
    return judged.kind == "call" and judged.symbol is not None and judged.symbol.removable


def _made(judged: Judged) -> tuple[VariableUse, ...]:
    return judged.use.variable if judged.use is not None and _is_maker(judged) else ()


_BROKEN_USE = manual(
    "the import of this name fails already today",
    "Mend the import first.",
    "already broken import",
)
_THROUGH_MODULE = manual(
    "reaches the old name through another module, which keeps it for that reason",
    "Import the canonical name where it is used.",
    "reached through a module",
)
_IN_FSTRING = manual(
    "stands in an f-string, whose inner positions differ between Python versions",
    "Change it by hand.",
    "name in an f-string",
)
_IN_ANNOTATION = manual(
    "called in an annotation, which need not be evaluated", "Change it by hand.", "call in an annotation"
)
_IN_PATTERN = manual(
    "a value in a pattern, where a name without a dot would be a variable",
    "Compare it in a guard: `case value if value == NEW`.",
    "value in a pattern",
)
_AMBIGUOUS = manual(
    "the name is bound in several ways here (a fallback, or branches that differ)",
    "Change all of its bindings together, by hand.",
    "bound in several ways",
)
