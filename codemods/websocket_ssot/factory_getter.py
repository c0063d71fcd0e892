"""`f = get_websocket_manager_factory(); await f(user_context=c)`: the getter hands out the factory function itself."""

from __future__ import annotations

import libcst as cst

from recanon.codemod import Answer, Call, Example, Rewrite, Site, Use, VariableUse, manual


class FactoryGetter:
    """Replace the getter where only the function that it hands out is called."""

    title = "get_websocket_manager_factory() becomes get_websocket_manager where it is only called"

    def answer(self, site: Site) -> Answer:
        """Answer for an import, a call or a reference of the getter."""
        if site.kind == "import":
            return _import(site)
        if site.use is None or site.use.call is None or site.expects_failure:
            return manual("the getter is used as a value, or where a failure is expected", _HINT, "factory object")
        produced = site.product.definition if site.product else None
        if produced is None or not produced.is_async or not site.target_awaitable:
            return manual("what the getter hands out cannot be told", _HINT, "factory object")
        return _call(site, site.use, site.use.call)

    examples = (
        Example(
            "A function that is handed out and only awaited is the canonical one.",
            before="""
                from app.websocket_core.websocket_manager_factory import get_websocket_manager_factory


                async def test_manager(context):
                    factory = get_websocket_manager_factory()
                    assert await factory(user_context=context)
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def test_manager(context):
                    factory = get_websocket_manager
                    assert await factory(user_context=context)
            """,
        ),
        Example(
            "An object with methods is expected: the getter never gave one.",
            before="""
                from app.websocket_core.websocket_manager_factory import get_websocket_manager_factory


                async def test_manager(context):
                    factory = get_websocket_manager_factory()
                    assert await factory.create_manager(context)
            """,
            verdict="manual",
        ),
        Example(
            "A factory that is handed on is left to a person.",
            before="""
                from app.websocket_core.websocket_manager_factory import get_websocket_manager_factory


                def test_factory(check):
                    check(get_websocket_manager_factory())
            """,
            verdict="manual",
        ),
    )


_HINT = "Call get_websocket_manager with the user's context where a manager is needed."


def _import(site: Site) -> Answer:
    if not site.uses and (site.local_guards or "def" in site.guards):
        return manual("imported and never used here: the import itself is the test", _HINT, "import probe")
    return Rewrite("", "imported and never used")


def _call(site: Site, use: Use, call: Call) -> Answer:
    if not call.assigned or "." in call.assigned or call.awaited or not use.variable:
        return manual("the factory object goes where it cannot be followed", _HINT, "factory object")
    wrong = next((later for later in use.variable if not _fits(later)), None)
    if wrong is not None:
        what = f".{wrong.attribute}" if wrong.attribute else f"as {wrong.form}"
        return manual(f"the getter hands out a function, and the code uses it {what}", _HINT, "factory object")
    return Rewrite(
        site.becomes,
        "the getter hands out the factory function; every use of it is a call that the canonical function takes",
        build=lambda call, name: cst.parse_expression(name),
        reshapes=True,
    )


def _fits(later: VariableUse) -> bool:
    call = later.call
    return (
        later.form == "call"
        and call is not None
        and call.awaited
        and len(call.arguments) == 1
        and call.arguments[0].keyword in {"", "user_context"}
    )
