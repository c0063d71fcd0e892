"""How a name is used: what stands around it, from the nearest expression up to the module."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, NamedTuple

from recanon.edit import Span
from recanon.index.arguments import arguments_of
from recanon.index.facts import ScopeKind
from recanon.index.nodes import child_nodes, dotted_name, node_span
from recanon.index.usage import Call, Form, Use, VariableUse
from recanon.source import Source, occurrences

_COMPARING = {"assertIs", "assertIsNot", "assertEqual", "assertNotEqual", "id"}
_CATCHING = {"suppress", "raises", "assertRaises", "assertRaisesRegex"}
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Ancestors(NamedTuple):
    """What stands around a node.

    Args:
        scope: index of the scope.
        guards, local_guards: the blocks around it up to the module, and within its scope.
        function: kind of the nearest function.
        chain: the expressions around it within its statement, outermost first.
        statement: the statement it stands in.
        holder: the nearest function, for what happens to a variable later.
        place: suite number, index and size of its statement's block.
        mark: decorator, annotation or base, where the node stands in one.
        generator: whether it stands in a generator expression, where `await` would make an async one.
    """

    scope: int
    guards: tuple[str, ...] = ()
    local_guards: tuple[str, ...] = ()
    function: Literal["sync", "async", "none"] = "none"
    chain: tuple[ast.AST, ...] = ()
    statement: ast.stmt | None = None
    holder: ast.stmt | None = None
    place: tuple[int, int, int] = (0, 0, 0)
    mark: str = ""
    generator: bool = False

    def into_statement(self, node: ast.stmt, suite: int, index: int, size: int) -> Ancestors:
        """Step down into a statement of a block."""
        return self._replace(statement=node, chain=(), place=(suite, index, size), mark="")

    def guarded(self, label: str) -> Ancestors:
        """Step down into a block; an empty label leaves no trace."""
        if not label:
            return self
        return self._replace(guards=(*self.guards, label), local_guards=(*self.local_guards, label))

    def into_scope(self, scope: int, kind: ScopeKind) -> Ancestors:
        """Step down into a scope that the current node opens."""
        inner = self._replace(scope=scope)
        if kind == "comprehension":
            return inner
        inner = inner._replace(local_guards=(), generator=False)
        if kind == "class":
            return inner._replace(function="none")
        function: Literal["sync", "async"] = "async" if kind == "async function" else "sync"
        holder = self.statement if kind != "lambda" else self.holder
        return inner._replace(function=function, holder=holder, guards=(*self.guards, "def"))

    def down(self, node: ast.AST) -> Ancestors:
        """Step down into an expression."""
        return self._replace(chain=(*self.chain, node))

    def within(self, mark: str) -> Ancestors:
        """Mark what the node is part of."""
        return self._replace(mark=mark)


def describe_use(
    source: Source,
    node: ast.expr,
    dotted: str,
    above: Ancestors,
    *,
    whole: Span | None = None,
    follow: bool = False,
) -> Use:
    """Describe a place that reads a name.

    Args:
        source: the file.
        node: the name or the chain of attributes.
        dotted: its dotted text.
        above: what stands around it.
        whole: the f-string that holds it, where it stands in one.
        follow: whether to look what happens to the variable that a call's result is assigned to.
    """
    span = whole or node_span(source, node)
    last = dotted.rpartition(".")[2]
    name_span = whole or Span(span.end - len(last), span.end)
    parent = above.chain[-1] if above.chain else above.statement
    call = _call(source, node, above) if not whole else None
    return Use(
        dotted=dotted,
        span=span,
        name_span=name_span,
        scope=above.scope,
        function=above.function,
        form=_form(node, parent, above, call is not None),
        guards=above.guards,
        call=call,
        variable=_variable(source, call, above) if follow else (),
        in_fstring=whole is not None,
        annotated=above.mark == "annotation",
        attribute=parent.attr if isinstance(parent, ast.Attribute) else "",
        inside=_inside(node, parent),
    )


def _form(node: ast.expr, parent: ast.AST | None, above: Ancestors, called: bool) -> Form:
    if called:
        return "call"
    if isinstance(node, (ast.Attribute, ast.Name)) and not isinstance(node.ctx, ast.Load):
        return "assignment"
    if isinstance(parent, ast.MatchValue):
        return "pattern"
    if isinstance(parent, ast.MatchClass):
        return "isinstance"
    if _is_caught(node, parent, above):
        return "except"
    if above.mark == "annotation":
        return "annotation"
    if above.mark == "base":
        return "base"
    if above.mark == "decorator" and not above.chain:
        return "decorator"
    inside = _inside(node, parent)
    holder = above.chain[-2] if len(above.chain) > 1 and isinstance(parent, ast.Tuple) else parent
    if isinstance(holder, ast.Call) and dotted_name(holder.func) in {"isinstance", "issubclass"}:
        return "isinstance" if holder.args and holder.args[0] is not node else "reference"
    if inside.rpartition(".")[2] in {"object", "multiple"} and "patch" in inside:
        return "patch object"
    if isinstance(parent, ast.Attribute):
        return "attribute"
    if isinstance(parent, ast.Compare) or inside.rpartition(".")[2] in _COMPARING:
        return "comparison"
    return "reference"


def _is_caught(node: ast.expr, parent: ast.AST | None, above: Ancestors) -> bool:
    """Whether it is a class that `except` names, or that a context manager expects."""
    if isinstance(above.statement, (ast.Try, ast.TryStar)):
        whole = parent if isinstance(parent, ast.Tuple) else node
        return any(handler.type is whole for handler in above.statement.handlers)
    return _inside(node, parent).rpartition(".")[2] in _CATCHING


def _inside(node: ast.AST, parent: ast.AST | None) -> str:
    if isinstance(parent, ast.keyword):
        return ""
    if isinstance(parent, ast.Call) and parent.func is not node:
        return dotted_name(parent.func) or "?"
    return ""


def _call(source: Source, node: ast.expr, above: Ancestors) -> Call | None:
    chain = above.chain
    if not chain or not isinstance(chain[-1], ast.Call) or chain[-1].func is not node:
        return None
    return describe_call(source, chain[-1], above._replace(chain=chain[:-1]))


def describe_call(source: Source, call: ast.Call, above: Ancestors) -> Call:
    """Describe a call and what is done with its result."""
    chain = above.chain
    parent = chain[-1] if chain else above.statement
    awaited = isinstance(parent, ast.Await)
    outer: ast.expr = call
    if isinstance(parent, ast.Await):
        outer, chain = parent, chain[:-1]
        parent = chain[-1] if chain else above.statement
    method = chain[-2] if isinstance(parent, ast.Attribute) and len(chain) > 1 else None
    return Call(
        span=node_span(source, call),
        arguments=tuple(arguments_of(source, call)),
        awaited=awaited,
        outer=node_span(source, outer),
        inside=_inside(outer, parent),
        assigned=_assigned(above.statement, outer),
        statement=_statement(above.statement, outer),
        needs_parens=_binds_tighter(parent, outer),
        attribute=parent.attr if isinstance(parent, ast.Attribute) else "",
        in_comprehension=any(isinstance(n, _COMPREHENSIONS) for n in chain),
        in_generator=above.generator,
        method=_method(source, method, parent, above._replace(chain=chain[:-2])),
    )


def _method(source: Source, node: ast.AST | None, attribute: ast.AST | None, above: Ancestors) -> Call | None:
    """Describe the call of an attribute that is taken from a call's result."""
    if isinstance(node, ast.Call) and node.func is attribute:
        return describe_call(source, node, above)
    return None


def _binds_tighter(parent: ast.AST | None, node: ast.expr) -> bool:
    if isinstance(parent, (ast.Attribute, ast.Await)):
        return True
    if isinstance(parent, ast.Subscript):
        return parent.value is node
    if isinstance(parent, ast.Call):
        return parent.func is node
    return isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.left is node


def _assigned(statement: ast.stmt | None, value: ast.expr) -> str:
    if isinstance(statement, ast.AnnAssign) and statement.value is value:
        return dotted_name(statement.target)
    if isinstance(statement, ast.Assign) and statement.value is value and len(statement.targets) == 1:
        return dotted_name(statement.targets[0])
    return ""


def _statement(statement: ast.stmt | None, value: ast.expr) -> str:
    match statement:
        case ast.Return() if statement.value is value:
            return "return"
        case ast.Expr() if statement.value is value:
            return "expression"
        case ast.Assign() | ast.AnnAssign() if statement.value is value:
            return "assign"
    return "other"


def _variable(source: Source, call: Call | None, above: Ancestors) -> tuple[VariableUse, ...]:
    if call is None or not call.assigned or above.holder is None:
        return ()
    root = call.assigned
    return tuple(_later_uses(source, above.holder, root, call.span.end))


def _later_uses(source: Source, holder: ast.stmt, name: str, after: int) -> Iterator[VariableUse]:
    end = node_span(source, holder).end
    lines = sorted({source.line_of(at) for at in (after, *occurrences(source.text, name, after, end))})
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(holder, ())]
    while stack:
        node, chain = stack.pop()
        if isinstance(node, (ast.stmt, ast.expr)) and not _on(lines, node):
            continue
        if isinstance(node, (ast.Name, ast.Attribute)) and dotted_name(node) == name:
            if isinstance(node.ctx, ast.Load) and node_span(source, node).start > after:
                yield _variable_use(source, node, chain)
            continue
        below = (*chain, node)
        stack.extend((child, below) for child in child_nodes(node))


def _on(lines: list[int], node: ast.stmt | ast.expr) -> bool:
    place = bisect_left(lines, node.lineno)
    return place < len(lines) and lines[place] <= (node.end_lineno or node.lineno)


def _variable_use(source: Source, node: ast.Name | ast.Attribute, chain: tuple[ast.AST, ...]) -> VariableUse:
    parent = chain[-1]
    span = node_span(source, node)
    if isinstance(parent, ast.Await):
        return VariableUse("await", span)
    if isinstance(parent, ast.Call) and parent.func is node:
        return VariableUse("call", span, call=_chained_call(source, parent, chain[:-1]))
    if isinstance(parent, ast.Attribute):
        holder = chain[-2] if len(chain) > 1 else None
        if isinstance(holder, ast.Call) and holder.func is parent:
            return VariableUse("method", span, parent.attr, call=_chained_call(source, holder, chain[:-2]))
        return VariableUse("attribute", span, parent.attr)
    if isinstance(parent, ast.Call):
        return VariableUse("argument", span, inside=_asked(parent, chain))
    return VariableUse("other", span)


def _asked(call: ast.Call, chain: tuple[ast.AST, ...]) -> str:
    """Name the function whose argument it is, with `not` before it where the code wants its answer to be false."""
    name = dotted_name(call.func) or "?"
    holder = chain[-2] if len(chain) > 1 else None
    denied = isinstance(holder, ast.UnaryOp) and isinstance(holder.op, ast.Not)
    if isinstance(holder, ast.Call):
        denied = dotted_name(holder.func).rpartition(".")[2] == "assertFalse"
    return f"not {name}" if denied else name


def _chained_call(source: Source, call: ast.Call, chain: tuple[ast.AST, ...]) -> Call:
    expressions = []
    for node in reversed(chain):
        if isinstance(node, ast.stmt):
            break
        expressions.append(node)
    statement = next((node for node in reversed(chain) if isinstance(node, ast.stmt)), None)
    return describe_call(source, call, Ancestors(0, chain=tuple(reversed(expressions)), statement=statement))
