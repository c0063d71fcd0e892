"""`WebSocketManager = UnifiedWebSocketManager`: the import brings the canonical name itself, and the alias goes."""

from __future__ import annotations

from recanon.codemod import Answer, Example, Rewrite, Site


class ClassAlias:
    """Replace an alias of the manager class by an import of its canonical name."""

    title = "WebSocketManager = UnifiedWebSocketManager becomes an import of WebSocketManager"

    def answer(self, site: Site) -> Answer:
        """Answer for an assignment that gives the class its canonical name."""
        target = site.migration.canonical["class"]
        both = (target,) if site.uses else ()
        return Rewrite(target, "the canonical module has the same class under this name", imports=both)

    examples = (
        Example(
            "The alias goes, and the import takes its name.",
            before="""
            from app.websocket_core.unified_manager import UnifiedWebSocketManager

            WebSocketManager = UnifiedWebSocketManager


            def make(context):
                return WebSocketManager(user_context=context)
            """,
            after="""
            from app.websocket_core.websocket_manager import WebSocketManager


            def make(context):
                return WebSocketManager(user_context=context)
            """,
        ),
        Example(
            "A class that the module needs under both names is imported under both.",
            before="""
            from app.websocket_core.unified_manager import UnifiedWebSocketManager

            WebSocketManager = UnifiedWebSocketManager
            print(UnifiedWebSocketManager, WebSocketManager)
            """,
            after="""
            from app.websocket_core.websocket_manager import UnifiedWebSocketManager, WebSocketManager

            print(UnifiedWebSocketManager, WebSocketManager)
            """,
        ),
        Example(
            "An alias of something else that only has the canonical name stays.",
            before="""
            from app.websocket_core.unified_manager import RegistryCompat

            WebSocketManager = RegistryCompat
            """,
            verdict="left",
        ),
    )
