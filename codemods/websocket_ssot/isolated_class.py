"""`IsolatedWebSocketManager`: a name that code still asks for and that its module does not have.

Such an import fails today. Where the name only says of what class an object is, the canonical class is meant.
"""

from __future__ import annotations

from recanon.codemod import Answer, Example, Rewrite, Site, manual


class IsolatedClass:
    """Replace a class that is gone where it only names a type."""

    title = "IsolatedWebSocketManager becomes WebSocketManager where it only names a type"

    def answer(self, site: Site) -> Answer:
        """Answer for an import or a use of the class that is gone."""
        target = site.migration.canonical["class"]
        if site.kind == "import":
            return _import(site, target)
        if site.use is not None and not site.rest and site.use.form in {"isinstance", "annotation"}:
            return Rewrite(target, "names the type of a manager", notes=(_BROKEN,), group="already broken, mended")
        return manual(
            "uses a class that does not exist", "Make the manager in the canonical way.", "already broken import"
        )

    examples = (
        Example(
            "A type check and its import are mended together.",
            before="""
                from app.websocket_core.websocket_manager_factory import IsolatedWebSocketManager


                def test_type(manager):
                    assert isinstance(manager, IsolatedWebSocketManager)
            """,
            after="""
                from app.websocket_core.websocket_manager import WebSocketManager


                def test_type(manager):
                    assert isinstance(manager, WebSocketManager)
            """,
        ),
        Example(
            "A missing name beside a good one is taken out when nothing uses it.",
            before="""
                from app.websocket_core.websocket_manager_factory import (
                    create_websocket_manager,
                    IsolatedWebSocketManager,
                )


                async def test_manager(context):
                    assert await create_websocket_manager(context)
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def test_manager(context):
                    assert await get_websocket_manager(context)
            """,
        ),
        Example(
            "An import in a `try` chooses its branch by failing: it stays.",
            before="""
                try:
                    from app.websocket_core.websocket_manager_factory import IsolatedWebSocketManager
                except ImportError:
                    IsolatedWebSocketManager = None
            """,
            verdict="manual",
        ),
        Example(
            "A statement in a `try` that fails today for another name fails as before, and binds the canonical name.",
            before="""
                try:
                    from app.websocket_core import create_websocket_manager, IsolatedWebSocketManager
                except ImportError:
                    IsolatedWebSocketManager = None


                async def manager(context):
                    return await create_websocket_manager(context)
            """,
            after="""
                try:
                    from app.websocket_core.websocket_manager import get_websocket_manager
                    from app.websocket_core import IsolatedWebSocketManager
                except ImportError:
                    IsolatedWebSocketManager = None


                async def manager(context):
                    return await get_websocket_manager(context)
            """,
            verdict="manual",
        ),
        Example(
            "Making an object of it is left to a person.",
            before="""
                from app.websocket_core.websocket_manager_factory import IsolatedWebSocketManager


                def test_manager(context):
                    assert IsolatedWebSocketManager(context)
            """,
            verdict="manual",
        ),
    )


_BROKEN = "already broken today: the import of this name raises ImportError"


def _import(site: Site, target: str) -> Answer:
    if not site.uses:
        return Rewrite("", "nothing uses the name", notes=(_BROKEN,), group="already broken, mended")
    if all(use.form in {"isinstance", "annotation"} for use in site.uses):
        return Rewrite(target, "names the type of a manager", notes=(_BROKEN,), group="already broken, mended")
    return manual(
        "already broken: the class does not exist, and code makes use of it",
        "Make the manager in the canonical way.",
        "already broken import",
    )
