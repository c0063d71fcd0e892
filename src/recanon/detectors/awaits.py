"""Coroutines that nothing awaits, and `await` on what is none. Listed, never mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from recanon.detectors.ground import Ground, Used
from recanon.index.usage import Call, Use
from recanon.outcome import Finding, Verdict
from recanon.resolve.awaitable import awaitable
from recanon.sites import expects_failure

_TAKEN = {"method", "attribute"}
_COROUTINE = {"send", "throw", "close", "__await__", "__class__", "cr_await", "cr_code", "cr_frame", "cr_running"}
# Where a coroutine goes that is awaited elsewhere, or is looked at as one.
_HANDED = {"gather", "wait", "wait_for", "shield", "create_task", "ensure_future", "run", "run_until_complete"} | {
    "append",
    "extend",
    "iscoroutine",
    "isawaitable",
    "run_coroutine_threadsafe",
}


class Awaits:
    """Find them."""

    id: ClassVar[str] = "awaits"
    definition: ClassVar[str] = (
        "A call of a coroutine function of the packages whose result is dropped, or used as if it were the object; "
        "and an await on a function of the packages that gives nothing to await. Whether a call gives something to "
        "await is read from the definition. Where it cannot be told, and where a failure is expected, nothing is "
        "listed."
    )
    advice: ClassVar[str] = "Put the await where it is missing, and take it out where there is nothing to await."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield every such call."""
        for used in ground.uses:
            symbol, call = used.symbol, used.use.call
            if symbol is None or symbol.kind != "function" or call is None or expects_failure(used.use.guards):
                continue
            gives = awaitable(ground.program, symbol)
            if gives is True and not call.awaited:
                reason = _lost(used.use, call)
                if reason and not _is_rebound(ground, used, call.assigned):
                    yield _finding(ground, used, reason, "missing await")
            elif gives is False and call.awaited:
                reason = f"{symbol.path} gives nothing to await: a TypeError when the line runs"
                yield _finding(ground, used, reason, "await on what gives nothing to await")


def _is_rebound(ground: Ground, used: Used, name: str) -> bool:
    """Whether the function assigns the variable elsewhere too, so that a later use may be of something else."""
    if not name:
        return False
    text = ground.source(used.facts.path).cut(used.facts.scopes[used.use.scope].span)
    return len(re.findall(rf"(?<![\w.]){re.escape(name)}\s*(?::[^=\n]+)?=(?!=)", text)) > 1


def _lost(use: Use, call: Call) -> str:
    """Why a coroutine that is not awaited at once goes wrong; "" where it need not."""
    if call.inside or call.in_comprehension:
        return ""
    if call.attribute and call.attribute not in _COROUTINE:
        return f"takes {call.attribute} from the coroutine, which has none"
    if call.statement == "expression":
        return "the coroutine is dropped: what it should do is not done"
    later = use.variable
    if any(item.form == "await" or item.inside.rpartition(".")[2] in _HANDED for item in later):
        return ""
    taken = next((item for item in later if item.form in _TAKEN and item.attribute not in _COROUTINE), None)
    return f"{call.assigned} is the coroutine, which has no {taken.attribute}" if taken is not None else ""


def _finding(ground: Ground, used: Used, reason: str, group: str) -> Finding:
    line, column = ground.place(used.facts, used.use.span.start)
    symbol = used.symbol
    return Finding(
        path=used.facts.path,
        line=line,
        column=column,
        word=used.use.dotted.rpartition(".")[2],
        kind="call",
        verdict=Verdict.MANUAL,
        reason=reason,
        hint="Await it." if group == "missing await" else "Take the await out, or call the coroutine function.",
        origin=symbol.path if symbol is not None else "",
        chain=used.meaning.resolution.chain,
        group=group,
        detector=Awaits.id,
    )
