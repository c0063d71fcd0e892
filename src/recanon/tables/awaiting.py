"""Whether a new call is awaited as the old one was: put right, left to a person, or under review."""

from __future__ import annotations

from recanon.codemod import Refusal, manual
from recanon.index.usage import Call
from recanon.resolve.kinship import method_of
from recanon.rules import Rules
from recanon.sites import Site


def gave_awaitable(site: Site, call: Call) -> bool | None:
    """Return whether the old call gives something to await; None where it cannot be told.

    Args:
        site: the place.
        call: the call of which the table speaks.
    """
    if call.awaited:
        return True
    name = site.symbol.rules.method if site.symbol is not None else ""
    if not name:
        return site.awaitable
    method = method_of(site.origin.symbol, name)
    return method.is_async if method is not None and method.kind != "other" else None


def await_trouble(site: Site, call: Call, rules: Rules) -> Refusal | None:
    """Tell why the await-ness of a call cannot be put right."""
    before = gave_awaitable(site, call)
    if rules.awaits and site.target_awaitable is False:
        return manual(
            "the table says that the new one is awaited, and it gives nothing to await",
            "Take `await` out of the table, or change it by hand.",
            "table that does not fit",
        )
    if rules.awaits:
        return None if before else _cannot_await(site, call, rules)
    if before is False and site.target_awaitable:
        return manual(
            "the new one gives something to await, and the table does not say so",
            "Say `await = true` in the table, or change it by hand.",
            "await-ness differs",
        )
    if before and site.target_awaitable is False:
        return manual("the new one is not awaited", "Change it by hand.", "await-ness differs")
    return None


def await_doubt(site: Site, call: Call) -> str:
    """Tell what cannot be told of the await-ness of a call, or return "".

    What a table says of a library is taken for true: nothing in the tree could tell.
    """
    assert site.symbol is not None
    before, rules = gave_awaitable(site, call), site.symbol.rules
    if before is None and not site.migration.is_outside(site.symbol):
        known = site.target_awaitable is not None and not site.symbol.member
        return f"whether {site.symbol.label} gives something to await cannot be told" if rules.awaits or known else ""
    if before is None or rules.awaits or site.target_awaitable is not None or _is_unread(site):
        return ""
    return f"whether {site.symbol.goal} gives something to await cannot be told"


def _is_unread(site: Site) -> bool:
    """Whether what takes the place is a member or one of a library, for which the table answers."""
    member = site.symbol is not None and bool(site.symbol.member)
    return member or site.becomes.partition(".")[0] in site.migration.libraries


def _cannot_await(site: Site, call: Call, rules: Rules) -> Refusal | None:
    if site.function != "async":
        where = "in a plain function" if site.function == "sync" else "outside of functions"
        return manual(
            f"the new one is awaited, and this call stands {where}",
            rules.advice or "Make what stands around it async, and its callers too.",
            "await outside of an async function",
        )
    later_awaited = any(later.form == "await" for later in site.later)
    if call.in_generator or later_awaited or call.is_run:
        why = "in a generator expression" if call.in_generator else "and is awaited or run elsewhere"
        return manual(f"the new one is awaited, and this call stands {why}", "Change it by hand.", "await elsewhere")
    return None
