"""A definition of the old API goes, once nothing in the tree needs it any more."""

from __future__ import annotations

from recanon.codemod import Answer, Example, Site, retired


class OldDefinition:
    """Take out old functions and classes that nothing needs, with their entries in `__all__`."""

    title = "old definitions that nothing needs are taken out"

    def answer(self, site: Site) -> Answer:
        """Answer for a definition of the old API."""
        return retired(site, "nothing in the tree needs it any more")

    examples = (
        Example(
            "A function that nothing calls goes, with its entry in `__all__`.",
            before="""
                def helper():
                    return 1


                def create_websocket_manager(user_context=None):
                    return user_context


                __all__ = [
                    "helper",
                    "create_websocket_manager",
                ]
            """,
            after="""
                def helper():
                    return 1


                __all__ = [
                    "helper",
                ]
            """,
            verdict="review",
            path="app/websocket_core/spare.py",
            include_review=True,
        ),
        Example(
            "A function that a test names in a string stays.",
            before="""
                def create_websocket_manager(user_context=None):
                    return user_context
            """,
            verdict="left",
            path="app/websocket_core/spare.py",
            files={"tests/test_names.py": 'NAMES = ["create_websocket_manager"]\n'},
        ),
    )
