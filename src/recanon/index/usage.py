"""Facts about how code uses a name: as what, how it is called, and what becomes of the result."""

from __future__ import annotations

from typing import Literal, NamedTuple

from recanon.edit import Span

_Marked = Literal["isinstance", "annotation", "base", "decorator", "patch object"]
_RUNNERS = {
    *("run", "run_until_complete", "run_coroutine_threadsafe", "create_task", "ensure_future"),
    *("gather", "wait", "wait_for", "shield"),
}
Form = Literal["call", "attribute", "assignment", "comparison", "pattern", "except", "reference"] | _Marked


class Argument(NamedTuple):
    """An argument of a call.

    Args:
        keyword: "" for a positional one, `*` or `**` for unpacking.
        is_none: whether it is the constant None.
        text: its value.
        simple: whether the value is a name, an attribute or a plain constant, which may be written more than once.
        fixed: whether it is a name or a plain constant, which nothing can tell from when it is computed.
    """

    keyword: str
    is_none: bool
    text: Span
    simple: bool = False
    fixed: bool = False


class Call(NamedTuple):
    """A call of the name used.

    Args:
        span: the whole call.
        arguments: its arguments in order of the text.
        awaited: whether `await` stands directly before it.
        outer: span of the `await` expression, or of the call.
        inside: dotted name of the function whose argument the call is, or "".
        assigned: the simple name that the (awaited) call is assigned to, or "".
        statement: return, expression, assign, yield or other.
        needs_parens: whether an `await` put before it would bind wrongly without parentheses.
        attribute: the attribute taken from the result, or "".
        in_comprehension: whether it stands in a comprehension.
        in_generator: whether the nearest comprehension is a generator expression, where `await` makes an async one.
        method: the call of that attribute, where it is called at once.
    """

    span: Span
    arguments: tuple[Argument, ...]
    awaited: bool
    outer: Span
    inside: str = ""
    assigned: str = ""
    statement: str = "other"
    needs_parens: bool = False
    attribute: str = ""
    in_comprehension: bool = False
    in_generator: bool = False
    method: Call | None = None

    @property
    def is_run(self) -> bool:
        """Whether it is an argument of something that runs coroutines, such as `asyncio.run`."""
        return self.inside.rpartition(".")[2] in _RUNNERS


class VariableUse(NamedTuple):
    """A later use of the variable that a call's result was assigned to."""

    form: Literal["await", "call", "method", "attribute", "argument", "other"]
    span: Span
    attribute: str = ""
    inside: str = ""
    call: Call | None = None


class Use(NamedTuple):
    """A place where code reads a name.

    Args:
        dotted: the name, or the dotted chain that ends in it.
        span: the whole chain.
        name_span: the last name of the chain.
        scope: index of the scope in which it stands.
        function: sync, async or none: the kind of the nearest function around it.
        form: call, or how else it is used.
        guards: the blocks around it up to the module, from the outermost.
        annotated: whether it stands in an annotation, which need not be evaluated.
        in_fstring: whether it stands in a replacement field, where positions are not exact before Python 3.12.
    """

    dotted: str
    span: Span
    name_span: Span
    scope: int
    function: Literal["sync", "async", "none"]
    form: Form
    guards: tuple[str, ...] = ()
    call: Call | None = None
    variable: tuple[VariableUse, ...] = ()
    in_fstring: bool = False
    annotated: bool = False
    attribute: str = ""
    inside: str = ""

    @property
    def root(self) -> str:
        """The first name of the chain."""
        return self.dotted.partition(".")[0]
