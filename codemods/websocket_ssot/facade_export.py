"""A module that hands on an old name stops doing so, once nothing in the tree takes the name from there."""

from __future__ import annotations

from recanon.codemod import Answer, Example, Site, retired


class FacadeExport:
    """Take re-exports of old names out of facades, with their entries in `__all__`."""

    title = "facades stop handing on old names that nothing needs"

    def answer(self, site: Site) -> Answer:
        """Answer for a name that a module of the old API hands on."""
        return retired(site, "nothing in the tree takes it from here any more")

    examples = (
        Example(
            "A re-export goes with its entry in `__all__`.",
            before="""
                from app.websocket_core.websocket_manager_factory import (
                    FactoryInitializationError,
                    create_websocket_manager,
                )

                __all__ = ["FactoryInitializationError", "create_websocket_manager"]
            """,
            after="""
                from app.websocket_core.websocket_manager_factory import (
                    FactoryInitializationError,
                )

                __all__ = ["FactoryInitializationError"]
            """,
            verdict="review",
            path="app/websocket_core/handed.py",
            include_review=True,
        ),
        Example(
            "A re-export that a test still needs stays.",
            before="""
                from app.websocket_core.websocket_manager_factory import create_websocket_manager

                __all__ = ["create_websocket_manager"]
            """,
            verdict="left",
            path="app/websocket_core/handed.py",
            files={
                "tests/test_old.py": "from app.websocket_core.handed import create_websocket_manager\n\n\n"
                "def test_value(check):\n    check(create_websocket_manager)\n"
            },
        ),
    )
