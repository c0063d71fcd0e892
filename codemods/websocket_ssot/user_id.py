"""`create_websocket_manager(user_id=...)`: the canonical function takes a context, so one is made of the user's id.

Asked before the codemod of the factory function; it answers for calls with a user's id alone and for nothing else.
"""

from __future__ import annotations

import libcst as cst

from recanon.codemod import Answer, Call, Example, Rewrite, Site, manual, with_callee


class UserId:
    """Offer a context made of a user's id."""

    title = (
        "create_websocket_manager(user_id=...) becomes get_websocket_manager(user_context=UserExecutionContext(...))"
    )

    def answer(self, site: Site) -> Answer | None:
        """Answer for a call with a user's id alone."""
        call = site.use.call if site.use else None
        if call is None or [argument.keyword for argument in call.arguments] != ["user_id"]:
            return None
        if site.expects_failure or site.awaitable is None or not site.target_awaitable:
            return None
        return _offer(site, call)

    examples = (
        Example(
            "A user's id alone is offered with a context made of it, for review.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager


                async def manager():
                    return await create_websocket_manager(user_id="u1")
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager
                from app.services.user_execution_context import UserExecutionContext


                async def manager():
                    return await get_websocket_manager(user_context=UserExecutionContext(user_id="u1", thread_id="thread_u1", run_id="run_u1", request_id="request_u1"))
            """,  # noqa: E501 - one line, as it is written
            verdict="review",
            include_review=True,
        ),
        Example(
            "A value that is not the same each time cannot be written four times.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager


                async def manager(new_id):
                    return await create_websocket_manager(user_id=new_id())
            """,
            verdict="manual",
        ),
    )


def _offer(site: Site, call: Call) -> Answer:
    if not call.awaited and site.awaitable is False:
        return manual("called with user_id", "Pass a UserExecutionContext as user_context.", "user_id")
    if not call.arguments[0].simple:
        return manual(
            "called with user_id; its value cannot be written four times",
            "Give the value a name, make a UserExecutionContext of it and pass that as user_context.",
            "user_id",
        )
    context = site.migration.templates["context_class"]
    short = context.rpartition(".")[2]
    return Rewrite(
        site.becomes,
        "the canonical function takes a context; one is made of the user's id",
        "review",
        build=lambda call, name: _context_call(call, name, short),
        imports=(context,),
        hint="Pass the real context where there is one; else take this, whose ids are made of the user's id.",
        group="user_id",
        turns=not site.awaitable,
    )


def _context_call(call: cst.Call, name: str, context: str) -> cst.Call:
    value = call.args[0].value
    parts = [f"user_id={_code(value)}"]
    parts += [f"{key}={_derived(value, word)}" for key, word in _IDS]
    argument = cst.Arg(
        keyword=cst.Name("user_context"),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
        value=cst.parse_expression(f"{context}({', '.join(parts)})"),
    )
    return with_callee(call, name).with_changes(
        args=[call.args[0].with_changes(keyword=argument.keyword, value=argument.value)]
    )


_IDS = (("thread_id", "thread"), ("run_id", "run"), ("request_id", "request"))


def _derived(value: cst.BaseExpression, word: str) -> str:
    if isinstance(value, cst.SimpleString) and isinstance(value.evaluated_value, str):
        quote = value.quote
        return f"{quote}{word}_{value.raw_value}{quote}"
    code = _code(value)
    quote = '"' if '"' not in code else "'"
    return f"f{quote}{word}_{{{code}}}{quote}"


def _code(node: cst.CSTNode) -> str:
    return cst.Module(body=[]).code_for_node(node)
