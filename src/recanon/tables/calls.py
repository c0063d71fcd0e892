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
from recanon.tables.binding import bound, old_params


def call_answer(site: Site, rules: Rules, plain: Rewrite) -> Answer:
    """Answer for a call.

    Args:
        site: the call.
        rules: what the table says, with the verdict of the rule that fits.
        plain: the rewrite of the name alone.
    """
    call = site.call
    assert call is not None
    if rules.method:
        return _through_method(call, rules, plain, site)
    refusal = _await_trouble(site, call, rules)
    if refusal is not None:
        return refusal
    awaits = rules.awaits and site.awaitable is not True and not call.awaited
    turned = replace(plain, turns=rules.awaits and site.awaitable is not True)
    shape = reshaped(bound(call, old_params(site)), rules.arguments) if rules.changes_arguments else None
    return _rewritten(site, turned, rules, shape=shape, awaits=awaits)


def _rewritten(site: Site, plain: Rewrite, rules: Rules, *, shape: Shape | None, awaits: bool) -> Answer:
    if shape is None:
        return replace(plain, build=builder(plain, None, awaits=True)) if awaits else plain
    if shape.trouble:
        return manual(shape.trouble, rules.advice or "Change it by hand.", "arguments cannot be told")
    call = site.call.method if rules.method and site.call is not None else site.call
    arguments = call.arguments if call is not None else ()
    notes = (*plain.notes, *shape.notes)
    review = shape.review or len(notes) > len(plain.notes)
    return replace(
        plain,
        build=builder(plain, shape, awaits=awaits),
        verdict=Verdict.REVIEW if review else plain.verdict,
        hint=plain.hint or ("See that what the notes name does not matter." if review else ""),
        imports=rules.imports if any(item.code for item in shape.items) else (),
        notes=notes,
        drops=shape.dropped,
        reshapes=_changes(shape, arguments),
    )


def _changes(shape: Shape, old: Sequence[Argument]) -> bool:
    """Whether anything but the name of what is called changes."""
    new = [(item.place, item.name if item.keyword else "") for item in shape.items]
    return new != [(place, argument.keyword) for place, argument in enumerate(old)]


def _await_trouble(site: Site, call: Call, rules: Rules) -> Refusal | None:
    """Tell why the await-ness of a call cannot be put right."""
    if not rules.awaits:
        if site.awaitable is False and site.target_awaitable:
            return manual(
                "the new one gives something to await, and the table does not say so",
                "Say `await = true` in the table, or change it by hand.",
                "await-ness differs",
            )
        if site.awaitable and site.target_awaitable is False:
            return manual("the new one is not awaited", "Change it by hand.", "await-ness differs")
        return None
    if site.awaitable is True or call.awaited:
        return None
    if site.function != "async":
        where = "in a plain function" if site.function == "sync" else "outside of functions"
        return manual(
            f"the new one is awaited, and this call stands {where}",
            rules.advice or "Make what stands around it async, and its callers too.",
            "await outside of an async function",
        )
    later_awaited = any(later.form == "await" for later in site.later)
    if call.in_generator or later_awaited or site.is_handed_to_runner:
        why = "in a generator expression" if call.in_generator else "and is awaited or run elsewhere"
        return manual(f"the new one is awaited, and this call stands {why}", "Change it by hand.", "await elsewhere")
    return None


def _through_method(call: Call, rules: Rules, plain: Rewrite, site: Site) -> Answer:
    """Answer for `Factory().create(x)`, whose arguments go to what takes the place of both."""
    method = call.method
    if call.attribute != rules.method or method is None:
        what = f"asked for {call.attribute}" if call.attribute else "kept"
        return manual(
            f"an object is made and {what}; only a call of {rules.method} at once has a counterpart",
            rules.advice or "Change it by hand.",
            "object that is kept",
        )
    if call.arguments:
        return manual("what is made takes arguments, which would be lost", "Change it by hand.", "arguments lost")
    if rules.awaits and not method.awaited and site.function != "async":
        return manual("the new one is awaited, and this call is not", "Change it by hand.", "await elsewhere")
    shape = reshaped(bound(method, rules.signature), rules.arguments) if rules.changes_arguments else None
    awaits = rules.awaits and not method.awaited
    if shape is None:
        return replace(plain, build=builder(plain, None, awaits=awaits), method=True, reshapes=True)
    changed = _rewritten(site, plain, rules, shape=shape, awaits=awaits)
    return replace(changed, method=True, reshapes=True) if isinstance(changed, Rewrite) else changed


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
