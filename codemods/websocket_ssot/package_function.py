"""`get_websocket_manager` of the package becomes the one of the canonical module, which has the same name.

They differ when no context is given: the package's function raises, the canonical one makes a test manager.
"""

from __future__ import annotations

from recanon.codemod import Answer, Call, Example, Rewrite, Site, manual


class PackageFunction:
    """Tell two functions of one name apart and move to the canonical one."""

    title = "get_websocket_manager of the package becomes the canonical get_websocket_manager"

    def answer(self, site: Site) -> Answer:
        """Answer for an import, a call or a reference of the package's function."""
        if site.expects_failure or (site.kind == "import" and site.patched_around):
            return manual(
                "stands where a failure is expected; the two functions fail in different ways",
                "Decide what the test shall expect of the canonical function.",
                "expects the old failure",
            )
        if site.kind == "import":
            return _import(site)
        call = site.call
        if call is None:
            return manual(
                "the package's function is used as a value",
                "Pass the canonical function if the place needs no difference between the two.",
                "old name as a value",
            )
        return _call(site, call)

    examples = (
        Example(
            "With a context both functions do the same.",
            before="""
                from app.websocket_core import get_websocket_manager


                async def manager(context):
                    return await get_websocket_manager(context)
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def manager(context):
                    return await get_websocket_manager(context)
            """,
        ),
        Example(
            "The canonical function is left alone.",
            before="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def manager():
                    return await get_websocket_manager()
            """,
            verdict="canonical",
        ),
        Example(
            "Without a context the behaviour changes: offered for review.",
            before="""
                from app.websocket_core import get_websocket_manager


                async def manager():
                    return await get_websocket_manager()
            """,
            after="""
                from app.websocket_core.websocket_manager import get_websocket_manager


                async def manager():
                    return await get_websocket_manager()
            """,
            verdict="review",
            include_review=True,
        ),
        Example(
            "A test that expects the package's ValueError is left to a person.",
            before="""
                import pytest

                from app.websocket_core import get_websocket_manager


                async def test_refuses():
                    with pytest.raises(ValueError):
                        await get_websocket_manager(None)
            """,
            verdict="manual",
        ),
    )


def _import(site: Site) -> Answer:
    if "except" in site.local_guards:
        return manual("a fallback import", "Change it with the import that it stands in for.", "fallback import")
    if site.imported and "def" not in site.guards:
        return manual(
            "the canonical module imports this module: importing it back makes a cycle",
            "Import the canonical name within the function that needs it.",
            "cycle",
        )
    return Rewrite(site.becomes, "imports the canonical function of the same name")


def _call(site: Site, call: Call) -> Answer:
    target = site.becomes
    if any(a.keyword not in {"", "user_context"} for a in call.arguments) or len(call.arguments) > 1:
        return manual(
            "called with arguments that the package's function does not take", "Mend the call.", "unknown arguments"
        )
    if site.awaitable is not site.target_awaitable or site.awaitable is None:
        return manual(
            "only one of the two functions is async in this tree", "Change the place by hand.", "async or not unknown"
        )
    notes = () if call.awaited else ("never awaited here, before as well",)
    if not call.arguments or call.arguments[0].is_none or site.catches("ValueError"):
        return Rewrite(
            target,
            "without a context the package's function raises ValueError; the canonical one makes a test manager",
            "review",
            hint="Pass the user's context, or accept the test manager.",
            group="no context",
            notes=notes,
        )
    return Rewrite(target, "with a context both functions make the same manager", notes=notes)
