"""Steps 4, 6 and 7: each new name denotes the canonical symbol, each call binds to it, await-ness is as planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import libcst as cst

from recanon.codemod import Rewrite
from recanon.engines.islands import parse_call
from recanon.executor.local import Lost
from recanon.index.facts import Definition, FileFacts
from recanon.index.usage import Call, Use
from recanon.outcome import Reverted
from recanon.propose.building import built
from recanon.propose.file_plan import FilePlan
from recanon.propose.judged import Judged
from recanon.resolve.awaitable import awaitable
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.rewrite.calls import fits
from recanon.source import Source
from recanon.verify.trial import Trial

_CHUNK = 40


@dataclass
class Census:
    """How a file uses each symbol: all uses, calls that are awaited, and calls that do not bind.

    `nameless` counts names that nothing binds: a NameError that a new import may mend.
    """

    uses: Counter[str] = field(default_factory=Counter)
    awaited: Counter[str] = field(default_factory=Counter)
    unbound: Counter[str] = field(default_factory=Counter)
    nameless: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to change about the uses of a symbol: those rewritten, aliases that go, uses of a name that moved."""

    done: list[Judged]
    aliases: int
    taken_over: list[Use]


def meaning(trial: Trial) -> Iterator[Reverted]:
    """Find files in which a rewritten use does not denote, bind or await what was planned."""
    plans = trial.plan.files if trial.plan is not None else {}
    paths = [path for path in trial.changes if path in trial.after.indexed and path in plans]
    built_in = [path for path in paths if _builds(plans[path])]
    found = dict(trial.workers.run(lambda path: _meant(path, plans[path], trial), built_in, _CHUNK))
    for path in paths:
        reverted = found[path] if path in found else _meant(path, plans[path], trial)
        if reverted is not None:
            yield reverted.reverted(path, "6 signature") if isinstance(reverted, Lost) else reverted


def _builds(plan: FilePlan) -> bool:
    """Whether an expression is built again to see what it is: the code of a pack runs then, and LibCST."""
    return any(isinstance(j.answer, Rewrite) and j.answer.build is not None for j in plan.changing_uses())


def _meant(path: str, plan: FilePlan, trial: Trial) -> Reverted | None:
    source = Source.decode(path, trial.changes[path].before)
    new, stays = census(trial.after.indexed[path], trial.after), _without(trial.before.indexed[path], plan)
    old = census(stays, trial.before)
    done = [j for j in plan.changing_uses() if j.use in stays.uses]
    moved = [j for number, j in enumerate(plan.judged) if number in plan.applied and j.use is None]
    targets = {j.answer.target for j in (*done, *moved) if isinstance(j.answer, Rewrite)} - {""}
    for symbol in sorted({_symbol(trial.after, target) for target in targets}):
        aimed = [j for j in done if _aims(j, symbol, trial)]
        aliases = sum(1 for j in moved if j.kind == "alias" and _aims(j, symbol, trial))
        others = [j for j in moved if j.kind == "import" and j.symbol is None and _aims(j, symbol, trial)]
        taken_over = list(_taken_over(trial.before, stays, others, symbol))
        reverted = _compare(source, symbol, old, new, Expected(aimed, aliases, taken_over))
        turned = next((why for j in aimed if (why := _turned(j, source, trial))), "")
        if reverted is None and turned:
            reverted = Reverted(path, "7 await", turned)
        if reverted is not None:
            return reverted
    return None


def _without(facts: FileFacts, plan: FilePlan) -> FileFacts:
    """Return the facts without the uses in arguments that are left out."""
    lost = [span for judged in plan.changing_uses() for span in judged.dropped]
    return replace(facts, uses=tuple(use for use in facts.uses if not any(span.holds(use.span) for span in lost)))


def _taken_over(program: Program, facts: FileFacts, moved: list[Judged], symbol: str) -> Iterator[Use]:
    """Yield the uses of names that come from another module, where that has an object of its own under the name."""
    keys = {j.binding for j in moved if j.origin.symbol is None or j.origin.symbol.path != symbol}
    scopes = FileScopes(facts, program)
    for use in facts.uses if keys else ():
        if scopes.key(scopes.meaning(use)) in keys:
            yield use


def _compare(source: Source, symbol: str, old: Census, new: Census, planned: Expected) -> Reverted | None:
    path, done, taken_over = source.path, planned.done, planned.taken_over
    expected = old.uses[symbol] + len(done) - planned.aliases + len(taken_over)
    mended = old.nameless[symbol.rpartition(".")[2]]
    if not expected <= new.uses[symbol] <= expected + mended:
        return Reverted(
            path, "4 capture", f"{new.uses[symbol]} uses denote {symbol} after the rewrite, {expected} were planned"
        )
    if new.unbound[symbol] > old.unbound[symbol] + mended + sum(map(_unpacks, done)):
        return Reverted(path, "6 signature", f"a rewritten call does not fit {symbol}: {new.reasons[symbol]}")
    awaited = old.awaited[symbol] + sum(1 for j in done if _awaited(j, source))
    awaited += sum(use.call is not None and use.call.awaited for use in taken_over)
    if not awaited <= new.awaited[symbol] <= awaited + mended:
        return Reverted(path, "7 await", f"{new.awaited[symbol]} calls of {symbol} are awaited, {awaited} were planned")
    return None


def _unpacks(judged: Judged) -> bool:
    """Whether the answer for a call that unpacks its arguments has accounted for it, because the tables gave it."""
    call = judged.use.call if judged.use is not None and judged.kind == "call" else None
    by_table = judged.symbol is not None and judged.symbol.by_table
    return by_table and call is not None and any(item.keyword in {"*", "**"} for item in call.arguments)


def _aims(judged: Judged, symbol: str, trial: Trial) -> bool:
    answer, old = judged.answer, judged.symbol
    if not isinstance(answer, Rewrite):
        return False
    same_module = not answer.target and old is not None and not old.owner  # only the last name is exchanged
    return _symbol(trial.after, old.goal if same_module and old is not None else answer.target) == symbol


def _awaited(judged: Judged, source: Source) -> bool:
    """Whether the rewritten call shall be awaited: it was, or the rewrite adds it."""
    answer, call = judged.answer, judged.use.call if judged.use else None
    if call is None or not isinstance(answer, Rewrite) or judged.kind != "call" or (answer.member and answer.target):
        return False
    call = call.method if answer.method and call.method else call
    if answer.build is None:
        return call.awaited
    node = built(answer, parse_call(source, call.span), "f", source.path, judged.codemod)
    return isinstance(node, cst.Await) or (call.awaited and isinstance(node, cst.Call))


def _turned(judged: Judged, source: Source, trial: Trial) -> str:
    """Tell why a call means another thing than before although its rewrite does not say so, or return ""."""
    answer, call, origin = judged.answer, judged.use.call if judged.use else None, judged.origin.symbol
    if call is None or origin is None or not isinstance(answer, Rewrite) or answer.turns or answer.method:
        return ""
    target = trial.after.resolve_path(answer.target)[0].symbol if answer.target else None
    outside = {origin.module, target.module if target is not None else ""} & trial.after.outside.keys()
    if judged.kind != "call" or answer.member or not answer.target or outside:
        return ""
    before = awaitable(trial.before, origin)
    after = awaitable(trial.after, target) if target is not None else None
    is_call = answer.build is None or not isinstance(_node(answer, call, source, judged), cst.Name)
    if not is_call or (before == after and call.awaited == _awaited(judged, source)):
        return ""
    return f"{origin.path} and {answer.target} differ in what is awaited, and the rewrite does not account for it"


def _node(answer: Rewrite, call: Call, source: Source, judged: Judged) -> cst.BaseExpression:
    return built(answer, parse_call(source, call.span), "f", source.path, judged.codemod)


def _symbol(program: Program, target: str) -> str:
    found = program.resolve_path(target)[0].symbol
    return found.path if found is not None else target


def _misfit(call: Call, definition: Definition | None) -> str:
    """Tell why a call does not fit a definition; one that is decorated may take anything."""
    if definition is None or not definition.init or (definition.kind == "function" and definition.decorated):
        return ""
    return fits(call, definition.params)


def census(facts: FileFacts, program: Program) -> Census:
    """Count how a file uses each symbol of the tree."""
    scopes = FileScopes(facts, program)
    found = Census()
    for use in facts.uses:
        meant = scopes.meaning(use)
        symbol = meant.resolution.symbol
        found.nameless[use.root] += meant.kind == "unbound"
        aliased = meant.kind == "local" and meant.binding is not None and meant.binding.kind == "assign"
        if symbol is None or (meant.kind not in {"import", "star"} and not aliased):
            continue
        found.uses[symbol.path] += 1
        if use.call is None or meant.rest:
            continue
        found.awaited[symbol.path] += use.call.awaited
        reason = _misfit(use.call, symbol.definition)
        if reason:
            found.unbound[symbol.path] += 1
            found.reasons[symbol.path] = reason
    return found
