"""Let a codemod build the new expression, and let its failure cost no more than the file at hand."""

from __future__ import annotations

import re

import libcst as cst

from recanon.codemod import GUEST_ERRORS, Rewrite
from recanon.engines.islands import render
from recanon.errors import EditConflictError
from recanon.rewrite.calls import with_callee, with_member


def built(answer: Rewrite, call: cst.Call, local: str, path: str, codemod: str) -> cst.BaseExpression:
    """Return the new expression for a call.

    Args:
        answer: the rewrite.
        call: the call as it stands.
        local: the local name of the canonical symbol.
        path: the file, for the message.
        codemod: id of the codemod, for the message.

    Raises:
        EditConflictError: the codemod failed, or gave no expression.
    """
    try:
        node = answer.build(call, local) if answer.build else _with_other_name(answer, call, local)
    except GUEST_ERRORS as exc:
        raise EditConflictError(f"{path}: {codemod} failed to rewrite a call: {type(exc).__name__}: {exc}") from exc
    if not isinstance(node, cst.BaseExpression):
        raise EditConflictError(f"{path}: {codemod} gave {type(node).__name__} where an expression was due")
    if lost := _lost_comment(call, node):
        raise EditConflictError(f"{path}: the comment {lost!r} stands within the name of what is called")
    return node


def _lost_comment(call: cst.Call, node: cst.BaseExpression) -> str:
    """Return a comment between the parts of the name that is called which the new expression does not hold, or ""."""
    comments: list[str] = re.findall("#[^\r\n]*", render(call.func))
    text = render(node) if comments else ""
    return next((comment for comment in comments if comment not in text), "")


def _with_other_name(answer: Rewrite, call: cst.Call, local: str) -> cst.Call:
    return with_callee(call, local) if answer.target else with_member(call, answer.member)
