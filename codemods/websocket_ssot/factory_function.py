"""`create_websocket_manager(...)` becomes `get_websocket_manager(...)`.

Two functions bear the old name: one is `async`, the other is not. What the place means depends on which one it is,
so the answer is read from the definition that the name denotes, never from the name.
"""

from __future__ import annotations

import libcst as cst

from recanon.codemod import Answer, Call, Example, Rewrite, Site, manual, with_callee, with_keyword


class FactoryFunction:
    """Replace calls of the factory function."""

    title = "create_websocket_manager(...) becomes get_websocket_manager(...)"

    def answer(self, site: Site) -> Answer:
        """Answer for an import, a call or a reference of the factory function."""
        if site.kind == "import":
            return import_answer(site)
        call = site.call
        return reference_answer(site) if call is None else refused(site, call) or accepted(site, call)

    examples = (
        Example(
            "An awaited call of the async function keeps its arguments.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager


                async def open_chat(context):
                    return await create_websocket_manager(context)
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def open_chat(context):
                    return await get_websocket_manager(context)
            """,
            path="app/chat.py",
        ),
        Example(
            "The function of the package is not async: a call without `await` in an async function gets one.",
            before="""
                from app.websocket_core import create_websocket_manager


                async def manager(context):
                    return create_websocket_manager(context)
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def manager(context):
                    return await get_websocket_manager(context)
            """,
        ),
        Example(
            "In a plain function of a test, the function that is not async becomes the class, by keyword.",
            before="""
                from app.websocket_core import create_websocket_manager


                def test_manager(context):
                    assert create_websocket_manager(context)
            """,
            after="""
                from app.websocket_core.websocket_manager import WebSocketManager


                def test_manager(context):
                    assert WebSocketManager(user_context=context)
            """,
        ),
        Example(
            "Coroutines that are gathered later stay without `await`.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager


                async def all_of(contexts, gather):
                    return await gather(*[create_websocket_manager(c) for c in contexts])
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def all_of(contexts, gather):
                    return await gather(*[get_websocket_manager(c) for c in contexts])
            """,
        ),
        Example(
            "In production, a plain function cannot use the class, which wants a token there.",
            before="""
                from app.websocket_core import create_websocket_manager


                def manager(context):
                    return create_websocket_manager(context)
            """,
            verdict="manual",
            path="app/service.py",
        ),
        Example(
            "A test that expects the old failure is left to a person.",
            before="""
                import pytest

                from app.websocket_core import create_websocket_manager


                def test_refuses(context):
                    with pytest.raises(ValueError):
                        create_websocket_manager(context)
            """,
            verdict="manual",
        ),
        Example(
            "Without a context the function of the package raises; the canonical one does not.",
            before="""
                from app.websocket_core import create_websocket_manager


                async def manager():
                    return await create_websocket_manager()
            """,
            verdict="manual",
        ),
        Example(
            "A function of the same name from elsewhere is not touched.",
            before="""
                from tests.helpers import create_websocket_manager


                async def manager(context):
                    return await create_websocket_manager(context)
            """,
            verdict="left",
            files={"tests/helpers.py": "async def create_websocket_manager(context):\n    return context\n"},
        ),
    )


def import_answer(site: Site) -> Answer:
    """Answer for the import of an old function: it follows its uses, unless it stands where it is itself the point."""
    if site.expects_failure or site.patched_around:
        return manual(
            "imported in a block that expects a failure or patches something",
            "Look what the test wants to see, and write it against the canonical API.",
            "import under test",
        )
    if "except" in site.local_guards:
        return manual(
            "a fallback import in an except branch",
            "Change it with the import that it stands in for.",
            "fallback import",
        )
    if site.imported and not site.local_guards and "def" not in site.guards:
        return manual(
            "the canonical module imports this module: importing it back makes a cycle",
            "Import the canonical name within the function that needs it.",
            "cycle",
        )
    note: tuple[str, ...] = ()
    if site.broken:
        when = "before and after" if site.local_guards else "today"
        note = (f"the statement raises ImportError {when}: no {', '.join(site.broken)}",)
    return Rewrite(site.becomes, "imports the canonical name", notes=note)


def reference_answer(site: Site) -> Answer:
    """Answer for the function used as a value."""
    form = site.use.form if site.use else "reference"
    what = f"something reads .{site.rest[0]} from it" if site.rest else f"the function is used as a value ({form})"
    return manual(what, "Use the canonical function if the place needs no difference.", "old name as a value")


def refused(site: Site, call: Call) -> Answer | None:
    """Tell what must be left to a person, or None."""
    if site.expects_failure:
        return manual(
            f"called under {site.expects_failure}: the old function fails in other ways than the canonical one",
            "Decide what the test shall expect of the canonical function.",
            "expects the old failure",
        )
    keywords = [a.keyword for a in call.arguments if a.keyword]
    if any(keyword != "user_context" for keyword in keywords) or len(call.arguments) > 1:
        return manual(
            "called with arguments that the canonical function does not take in this way",
            "Build a UserExecutionContext and pass it as user_context.",
            "unknown arguments",
        )
    if site.target_awaitable is not True:
        return manual(
            "the canonical function is not async in this tree", "Change the place by hand.", "async or not unknown"
        )
    if site.awaitable is None:
        return manual("it cannot be told whether this function is async", "Change it by hand.", "async or not unknown")
    return _without_context(site, call)


def _without_context(site: Site, call: Call) -> Answer | None:
    bare = not call.arguments or call.arguments[0].is_none
    definition = site.origin.symbol.definition if site.origin.symbol else None
    rejects = definition is not None and "user_context" in definition.rejects_none
    if rejects and site.catches("ValueError"):
        return manual(
            "the code catches the ValueError that the old function raises without a context",
            "Check the context before the call.",
            "no context",
        )
    if bare and rejects:
        return manual(
            "called without a context: the old function raises ValueError, the canonical one makes a test manager",
            "Pass the user's context.",
            "no context",
        )
    return None


def accepted(site: Site, call: Call) -> Answer:
    """Answer for a call whose arguments fit."""
    if site.awaitable:
        return _coroutine(site, call)
    if call.awaited:
        note = "awaiting the old function raised TypeError; awaiting the canonical one is right"
        return _get(site, "the canonical function is async, as the place expects", notes=(note,), turns=True)
    return _plain(site, call)


def _coroutine(site: Site, call: Call) -> Answer:
    bare = ("called without a context, as before",) if not call.arguments else ()
    if call.awaited:
        return _get(site, "both functions are async and take the same context", notes=bare)
    if any(later.inside.startswith("not ") for later in site.later):
        return manual(
            "the code wants the result not to be a coroutine", "Decide what the test shall see.", "async or not"
        )
    return _get(site, f"both calls give a coroutine; {site.coroutine_fate}", notes=bare)


def _plain(site: Site, call: Call) -> Answer:
    """The old function is not async and its result is used at once."""
    if any(later.form == "await" or "iscoroutine" in later.inside for later in site.later):
        return manual(
            "the result of a function that is not async is awaited or tested later",
            "Decide whether the place expects a coroutine.",
            "awaited later",
        )
    if site.is_handed_to_runner:
        return _get(site, "a coroutine is what is wanted; the old function gave none", turns=True)
    if site.function == "async" and call.in_generator:
        return manual(
            "await in a generator expression would make it an async generator",
            "Write a list comprehension, or await in a loop.",
            "await in a generator",
        )
    if site.function == "async":
        return Rewrite(
            site.becomes,
            "the canonical function is async; await added",
            turns=True,
            build=lambda call, name: cst.Await(with_callee(call, name)),
        )
    return as_class(site, "this function is not async, and neither is the place")


def as_class(site: Site, reason: str) -> Answer:
    """Answer with the class, its context by keyword; production code cannot, as the class wants a token there."""
    if not (site.use and site.use.call and len(site.use.call.arguments) == 1):
        return manual("called without exactly one context", "Pass the user's context.", "no context")
    if site.file.production:
        return manual(
            "production code outside an async function cannot make the class itself (it raises FactoryBypassDetected)",
            "Make the caller async and await get_websocket_manager.",
            "sync call in production",
        )
    return Rewrite(
        site.migration.canonical["class"],
        f"{reason}; the class takes its context by keyword",
        turns=site.awaitable is True,
        build=lambda call, name: with_keyword(call, name, "user_context"),
        reshapes=not site.use.call.arguments[0].keyword,
    )


def _get(site: Site, reason: str, notes: tuple[str, ...] = (), turns: bool = False) -> Rewrite:
    target = site.becomes
    return Rewrite(target, reason, notes=notes, turns=turns)
