"""The codemod that is built in: it reads the tables of a pack, and answers for their symbols and modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recanon.codemod import Answer, Example, Refusal, Rewrite, left, manual
from recanon.migration import OldModule, OldSymbol
from recanon.outcome import Verdict
from recanon.rules import Rules, When
from recanon.sites import Site
from recanon.tables.binding import Bound, bound, called, defined_params, new_params, old_params
from recanon.tables.calls import call_answer
from recanon.tables.conditions import holds, use_of
from recanon.tables.fitting import denies, stranger
from recanon.tables.modules import module_answer


class TableCodemod:
    """Answer for one table of a pack.

    Args:
        title: what it does, for lists.
        description: the same at more length, or "".
        examples: what it is shown and tested by.
    """

    title: str
    examples: tuple[Example, ...]

    def __init__(self, title: str, description: str = "", examples: Sequence[Example] = ()) -> None:
        self.title = title
        self.description = description
        self.examples = tuple(examples)

    def answer(self, site: Site) -> Answer:
        """Answer for a site of the table's symbol or module."""
        if site.symbol is None:
            assert site.module is not None
            return module_answer(site, site.module)
        rules, refusal = _decided(site, site.symbol.rules)
        if refusal is not None:
            return refusal
        return _import(site, site.symbol, rules) if site.kind == "import" else _use(site, site.symbol, rules)


def title_of(old: OldSymbol | OldModule) -> str:
    """Return what a table does, in one line."""
    if isinstance(old, OldModule):
        return f"what {old.path} held is imported from {old.becomes}"
    if not old.becomes:
        return f"{old.label} is flagged"
    new = old.becomes.rpartition(".")[2] + (f".{old.member}" if old.member else "")
    return f"{old.label} becomes {new}" if new != old.label else f"{old.label} comes from {old.becomes}"


def _decided(site: Site, rules: Rules) -> tuple[Rules, Refusal | None]:
    """Ask the rules of `when`: the first that fits gives verdict and reason; one that cannot be told asks a person."""
    call = called(site)
    if call is not None and (trouble := _stranger(site, rules)):
        return rules, trouble
    given = bound(call, old_params(site)) if call is not None else None
    for when in rules.when:
        answer = holds(when, site, given)
        if answer is None:
            return rules, _cannot_tell(when, given)
        if answer:
            said = replace(
                rules,
                verdict=when.verdict,
                reason=when.reason or rules.reason,
                advice=when.advice or rules.advice,
                group=when.group or rules.group,
            )
            return said, _refused(said)
    return rules, _refused(rules)


def _stranger(site: Site, rules: Rules) -> Refusal | None:
    """Refuse a place for whose signatures the table cannot have been written."""
    assert site.symbol is not None
    if denies(rules.signature, defined_params(site)):
        what = f"the table gives {site.symbol.label} another signature than its definition has"
        return manual(what, "Take the signature out of the table; the definition says it.", "table that does not fit")
    name, is_new = stranger(rules, old_params(site), new_params(site))
    if not name:
        return None
    params = new_params(site) if is_new else old_params(site)
    taken = ", ".join(param.name for param in params or ()) or "nothing"
    return manual(
        f"the table speaks of {name}, which {site.symbol.goal if is_new else site.symbol.label} does not take",
        f"Mend the table of {site.symbol.label} in the pack; the signature has {taken}.",
        "table that does not fit",
    )


def _refused(rules: Rules) -> Refusal | None:
    if rules.verdict is Verdict.LEFT:
        return left(rules.reason or "stays on purpose", rules.group or "stays on purpose")
    return _flagged(rules) if rules.verdict is Verdict.MANUAL else None


def _flagged(rules: Rules) -> Refusal:
    advice = rules.advice or "Change it by hand."
    return manual(rules.reason or "the pack leaves it to a person", advice, rules.group or "left to a person")


def _cannot_tell(when: When, given: Bound | None) -> Refusal:
    unpacks = given is not None and given.unpacks
    why = "unpacks arguments" if unpacks else "gives arguments by position, and the old signature is not known"
    what = f" ({when.reason})" if when.reason else ""
    return manual(
        f"{why}, so that it cannot be told whether a rule of the pack applies{what}",
        when.advice or "Look at the arguments, and change it by hand.",
        "arguments cannot be told",
    )


def _import(site: Site, symbol: OldSymbol, rules: Rules) -> Answer:
    if not symbol.becomes:
        return _flagged(rules)
    return Rewrite(symbol.becomes, rules.reason or f"imports {symbol.becomes.rpartition('.')[2]}")


def _use(site: Site, symbol: OldSymbol, rules: Rules) -> Answer:
    if not symbol.becomes:
        return _flagged(rules)
    if use_of(site) == "assignment":
        return manual(f"assigns to {symbol.label}", "Change it by hand.", "assigned to")
    plain = _spelled(site, symbol, rules)
    if isinstance(plain, Refusal):
        return plain
    answer = call_answer(site, rules, plain) if site.kind == "call" else _reference(site, rules, plain)
    return _weighed(answer, site) if isinstance(answer, Rewrite) else answer


def _spelled(site: Site, symbol: OldSymbol, rules: Rules) -> Rewrite | Refusal:
    """Return the rewrite of the name alone: the canonical symbol, a member of it, or another name of the same thing."""
    said = Rewrite(
        symbol.becomes,
        rules.reason or f"{symbol.label} becomes {symbol.goal.removeprefix(symbol.home + '.')}",
        rules.verdict,
        hint=rules.advice,
        group=rules.group,
        member=symbol.member,
    )
    if not _is_of_same(site, symbol):
        return said if site.bound else _not_here(f"{symbol.becomes} cannot be imported beside the name")
    if site.through == "module":
        return replace(said, target="", member=symbol.goal.removeprefix(f"{symbol.home}."))
    if not symbol.member:
        return manual(f"{symbol.label} has no counterpart on an object", "Change it by hand.", "no counterpart")
    if rules.imports and not site.bound:
        return _not_here(f"needs an import of {', '.join(rules.imports)}")
    return replace(said, target="")


def _is_of_same(site: Site, symbol: OldSymbol) -> bool:
    """Whether the new name can be read from what the old one is read from."""
    if site.through == "object":
        return True
    if site.through == "class":
        return symbol.becomes == f"{symbol.home}.{symbol.owner}"
    named = site.origin.symbol.module if site.origin.symbol is not None else ""
    return site.through == "module" and symbol.becomes.rpartition(".")[0] == named == symbol.home


def _not_here(reason: str) -> Refusal:
    return manual(reason, "Write both by hand.", "no import here")


def _reference(site: Site, rules: Rules, plain: Rewrite) -> Answer:
    form = use_of(site)
    names_a_class = form in {"annotation", "isinstance", "base"}
    changed = bool(rules.awaits or rules.method or rules.changes_arguments)
    if not changed or (names_a_class and not rules.awaits and not rules.method):
        if form == "base" and rules.changes_arguments:
            return replace(plain, verdict=Verdict.REVIEW, hint=_BASE, notes=("its constructor takes other arguments",))
        return plain
    if site.rest and site.rest[0] not in _CONSTRUCTION and not rules.awaits and not rules.method:
        return plain
    return manual(
        "handed on as a value, and what calls it gives the old arguments"
        if rules.changes_arguments
        else "used as a value, and the new one is called in another way",
        "Follow it to its calls, and change them by hand.",
        "old name as a value",
    )


def _weighed(answer: Rewrite, site: Site) -> Rewrite:
    """Put under review what more than the place itself decides."""
    notes = list(answer.notes)
    if site.patched_by:
        notes.append(f"patched or set in {', '.join(site.patched_by[:3])}, which does not follow")
    if site.overridden:
        notes.append(f"bound anew by {', '.join(site.overridden[:3])}: an object of it is called too")
    if site.rest and not _is_taken_over(site):
        notes.append(f"whether {answer.target.rpartition('.')[2] or 'the new one'} has {site.rest[0]} cannot be told")
    if site.through == "object" and site.symbol is not None and _is_of_another_class(site.symbol):
        notes.append("the object must be one of the new class then")
    if site.rest and site.rest[0] in _named_by(site):
        notes.append(f"its {site.rest[0]} is another text")
    if len(notes) == len(answer.notes):
        return answer
    hint = answer.hint or "See that what the notes name follows."
    return replace(answer, verdict=Verdict.REVIEW, notes=tuple(notes), hint=hint)


def _is_taken_over(site: Site) -> bool:
    """Whether what is taken from the old symbol is sure to be there in the new one."""
    symbol = site.target.symbol
    if site.through or site.rest[0].startswith("__") or symbol is None or symbol.kind == "value":
        return True
    return symbol.definition is not None and site.rest[0] in symbol.definition.members


def _named_by(site: Site) -> frozenset[str]:
    """Return the attributes that hold the name of what stands at a place."""
    symbol = site.symbol
    is_member = symbol is not None and bool(symbol.owner) and symbol.name != symbol.member
    return _NAMES | {"name", "_name_"} if is_member and site.through == "class" else _NAMES


def _is_of_another_class(symbol: OldSymbol) -> bool:
    return symbol.becomes != f"{symbol.home}.{symbol.owner}"


_CONSTRUCTION = frozenset({"__init__", "__new__", "__call__"})
_NAMES = frozenset({"__name__", "__qualname__", "__module__"})
_BASE = "See what the class hands to the constructor of its base."
