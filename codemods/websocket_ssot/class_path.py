"""Class import paths: the manager class and what belongs to it is imported from the canonical module.

A name is moved only when it denotes the very same object there. The name stays, or becomes `WebSocketManager` where
an option or an alias says so.
"""

from __future__ import annotations

from recanon.codemod import Answer, Example, Rewrite, Site, left, manual


class ClassPath:
    """Move imports of the class to the canonical module."""

    title = "the manager class is imported from the canonical module"

    def answer(self, site: Site) -> Answer:
        """Answer for a name imported from one of the old modules."""
        if site.kind != "import" or site.module is None or site.name is None:
            return left("not an import", "other name of an old module")
        found, target = site.origin, site.target
        if found.symbol is not None and found.symbol.kind == "module":
            return manual("imports a module as an object", "Import the names that are needed.", "module object")
        if target.state != "found" or not found.denotes(target):
            return left(
                f"{site.name.name} is not part of the canonical module; this import stays",
                "other name of an old module",
            )
        if site.imported and "def" not in site.guards and "if:TYPE_CHECKING" not in site.guards:
            return manual(
                "the canonical module imports this module: importing from it here would make or keep an import cycle",
                "Leave the import, or move what both modules need into a third one.",
                "imported by the target module",
            )
        if site.expects_failure or _watched(site):
            return manual(
                "imported in a block that watches for warnings or failures",
                "Decide what the test shall see of the canonical module.",
                "import under test",
            )
        name = _name(site)
        if site.compared:
            return Rewrite(
                f"{site.module.becomes}.{name}",
                "the same object; the function imports it by another path too, as a comparison of paths would",
                "review",
                hint="After the rewrite both paths are one: decide whether the test still means something.",
                group="compares import paths",
            )
        return Rewrite(
            f"{site.module.becomes}.{name}",
            "the same object, imported from the canonical module",
            notes=_PRIVATE if site.private else (),
            rename=not site.name.asname and name != site.name.name,
        )

    examples = (
        Example(
            "The class under its old name is the same object in the canonical module.",
            before="""
                from app.websocket_core.unified_manager import UnifiedWebSocketManager

                manager_class = UnifiedWebSocketManager
            """,
            after="""
                from app.websocket_core.websocket_manager import UnifiedWebSocketManager

                manager_class = UnifiedWebSocketManager
            """,
        ),
        Example(
            "An alias that is the canonical name is no alias any more.",
            before="""
                from app.websocket_core.unified_manager import UnifiedWebSocketManager as WebSocketManager

                manager_class = WebSocketManager
            """,
            after="""
                from app.websocket_core.websocket_manager import WebSocketManager

                manager_class = WebSocketManager
            """,
        ),
        Example(
            "A name that only the old module has stays.",
            before="""
                from app.websocket_core.unified_manager import RegistryCompat, UnifiedWebSocketManager

                print(RegistryCompat, UnifiedWebSocketManager)
            """,
            after="""
                from app.websocket_core.websocket_manager import UnifiedWebSocketManager
                from app.websocket_core.unified_manager import RegistryCompat

                print(RegistryCompat, UnifiedWebSocketManager)
            """,
        ),
        Example(
            "A module that the canonical module imports itself keeps its import.",
            before="""
                from app.websocket_core.unified_manager import WebSocketConnection

                connection = WebSocketConnection
            """,
            verdict="manual",
            path="app/websocket_core/protocols.py",
        ),
        Example(
            "A name that is missing already today is reported, not moved.",
            before="""
                from app.websocket_core.manager import HeartbeatConfig

                print(HeartbeatConfig)
            """,
            verdict="manual",
        ),
    )


_PRIVATE = ("the canonical module holds this private name only because it imports it; better use the public one",)


def _watched(site: Site) -> bool:
    return any("warning" in guard.lower() for guard in site.guards if guard.startswith("with:"))


def _name(site: Site) -> str:
    assert site.name is not None
    canonical = site.migration.canonical["class"].rpartition(".")[2]
    if site.patched and "def" in site.guards:
        return site.name.name
    is_class = site.origin.denotes(site.canonical["class"])
    if is_class and site.name.asname == canonical:
        return canonical
    if is_class and not site.name.asname and site.migration.options.get("class_name") == canonical:
        return canonical
    return site.name.name
