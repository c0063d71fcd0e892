"""The arguments of a call: taken out, moved, added; comments and layout stay where they are."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from recanon.rewrite.calls import bracketed

Whitespace = cst.BaseParenthesizableWhitespace


def with_arguments(call: cst.Call, args: Sequence[tuple[int, cst.Arg]]) -> cst.Call:
    """Return the call with other arguments.

    Args:
        call: the call.
        args: the new arguments, each with the place of the old one that it comes from, or -1. What stands between the
            arguments stays at its place, also where they change places; what belongs to one that goes, goes.
    """
    slots = _slots(call)
    kept = {place for place, _ in args if place >= 0}
    between: list[Whitespace] = [slots[0]]
    for place in range(len(call.args)):
        if place in kept:
            between.append(slots[place + 1])
        else:
            between[-1] = _joined(between[-1], slots[place + 1], last=place == len(call.args) - 1)
    trailing = bool(call.args) and isinstance(call.args[-1].comma, cst.Comma)
    for _ in range(len(args) - len(kept)):
        between.insert(max(len(between) - 1, 1), _step(slots)) if kept else between.append(cst.SimpleWhitespace(""))
    return _laid_out(call, [_single(arg, len(args)) for _, arg in args], between, trailing)


def keyword_argument(name: str, value: cst.BaseExpression) -> cst.Arg:
    """Return an argument that is given by keyword."""
    return as_keyword(cst.Arg(value), name)


def as_keyword(arg: cst.Arg, name: str) -> cst.Arg:
    """Return an argument given by keyword; one that is already keeps what stands around the equal sign."""
    if arg.keyword is not None:
        return arg.with_changes(keyword=cst.Name(name))
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return arg.with_changes(keyword=cst.Name(name), equal=equal, value=bracketed(arg.value))


def as_positional(arg: cst.Arg) -> cst.Arg:
    """Return an argument given by position."""
    return arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)


def _single(arg: cst.Arg, count: int) -> cst.Arg:
    """A generator expression may stand without brackets of its own only where it is the one argument."""
    alone = count == 1 and arg.keyword is None
    return arg if alone or not isinstance(arg.value, cst.GeneratorExp) else arg.with_changes(value=bracketed(arg.value))


def _slots(call: cst.Call) -> list[Whitespace]:
    """The white space before the first argument, between the arguments and after the last one."""
    slots: list[Whitespace] = [call.whitespace_before_args]
    for arg in call.args:
        comma = arg.comma
        if isinstance(comma, cst.Comma):
            slots.append(_around(comma.whitespace_before, comma.whitespace_after))
        else:
            slots.append(arg.whitespace_after_arg)
    return slots


def _around(before: Whitespace, after: Whitespace) -> Whitespace:
    """White space around a comma that stands on the next line: the comments before it stay."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    comment = after.first_line.comment
    own = [cst.EmptyLine(comment=comment)] if comment is not None else []
    return after.with_changes(first_line=before.first_line, empty_lines=[*before.empty_lines, *own, *after.empty_lines])


def _step(slots: Sequence[Whitespace]) -> Whitespace:
    """The white space before an added argument: as between the others."""
    if len(slots) > 2:
        before = slots[-2]
    else:
        before = slots[0] if isinstance(slots[0], cst.ParenthesizedWhitespace) else cst.SimpleWhitespace(" ")
    if isinstance(before, cst.ParenthesizedWhitespace):
        return before.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
    return before


def _joined(before: Whitespace, after: Whitespace, *, last: bool) -> Whitespace:
    """White space around an argument that goes: comments on lines of their own stay."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after if last or isinstance(after, cst.ParenthesizedWhitespace) else before
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    return after.with_changes(first_line=before.first_line, empty_lines=[*before.empty_lines, *after.empty_lines])


def _laid_out(call: cst.Call, args: Sequence[cst.Arg], between: Sequence[Whitespace], trailing: bool) -> cst.Call:
    laid: list[cst.Arg] = []
    for place, arg in enumerate(args):
        after = between[place + 1]
        nothing = cst.SimpleWhitespace("")
        if place == len(args) - 1 and not trailing:
            laid.append(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=after))
        else:
            laid.append(arg.with_changes(comma=cst.Comma(nothing, after), whitespace_after_arg=nothing))
    first = between[0] if args or isinstance(between[0], cst.ParenthesizedWhitespace) else cst.SimpleWhitespace("")
    return call.with_changes(args=laid, whitespace_before_args=first)
