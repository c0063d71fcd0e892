"""`create_websocket_manager_sync(...)` becomes `WebSocketManager(user_context=...)`.

The first positional parameter of the class is `mode`, which it ignores: a context passed by position would be lost
without a word. So the context is always passed by keyword.
"""

from __future__ import annotations

from recanon.codemod import Answer, Call, Example, Rewrite, Site, manual, with_keyword


class SyncFactory:
    """Replace the sync factory by the class."""

    title = "create_websocket_manager_sync(...) becomes WebSocketManager(user_context=...)"

    def answer(self, site: Site) -> Answer:
        """Answer for an import, a call or a reference of the sync factory."""
        target = site.migration.canonical["class"]
        if site.expects_failure:
            return manual(
                "stands where a failure is expected", "Decide what the test shall expect.", "expects the old failure"
            )
        if site.kind == "import":
            return Rewrite(target, "imports the class")
        call = site.call
        if call is None:
            return manual(
                "the sync factory is used as a value", "Pass a function that makes the class.", "old name as a value"
            )
        return _call(site, call, target)

    examples = (
        Example(
            "A context by position becomes a keyword.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager_sync


                def test_manager(context):
                    assert create_websocket_manager_sync(context)
            """,
            after="""
                from app.websocket_core.websocket_manager import WebSocketManager


                def test_manager(context):
                    assert WebSocketManager(user_context=context)
            """,
        ),
        Example(
            "A context by keyword stays as it is.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager_sync


                def test_manager(context):
                    manager = create_websocket_manager_sync(user_context=context)
                    assert manager
            """,
            after="""
                from app.websocket_core.websocket_manager import WebSocketManager


                def test_manager(context):
                    manager = WebSocketManager(user_context=context)
                    assert manager
            """,
        ),
        Example(
            "In production the class needs a token that only the factories have.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager_sync


                def manager(context):
                    return create_websocket_manager_sync(context)
            """,
            verdict="manual",
            path="app/service.py",
        ),
        Example(
            "A call without a context is left to a person.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager_sync


                def test_manager():
                    assert create_websocket_manager_sync()
            """,
            verdict="manual",
        ),
    )


def _call(site: Site, call: Call, target: str) -> Answer:
    if len(call.arguments) != 1 or call.arguments[0].keyword not in {"", "user_context"} or call.arguments[0].is_none:
        return manual(
            "called without exactly one context",
            "Build a UserExecutionContext and pass it as user_context.",
            "no context" if not call.arguments else "unknown arguments",
        )
    if site.catches("ValueError"):
        return manual(
            "the code catches the ValueError that the old function raises without a context; the class does not",
            "Check the context before the call.",
            "no context",
        )
    if site.file.production:
        return manual(
            "production code cannot make the class itself (it raises FactoryBypassDetected without a token)",
            "Make the caller async and await get_websocket_manager.",
            "sync call in production",
        )
    return Rewrite(
        target,
        "the class takes its context by keyword",
        build=lambda node, name: with_keyword(node, name, "user_context"),
        reshapes=not call.arguments[0].keyword,
    )
