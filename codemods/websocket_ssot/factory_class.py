"""`WebSocketManagerFactory` and the class that never existed, `IsolatedWebSocketManager`.

The factory class has one method, and most code asks it for others. Only a call whose arguments reach the canonical
function unchanged can be offered; everything else is listed with what is wrong about it.
"""

from __future__ import annotations

from recanon.codemod import Answer, Call, Example, Rewrite, Site, Use, manual


class FactoryClass:
    """Answer for the factory class."""

    title = "WebSocketManagerFactory().create_websocket_manager(user_context=...) becomes get_websocket_manager(...)"

    def answer(self, site: Site) -> Answer:
        """Answer for an import, a call or a reference of the factory class."""
        if site.kind == "import":
            return _import(site)
        if site.expects_failure:
            return manual("stands where a failure is expected", _HINT, "expects the old failure")
        if site.rest:
            return _method(site)
        if site.use is None or site.use.call is None:
            return manual("the factory class is used as a value", _HINT, "old name as a value")
        return _call(site, site.use, site.use.call)

    examples = (
        Example(
            "An import that nothing uses goes.",
            before="""
                import os

                from app.websocket_core.websocket_manager_factory import WebSocketManagerFactory

                print(os.name)
            """,
            after="""
                import os


                print(os.name)
            """,
        ),
        Example(
            "A method that the class does not have is left to a person.",
            before="""
                from app.websocket_core.websocket_manager_factory import WebSocketManagerFactory


                def test_factory(context):
                    factory = WebSocketManagerFactory()
                    assert factory.create_manager(context)
            """,
            verdict="manual",
        ),
        Example(
            "A context by position lands in another parameter and is lost today: left to a person.",
            before="""
                from app.websocket_core.websocket_manager_factory import WebSocketManagerFactory


                async def test_factory(context):
                    assert await WebSocketManagerFactory().create_websocket_manager(context)
            """,
            verdict="manual",
        ),
        Example(
            "A context by keyword reaches the canonical function: offered for review.",
            before="""
                from app.websocket_core.websocket_manager_factory import WebSocketManagerFactory


                async def test_factory(context):
                    assert await WebSocketManagerFactory().create_websocket_manager(user_context=context)
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def test_factory(context):
                    assert await get_websocket_manager(user_context=context)
            """,
            verdict="review",
            include_review=True,
        ),
    )


_FORMS = {"argument": "its use as an argument", "await": "an await", "call": "a call", "other": "its value"}
_METHOD = "create_websocket_manager"
_HINT = "Call get_websocket_manager(user_context=...) where a manager is needed, and drop the factory."


def _import(site: Site) -> Answer:
    if not site.uses and (site.local_guards or "def" in site.guards):
        return manual("imported and never used here: the import itself is the test", _HINT, "import probe")
    return Rewrite("", "imported and never used")


def _call(site: Site, use: Use, call: Call) -> Answer:
    if call.arguments:
        return manual("the factory class takes no arguments: a TypeError today", _HINT, "factory object")
    if call.attribute == _METHOD and _reaches(call.method):
        return Rewrite(
            site.becomes,
            "the method hands its context on to the canonical function",
            "review",
            hint="The factory warned that it is deprecated; the canonical function does not.",
            group="factory object",
            method=True,
        )
    asked = sorted({later.attribute or _FORMS.get(later.form, later.form) for later in use.variable})
    what = f"asked for {', '.join(asked)}" if asked else f"asked for {call.attribute}" if call.attribute else "kept"
    return manual(f"a factory object is made and {what}", _HINT, "factory object")


def _method(site: Site) -> Answer:
    """Answer for a method of the class or of an object of it."""
    name = site.rest[0]
    call = site.use.call if site.use else None
    if name != _METHOD:
        return manual(f"the factory has no {name}: an AttributeError today", _HINT, "factory object")
    return manual(_trouble(call), _HINT, "factory object")


def _trouble(call: Call | None) -> str:
    """Say what is wrong about a call of the factory's method."""
    keywords = [a.keyword for a in call.arguments] if call is not None else []
    if call is None:
        return "the method is used as a value"
    if "" in keywords:
        return "a context by position lands in redis_client and is lost"
    if keywords == ["user_context"]:
        return "a method of a factory object that is kept elsewhere"
    if "user_context" in keywords:
        return "hands further arguments on to the canonical function, which refuses them: a TypeError today"
    return f"hands on {', '.join(keywords) or 'nothing'} where the canonical function wants user_context"


def _reaches(call: Call | None) -> bool:
    """Whether a call of the method hands its context on to the canonical function."""
    return call is not None and call.awaited and [a.keyword for a in call.arguments] == ["user_context"]
