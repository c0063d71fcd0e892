"""A definition of the old API goes, once nothing in the tree needs it any more."""

from __future__ import annotations

from recanon.codemod import Answer, Example, Rewrite, left
from recanon.outcome import Verdict
from recanon.sites import Site


class OldDefinition:
    """Take out old functions and classes that nothing needs, with their entries in `__all__`."""

    title = "old definitions that nothing needs are taken out"

    def answer(self, site: Site) -> Answer:
        """Answer for a definition of the old API."""
        if site.needed:
            return left(f"still needed by {_listed(site.needed)}", "old API still needed")
        return Rewrite(
            "",
            "nothing in the tree needs it any more",
            Verdict.REVIEW,
            hint="Code outside the tree may import it; take it out when you know that none does.",
            group="old API no longer needed",
        )

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
            verdict=Verdict.REVIEW,
            path="app/websocket_core/spare.py",
            include_review=True,
        ),
        Example(
            "A function that a test names in a string stays.",
            before="""
                def create_websocket_manager(user_context=None):
                    return user_context
            """,
            verdict=Verdict.LEFT,
            path="app/websocket_core/spare.py",
            files={"tests/test_names.py": 'NAMES = ["create_websocket_manager"]\n'},
        ),
    )


def _listed(places: tuple[str, ...]) -> str:
    shown = ", ".join(places[:3])
    more = len(places) - 3
    return f"{shown} and {more} more" if more > 0 else shown
