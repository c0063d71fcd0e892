"""Calls: another function, the same arguments."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from recanon.index.facts import Param
from recanon.index.usage import Call


def with_callee(call: cst.Call, name: str) -> cst.Call:
    """Return the call with another function and everything else as it stands."""
    return call.with_changes(func=cst.parse_expression(name))


def with_member(call: cst.Call, member: str) -> cst.Call:
    """Return the call of another member of the same object, with everything else as it stands.

    Raises:
        TypeError: what is called is no member of anything.
    """
    if not isinstance(call.func, cst.Attribute):
        raise TypeError("what is called is no member of anything")
    return call.with_changes(func=call.func.with_changes(attr=cst.Name(member)))


def with_keyword(call: cst.Call, name: str, keyword: str) -> cst.Call:
    """Return the call with another function, its first positional argument passed by keyword."""
    first, *others = call.args
    if first.keyword is None:
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        first = first.with_changes(keyword=cst.Name(keyword), equal=equal, value=bracketed(first.value))
    return with_callee(call, name).with_changes(args=[first, *others])


def bracketed(value: cst.BaseExpression) -> cst.BaseExpression:
    """Return a walrus or a bare generator expression in brackets, which it needs once a keyword stands before it."""
    if isinstance(value, cst.NamedExpr | cst.GeneratorExp) and not value.lpar:
        return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return value


def fits(call: Call, params: Sequence[Param]) -> str:
    """Tell why a call does not bind to a signature, as `inspect.Signature.bind` would.

    Returns:
        The reason, or "" when it binds. Unpacked arguments cannot be told: that is a reason too.
    """
    positional = [p for p in params if p.kind in {"positional_only", "positional_or_keyword"}]
    by_name = {p.name for p in params if p.kind in {"positional_or_keyword", "keyword_only"}}
    given = [a for a in call.arguments if not a.keyword]
    keywords = [a.keyword for a in call.arguments if a.keyword]
    if "*" in keywords or "**" in keywords:
        return "unpacked arguments cannot be checked"
    if len(given) > len(positional) and not any(p.kind == "var_positional" for p in params):
        return f"takes {len(positional)} positional arguments, gets {len(given)}"
    filled = {p.name for p in positional[: len(given)]}
    for keyword in keywords:
        if keyword in filled:
            return f"gets {keyword} twice"
        if keyword not in by_name and not any(p.kind == "var_keyword" for p in params):
            return f"takes no argument {keyword}"
        filled.add(keyword)
    needed = [p for p in params if not p.has_default and p.kind not in {"var_positional", "var_keyword"}]
    lacking = [p.name for p in needed if p.name not in filled]
    return f"lacks {', '.join(lacking)}" if lacking else ""
