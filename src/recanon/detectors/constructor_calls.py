"""Constructor calls of a role's class with arguments that differ from what all should give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from recanon.audit_scope import Role
from recanon.detectors.ground import Ground, Used
from recanon.detectors.roles import canonical_class
from recanon.index.facts import Definition
from recanon.index.usage import Call
from recanon.outcome import Finding, Verdict
from recanon.sites import expects_failure


class ConstructorCalls:
    """Find them."""

    id: ClassVar[str] = "constructor-calls"
    definition: ClassVar[str] = (
        "A call of a role's canonical class, under whatever name, that gives an argument by position, lacks one that "
        "the pack asks for, or gives one that the pack does not list. Without a list in the pack, the keywords that "
        "most calls give. Calls that unpack arguments, or where a failure is expected, do not count."
    )
    advice: ClassVar[str] = "Give every object of the role its arguments in one way."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield every call that differs."""
        for role in ground.migration.audit.roles:
            cls = canonical_class(ground, role)
            calls = [used for used in ground.uses if used.symbol == cls and cls is not None and _counts(used)]
            wanted = role.arguments or _most(calls)
            for used in calls:
                call = used.use.call
                assert call is not None
                reason, group = _difference(call, wanted, role, cls.definition if cls else None)
                if reason:
                    yield _finding(ground, used, role, reason, group)


def _counts(used: Used) -> bool:
    call = used.use.call
    if call is None or any(argument.keyword in {"*", "**"} for argument in call.arguments):
        return False
    return not expects_failure(used.use.guards)


def _most(calls: Sequence[Used]) -> tuple[str, ...]:
    shapes = Counter(_keywords(used.use.call) for used in calls if used.use.call is not None)
    return shapes.most_common(1)[0][0] if shapes else ()


def _keywords(call: Call) -> tuple[str, ...]:
    return tuple(sorted(argument.keyword for argument in call.arguments if argument.keyword))


def _difference(call: Call, wanted: Sequence[str], role: Role, cls: Definition | None) -> tuple[str, str]:
    """Why a call differs, with its group; "" where it does not."""
    given = _keywords(call)
    params = [param.name for param in cls.params] if cls is not None and cls.init else []
    positional = sum(not argument.keyword for argument in call.arguments)
    unknown = [name for name in given if params and name not in params]
    if unknown:
        return f"the class takes no {', '.join(unknown)}: the call raises TypeError", "arguments that do not fit"
    if positional:
        into = f", which goes to {', '.join(params[:positional])}" if params else ""
        return f"gives {positional} by position{into}", "arguments by position"
    lacking = [name for name in wanted if name not in given]
    if lacking:
        return f"gives no {', '.join(lacking)}", "arguments that are missing"
    more = [name for name in given if name not in {*wanted, *role.optional}]
    return (f"gives {', '.join(more)} besides", "arguments besides") if more else ("", "")


def _finding(ground: Ground, used: Used, role: Role, reason: str, group: str) -> Finding:
    line, column = ground.place(used.facts, used.use.span.start)
    symbol = used.symbol
    wanted = ", ".join(role.arguments)
    return Finding(
        path=used.facts.path,
        line=line,
        column=column,
        word=used.use.dotted.rpartition(".")[2],
        kind="call",
        verdict=Verdict.MANUAL,
        reason=reason,
        hint=f"Give {wanted} by keyword." if wanted else "Call it as most calls do.",
        origin=symbol.path if symbol is not None else "",
        chain=used.meaning.resolution.chain,
        group=group,
        detector=ConstructorCalls.id,
    )
