"""The fate of each import of a file: it stays, goes, or makes room for the canonical one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from recanon.codemod import Answer, Refusal, Rewrite, manual
from recanon.index.facts import FileFacts, ImportedName, ImportStatement
from recanon.outcome import Verdict
from recanon.propose.clashes import Clashes
from recanon.propose.fate import Fate, FileFates
from recanon.propose.judged import Judged, Key
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.rewrite.imports import Wanted
from recanon.sites import local as local_guards


class Decider:
    """Decide the fates of one file's imports.

    Args:
        facts: the file.
        program: the whole program.
        applies: whether the rewrite of a place is applied.
        pinned: module-level names that must stay, with the reason, because code elsewhere needs them.
        patched: module-level names that a string elsewhere patches.
    """

    def __init__(
        self,
        facts: FileFacts,
        program: Program,
        applies: Callable[[Judged], bool],
        pinned: Mapping[str, str],
        patched: frozenset[str],
    ) -> None:
        self.facts = facts
        self.program = program
        self.applies = applies
        self.pinned = pinned
        self.patched = patched

    def decide(self, judged: Sequence[Judged]) -> FileFates:
        """Return the fates, and the answers changed where a name cannot be taken."""
        current = list(judged)
        for _ in range(8):
            current = self._together(self._refuse_with_import(current))
            fates = {j.binding: self._fate(j, current) for j in current if j.kind == "import" and j.binding is not None}
            fates |= self._through_other_imports(fates, current)
            refused = self._clashes(fates, current)
            if not refused:
                break
            current = [replace(j, answer=refused.get(n, j.answer)) for n, j in enumerate(current)]
        return FileFates(fates, tuple(self._settled(j, fates, current) for j in current))

    def _through_other_imports(self, fates: Mapping[Key, Fate], judged: Sequence[Judged]) -> dict[Key, Fate]:
        """Imports that are not the old API's own but bring its names in, as the star of a facade does."""
        loose = {j.binding: j for j in judged if j.binding is not None and j.binding not in fates}
        return {key: self._loose(key, [j for j in judged if j.binding == key]) for key in loose}

    def _loose(self, key: Key, uses: Sequence[Judged]) -> Fate:
        """Such an import stays, unless it brings in a class or library of which nothing is used any more."""
        fate = self._beside(uses)
        return replace(fate, keep=False) if self._is_over(key, uses) else fate

    def _is_over(self, key: Key, uses: Sequence[Judged]) -> bool:
        statement, name = self.statement(key)
        if name.name == "*" or not all(j.symbol is not None and self.applies(j) for j in uses):
            return False
        targeted = all(isinstance(j.answer, Rewrite) and j.answer.target for j in uses)
        known = all(j.symbol and (j.symbol.owner or j.symbol.by_table) for j in uses)
        if not (targeted and known) or (statement.scope == 0 and name.bound in self.pinned) or self._is_seen(key):
            return False
        if sum(b.name == name.bound.partition(".")[0] for b in self.facts.bindings) > 1:
            return False
        places = {j.use.span for j in uses if j.use is not None}
        return all(use.span in places for use in FileScopes(self.facts, self.program).used.get(key, ()))

    def statement(self, key: Key) -> tuple[ImportStatement, ImportedName]:
        """Return the statement and the name of a key."""
        statement = self.facts.imports[key[0]]
        return statement, statement.names[key[1]]

    def _refuse_with_import(self, judged: list[Judged]) -> list[Judged]:
        """Where an import must stay as it is, its uses stay too."""
        refused = {
            j.binding: j.answer
            for j in judged
            if j.kind == "import" and isinstance(j.answer, Refusal) and j.binding is not None and j.word != "*"
        }
        changed = []
        for j in judged:
            follows = j.kind != "import" and isinstance(j.answer, Rewrite) and j.binding is not None
            answer = refused.get(j.binding) if follows and j.binding is not None else None
            changed.append(j if answer is None else replace(j, answer=answer))
        return changed

    def _together(self, judged: list[Judged]) -> list[Judged]:
        """Where old and new name are one word, a scope cannot hold both: all uses change, or none does."""
        uses: dict[Key, list[Judged]] = {}
        for j in judged:
            if j.binding is not None and j.kind != "import":
                uses.setdefault(j.binding, []).append(j)
        return [self._with_neighbours(j, uses.get(j.binding, [])) if j.binding is not None else j for j in judged]

    def _with_neighbours(self, judged: Judged, uses: Sequence[Judged]) -> Judged:
        answer = judged.answer
        if judged.kind == "import" or not isinstance(answer, Rewrite) or not self._same_word(judged):
            return judged
        stuck = [j for j in uses if not isinstance(j.answer, Rewrite)]
        offered = [j for j in uses if isinstance(j.answer, Rewrite) and j.answer.verdict is Verdict.REVIEW]
        if stuck:
            return replace(judged, answer=_one_name(stuck))
        if offered and answer.verdict is Verdict.SAFE:
            reason = f"{answer.reason}; changes together with {len(offered)} other uses of the same name"
            together = replace(answer, verdict=Verdict.REVIEW, reason=reason, group="changes with its neighbours")
            return replace(judged, answer=together)
        return judged

    def _same_word(self, judged: Judged) -> bool:
        assert judged.binding is not None
        _, name = self.statement(judged.binding)
        return any(target.rpartition(".")[2] == name.bound for target in _targets(judged))

    def _fate(self, judged: Judged, every: Iterable[Judged]) -> Fate:
        assert judged.binding is not None
        _, name = self.statement(judged.binding)
        uses = [j for j in every if j.binding == judged.binding and j.kind != "import"]
        if isinstance(judged.answer, Refusal):
            return self._beside(uses)
        if judged.symbol is None:
            return self._moved_name(judged, name, uses)
        if not uses:
            stays = self._shared(judged, every) or self._is_annotated(name)
            return Fate(True) if stays else self._unused(judged, name)
        done = [j for j in uses if self.applies(j)]
        if not done:
            return Fate(True)
        keep = len(done) < len(uses) or self._is_pinned(judged) or self._is_annotated(name)
        targets = dict.fromkeys(t for j in done for t in _targets(j))
        alias = name.asname if not keep and len(targets) == 1 else ""
        wanted = tuple(Wanted.of(target, alias) for target in targets)
        return Fate(keep, wanted, {target: item.bound for target, item in zip(targets, wanted, strict=True)})

    def _beside(self, uses: Iterable[Judged]) -> Fate:
        """A star or module import stays; what its uses need is imported beside it."""
        targets = dict.fromkeys(t for j in uses if self.applies(j) for t in _targets(j))
        wanted = tuple(Wanted.of(target) for target in targets)
        return Fate(True, wanted, {target: item.bound for target, item in zip(targets, wanted, strict=True)})

    def _moved_name(self, judged: Judged, name: ImportedName, uses: Sequence[Judged]) -> Fate:
        assert isinstance(judged.answer, Rewrite)
        if not self.applies(judged):
            return Fate(True)
        alias = next((j for j in uses if j.kind == "alias" and self.applies(j)), None)
        if alias is not None and isinstance(alias.answer, Rewrite):
            direct = Wanted.of(alias.answer.target)
            old = (Wanted.of(judged.answer.target, name.bound),)
            return Fate(False, (*(old if alias.answer.imports or self._is_pinned(judged) else ()), direct))
        kept = Fate(False, (Wanted.of(judged.answer.target, name.bound),))
        assert judged.binding is not None
        if not judged.answer.rename or self._is_pinned(judged) or self._is_seen(judged.binding):
            return kept
        renamed = Wanted.of(judged.answer.target)
        if Clashes(self.facts, self.program, {}).clash(judged.binding, judged.answer.target, renamed.bound):
            return kept
        return Fate(False, (renamed,), local=renamed.bound)

    def _is_seen(self, key: Key) -> bool:
        """Whether code that is not rewritten knows the local name: string annotations, f-strings, other bindings."""
        statement, name = self.statement(key)
        if self._is_annotated(name):
            return True
        bindings = [b for b in self.facts.bindings if b.name == name.bound and b.scope == statement.scope]
        return len(bindings) > 1 or any(use.root == name.bound and use.in_fstring for use in self.facts.uses)

    def _is_annotated(self, name: ImportedName) -> bool:
        """Whether an annotation in a string names what an import binds."""
        return any(text.role == "annotation" and name.bound in text.value for text in self.facts.texts)

    def _unused(self, judged: Judged, name: ImportedName) -> Fate:
        """Nothing uses the name: it goes, or makes room for the canonical one where something may look for it."""
        assert isinstance(judged.answer, Rewrite)
        assert judged.binding is not None
        if not self.applies(judged) or self._is_pinned(judged):
            return Fate(True)
        statement, _ = self.statement(judged.binding)
        local = name.asname or judged.answer.target.rpartition(".")[2]
        scopes = FileScopes(self.facts, self.program)
        if any(use.root == local and not scopes.visible(local, use.scope) for use in self.facts.uses):
            return Fate(bool(local_guards(statement.guards)))
        alone = len(statement.names) == 1 or statement.guards or name.bound in self.patched
        if not judged.answer.target or not alone:
            return Fate(False)
        return Fate(False, (Wanted.of(judged.answer.target, name.asname),))

    def _shared(self, judged: Judged, every: Iterable[Judged]) -> list[Judged]:
        """Return the uses that stay and may mean this import, although they count for another one of that name."""
        assert judged.binding is not None
        _, name = self.statement(judged.binding)
        staying = (j for j in every if j.use is not None and not self.applies(j) and j.use.root == name.bound)
        scopes = FileScopes(self.facts, self.program)
        return [
            j for j in staying if j.use and any(b.span == name.span for b in scopes.visible(name.bound, j.use.scope))
        ]

    def _is_pinned(self, judged: Judged) -> bool:
        assert judged.binding is not None
        statement, name = self.statement(judged.binding)
        return statement.scope == 0 and name.bound in self.pinned

    def _settled(self, judged: Judged, fates: Mapping[Key, Fate], every: Sequence[Judged]) -> Judged:
        """Say of an import what became of it."""
        if judged.kind != "import" or judged.binding is None or not isinstance(judged.answer, Rewrite):
            return judged
        fate = fates[judged.binding]
        if not fate.keep or judged.symbol is None:
            return judged
        statement, name = self.statement(judged.binding)
        waiting = [j for j in every if j.binding == judged.binding and j.kind != "import" and not self.applies(j)]
        waiting = waiting or self._shared(judged, every)
        if waiting:
            return replace(judged, answer=_kept_for(waiting, bool(fate.wanted)))
        reason = self.pinned.get(name.bound, "") if statement.scope == 0 else ""
        reason = reason or ("a string annotation that cannot be read names it" if self._is_annotated(name) else "")
        if reason:
            return replace(judged, answer=manual(reason, "Change what needs it first.", "needed elsewhere"))
        return judged

    def _clashes(self, fates: Mapping[Key, Fate], judged: Sequence[Judged]) -> dict[int, Answer]:
        """Find uses whose new name would be captured, and other names that the new import would capture."""
        gone = frozenset(j.span for j in judged if j.kind == "alias" and self.applies(j))
        clashes = Clashes(self.facts, self.program, fates, gone=gone, patched=self.patched)
        refused: dict[int, Answer] = {}
        for key, fate in fates.items():
            named = {f"{item.module}.{item.name}": item.bound for item in fate.wanted if not fate.local}
            taken = {path for path, local in named.items() if clashes.captures(key, path, local)}
            for number, j in enumerate(judged):
                if j.binding != key or not isinstance(j.answer, Rewrite):
                    continue
                hidden = {path for path, name in named.items() if j.use and clashes.hides(j.use.scope, key, name)}
                if lost := (taken | hidden).intersection(self._imports(j, fate)):
                    refused[number] = _taken(", ".join(sorted(named[path] for path in lost)))
        return refused

    def _imports(self, judged: Judged, fate: Fate) -> tuple[str, ...]:
        """What an answer imports: a use its targets; an import itself only where nothing uses the name."""
        if judged.kind != "import":
            return _targets(judged)
        return () if fate.renames or judged.symbol is None else _targets(judged)


def _targets(judged: Judged) -> tuple[str, ...]:
    if not isinstance(judged.answer, Rewrite):
        return ()
    return tuple(path for path in (judged.answer.target, *judged.answer.imports) if path)


def _taken(local: str) -> Refusal:
    return manual(
        f"the name {local} is bound to something else here",
        f"Rename the other {local} first.",
        "canonical name taken",
    )


def _one_name(stuck: Sequence[Judged]) -> Refusal:
    return Refusal(
        Verdict.MANUAL,
        f"{len(stuck)} other uses of this name stay with the old function, and one name cannot mean both",
        "Settle those uses first.",
        "canonical name taken",
        tuple(j.span.start for j in stuck),
    )


def _kept_for(waiting: Sequence[Judged], split: bool) -> Refusal:
    word = "stays beside the canonical import" if split else "stays"
    reasons = sorted({j.answer.group for j in waiting if j.answer.group})
    why = f" ({'; '.join(reasons)})" if reasons else ""
    count = f"{len(waiting)} {'use needs' if len(waiting) == 1 else 'uses need'} it{why}"
    offered = all(isinstance(j.answer, Rewrite) for j in waiting)
    return Refusal(
        Verdict.REVIEW if offered else Verdict.MANUAL,
        f"the old import {word}: {count}",
        "Settle those uses; the import goes with the last one.",
        "import kept for other places",
        tuple(j.span.start for j in waiting),
    )
