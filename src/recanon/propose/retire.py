"""The end of the old API: a re-export or a definition can go when nothing in the tree needs it any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from recanon.codemod import FAILED_GROUP, Answer, Codemod, Example, Rewrite, left, manual
from recanon.edit import Span
from recanon.executor.local import Lost, Workers
from recanon.index.facts import FileFacts
from recanon.propose.file_plan import FilePlan
from recanon.propose.inputs import Input
from recanon.propose.judged import Judged
from recanon.propose.phase import phase_of
from recanon.propose.program_plan import ProgramPlan
from recanon.propose.selection import Selection
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.scan import Unread
from recanon.sites import Site

Name = tuple[str, str]
_CHUNK = 20
_PROSE = {"docstring", "message", "text", "export"}


@dataclass(frozen=True, slots=True)
class _Unable:
    """Stands in for a codemod of which asking came to nothing."""

    lost: Lost
    title: str = ""
    examples: tuple[Example, ...] = ()

    def answer(self, site: Site) -> Answer:
        """Leave the site to a person."""
        hint = self.lost.hint or "Change the place by hand, and report it to the author of the pack."
        return manual(f"asking the codemod came to nothing: {self.lost.reason}", hint, FAILED_GROUP)


@dataclass(frozen=True, slots=True)
class Need:
    """A place that needs a name of a module.

    Args:
        place: the place.
        owner: the definition of the same module that it stands in, if any.
        listed: whether it needs the name in the `__all__` of the module too; who imports it by its name does not.
    """

    place: str
    owner: Name | None = None
    listed: bool = False


class Retirement:
    """Find out which names of the old API can go.

    Args:
        selection: the migration, and which of its phases run.
        program: the tree as it is.
        inputs: the candidate files.
        plan: what becomes of them.
        unread: files that could not be read as source.
    """

    def __init__(
        self,
        selection: Selection,
        program: Program,
        inputs: Mapping[str, Input],
        plan: ProgramPlan,
        unread: Iterable[Unread],
    ) -> None:
        self.selection = selection
        self.migration = selection.migration
        self.program = program
        self.inputs = inputs
        self.plans = plan.files
        self.patches = plan.patches
        self.unread = tuple(unread)

    def judged(self, codemods: Mapping[str, Codemod], workers: Workers) -> dict[str, tuple[Judged, ...]]:
        """Return new answers for the files that define or hand on the old API, by path.

        Args:
            codemods: by id.
            workers: who asks them.
        """
        handed = {name: plan.facts.path for plan in self.plans.values() for name in self.names(plan)}
        needs = self.needs(set(handed))
        retired: set[Name] = set()
        while True:
            fresh = {n for n in handed if n not in retired and not _left(needs.get(n, ()), retired | {n})}
            if not fresh:
                break
            retired |= fresh

        def asked(path: str, codemods: Mapping[str, Codemod] = codemods) -> tuple[Judged, ...]:
            plan = self.plans[path]
            mine = {n: _left(needs.get(n, ()), retired | {n}) for n in handed if n[0] == plan.context.module}
            return tuple(self.answered(plan, mine, codemods))

        paths = sorted(set(handed.values()))
        shared = (self.migration, *self.migration.symbols, *self.migration.modules, *codemods.values())
        results = dict(workers.run(asked, paths if self.migration.retire else (), _CHUNK, shared=shared))
        found: dict[str, tuple[Judged, ...]] = {}
        for path in paths:
            result = results[path] if path in results else asked(path)
            found[path] = asked(path, dict.fromkeys(codemods, _Unable(result))) if isinstance(result, Lost) else result
        return found

    def names(self, plan: FilePlan) -> Iterator[Name]:
        """Yield the old names that a module of the old API defines or hands on."""
        if not plan.context.api or not self.inputs[plan.facts.path].judged:
            return
        for name, bindings in plan.facts.module_facts.bindings.items():
            found = self.program.resolve(plan.context.module, name).symbol
            old = self.migration.old_symbol(found.module, found.name) if found is not None else None
            if old is not None and name == old.name and len(bindings) == 1:
                yield plan.context.module, name

    def needs(self, handed: set[Name]) -> dict[Name, list[Need]]:
        """Return the places that need each name."""
        found: dict[Name, list[Need]] = {}
        for path, plan in self.plans.items():
            for name, need in (*self.imports(plan), *self.uses(plan), *self.strings(plan.facts, handed)):
                found.setdefault(name, []).append(need)
            for item in self.patches.get(path, ()):
                if not (item.applied and isinstance(item.answer, Rewrite)):
                    need = Need(f"{path} patches it")
                    found.setdefault((item.patch.module, item.patch.name), []).append(need)
        for name, need in self.unreadable(handed):
            found.setdefault(name, []).append(need)
        return found

    def unreadable(self, handed: set[Name]) -> Iterator[tuple[Name, Need]]:
        """Yield mentions in files that could not be read as source."""
        for item in self.unread:
            for line, _, word in item.places:
                for name in handed:
                    if name[1] == word:
                        yield name, Need(f"{item.skipped.path}:{line} (not readable)", listed=True)

    def imports(self, plan: FilePlan) -> Iterator[tuple[Name, Need]]:
        """Yield what the imports that stay need; a re-export needs its origin as long as it stays itself."""
        module = plan.context.module
        own = {name for _, name in self.names(plan)}
        for number, statement in enumerate(plan.facts.imports):
            for place, name in enumerate(statement.names):
                fate = plan.fates.fates.get((number, place))
                if not statement.is_from or (fate is not None and not fate.keep):
                    continue
                owner = (module, name.bound) if name.bound in own and statement.scope == 0 else None
                star = name.name == "*"
                for wanted in self.starred(statement.module) if star else (name.name,):
                    yield (statement.module, wanted), Need(f"{plan.facts.path} imports it", owner, listed=star)

    def starred(self, module: str) -> Iterator[str]:
        """Yield the old names that `import *` takes over from a module."""
        facts = self.program.module_facts(module)
        listed = {export.name for export in facts.exports} if facts and facts.exports is not None else None
        for name in self.migration.by_name:
            if listed is None or name in listed:
                yield name

    def uses(self, plan: FilePlan) -> Iterator[tuple[Name, Need]]:
        """Yield uses through module objects, and uses by the defining module itself."""
        scopes = FileScopes(plan.facts, self.program)
        applied = {j.span for n, j in enumerate(plan.judged) if n in plan.applied and j.use is not None}
        for use in plan.facts.uses:
            if use.span in applied:
                continue
            meant = scopes.meaning(use)
            place = f"{plan.facts.path} uses it"
            if meant.kind == "local" and meant.binding is not None and meant.binding.scope == 0:
                owner = self.owner(plan, use.span)
                yield (plan.context.module, use.root), Need(place, owner)
            elif meant.length > 1 and meant.resolution.chain:
                module, _, name = meant.resolution.chain[0].partition(":")
                yield (module, name), Need(place)
            elif meant.kind == "import" and plan.context.api:
                yield (plan.context.module, use.root), Need(place, self.owner(plan, use.span))

    def owner(self, plan: FilePlan, span: Span) -> Name | None:
        """Return the definition of the old API that a place stands in."""
        for _, name in self.names(plan):
            for binding in plan.facts.module_facts.bindings[name]:
                if binding.definition is not None and binding.definition.span.holds(span):
                    return plan.context.module, name
        return None

    def strings(self, facts: FileFacts, handed: set[Name]) -> Iterator[tuple[Name, Need]]:
        """Yield names that a string may look up: bare or with their module, as data or as an argument."""
        for text in facts.texts:
            if text.role in _PROSE:
                continue
            for module, name in handed:
                if text.value in {name, f"{module}.{name}"}:
                    yield (module, name), Need(f"{facts.path} names it in a string", listed=True)

    def answered(
        self, plan: FilePlan, needed: Mapping[Name, tuple[Need, ...]], codemods: Mapping[str, Codemod]
    ) -> Iterator[Judged]:
        """Yield the answers of a file, those for its old names asked anew."""
        names = {name: needs for (_, name), needs in needed.items()}
        whole = {b.name: b.definition.span for b in plan.facts.bindings if b.definition is not None and b.scope == 0}
        for j in self.inputs[plan.facts.path].judged:
            statement = plan.facts.imports[j.binding[0]] if j.binding is not None and j.kind == "import" else None
            top = statement is None or statement.scope == 0
            defined = j.kind == "definition" and j.word in whole and whole[j.word].holds(j.span)
            if j.word in names and top and (j.kind == "import" or defined):
                kind = "export" if j.kind == "import" else "definition"
                needs = (*names[j.word], *(self.listed(plan, j.word) if defined else ()))
                yield replace(self.ask(plan, j, kind, needs, codemods=codemods), whole=whole.get(j.word))
            else:
                yield j
        for export in plan.facts.module_facts.exports or ():
            if export.name in names:
                entry = Judged(export.span, export.name, "export", _LISTED)
                needs = tuple(n for n in names[export.name] if n.listed or export.name not in whole)
                yield self.ask(plan, entry, "export", needs, codemods=codemods)

    def listed(self, plan: FilePlan, name: str) -> Iterator[Need]:
        """Yield the entry of `__all__` that an earlier phase should have taken out and that does not run."""
        codemod = self.migration.retire.get("export", "")
        phase = next((p.id for p in self.migration.phases if codemod in p.codemods), plan.context.phase)
        if not self.selection.runs(phase) and any(e.name == name for e in plan.facts.module_facts.exports or ()):
            yield Need(f"{plan.facts.path} lists it in its __all__ until phase {phase} runs")

    def ask(
        self, plan: FilePlan, judged: Judged, kind: str, needs: tuple[Need, ...], *, codemods: Mapping[str, Codemod]
    ) -> Judged:
        """Ask the codemod for the end of a name."""
        codemod = self.migration.retire.get(kind, "")
        if not codemod:
            return judged
        found = self.program.resolve(plan.context.module, judged.word)
        site = Site(
            "export" if kind == "export" else "definition",
            plan.context,
            self.migration,
            found,
            next(iter(self.migration.by_name.get(judged.word, ())), None),
            needed=tuple(sorted({need.place for need in needs})),
        )
        answer = codemods[codemod].answer(site) or judged.answer
        asked = replace(judged, answer=answer, codemod=codemod, origin=found)
        return replace(asked, phase=phase_of(self.migration, self.program, plan.context, asked))


_LISTED = left("an entry of __all__", "definition of the old API")


def _left(needs: Iterable[Need], retired: set[Name]) -> tuple[Need, ...]:
    return tuple(need for need in needs if need.owner is None or need.owner not in retired)
