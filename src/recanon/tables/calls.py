"""A call of an old symbol: its new arguments, its `await`, and the method of what it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import libcst as cst

from recanon.codemod import Answer, Refusal, Rewrite, manual
from recanon.index.usage import Argument, Call
from recanon.outcome import Verdict
from recanon.rewrite.arguments import as_keyword, as_positional, keyword_argument, with_arguments
from recanon.rewrite.calls import with_callee, with_member
from recanon.rules import Rules
from recanon.sites import Site
from recanon.tables.arguments import Item, Shape, reshaped
from recanon.tables.awaiting import await_doubt, await_trouble, gave_awaitable
from recanon.tables.binding import Bound, bound, called, new_params, old_params
from recanon.tables.fitting import is_hidden, misfit, misplaced


def call_answer(site: Site, rules: Rules, plain: Rewrite) -> Answer:
    """Answer for a call.

    Args:
        site: the call.
        rules: what the table says, with the verdict of the rule that fits.
        plain: the rewrite of the name alone.
    """
    assert site.call is not None
    refusal = _method_trouble(site.call, rules)
    call = called(site)
    if refusal is not None or call is None:
        return refusal or manual("is not called itself", "Change it by hand.", "object that is kept")
    given = bound(call, old_params(site))
    shape = reshaped(given, rules.arguments, new_params(site)) if rules.changes_arguments else None
    refusal = await_trouble(site, call, rules) or _trouble(site, call, given, shape)
    return refusal or _rewritten(site, call, _noted(plain, site, given, shape), shape=shape)


def _trouble(site: Site, call: Call, given: Bound, shape: Shape | None) -> Refusal | None:
    """Tell why the arguments of the new call cannot be told, or would not fit."""
    advice = site.symbol.rules.advice if site.symbol is not None else ""
    hint = advice or "Change it by hand."
    if shape is not None and (why := shape.trouble or _shadowed(site, shape)):
        return manual(why, hint, "arguments cannot be told")
    new = new_params(site)
    reason = misfit(call, shape, new) if shape is not None else misplaced(given, call, new)
    if not reason:
        return None
    return manual(f"the new call would not fit {site.becomes}: {reason}", hint, "new call would not fit")


def _shadowed(site: Site, shape: Shape) -> str:
    added = any(item.code for item in shape.items)
    return f"adds a value that names {', '.join(site.shadowed)}, bound by the file" if added and site.shadowed else ""


def _noted(plain: Rewrite, site: Site, given: Bound, shape: Shape | None) -> Rewrite:
    """Put under review what cannot be told, or is no longer done."""
    call = called(site)
    assert call is not None
    doubt = await_doubt(site, call)
    notes = [*(shape.notes if shape is not None else ()), *filter(None, [doubt])]
    if shape is None and is_hidden(given, new_params(site)):
        notes.append(f"{site.becomes} takes other arguments, and what is unpacked cannot be told")
    if not notes:
        return plain
    hint = plain.hint or "See that what the notes name does not matter."
    return replace(plain, notes=(*plain.notes, *notes), turns=bool(doubt), verdict=Verdict.REVIEW, hint=hint)


def _rewritten(site: Site, call: Call, plain: Rewrite, *, shape: Shape | None) -> Rewrite:
    assert site.symbol is not None
    rules = site.symbol.rules
    awaits = rules.awaits and not gave_awaitable(site, call)
    settled = (rules.awaits and site.awaitable is not True) or (call.awaited and site.awaitable is None)
    through = bool(rules.method)
    said = replace(plain, method=through, reshapes=through, turns=plain.turns or settled)
    if shape is None:
        return replace(said, build=builder(plain, None, awaits=awaits)) if awaits or through else said
    return replace(
        said,
        build=builder(plain, shape, awaits=awaits),
        imports=rules.imports if any(item.code for item in shape.items) else (),
        drops=shape.dropped,
        reshapes=through or _changes(shape, call.arguments),
    )


def _changes(shape: Shape, old: Sequence[Argument]) -> bool:
    """Whether anything but the name of what is called changes."""
    new = [(item.place, item.name if item.keyword else "") for item in shape.items]
    return new != [(place, argument.keyword) for place, argument in enumerate(old)]


def _method_trouble(call: Call, rules: Rules) -> Refusal | None:
    """Tell why `Factory().create(x)` cannot be replaced by what takes the place of both."""
    if not rules.method:
        return None
    if call.attribute != rules.method or call.method is None:
        what = f"asked for {call.attribute}" if call.attribute else "kept"
        return manual(
            f"an object is made and {what}; only a call of {rules.method} at once has a counterpart",
            rules.advice or "Change it by hand.",
            "object that is kept",
        )
    if call.arguments:
        return manual("what is made takes arguments, which would be lost", "Change it by hand.", "arguments lost")
    return None


def builder(plain: Rewrite, shape: Shape | None, *, awaits: bool) -> Callable[[cst.Call, str], cst.BaseExpression]:
    """Return what makes the new expression.

    Args:
        plain: the rewrite of the name alone.
        shape: the new arguments, or None where they stay.
        awaits: whether the new call is awaited.
    """

    def build(call: cst.Call, name: str) -> cst.BaseExpression:
        named = with_callee(call, name) if plain.target else with_member(call, plain.member)
        made = named if shape is None else with_arguments(named, [_argument(named, item) for item in shape.items])
        return cst.Await(made) if awaits else made

    return build


def _argument(call: cst.Call, item: Item) -> tuple[int, cst.Arg]:
    if item.place < 0:
        value = cst.parse_expression(item.code)
        return -1, keyword_argument(item.name, value) if item.keyword else cst.Arg(value)
    old = call.args[item.place]
    return item.place, as_keyword(old, item.name) if item.keyword and item.name else as_positional(old)
