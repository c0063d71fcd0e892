"""The fate of each import of a file: it stays, goes, or makes room for the canonical one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recanon.codemod import Answer, Refusal, Rewrite, manual
from recanon.index.facts import Binding, FileFacts, ImportedName, ImportStatement, Use
from recanon.outcome import Verdict
from recanon.propose.judged import Judged, Key
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.rewrite.imports import Wanted


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one imported name.

    Args:
        keep: whether the old name stays.
        wanted: canonical names that are imported at the same place.
        renames: the new local name of the uses, by target; a use whose target is missing keeps its name.
        local: the new local name of all uses, where an import changes its name.
    """

    keep: bool
    wanted: tuple[Wanted, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    local: str = ""


@dataclass(frozen=True, slots=True)
class FileFates:
    """The fates of a file's imports and the answers as they stand after deciding them."""

    fates: Mapping[Key, Fate]
    judged: tuple[Judged, ...]


class Decider:
    """Decide the fates of one file's imports.

    Args:
        facts: the file.
        program: the whole program.
        applies: whether the rewrite of a place is applied.
        pinned: module-level names that must stay, with the reason, because code elsewhere needs them.
    """

    def __init__(
        self,
        facts: FileFacts,
        program: Program,
        applies: Callable[[Judged], bool],
        pinned: Mapping[str, str],
    ) -> None:
        self.facts = facts
        self.program = program
        self.applies = applies
        self.pinned = pinned
        self.scopes = FileScopes(facts, program)

    def decide(self, judged: Sequence[Judged]) -> FileFates:
        """Return the fates, and the answers changed where a name cannot be taken."""
        current = list(judged)
        for _ in range(8):
            current = self._together(self._refuse_with_import(current))
            fates = {j.binding: self._fate(j, current) for j in current if j.kind == "import" and j.binding is not None}
            refused = self._clashes(fates, current)
            if not refused:
                break
            current = [replace(j, answer=refused.get(n, j.answer)) for n, j in enumerate(current)]
        return FileFates(fates, tuple(self._settled(j, fates, current) for j in current))

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
        waiting: dict[Key, list[Judged]] = {}
        for j in judged:
            if j.binding is not None and j.kind != "import" and not self.applies(j):
                waiting.setdefault(j.binding, []).append(j)
        changed = []
        for j in judged:
            others = waiting.get(j.binding, []) if j.binding is not None and j.kind != "import" else []
            if others and self.applies(j) and self._same_word(j):
                changed.append(replace(j, answer=_with_the_others(j.answer, others)))
            else:
                changed.append(j)
        return changed

    def _same_word(self, judged: Judged) -> bool:
        assert judged.binding is not None
        _, name = self.statement(judged.binding)
        return any(target.rpartition(".")[2] == name.bound for target in _targets(judged))

    def _fate(self, judged: Judged, every: Iterable[Judged]) -> Fate:
        assert judged.binding is not None
        _, name = self.statement(judged.binding)
        uses = [j for j in every if j.binding == judged.binding and j.kind != "import"]
        if isinstance(judged.answer, Refusal):
            return self._beside(judged, uses)
        if judged.symbol is None:
            return self._moved_name(judged, name)
        if not uses:
            return self._unused(judged, name)
        done = [j for j in uses if self.applies(j)]
        if not done:
            return Fate(True)
        keep = len(done) < len(uses) or self._is_pinned(judged)
        targets = dict.fromkeys(t for j in done for t in _targets(j))
        alias = name.asname if not keep and len(targets) == 1 else ""
        wanted = tuple(Wanted.of(target, alias) for target in targets)
        return Fate(keep, wanted, {target: item.bound for target, item in zip(targets, wanted, strict=True)})

    def _beside(self, judged: Judged, uses: Iterable[Judged]) -> Fate:
        """A star or module import stays; what its uses need is imported beside it."""
        targets = dict.fromkeys(t for j in uses if self.applies(j) for t in _targets(j))
        wanted = tuple(Wanted.of(target) for target in targets)
        return Fate(True, wanted, {target: item.bound for target, item in zip(targets, wanted, strict=True)})

    def _moved_name(self, judged: Judged, name: ImportedName) -> Fate:
        assert isinstance(judged.answer, Rewrite)
        if not self.applies(judged):
            return Fate(True)
        kept = Fate(False, (Wanted.of(judged.answer.target, name.bound),))
        if not judged.answer.rename or self._is_pinned(judged):
            return kept
        renamed = Wanted.of(judged.answer.target)
        assert judged.binding is not None
        if self._clash(judged.binding, judged.answer.target, renamed.bound, {}) is not None:
            return kept
        return Fate(False, (renamed,), local=renamed.bound)

    def _unused(self, judged: Judged, name: ImportedName) -> Fate:
        assert isinstance(judged.answer, Rewrite)
        if not self.applies(judged) or self._is_pinned(judged):
            return Fate(True)
        if not judged.answer.target:
            return Fate(False)
        return Fate(False, (Wanted.of(judged.answer.target, name.asname),))

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
        if waiting:
            return replace(judged, answer=_kept_for(waiting, bool(fate.wanted)))
        reason = self.pinned.get(name.bound, "") if statement.scope == 0 else ""
        if reason:
            return replace(judged, answer=manual(reason, "Change what needs it first.", "needed elsewhere"))
        return judged

    def _clashes(self, fates: Mapping[Key, Fate], judged: Sequence[Judged]) -> dict[int, Answer]:
        """Find uses whose new name would be captured, and other names that the new import would capture."""
        refused: dict[int, Answer] = {}
        for key, fate in fates.items():
            for target, local in fate.renames.items():
                clash = self._clash(key, target, local, fates)
                if clash:
                    for number, j in enumerate(judged):
                        if (
                            j.binding == key
                            and isinstance(j.answer, Rewrite)
                            and (j.kind == "import" or target in _targets(j))
                        ):
                            refused[number] = clash
        return refused

    def _clash(self, key: Key, target: str, local: str, fates: Mapping[Key, Fate]) -> Answer | None:
        statement, _ = self.statement(key)
        here = [b for b in self.facts.bindings if b.name == local and b.scope == statement.scope]
        for binding in here:
            if not self._becomes(binding, target, local, fates):
                return _taken(local)
        for use in self.facts.uses:
            if self._captured(use, key, target, local, statement.scope, fates):
                return _taken(local)
        return None

    def _becomes(self, binding: Binding, target: str, local: str, fates: Mapping[Key, Fate]) -> bool:
        """Whether a binding of the new name denotes the target, now or when the plan is done."""
        if binding.kind != "import":
            return False
        found = self.program.follow(self.facts.module, binding).symbol
        wanted = self.program.resolve_path(target)[0].symbol
        if found is not None and wanted is not None and found.path == wanted.path:
            return True
        fate = self._fate_of(binding, fates)
        return fate is not None and not fate.keep and any(item.bound == local for item in fate.wanted)

    def _fate_of(self, binding: Binding, fates: Mapping[Key, Fate]) -> Fate | None:
        names = self.facts.imports[binding.statement].names
        place = next(number for number, name in enumerate(names) if name.span == binding.span)
        return fates.get((binding.statement, place))

    def _captured(self, use: Use, key: Key, target: str, local: str, scope: int, fates: Mapping[Key, Fate]) -> bool:
        """Whether a use would mean something else once the scope binds the new name."""
        if not self._within(use.scope, scope):
            return False
        if use.root == local:
            visible = self.scopes.visible(local, use.scope)
            if not visible or visible[0].scope == scope or self._within(visible[0].scope, scope):
                return False
            return not all(self._becomes(binding, target, local, fates) for binding in visible)
        binding = self.scopes.visible(use.root, use.scope)
        mine = any(b.statement == key[0] for b in binding)
        inner = self.scopes.visible(local, use.scope)
        return mine and bool(inner) and inner[0].scope != scope and self._within(inner[0].scope, scope)

    def _within(self, inner: int, outer: int) -> bool:
        while inner >= 0:
            if inner == outer:
                return True
            inner = self.facts.scopes[inner].parent
        return False


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


def _with_the_others(answer: Answer, others: Sequence[Judged]) -> Answer:
    assert isinstance(answer, Rewrite)
    if all(isinstance(j.answer, Rewrite) for j in others):
        reason = f"{answer.reason}; changes together with {len(others)} other uses of the same name"
        return replace(answer, verdict=Verdict.REVIEW, reason=reason, group="changes with its neighbours")
    return manual(
        f"{len(others)} other uses of this name stay with the old function, and one name cannot mean both",
        "Settle those uses first.",
        "canonical name taken",
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
    )
